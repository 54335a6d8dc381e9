## Pictures and the buttons under them

picture-caption =
    { $prompt }

    🌱 Seed { $seed }
preview-caption = { $count ->
    [one] ✨ Your first picture. It is the model's cover now.
   *[other] ✨ Your first pictures. One of them is the model's cover now.
}
resembles-clear = 🎯 Likeness to your photos: { $percent }%. The face is clearly yours.
resembles-fair = 🎯 Likeness to your photos: { $percent }%. It is your face, though your photos look more like one another.
resembles-stranger = 🎯 Likeness to your photos: { $percent }%. This is not your face yet.
likeness-meaning = 50% or more means the same person{ $own ->
    [none] {"."}
   *[other] ; your photos match one another at { $own }%.
}
likeness-best = Picture { $number } is the most alike, made with strength { $scale }. This model's next pictures get the same strength; ⚙️ Options changes it.
likeness-no-face = 🎯 I found no face in what was made, so I can't say how much it looks like you.
likeness-advice = <b>Other photos may help.</b> Press “Train again”: your photos are there already, and those to replace are marked. It will be another training, like any other.
likeness-no-flaws = I see nothing wrong with any single photo.
details-likeness = 🎯 Likeness { $percent }%{ $scale ->
    [none] {""}
   *[other] {" "}with strength { $scale }
}
details-no-face = 🎯 No face found in it
pack-caption = 📦 { $titles }
pack-failed = { $count ->
    [one] { $count } picture of the pack
   *[other] { $count } pictures of the pack
} didn't work out.
details = 📝 Details
details-seed = 🌱 Seed { $seed }
details-two = 👥 In the picture: { $names }
again = 🔁 Again
vary = 🎨 Vary
full-size = 🖼 Full size
picture-like = ☆ Favourite
picture-unlike = ★ Favourite
make-cover = 📌 Make cover
more = ⋯ More
new-prompt = ✏️ New prompt
pictures-ready = What next?
pictures-held-back = { $count ->
    [one] { $count } picture was
   *[other] { $count } pictures were
} held back by the safety filter.
pictures-missing = ⚠️ { $count ->
    [one] { $count } picture was made but could not be sent: its file can't be fetched or is broken.
   *[other] { $count } pictures were made but could not be sent: their files can't be fetched or are broken.
} Trying again only sends what is there.
send-again = 🔄 Try again
sending-again = Trying again…
details-english = In English, as the generator got it:
generation-refused =
    🙏 Not this picture, please.
    { $reason } Describe another one, and I'll gladly make it.
generation-not-english =
    🌍 The picture has not been made yet.
    { $reason } Send them as they are, or write them in English?
send-as-it-is = ➡️ Send as it is
write-in-english = ✏️ Write in English
ask-english =
    <b>What should the picture show, in English?</b>
    A few words are enough, for example: <i>portrait photo in a café, soft light</i>
generation-failed =
    😔 The picture didn't work out.
    { $reason }
which-picture = Which picture?
picture-liked = ★ Added to favourites.
picture-unliked = Removed from favourites.
cover-made = 📌 It is now the cover of “{ $name }”.
full-size-coming = The file is on its way…
full-size-gone = The original is no longer kept, so here is the picture as it was sent.
full-size-later = The original can't be fetched at the moment. Please press the button again in a minute.
ask-variation =
    <b>Edit the prompt and send it</b>
    Tap it to copy. The seed stays, so the picture will be similar.

enlarge = 🔎 Enlarge ×{ $factor }{ $price ->
    [none] {""}
   *[other] {" · "}{ $price }
}
enlarging = Enlarging… The file comes in half a minute or so.
enlarged = 🔎 Enlarged: { $width }×{ $height }
enlarge-again = 🔎 Try again
enlarge-failed =
    😔 The picture could not be enlarged.
    { $reason }

rated = Thank you, noted.
what-was-missing = What was missing?
missing-face = Face
missing-light = Light
missing-clothes = Clothes
missing-background = Background
missing-pose = Pose
missing-hands = Hands
