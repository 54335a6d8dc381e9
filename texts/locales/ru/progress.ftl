## Обучение: ход

progress-title = <b>{ $name }</b>
progress-preparing = 🧩 Готовлю фото: { $done } из { $total }
progress-uploading = ☁️ Отправляю фото
progress-submitting = 📨 Передаю на обучение
progress-unconfirmed = 🔎 Связь оборвалась, когда я передавал обучение. Выясняю, принято ли оно, чтобы не платить дважды. Ничего делать не нужно.
progress-queued = 🕐 В очереди{ $position ->
    [0] {""}, мы следующие
    [one] {""}, перед нами { $position } задание
    [few] {""}, перед нами { $position } задания
   *[other] {""}, перед нами { $position } заданий
}
progress-training = 🧠 Обучаю
progress-bar = { $bar } { $percent }%
progress-left = осталось около { $minutes ->
    [one] { $minutes } минуты
    [few] { $minutes } минут
   *[other] { $minutes } минут
}
progress-left-soon = осталось меньше минуты
progress-cancelling = ✋ Останавливаю…
progress-trouble = 📡 fal сейчас плохо отвечает. Обучение там продолжается, я слежу за ним.
progress-completed = ✅ Готово
progress-failed = ⚠️ Не получилось. Подробности ниже.
progress-cancelled = ✋ Отменено
cancel-training = ✋ Отменить обучение
cancel-asked = Останавливаю…
no-training = Сейчас ничего не обучается. Начните с /train.
status-latest = Последнее обучение «{ $name }»: { $state }.
state-completed = готово
state-failed = не получилось
state-cancelled = отменено
state-running = идёт

training-completed =
    🎉 <b>Ваша модель «{ $name }» готова!</b>

    Кодовое слово: <code>{ $trigger }</code>
    Я добавляю его в описания автоматически.
training-completed-late = <i>Она успела обучиться раньше, чем её удалось отменить, так что вот она.</i>
go-to-neurophoto = ✨ Перейти в НейроФото
copy-trigger = 📋 Скопировать кодовое слово
training-failed =
    😔 <b>Обучить «{ $name }» не получилось.</b>
    { $reason }
training-cancelled = ✋ Обучение «{ $name }» остановлено. Ваши фото сохранены; обучение можно начать снова в любой момент.
try-again = 🔁 Попробовать снова
retry-started = Начинаю снова с теми же фото.

failure-photos_rejected = Обучиться на этих фото не удалось. Пришлите другие через /train: чёткие, с одним человеком, чтобы лицо было хорошо видно.
failure-photos_missing = Слишком много фото уже недоступно в Telegram. Пришлите их, пожалуйста, ещё раз через /train.
failure-prompt_rejected = Такое описание не принято. Опишите, пожалуйста, иначе.
failure-lora_unreachable = Файл модели не читается. Попробуйте позже; если не поможет, обучите модель заново.
failure-trainer_failed = Неполадка на стороне обучения. Вы ни при чём, ваши фото сохранены. Попробуйте снова.
failure-generator_failed = Неполадка на стороне генератора. Вы ни при чём. Попробуйте снова.
failure-service_account = Сервис приостановлен на нашей стороне; вы ни при чём, и ничего не потеряно. Попробуйте, пожалуйста, позже.
failure-submit_unknown = Связь оборвалась в самый неподходящий момент, и выяснить, принял ли fal задание, не удалось. Само ничего дважды не отправляется: если хотите, попробуйте снова.
failure-result_lost = Результата у fal больше нет. Вы ни при чём. Попробуйте снова.
failure-deadline = Это заняло слишком много времени: я перестал ждать и попросил fal остановиться. Вы ни при чём. Попробуйте снова.
failure-unsafe_picture = Картинку задержал фильтр безопасности. Опишите, пожалуйста, иначе.
