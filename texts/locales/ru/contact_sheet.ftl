## Обучение: лист с фото

photos-show = 🖼 Показать фото
sheet-is-made = Минутку…
sheet-caption =
    <b>Ваши фото</b>: ✅ { $accepted }{ $flawed ->
        [0] {""}
       *[other] {" "}· ⚠️ { $flawed }
    }{ $refused ->
        [0] {""}
       *[other] {" "}· ❌ { $refused }
    }
    Чтобы убрать лишние, напишите их номера, например: <code>убрать 3, 7</code>
numbers-removed = { $count ->
    [one] Фото { $numbers } убрано.
    [few] Фото { $numbers } убраны.
   *[other] Фото { $numbers } убраны.
} Номера остальных не изменились.

tile-pending = проверяю…
tile-too_big = больше 20 МБ
tile-too_small = слишком маленькое
tile-too_many_pixels = слишком много пикселей
tile-too_heavy = слишком много пикселей для этого формата
tile-extreme_shape = слишком длинное и узкое
tile-unreadable = не открывается
tile-uncheckable = не проверить
tile-animated = это анимация
tile-gif = это GIF
tile-video = это видео
tile-pdf = это PDF
tile-foreign_photo = нужен JPEG
tile-not_a_photo = это не фото
tile-duplicate = такое уже есть
tile-no_face = никого не видно
tile-too_many = уже не помещается
tile-lost = больше недоступно
tile-gone = больше нет в Telegram
