## Training: the choice between trainers

ask-trainer = <b>Which trainer should be used?</b>
trainer-line = <b>{ $name }</b>: { $about }
trainer-choice = { $name }{ $price ->
    [none] {""}
   *[other] {" "}· from { $price }
}
ask-trainer-note = <i>Your pictures will come from a generator of the same family, so this choice cannot be changed later.</i>
expects-trainer = Please choose a trainer with one of the buttons.

trainer-name-fast = ⚡ FLUX.1 Fast
trainer-name-portrait = 🎭 FLUX.1 Portrait
trainer-name-krea = 🎨 FLUX.1 Krea
trainer-name-z-image = 🪶 Z-Image Turbo
trainer-name-flux-2 = 💎 FLUX.2
trainer-name-qwen = 🌿 Qwen-Image
trainer-name-qwen-v2 = 🍃 Qwen-Image, version 2

trainer-about-fast = quick, and content with few photos.
trainer-about-portrait = made for faces, with fine light and detail; best with 10 photos or more.
trainer-about-krea = FLUX.1 tuned for a natural look rather than a polished one; content with few photos.
trainer-about-z-image = inexpensive, and its pictures take only seconds; best with 10 photos or more.
trainer-about-flux-2 = the newer FLUX, follows long descriptions; best with 10 photos or more.
trainer-about-qwen = natural skin and textures, can write words in a picture; best with 10 photos or more.
trainer-about-qwen-v2 = as Qwen-Image, with a newer and cheaper way of training; best with 10 photos or more.

summary-trainer = Trainer: { $trainer }

ask-mode-untimed =
    <b>Which training quality?</b>

    <b>Economy</b>: { $economy_steps } steps{ $economy_price ->
        [none] {""}
       *[other] , { $economy_price }
    }. Fine for a first try.
    <b>Standard</b>: { $standard_steps } steps{ $standard_price ->
        [none] {""}
       *[other] , { $standard_price }
    }. A better likeness.

    <i>I can't say in advance how long this trainer takes; it may be an hour. You will see the progress and may close the chat meanwhile.</i>
