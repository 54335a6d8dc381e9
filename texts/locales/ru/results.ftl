## Картинки и кнопки под ними

picture-caption =
    { $prompt }

    🌱 { $seed }
preview-caption = { $count ->
    [one] ✨ Ваша первая картинка. Теперь это обложка модели.
   *[other] ✨ Ваши первые картинки. Одна из них теперь обложка модели.
}
pack-caption = 📦 { $titles }
pack-failed = { $count ->
    [one] { $count } картинка из набора не получилась.
    [few] { $count } картинки из набора не получились.
   *[other] { $count } картинок из набора не получилось.
}
details = 📝 Подробно
details-seed = 🌱 Вариант { $seed }
again = 🔁 Ещё раз
vary = 🎨 Вариация
full-size = 🖼 Полный размер
picture-like = ☆ В избранное
picture-unlike = ★ В избранном
make-cover = 📌 На обложку
more = ⋯ Ещё
new-prompt = ✏️ Новое описание
pictures-ready = Что дальше?
pictures-held-back = { $count ->
    [one] { $count } картинку не пропустил
    [few] { $count } картинки не пропустил
   *[other] { $count } картинок не пропустил
} фильтр безопасности.
pictures-missing = ⚠️ { $count ->
    [one] { $count } картинка готова, но отправить её не получилось: файл не скачивается или повреждён.
    [few] { $count } картинки готовы, но отправить их не получилось: файлы не скачиваются или повреждены.
   *[other] { $count } картинок готово, но отправить их не получилось: файлы не скачиваются или повреждены.
} Повторная попытка бесплатна.
send-again = 🔄 Попробовать ещё раз
sending-again = Пробую ещё раз…
details-english = По-английски, как это получил генератор:
generation-refused =
    🙏 Давайте не эту картинку.
    { $reason } Опишите другую, и я с радостью её сделаю.
generation-not-english =
    🌍 Картинка пока не сделана.
    { $reason } Отправить как есть или написать по-английски?
send-as-it-is = ➡️ Отправить как есть
write-in-english = ✏️ Написать по-английски
ask-english =
    <b>Что должно быть на картинке? Напишите по-английски</b>
    Хватит нескольких слов, например: <i>portrait photo in a café, soft light</i>
generation-failed =
    😔 Картинка не получилась.
    { $reason }
which-picture = Какая картинка?
picture-liked = ★ Теперь в избранном.
picture-unliked = Больше не в избранном.
cover-made = 📌 Теперь это обложка модели «{ $name }».
full-size-coming = Файл уже в пути…
full-size-gone = Оригинал больше не хранится, поэтому вот картинка в том виде, в каком она была отправлена.
full-size-later = Сейчас оригинал получить не удаётся. Нажмите, пожалуйста, кнопку ещё раз через минуту.
ask-variation =
    <b>Что изменить?</b>
    Нажмите на описание, чтобы скопировать его, исправьте и пришлите. Картинка будет похожа на прежнюю.

enlarge = 🔎 Увеличить ×{ $factor }{ $price ->
    [none] {""}
   *[other] {" · "}{ $price }
}
enlarging = Увеличиваю… Файл придёт примерно через полминуты.
enlarged = 🔎 Увеличено: { $width }×{ $height }
enlarge-again = 🔎 Попробовать ещё раз
enlarge-failed =
    😔 Увеличить картинку не получилось.
    { $reason }

rated = Спасибо, учту.
what-was-missing = Чего не хватило?
missing-face = Лицо
missing-light = Свет
missing-clothes = Одежда
missing-background = Фон
missing-pose = Поза
missing-hands = Руки
