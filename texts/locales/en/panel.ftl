## The panel under the prompt question and under a result

panel-title = ⚙️ <b>How your pictures are made</b>
panel-title-result = ⚙️ <b>The same prompt, your options</b>
panel-result = <i>{ $prompt }</i>
panel-model = Model: <b>{ $model }</b>
panel-second = With: <b>{ $name }</b>, strength { $scale }
panel-second-honest = 👥 Two people in one picture: I can't promise that both will look like themselves. Say what both are doing, and try one picture first. Presets show one person.
panel-second-lost = 👥 The second person you chose can't be in your pictures any more. Choose somebody else, or make pictures without them; until then nothing is made.
two-names = { $first } and { $second }
ask-second =
    <b>👥 Who else should be in the picture?</b>
    These models can be in one picture with the one you chose. Make only pictures that both people would agree to.
panel-shape = Format: <b>{ $shape }</b>
panel-size-standard = Size: <b>Standard</b>, { $width }×{ $height }
panel-size-hd = Size: <b>HD</b>, { $width }×{ $height }
panel-count = Pictures: <b>{ $count }</b>
panel-scale = Strength of the likeness: <b>{ $scale }</b>
panel-scale-own = Strength of the likeness: <b>{ $scale }</b>, of this model
panel-seed-new = Seed: <b>a new one each time</b>
panel-seed-kept = Seed: <b>{ $seed }</b>, kept
panel-form = The generator reads: <code>{ $opening }…</code>
panel-price = 💵 This will cost <b>{ $price }</b>.
panel-remembered = I'll remember this for your next pictures too.

panel-open = ⚙️ Options
panel-button-second = 👥 Add a second person
panel-button-second-leave = ✖️ Without { $name ->
    [none] the second person
   *[other] { $name }
}
panel-button-size-standard = Standard{ $price ->
    [none] {""}
   *[other] {" · "}{ $price }
}
panel-button-size-hd = HD{ $price ->
    [none] {""}
   *[other] {" · "}{ $price }
}
panel-button-scale = Strength { $scale }
panel-button-seed-new = 🎲 New seed
panel-button-seed-keep = 📌 Keep this one
panel-make = 🎨 Make it{ $price ->
    [none] {""}
   *[other] {" "}for { $price }
}

error-unknown-option = I don't know the option { $option }. There are: --ar 9:16 (format), --size hd (size), -n 2 (pictures), --scale 0.8 (strength), --seed 7. Please send the prompt again.
error-bad-option-value = { $option } can't be { $value }. It can be: { $allowed }. Please send the prompt again.
error-missing-option-value = { $option } needs a value after it: { $allowed }. Please send the prompt again.
error-repeated-option = { $option } is there twice. Please send the prompt again with one of them.
