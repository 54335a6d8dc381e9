## Training: what the photo coach says

flaw-stranger = ⚠️ Photo { $numbers }: not the same person as in the other photos. Take { $count ->
    [one] it
   *[other] them
} out.
flaw-several = ⚠️ Photo { $numbers }: several people. Crop to one person, or send another photo.
flaw-small = ⚠️ Photo { $numbers }: the face is too small. Come closer, or crop the photo.
flaw-dark = ⚠️ Photo { $numbers }: too dark. Face a window or go outside.
flaw-bright = ⚠️ Photo { $numbers }: too bright, the face is washed out. Avoid flash and direct sun.
flaw-blurred = ⚠️ Photo { $numbers }: blurred. Hold the phone still and wipe the lens.
flaw-eyes = ⚠️ Photo { $numbers }: the eyes are hidden. Take off dark glasses.
flaw-copy = ⚠️ Photo { $numbers }: almost the same as other photos. Replace { $count ->
    [one] it
   *[other] them
} with different ones.

photos-score = <b>Set: { $score } of 100.</b> { $advice }
lack-one-person = There is more than one person in the set; a model learns one.
lack-good-photos = Most photos could be better: replace those marked ⚠️.
lack-copies = Some photos are almost the same: replace them with different ones.
lack-sides = All are taken from the front: add two from the side.
lack-lights = All are taken in the same light: add some from another place or another time of day.
lack-more = Add some more: from five good photos on I can tell whether angles and light differ enough.
lack-nothing = Different angles and light, all sharp: this is what a good likeness needs.

coach-cost =
    { $count ->
        [one] <b>Photo { $photos } could be better.</b>
       *[other] <b>{ $count } photos could be better:</b> { $photos }.
    }
    The model learns from every photo, flaws included, so the pictures will look less like you. Now { $count ->
        [one] it is
       *[other] they are
    } easy to replace; later that takes a new training.
coach-photos = { $numbers } ({ $flaw })
coach-go-on = Go on as it is
photos-insist = Use the photos without a face, too
photos-too-few-faceless =
    { $accepted ->
        [one] { $accepted } photo is good so far; at least { $min } are needed.
       *[other] { $accepted } photos are good so far; at least { $min } are needed.
    }
    { $faceless ->
        [one] In { $faceless } photo I found no face. If you want it all the same,
       *[other] In { $faceless } photos I found no face. If you want them all the same,
    } press <b>{ photos-insist }</b>, or send other photos.
photos-insisted = { $count ->
    [0] There is no room for more.
    [one] { $count } photo is taken.
   *[other] { $count } photos are taken.
}

tile-flaw-stranger = somebody else
tile-flaw-several = several people
tile-flaw-small = face too small
tile-flaw-dark = too dark
tile-flaw-bright = too bright
tile-flaw-blurred = blurred
tile-flaw-eyes = eyes hidden
tile-flaw-copy = almost a copy
