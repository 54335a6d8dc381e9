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

console-place-home = ← Консоль
console-place-1 = 📊 Сутки
console-place-7 = 7 дней
console-place-30 = 30 дней
console-place-jobs = ⏳ В работе
console-place-lost = 🔍 Сбои: проверить
console-place-log = 📒 Журнал
console-place-find = 👤 Найти пользователя
console-place-repairs = 🛠 Техработы
console-place-prices = 💵 Цены
console-place-promos = 🎟 Промокоды
console-promo-end = ✕ Отключить { $code }
console-prices = 💵 <b>Цены fal</b> — по его прайс-листу, если он доступен. Баланс — в начале /admin.
console-price = { $name }: { $cost }
console-price-stars = { $name }: { $cost } → { $stars } ⭐, × { $margin }
console-threads-count = 💬 Сообщения пользователей: без ответа { $count }
console-period = { $days ->
    [1] 📊 <b>Последние 24 часа</b>
    [one] 📊 <b>Последний { $days } день</b>
    [few] 📊 <b>Последние { $days } дня</b>
   *[other] 📊 <b>Последние { $days } дней</b>
}
console-users = Пользователи: новых { $new }, активных { $active }
console-trainer =
    <b>{ $trainer }</b>
    обучений { $started }, из них готово { $completed }, не удалось { $failed }; картинок { $pictures }
console-likeness = Сходство новых моделей: { $percent } % (сравнили: { $models })
console-ratings = Оценки: 👍 { $good }, 👎 { $bad }
console-enlargements = Увеличено картинок: { $count }
console-cost =
    Стоимость по прайс-листу: { $estimated }
    Списано fal, насколько известно: { $real } ({ $priced } из { $charges } запросов)
console-revenue =
    Выручка: { $came } ⭐ (платежей: { $payments })
    Возвраты: { $went } ⭐ ({ $refunds })
    Потрачено на заказы вместе с подарками: { $spent } ⭐
    Маржа: { $margin } = выручка без возвратов { $usd } − расходы в fal { $cost }
console-failures = <b>Неудачи по причинам</b>
console-failure = { $reason }: { $count }
console-no-failures = Неудач нет.
console-jobs = ⏳ <b>В работе</b>, сначала старые. ⚠️ — застряло: отправку никто не подтверждает или прошло слишком много времени.
console-jobs-lost = 🔍 <b>Не удалось за 7 дней, но у fal может быть результат.</b> Повторная проверка ничего не стоит.
console-job =
    <b>{ $kind }</b> <code>{ $id }</code>
    пользователя <code>{ $user }</code>
    Состояние: { $state }
    Заказано: { $date }
console-job-failure = Не удалось: { $reason }
console-job-cancelled = Отмена уже идёт.
console-job-nothing = Сейчас ничего делать не нужно: задание идёт своим ходом.
console-deed-block = 🚫 Заблокировать
console-deed-allow = ✓ Снова пустить
console-deed-cancel = ✕ Отменить
console-deed-again = 🔄 Проверить в fal ещё раз
console-deed-release = ↩️ Больше не ждать и вернуть цену
console-open-user = 👤 Пользователь
console-person =
    👤 <b>Пользователь</b> <code>{ $id }</code>
    Язык: { $language }, здесь с { $date }
console-person-blocked = 🚫 Заблокирован { $date }, администратор { $admin }: { $reason }
console-person-away = Заблокировал бота, замечено { $date }.
console-person-today = За последние 24 часа: обучений { $trainings }, картинок { $pictures }
console-person-has =
    Обучения: { $trainings }
    Модели: { $models }
    Картинки: { $pictures }
console-person-codes = Ошибки: { $codes }
console-person-stars = Доступно звёзд: { $stars } ⭐
console-open-account = ⭐ Звёзды
console-open-movements = 🧾 Движения
console-account =
    ⭐ <b>Звёзды пользователя</b> <code>{ $id }</code>
    Куплено: { $paid }, подарено нами: { $bonus }, отложено на заказы и возвраты: { $held }
console-purchase =
    { $date } · { $stars } ⭐ + { $bonus } в подарок · { $state } · не потрачено { $unused }
    <code>{ $charge }</code>
