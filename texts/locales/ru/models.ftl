## Модели

models-none = У вас пока нет моделей. Обучите первую: это займёт несколько минут.
models-title = <b>Ваши модели</b>
model-line-active = ✅ <b>{ $name }</b> · <code>{ $trigger }</code> · активна
model-line-ready = ▫️ <b>{ $name }</b> · <code>{ $trigger }</code> · готова
model-line-running = ⏳ <b>{ $name }</b> · { $state }
model-line-failed = ⚠️ <b>{ $name }</b> · { $state }
models-choose = Нажмите на модель, чтобы открыть её карточку.

## Карточка

model-card =
    <b>{ $name }</b>

    Кодовое слово: <code>{ $trigger }</code>
    На фото: { $subject }
    Качество: { $mode }
    Способ обучения: { $trainer }
    Фото: { $photos }
    Обучена: { $day }.{ $month }.{ $year }
    Сделано картинок: { $pictures }
model-scale = Сила сходства: { $scale }
model-use = ☑️ Выбрать
model-in-use = ✅ Активна
model-activated = Теперь активна «{ $name }».
model-button-rename = ✏️ Переименовать
model-button-again = 🔁 Обучить ещё раз
model-button-weights = 📦 Файл модели
model-button-delete = 🗑 Удалить
model-button-list = ← К списку моделей

## Имя

model-ask-name =
    <b>Как теперь назвать «{ $name }»?</b>
    Любое имя от 1 до 40 символов. Кодовое слово останется прежним — <code>{ $trigger }</code>: модель обучена именно на нём.

## Файл модели

model-weights =
    <b>Файл модели «{ $name }» (веса LoRA)</b>
    { $url }

    Кодовое слово (trigger word): <code>{ $trigger }</code>
    Базовая модель: { $base ->
        [fast] FLUX.1 [dev]
        [portrait] FLUX.1 [dev]
        [krea] FLUX.1 Krea [dev]
        [z-image] Z-Image Turbo
        [flux-2] FLUX.2 [dev]
        [qwen] Qwen-Image 2512
        [qwen-v2] Qwen-Image 2512
       *[other] { $base }
    }
    Чтобы использовать её в другом месте, откройте файл в программе, которая поддерживает LoRA для этой базовой модели, и добавьте кодовое слово в описание.

    <i>Файл лежит в fal.ai. Сколько он там пробудет, зависит от аккаунта оператора, а открыть его может любой, у кого есть ссылка: скачайте его сейчас, если хотите сохранить.</i>

## Обучить ещё раз

model-again =
    <b>Обучить «{ $name }» ещё раз</b>
    Возьмём те же фото ({ $count }); можно добавить новые и заново выбрать качество. Получится новая модель со своим кодовым словом, а эта останется как есть.
model-again-anew = 🆕 Заново по фото «{ $name }»

## Удалить

model-delete-ask =
    <b>Удалить «{ $name }»?</b>
    Модель, данные о её фото ({ $photos }) и картинки ({ $pictures }) удалятся навсегда; картинки, которые сейчас делаются, будут остановлены. Отменить удаление нельзя.
model-keep = ← Оставить
model-delete-sure = 🗑 Удалить навсегда
model-deleted = 🗑 Модель «{ $name }» удалена.
model-erasing =
    { $count ->
        [one] В fal.ai удаляется и { $count } запрос для неё вместе с созданными файлами. Если что-то придётся там оставить, я напишу.
        [few] В fal.ai удаляются и { $count } запроса для неё вместе с созданными файлами. Если что-то придётся там оставить, я напишу.
       *[many] В fal.ai удаляются и { $count } запросов для неё вместе с созданными файлами. Если что-то придётся там оставить, я напишу.
    }
