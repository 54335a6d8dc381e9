## Готовые идеи

menu-presets = 🪄 Готовые идеи
command-presets = Готовые идеи для ваших картинок

presets-title =
    🪄 <b>Готовые идеи</b> для ваших картинок.

    Выберите категорию, возьмите целый набор или доверьтесь случаю.
preset-surprise = 🎲 Удивите меня{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}
preset-packs = 📦 Наборы по четыре
preset-shelf-title = <b>{ $category }</b>
preset-line = • <b>{ $name }</b> — { $description }
preset-page = { $page }/{ $count }
preset-card =
    🪄 <b>{ $name }</b>
    { $description }

    Формат { $shape }{ $price ->
        [none] {""}
       *[other] {" "}· { $price }
    }
preset-card-model = Модель: <b>{ $model }</b>
preset-create = 🎨 Создать{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}
preset-packs-title = 📦 <b>Наборы</b>: одно нажатие — все четыре картинки.
preset-packs-price = Цена указана за все четыре.
preset-pack = { $name }{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}

error-preset-gone = Этой идеи больше нет: список изменился. Отправьте /presets, чтобы увидеть новый.
