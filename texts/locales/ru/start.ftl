## Начало, язык

start =
    👋 Я делаю ваши фото, которых никогда не было.
    1. Пришлите { $min }–{ $max } своих фотографий, и я обучу на них вашу личную модель.
    2. Потом напишите, что хотите увидеть, и я сделаю фото с вами.
menu-train = 📸 Обучить модель
menu-generate = ✨ НейроФото
menu-models = 🗂 Мои модели
menu-language = 🌐 Язык
menu-settings = 🔧 Настройки
menu-help = ❓ Помощь

choose-language = На каком языке будем общаться?
language-name-en = English
language-name-ru = Русский
language-chosen = Хорошо, будем говорить по-русски.

private-only = Я работаю только в личном чате: ваши фото — только ваше дело. Напишите мне напрямую.

command-start = Что умеет этот бот
command-train = Обучить модель по вашим фото
command-generate = Сделать картинку с вами по описанию
command-models = Ваши модели
command-status = Как идёт обучение
command-settings = Язык, параметры картинок, уведомления
command-language = Язык
command-cancel = Выйти из текущего шага
command-help = Помощь, цены, приватность
command-privacy = Что, где и сколько хранится
command-deletemydata = Удалить все ваши данные

## Как ходить по шагам

back = ← Назад
cancel = ✕ Отмена
cancelled = Хорошо, оставим это. Что дальше?
cancelled-draft-kept = Хорошо, оставим это. { $count ->
    [one] Ваше { $count } фото сохранено
    [few] Ваши { $count } фото сохранены
   *[other] Ваши { $count } фото сохранены
}: отправьте /train, когда захотите продолжить.
nothing-to-leave = Сейчас нечего отменять. Что бы вы хотели сделать?
