# One sentence a key; tests compare the keys and the values of both languages.

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

## Training: consent, name, subject

ask-consent =
    <b>First, a promise.</b>
    The photos I train on must be of you, or of a person who has given you permission.

    They are sent to fal.ai for the training; the copy there expires after 7 days.
consent-agree = ✅ They are mine or I have permission
expects-consent = Please press a button: I can only go on when you confirm that you may use the photos.

draft-found =
    You have a training that was not started{ $name ->
        [none] {""}
       *[other] {" "}«{ $name }»
    }: { $count ->
        [one] { $count } photo is
       *[other] { $count } photos are
    } already here. Go on with it?
draft-continue = ▶️ Go on
draft-anew = 🗑 Start from scratch

ask-name =
    <b>What shall we call the model?</b>
    Any name of 1–40 characters, for example: <i>My Portrait 2025</i>.
keep-name = Keep «{ $name }»
name-taken-down =
    The model is called <b>{ $name }</b>.
    Its trigger word is <code>{ $trigger }</code>: it stands for the person in every prompt, and I add it for you.
expects-name = Please send the name as a text message, 1–40 characters.

ask-subject = <b>Who is in the photos?</b>
subject-woman = 👩 Woman
subject-man = 👨 Man
subject-person = 🧑 Person
subject-name-woman = woman
subject-name-man = man
subject-name-person = person
expects-subject = Please press one of the buttons: woman, man or person.

## Training: photos

ask-photos =
    <b>Now send { $min } to { $max } photos</b>, one by one or as albums. { $recommended } or more is best.

    ✅ one person, face sharp and well lit
    ✅ different angles, expressions, clothes, backgrounds
    ✅ sent <b>as files</b> for full quality (JPEG, PNG, WebP, HEIC, TIFF, BMP)
    🚫 no groups, sunglasses, filters or near-copies

photos-counter = <b>Photos: { $accepted } of { $min }–{ $max }</b>
photos-checking = ⏳ checking { $count ->
    [one] { $count } photo
   *[other] { $count } photos
}…
photos-refused = ❌ { $count ->
    [one] { $count } photo
   *[other] { $count } photos
} I can't use:
photos-refused-line = { $which } – { $reason }
photos-refused-more = … and { $count } more
photo-number = photo { $number }
photos-repeats = 🔁 { $count ->
    [one] { $count } photo was
   *[other] { $count } photos were
} sent twice; one is enough.
photos-need-more = { $count ->
    [one] { $count } more photo
   *[other] { $count } more photos
}, and we can go on.
photos-enough = Enough to go on. More photos make a better likeness: { $recommended } or more is best.
photos-plenty = That is a good set. Press Done, or add more.
photos-full = That is all I can take. Press Done.
photos-done = ✅ Done
photos-remove-last = ↩️ Remove last
photos-start-over = 🗑 Start over
photos-taken-down = <b>{ $count ->
    [one] { $count } photo
   *[other] { $count } photos
} ready.</b>
photo-removed = Removed.
photos-removed = All photos removed. Send new ones.
expects-photos = I'm waiting for photos now: send them as photos, albums or files. When you have enough, press Done under the counter.

refusal-too_big = the file is over 20 MB; send a smaller one
refusal-too_small = too small ({ $width }×{ $height }); the short side must be at least { $min_side_px } pixels
refusal-too_many_pixels = more than { $max_megapixels } megapixels; send a smaller version
refusal-extreme_shape = too long and thin ({ $width }×{ $height }); send an ordinary photo
refusal-unreadable = I can't open it; it may be damaged
refusal-animated = it moves; send a still photo
refusal-gif = a GIF is not a photo; send a still photo
refusal-video = a video is not a photo; send a still photo
refusal-pdf = a PDF is not a photo; send the photo itself
refusal-not_a_photo = this is not a photo; send JPEG, PNG, WebP, HEIC, TIFF or BMP
refusal-duplicate = exactly the same as another photo
refusal-too_many = there are already { $max } photos, which is the most I can take
refusal-gone = Telegram no longer has the file; send it again

## Training: mode and summary

ask-mode =
    <b>How thorough shall the training be?</b>

    <b>Economy</b>: { $economy_steps } steps, { $economy_price }, usually { $economy_from }–{ $economy_to } minutes. Fine for a first try.
    <b>Standard</b>: { $standard_steps } steps, { $standard_price }, usually { $standard_from }–{ $standard_to } minutes. A better likeness.

    <i>The times do not include waiting in the queue.</i>
