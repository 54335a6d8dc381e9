## Генерация

ask-prompt =
    <b>Что должно быть на фото?</b>
    Модель: <b>{ $model }</b>

    Например: <i>портретное фото, мягкий свет из окна</i>
    или <i>в кафе в Париже, как на плёнке</i>
ask-which-model = Какой моделью сделать?
expects-prompt = Напишите, пожалуйста, текстом, что должно быть на фото.
expects-model = Нажмите, пожалуйста, кнопку, чтобы выбрать модель.
generating = 🎨 Делаю «{ $prompt }»…
generating-queued = 🕐 В очереди: перед нами { $position }. «{ $prompt }»
generating-next = 🕐 В очереди: мы следующие. «{ $prompt }»
generating-unconfirmed = 🔎 Связь оборвалась. Выясняю, делается ли картинка, чтобы не платить дважды.
again = 🔁 Ещё раз
new-prompt = ✏️ Новое описание
generation-failed =
    😔 На этот раз без картинки.
    { $reason }
pictures-ready = Что дальше?
pictures-held-back = { $count ->
    [one] { $count } картинку задержал
    [few] { $count } картинки задержал
   *[other] { $count } картинок задержал
} фильтр безопасности.
