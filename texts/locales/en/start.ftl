## Start, language

start =
    👋 I make photos of you that were never taken.
    1. Send me { $min }–{ $max } photos of yourself, and I train a personal model on them.
    2. Then write what you would like to see, and I make pictures of you.
app-menu-button = App
app-open = 📱 Open the app
menu-train = 📸 Train my model
menu-status = ⏳ My training
menu-generate = ✨ NeuroPhoto
menu-models = 🗂 My models
menu-language = 🌐 Language
menu-settings = 🔧 Settings
menu-help = ❓ Help

choose-language = Which language should we speak?
language-name-en = English
language-name-ru = Русский
language-chosen = OK, English it is.

private-only = I work in a private chat only: your photos are nobody else's business. Write to me directly.

bot-description = Send a few photos of yourself, and I will train a model that knows your face. Then write what you want to see, or pick a ready-made idea, and get new pictures of yourself.
bot-short-description = Trains a model on your photos and makes new pictures of you from a text prompt.
command-start = What this bot does
command-train = Train a model from your photos
command-generate = Make a picture of you from a prompt
command-models = Your models
command-status = How your training is going
command-settings = Language, picture options, reminders
command-language = Language
command-cancel = Leave the current step
command-help = Help and answers
command-support = Write to the operator
command-privacy = What is kept, where and how long
command-export = Get a copy of your data
command-deletemydata = Delete all your data

## The way around

back = ← Back
cancel = ✕ Cancel
cancelled = OK, let's leave that. What next?
cancelled-draft-kept = OK, let's leave that. Your { $count ->
    [one] { $count } photo is
   *[other] { $count } photos are
} kept: send /train when you want to go on.
nothing-to-leave = There is nothing to cancel right now. A training under way is stopped with the button under its message; /status brings that message down. What would you like to do?