mode-economy = ⚡ Economy · { $price }
mode-standard = ⭐ Standard · { $price }
mode-name-economy = Economy, { $steps } steps
mode-name-standard = Standard, { $steps } steps
expects-mode = Please press one of the buttons: Economy or Standard.

summary =
    <b>Ready to start?</b>

    Name: <b>{ $name }</b>
    Trigger word: <code>{ $trigger }</code>
    Subject: { $subject }
    Photos: { $photos }
    Quality: { $mode }
    Price: <b>{ $price }</b>
start-training = 🚀 Start training
expects-confirm = Please press <b>Start training</b>, or Back to change something.
training-started-toast = Started!
already-started = This training has already started.

## Training: progress

progress-title = <b>{ $name }</b>
progress-preparing = 🧩 Preparing photos: { $done } of { $total }
progress-uploading = ☁️ Uploading the photos
progress-submitting = 📨 Handing over to the trainer
progress-unconfirmed = 🔎 The connection broke while I was handing the training over. I am finding out whether it was taken, so that it is not paid twice. No need to do anything.
progress-queued = 🕐 In the queue{ $position ->
    [0] {""}, next in line
   *[other] {""}, { $position } ahead of us
}
progress-training = 🧠 Training
progress-bar = { $bar } { $percent }%
progress-left = about { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} left
progress-left-soon = less than a minute left
progress-cancelling = ✋ Stopping…
progress-trouble = 📡 fal does not answer well right now. The training goes on there; I keep asking.
progress-completed = ✅ Done
progress-failed = ⚠️ It did not work out. See below.
progress-cancelled = ✋ Cancelled
cancel-training = ✋ Cancel training
cancel-asked = Stopping…
no-training = No training is running. Start one with /train.
status-latest = Your last training «{ $name }»: { $state }.
state-completed = done
state-failed = did not work out
state-cancelled = cancelled
state-running = under way

training-completed =
    🎉 <b>Your model «{ $name }» is ready!</b>

    Trigger word: <code>{ $trigger }</code>
    I add it to your prompts by myself.
training-completed-late = <i>It was finished before it could be cancelled, so here it is.</i>
go-to-neurophoto = ✨ Go to NeuroPhoto
copy-trigger = 📋 Copy the trigger word
training-failed =
    😔 <b>The training of «{ $name }» did not work out.</b>
    { $reason }
training-cancelled = ✋ The training of «{ $name }» was stopped. Your photos are kept; you can start it again any time.
try-again = 🔁 Try again
retry-started = Starting again with the same photos.

failure-photos_rejected = The trainer could not use the photos. Send other ones with /train: sharp, one person, face well visible.
failure-photos_missing = Too many of the photos can no longer be had from Telegram. Please send them again with /train.
failure-prompt_rejected = The generator did not accept this prompt. Put it in other words, please.
failure-lora_unreachable = The model's file could not be read. Try again later; if it stays so, train the model again.
failure-trainer_failed = The trainer had a problem of its own. It is not your fault; your photos are kept. Try again.
failure-generator_failed = The generator had a problem of its own. It is not your fault. Try again.
failure-service_account = The service is paused on our side; it is not your fault, and nothing was lost. Please try again later.
failure-submit_unknown = The connection broke at the worst moment, and I could not find out whether fal took the job. Nothing is sent twice by itself: try again if you like.
failure-result_lost = fal no longer has the result. It is not your fault. Try again.
failure-deadline = It took far too long, so I stopped waiting and asked fal to stop. It is not your fault. Try again.
failure-unsafe_picture = The picture was held back by the safety filter. Put the prompt in other words, please.

## Generation

ask-prompt =
    <b>What shall the photo show?</b>
    Model: <b>{ $model }</b>

    For example: <i>portrait photo, soft window light</i>
    or <i>in a café in Paris, film look</i>
ask-which-model = Which model shall I use?
expects-prompt = Please write what the photo should show, as a text message.
expects-model = Please press a button to choose the model.
generating = 🎨 Making «{ $prompt }»…
generating-queued = 🕐 In the queue: { $position } ahead of us. «{ $prompt }»
generating-next = 🕐 In the queue: next in line. «{ $prompt }»
generating-unconfirmed = 🔎 The connection broke. I am finding out whether the picture is being made, so that it is not paid twice.
again = 🔁 Again
new-prompt = ✏️ New prompt
generation-failed =
    😔 No picture this time.
    { $reason }
pictures-ready = What next?
pictures-held-back = { $count ->
    [one] { $count } picture was
   *[other] { $count } pictures were
} held back by the safety filter.

