## Обучение: выбор, кто обучает

ask-trainer = <b>Какой способ обучения выбрать?</b>
trainer-line = <b>{ $name }</b>: { $about }
trainer-choice = { $name }{ $price ->
    [none] {""}
   *[other] {" "}· от { $price }
}
ask-trainer-note = <i>Картинки потом рисует генератор того же семейства, поэтому изменить этот выбор будет нельзя.</i>
expects-trainer = Выберите, пожалуйста, способ обучения одной из кнопок.

trainer-name-fast = ⚡ FLUX.1 Fast
trainer-name-portrait = 🎭 FLUX.1 Portrait
trainer-name-krea = 🎨 FLUX.1 Krea
trainer-name-z-image = 🪶 Z-Image Turbo
trainer-name-flux-2 = 💎 FLUX.2
trainer-name-qwen = 🌿 Qwen-Image
trainer-name-qwen-v2 = 🍃 Qwen-Image, версия 2

trainer-about-fast = быстрый, хватает и нескольких фото.
trainer-about-portrait = создан для лиц, тонко передаёт свет и детали; лучше от 10 фото.
trainer-about-krea = FLUX.1, настроенный на естественный вид вместо глянца; хватает и нескольких фото.
trainer-about-z-image = недорогой, картинки готовы за секунды; лучше от 10 фото.
trainer-about-flux-2 = более новый FLUX, понимает длинные описания; лучше от 10 фото.
trainer-about-qwen = естественные кожа и фактуры, умеет писать слова на картинке; лучше от 10 фото.
trainer-about-qwen-v2 = то же, что Qwen-Image, но обучение новее и дешевле; лучше от 10 фото.

summary-trainer = Способ обучения: { $trainer }

ask-mode-untimed =
    <b>Какое качество обучения?</b>

    <b>Эконом</b>: { $economy_steps } шагов{ $economy_price ->
        [none] {""}
       *[other] , { $economy_price }
    }. Хватит для первого раза.
    <b>Стандарт</b>: { $standard_steps } шагов{ $standard_price ->
        [none] {""}
       *[other] , { $standard_price }
    }. Сходство выше.

    <i>Заранее не скажу, сколько это займёт: бывает и час. Ход обучения будет виден, чат можно закрыть.</i>
