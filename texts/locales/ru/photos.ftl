## Обучение: фото

ask-photos =
    <b>Теперь пришлите от { $min } до { $max } фото</b>, по одному или альбомами. Лучше { $recommended } и больше.

    ✅ 1–4: один человек, лицо чёткое и хорошо освещено; разные ракурсы, выражения, одежда и места
    🚫 5 смазано, 6 темно, 7 двое в кадре, 8 тёмные очки. Фильтры и почти одинаковые кадры тоже не подойдут.

    Присылайте <b>файлами</b> — так сохранится качество (JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP).

photos-counter = <b>Принято фото: { $accepted }</b> (нужно от { $min } до { $max })
photos-checking = ⏳ проверяю { $count ->
    [one] { $count } фото
    [few] { $count } фото
   *[other] { $count } фото
}…
photos-refused = ❌ <b>Не принято: { $count }</b>
photos-refused-earlier = Раньше не принято: { $count }
photos-refused-line = { $which } — { $reason }
photos-refused-more = … и ещё { $count }
photo-number = фото { $number }
photo-number-at-start = Фото { $number }
photos-repeats = 🔁 { $count ->
    [one] { $count } фото прислано
    [few] { $count } фото присланы
   *[other] { $count } фото присланы
} дважды; достаточно одного раза.
photos-near = 👯 { $which } — почти то же самое, что { $other }.
photos-near-advice = Они приняты, но чем разнообразнее фото, тем лучше модель.
photos-need-more = Ещё { $count ->
    [one] { $count } фото
    [few] { $count } фото
   *[other] { $count } фото
}, и можно продолжать.
photos-enough = Уже можно продолжать. Чем больше фото, тем больше сходства: лучше { $recommended } и больше.
photos-plenty = Этого достаточно. Нажмите «Готово» или добавьте ещё.
photos-full = Больше добавить нельзя. Нажмите «Готово».
photos-done = ✅ Готово
photos-remove-last = ↩️ Убрать последнее
photos-start-over = 🗑 Начать заново
photos-start-over-ask = <b>Убрать { $count ->
    [one] { $count } фото
    [few] все { $count } фото
   *[other] все { $count } фото
}?</b> Их придётся прислать заново.
photos-remove-all = 🗑 Убрать все
photos-keep = ← Оставить
photos-kept = Хорошо, фото остаются.
photos-done-soon = ⏳ Проверяю последние фото, потом продолжим.
photos-before-consent = 📸 По этому и другим вашим фото могу обучить модель.
photos-before-consent-try = 📸 По этому фото могу сразу сделать первую картинку, а по нему и другим — обучить модель.
photos-wait-for-consent = 📸 Получил. Осталось ваше согласие: нажмите, пожалуйста, кнопку выше.
photos-taken-down = <b>{ $count ->
    [one] { $count } фото готово
    [few] { $count } фото готовы
   *[other] { $count } фото готовы
}.</b>
photo-removed = Убрано.
photos-none = Подходящих фото пока нет. Пришлите их, пожалуйста.
photos-removed = Все фото убраны. Пришлите новые.
expects-photos = Сейчас я жду фото: присылайте их по одному, альбомами или файлами. Когда хватит, нажмите «Готово» под счётчиком. Чтобы убрать лишние, напишите, например: убрать 3, 7.

refusal-too_big = файл больше 20 МБ; пришлите поменьше
refusal-too_small = слишком маленький размер ({ $width }×{ $height }); короткая сторона должна быть не меньше { $min_side_px } пикселей
refusal-too_many_pixels = больше { $max_megapixels } мегапикселей; пришлите уменьшенную версию
refusal-too_heavy = в этом формате больше { $max_megapixels } мегапикселей не открою; пришлите обычный (не прогрессивный) JPEG или уменьшенную версию
refusal-extreme_shape = слишком длинная и узкая картинка ({ $width }×{ $height }); пришлите обычное фото
refusal-unreadable = открыть не удалось; возможно, файл повреждён
refusal-uncheckable = проверить не удалось дважды; сохраните как обычный JPEG или пришлите другое фото
refusal-animated = это анимация; пришлите обычное фото
refusal-gif = это GIF, а не фото; пришлите обычное фото
refusal-video = это видео, а не фото; пришлите обычное фото
refusal-pdf = это PDF, а не фото; пришлите само фото
refusal-foreign_photo = файлы { $found } я не открываю; сохраните снимок в своей программе для фото как JPEG и пришлите его
refusal-not_a_photo = это не фото; пришлите JPEG, PNG, WebP, HEIC, AVIF, TIFF или BMP
refusal-duplicate = { $number ->
    [unknown] точно такое же фото уже есть
   *[other] та же картинка, что и фото { $number }
}
refusal-no_face = никого не вижу; пришлите фото, где видно лицо
refusal-too_many = уже есть { $max } фото, больше я принять не могу
refusal-gone = в Telegram больше не хранится; пришлите ещё раз
refusal-lost = получить к началу обучения уже не удалось