## Models

models-none = You have no models yet. Train the first one: it takes a few minutes.
models-title = <b>Your models</b>
model-line-active = ✅ <b>{ $name }</b> · <code>{ $trigger }</code> · active
model-line-ready = ▫️ <b>{ $name }</b> · <code>{ $trigger }</code> · ready
model-line-running = ⏳ <b>{ $name }</b> · { $state }
model-line-failed = ⚠️ <b>{ $name }</b> · { $state }
models-choose = Press a model to make it the active one.
model-activated = «{ $name }» is active now.

## Privacy

privacy =
    <b>What is kept, where and how long</b>

    <b>Here</b>, until you delete it: your Telegram id and language; Telegram's references to the photos you sent (not the photos); your consent with its date; names, trigger words and addresses of your models; your prompts. Photos are fetched only to check and to prepare them, without place and camera data, and never stay on our disk.

    <b>At fal.ai</b>, which trains and draws: the prepared photos for 7 days; your prompts and our requests for up to 30 days; the model and the pictures as long as the operator's fal account keeps files. Whoever has the address of a file there can open it.

    <b>At Telegram</b>: this chat, as with everyone.

    Nobody else gets anything. /deletemydata deletes everything of yours here.
forget-ask =
    <b>Delete everything of yours?</b>
    Your models, drafts, prompts and settings here will be gone for good; a training that runs is stopped.

    What may remain: at fal.ai the photos for up to 7 days, requests for up to 30 days, and model and picture files as long as the operator's account keeps them; in Telegram this chat, which you can clear yourself.
forget-keep = ← Keep everything
forget-sure = 🗑 Delete everything
forget-kept = Everything is as it was.
forget-done = Done: nothing of yours is left here. If you write again, we start anew.

## Anything else

expects-anything = I did not understand that. Send /train to train a model, /generate to make a photo, or /help.

error-invalid-name = The name should have 1 to { $max } characters. Please send another one.
error-invalid-prompt = The prompt should have 1 to { $max } characters. Please send a shorter one.
error-stale-button = This button is from an earlier step. Please use the newest message.
error-too-few-photos = { $accepted } of at least { $min } photos are good so far. Please send more.
error-photos-still-checking = { $pending ->
    [one] { $pending } photo is
   *[other] { $pending } photos are
} still being checked. A moment, please.
error-nothing-to-cancel = This can't be cancelled any more.
error-no-model-yet = You have no model yet. Send /train to make one: it takes a few minutes.
error-not-found = I can't find that any more. Send /start to see what is possible.
error-not-allowed = This bot is private. If you should be let in, give the operator your id: { $id }
error-too-many-running = { $max ->
    [one] A training of yours is already under way.
   *[other] { $max } trainings of yours are already under way.
} Please wait until it is done; /status shows how far it is.
error-daily-trainings-reached = You have started { $max ->
    [one] { $max } training
   *[other] { $max } trainings
} in the last 24 hours, which is the most I can do. The next one is possible in about { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}; your photos are kept.
error-daily-images-reached = You have had { $max ->
    [one] { $max } picture
   *[other] { $max } pictures
} in the last 24 hours, which is the most I can make. The next one is possible in about { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}.
error-budget-spent = Today's budget of this bot is used up; it is not your fault, and nothing was lost. Try again in about { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}.
error-service-paused = The service is paused on our side; it is not your fault, and nothing was lost. The operator knows. Please try again later.
error-bug = Something went wrong on our side; it is not your fault, and nothing was lost. Please try again. If it stays so, tell the operator this code: { $code }

## For admins

admin-account-refused = ⚠️ fal refuses our account: { $words }. New orders are paused until fal takes them again; users are told that it is not their fault.
admin-account-accepted = ✅ fal accepts our account again; orders go on.
admin-outcome-unknown = ⚠️ { $kind } { $id }: the answer to a paid submit was lost, and fal's history cannot tell whether it was taken ({ $detail }). Nothing was sent again; the user was told. Please look at fal's dashboard.
admin-watching-refused = ⚠️ fal refuses our key while jobs are watched: { $words }. Running jobs go on; I keep trying.
admin-watching-accepted = ✅ Jobs at fal can be watched again.
admin-low-balance = ⚠️ The balance at fal is down to { $balance }. Top it up before it runs out.
admin-books =
    <b>The last 24 hours</b>
    Spent, by the price list: { $spent } of { $budget }
    Trainings under way: { $running }
admin-balance = Balance at fal: { $balance }
admin-paused = ⚠️ New orders are paused: fal refuses our account.