console-subscription =
    🔁 { $credits } ⭐ каждый месяц за { $stars } ⭐ · { $state ->
        [active] продлевается
        [cancelled] отменена
       *[failed] продлить не удалось
    }{ $wish ->
        [none] { "" }
       *[cancel] , Telegram этого ещё не подтвердил
    } · оплачено до { $date }
    <code>{ $charge }</code>
console-no-purchases = Платежей не было.
console-refund = ↩️ Вернуть { $stars } ⭐ от { $date }
console-deed-grant = 🎁 Подарить звёзды
console-ask-grant = Сколько звёзд подарить пользователю <code>{ $id }</code> и за что? Напишите так: <code>50 простите за ожидание</code>. Причину увидит пользователь.
console-ask-refund = Почему возвращаем { $stars } ⭐? С баланса пользователя спишется { $unused } ⭐ — то, что не потрачено из этой покупки, — и остаток подарка к ней; Telegram вернёт платёж целиком. Причина попадёт в журнал.
console-movements = 🧾 <b>Движения пользователя</b> <code>{ $id }</code>, сначала новые
console-movement = { $date } · <b>{ $kind }</b> { $change } · доступно { $after } · отложено { $held } · { $actor } · { $of } · { $reason }
expects-console-grant = Напишите, пожалуйста, число и причину, например: 50 простите за ожидание. Выйти — /cancel.
console-log = 📒 <b>Последние действия администраторов</b>
console-action = { $date } · { $admin } · <b>{ $deed }</b> · пользователь { $user } · { $of } · { $reason }
console-ask-find = Кого ищем? Пришлите id в Telegram, код ошибки, id обучения или картинки — или перешлите сообщение этого человека.
console-ask-reason = { $deed }: почему? Причина попадёт в журнал.
console-repairs-on = 🔴 <b>Идут техработы.</b> Новые обучения, картинки, увеличения и платежи не принимаются, пользователям об этом вежливо сообщается. Начатое продолжается.
console-repairs-off = 🟢 <b>Техработ нет.</b> Всё как обычно.
console-repairs-begin = 🔴 Не принимать новые заказы
console-repairs-end = 🟢 Снова принимать заказы
expects-console-find = Пришлите, пожалуйста, id, код или перешлите сообщение. Выйти — /cancel.
expects-console-reason = Напишите, пожалуйста, причину в нескольких словах. Выйти — /cancel.

console-place-casts = 📣 Рассылки
console-broadcasts = 📣 <b>Рассылки</b>: сообщение многим пользователям. Время и сколько человек его получили.
console-broadcast-new = ✏️ Новая рассылка
console-ask-broadcast = Что сообщить пользователям? Пришлите текст или фото с подписью. Сначала вы увидите, как это выглядит, и выберете, кому отправить; до этого ничего не уйдёт.
console-broadcast-audience = Вот как это выглядит. Кому отправить?
console-broadcast-sure = { $count ->
    [one] Сообщение получит { $count } человек. Отозвать его нельзя. Отправить?
    [few] Сообщение получат { $count } человека. Отозвать его нельзя. Отправить?
   *[other] Сообщение получат { $count } человек. Отозвать его нельзя. Отправить?
}
console-audience-all = Всем: { $count }
console-audience-en = Кто говорит по-английски: { $count }
console-audience-ru = Кто говорит по-русски: { $count }
console-audience-payers = Кто платил: { $count }
console-broadcast-show = 🔄 Обновить
console-broadcast-stop = ■ Остановить
console-sent-draft = 📣 Ещё не отправлено
console-sent-running = 📣 <b>Отправляется</b> — не мешая ответам бота
console-sent-stopped = 📣 <b>Остановлено</b>
console-sent-done = 📣 <b>Отправлено всем, кому предназначалось</b>
console-broadcast-counts =
    Кому: { $size }
    Доставлено: { $delivered }
    Заблокировали бота: { $blocked }
    Не удалось: { $failed }
expects-console-broadcast = Пришлите, пожалуйста, текст или фото с подписью. Выйти — /cancel.
