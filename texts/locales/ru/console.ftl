## Консоль оператора

console-older = ‹ Раньше
console-newer = Позже ›
console-none = Здесь пусто.
console-threads = 💬 Сообщения пользователей
console-threads-open = <b>Сообщения пользователей</b>. ✉️ — ждёт ответа.
console-threads-closed = <b>Закрытые переписки</b>
console-show-closed = Закрытые
console-show-open = Открытые
console-thread = 💬 <b>Переписка с пользователем</b> <code>{ $id }</code>
console-thread-closed = Закрыта { $date }. Новое сообщение откроет её снова.
console-thread-reply = ↩️ Ответить
console-thread-close = ✓ Закрыть
console-thread-reopen = Открыть снова
console-thread-files = 📎 Прислать вложения
console-line-user = <b>Пользователь</b>, { $date }
console-line-admin = <b>Администратор { $admin }</b>, { $date }
console-line-waits = ⏳ Ещё не доставлено
console-line-photo = 🖼 Фото
console-line-document = 📄 Файл
console-ask-answer = Что ответить пользователю <code>{ $id }</code>? Отправьте текст, фото или файл.
console-answered = ↩️ Передаю пользователю <code>{ $id }</code>. Если он заблокировал бота, ответ подождёт его возвращения.
expects-console-answer = Отправьте, пожалуйста, ответ: текст, фото или файл. Выйти — /cancel.
