## Галерея

menu-gallery = 🖼 Галерея
command-gallery = Ваши картинки
gallery-about =
    👤 { $model } · { $day }.{ $month }.{ $year }
    🌱 Вариант { $seed }
gallery-about-photo =
    📷 По одному фото · { $day }.{ $month }.{ $year }
    🌱 Вариант { $seed }
gallery-words = 🔎 «{ $words }»
gallery-send = 📤 Прислать в чат
gallery-repeat = 🔁 Сделать ещё
gallery-delete = 🗑 Удалить
gallery-favourites-off = ★ Только избранное
gallery-favourites-on = ✅ Только избранное
gallery-all-models = 🗂 Все модели
gallery-one-model = 🗂 { $name }

## Поиск

gallery-search = 🔎 Поиск
gallery-search-off = ✕ Сбросить поиск
ask-search =
    <b>Что найти?</b>
    Напишите одно или несколько слов из описания картинки.
expects-search = Напишите, пожалуйста, слова из описания текстовым сообщением.

## Показать нечего

gallery-empty =
    <b>В вашей галерее пока пусто.</b>
    Здесь хранятся все картинки, которые я для вас делаю.
gallery-nothing-found = Нет картинок, в описании которых есть «{ $words }». Попробуйте другие слова или сократите запрос.
gallery-no-favourites = Здесь нет избранного. Нажмите ☆ под картинкой, которая нравится, и она появится здесь.
gallery-nothing-left = Картинок здесь больше нет.
gallery-all = ← Все картинки

## Удаление

gallery-delete-ask =
    <b>Удалить эту картинку?</b>
    Она навсегда исчезнет из вашей галереи.

    Что может остаться: в fal.ai — файл, пока его хранит аккаунт оператора; в Telegram — этот чат, где вы сами можете удалить сообщения.
gallery-keep = ← Оставить
gallery-delete-sure = 🗑 Удалить навсегда
gallery-deleted = 🗑 Картинка удалена.
inline-none = ☆ Избранного пока нет: отметьте картинки
inline-none-found = 🔍 В избранном такого нет
