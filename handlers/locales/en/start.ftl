## Start, help, language

start =
    👋 I make photos of you that were never taken.
    1. Send me { $min }–{ $max } photos of yourself, and I train a personal model on them.
    2. Then write what you would like to see, and I make photos of you.
menu-train = 📸 Train my model
menu-generate = ✨ NeuroPhoto
menu-models = 🗂 My models
menu-language = 🌐 Language
menu-help = ❓ Help

help =
    <b>How it works</b>
    /train – train a model from { $min }–{ $max } photos of one person ({ $recommended } or more is better). Economy costs { $economy }, Standard { $standard }; it usually takes a few minutes once it runs.
    /generate <i>portrait photo</i> – make a picture with your active model, about { $image } each.
    /models – your models, and which one is active
    /status – how your training is going
    /cancel – leave whatever we are doing
    /language – English or Russian

    <b>Better likeness</b>: sharp photos of you alone, from different sides, in different light and clothes. Send them as files to keep the full quality.

    <b>Your photos</b> go to fal.ai, which trains the model, without place and camera data; the copy there expires after 7 days. I keep only Telegram's references to them.

choose-language = Which language shall we speak?
language-name-en = English
language-name-ru = Русский
language-chosen = OK, English it is.

private-only = I work in a private chat only: your photos are nobody else's business. Write to me directly.

command-start = What this bot does
command-train = Train a model from your photos
command-generate = Make a photo of you from a prompt
command-models = Your models
command-status = How your training is going
command-language = Language
command-cancel = Leave the current step
command-help = Help, prices, privacy
command-privacy = What is kept, where and how long
command-deletemydata = Delete everything of yours

## The way around

back = ← Back
cancel = ✕ Cancel
cancelled = OK, let's leave that. What next?
cancelled-draft-kept = OK, let's leave that. Your { $count ->
    [one] { $count } photo is
   *[other] { $count } photos are
} kept: send /train when you want to go on.
nothing-to-leave = There is nothing to cancel right now. What would you like to do?
