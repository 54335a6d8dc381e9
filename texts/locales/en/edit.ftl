# Change…: a picture changed by words or by one tap.

change = ✏️ Change…
ask-change =
    <b>What should be different?</b>
    Write it in your own words, for example <i>another background, a beach at sunset</i>, or tap one of the buttons.
    Faces stay as they are, and the picture you have is kept.{ $price ->
        [none] {""}
       *[other] {" "}One change: { $price }.
    }
expects-change = Please write in a text message what should be different in the picture.
edit-coming = Changing it… It takes a few seconds.
edit-unlike = ⚠️ The face has come out different from your photos. Try again, or ask for a smaller change.
edit-without-source = The picture or photo it is made from can no longer be fetched. Send the photo again, or change another picture.
show-original = ↩️ Show the original
edit-original = ↩️ This is what it was made from.

command-try = A first picture from one photo
menu-try = ⚡ First picture from one photo
try-now = ⚡ First picture now
try-send-photo =
    <b>Send me one photo of yourself</b>, your face well visible.
    Then choose a style: the picture takes seconds. The photo counts as the first photo for your model.
try-offer =
    ⚡ <b>Shall I make a first picture of you from this photo?</b>
    It takes seconds. Choose a style{ $price ->
        [none] .
       *[other] {": "}{ $price } each.
    }
try-offer-free =
    ⚡ <b>Shall I make a first picture of you from this photo?</b>
    It takes seconds, and the first one is free. Choose a style.
try-style = { $name }
try-model = With another model: { $name }
try-coming = Making it… It takes a few seconds.
try-next = ⚡ One photo is quick, but it shows only so much of you. For pictures that look like you in every scene, train a model: this photo already counts as the first it needs.
