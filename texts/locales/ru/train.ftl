## Обучение: согласие, имя, кто на фото

ask-consent =
    <b>Сначала — ваше согласие.</b>
    На фото, по которым я учусь, должны быть вы или человек, который дал вам разрешение.

    Для обучения фото отправляются в fal.ai; копия там удаляется через 7 дней.
consent-agree = ✅ Это мои фото или у меня есть разрешение
expects-consent = Нажмите, пожалуйста, кнопку: я могу продолжить, только если вы подтвердите, что вправе использовать эти фото.

draft-found =
    У вас есть незапущенное обучение{ $name ->
        [none] {""}
       *[other] {" "}«{ $name }»
    }: { $count ->
        [one] загружено { $count } фото
        [few] загружены { $count } фото
       *[other] загружено { $count } фото
    } (нужно от { $min } до { $max }). Продолжим?
draft-continue = ▶️ Продолжить
draft-anew = 🗑 Начать с нуля

ask-name =
    <b>Как назовём модель?</b>
    Любое имя от 1 до 40 символов, например: <i>Мой портрет 2025</i>.
keep-name = Оставить «{ $name }»
name-taken-down =
    Модель называется <b>{ $name }</b>.
    Её кодовое слово — <code>{ $trigger }</code>: оно обозначает человека в описаниях, и я добавляю его автоматически.
expects-name = Пришлите имя текстовым сообщением, от 1 до 40 символов.

ask-subject = <b>Кто на фото?</b>
subject-woman = 👩 Женщина
subject-man = 👨 Мужчина
subject-person = 🧑 Человек
subject-name-woman = женщина
subject-name-man = мужчина
subject-name-person = человек
expects-subject = Нажмите, пожалуйста, одну из кнопок: женщина, мужчина или человек.

## Обучение: качество и итог

ask-mode =
    <b>Какое качество обучения?</b>

    <b>Эконом</b>: { $economy_steps } шагов{ $economy_price ->
        [none] {""}
       *[other] , { $economy_price }
    }, обычно { $economy_from }–{ $economy_to } минут. Хватит для первого раза.
    <b>Стандарт</b>: { $standard_steps } шагов{ $standard_price ->
        [none] {""}
       *[other] , { $standard_price }
    }, обычно { $standard_from }–{ $standard_to } минут. Сходство выше.

    <i>Без учёта очереди.</i>
mode-economy = ⚡ Эконом{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}
mode-standard = ⭐ Стандарт{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}
mode-name-economy = Эконом, { $steps } шагов
mode-name-standard = Стандарт, { $steps } шагов
expects-mode = Нажмите, пожалуйста, одну из кнопок: «Эконом» или «Стандарт».

summary =
    <b>Начинаем?</b>

    Имя: <b>{ $name }</b>
    Кодовое слово: <code>{ $trigger }</code>
    На фото: { $subject }
    Фото: { $photos }
    Качество: { $mode }
summary-price = Цена: <b>{ $price }</b>
summary-price-with-pictures = Цена: <b>{ $price }</b>, включая { $count ->
    [one] первую картинку
    [few] { $count } первые картинки
   *[other] { $count } первых картинок
}
start-training = 🚀 Начать обучение
expects-confirm = Нажмите <b>«Начать обучение»</b> или «Назад», чтобы что-то изменить.
training-started-toast = Началось!
already-started = Это обучение уже началось.

## Слова вместо кнопок, через |

said-woman = женщина | девушка | жен
said-man = мужчина | парень | муж
said-person = человек | другое
said-done = готово | готов | готова | всё | все | это всё | хватит
said-economy = эконом | экономный
said-standard = стандарт | стандартный
said-start = начать | начать обучение | старт | поехали | запустить
