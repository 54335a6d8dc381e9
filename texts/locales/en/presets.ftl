## Presets

menu-presets = 🪄 Presets
command-presets = Ready-made ideas for pictures of you

presets-title =
    🪄 <b>Presets</b>: ready-made ideas for pictures of you.

    Choose a category, take a whole pack, or let me surprise you.
preset-surprise = 🎲 Surprise me{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}
preset-packs = 📦 Packs of four
preset-shelf-title = <b>{ $category }</b>
preset-line = • <b>{ $name }</b> – { $description }
preset-page = { $page }/{ $count }
preset-card =
    🪄 <b>{ $name }</b>
    { $description }

    Format { $shape }{ $price ->
        [none] {""}
       *[other] {" "}· { $price }
    }
preset-card-model = Model: <b>{ $model }</b>
preset-create = 🎨 Create{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}
preset-packs-title = 📦 <b>Packs</b>: one press makes all four pictures.
preset-packs-price = The price is for all four.
preset-pack = { $name }{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}

error-preset-gone = This preset is gone: the list was changed. Send /presets to see the new one.
