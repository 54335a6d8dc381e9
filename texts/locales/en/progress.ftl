## Training: progress

progress-title = <b>{ $name }</b>
progress-preparing = 🧩 Preparing photos: { $done } of { $total }
progress-asking = 📷 { $lost ->
    [one] { $lost } photo can no longer be fetched from Telegram or opened: { $which }.
   *[other] { $lost } photos can no longer be fetched from Telegram or opened: { $which }.
} Train on the { $left ->
    [one] one that is
   *[other] { $left } that are
} left? Nothing has been uploaded yet. If you do not answer within a day, I cancel the training.
go-on-with = ▶️ Go on with { $count ->
    [one] { $count } photo
   *[other] { $count } photos
}
progress-uploading = ☁️ Uploading the photos
progress-submitting = 📨 Handing over to the trainer
progress-unconfirmed = 🔎 The connection broke while I was handing the training over. I am finding out whether it was taken, so that it is not started twice. No need to do anything.
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
progress-trouble = 📡 fal is not answering properly right now. The training goes on there, and I keep checking.
progress-trouble-before = 📡 fal is not answering properly right now. I keep trying; there is nothing for you to do.
progress-completed = ✅ Done
progress-failed = ⚠️ It failed. See below.
progress-cancelled = ✋ Cancelled
training-in-doubt = 🔎 I still cannot tell whether fal took the training of “{ $name }”. I keep looking and will write as soon as I know. I never send it twice, and there is nothing you need to do.
training-late = 🔎 fal gives no clear answer about the training of “{ $name }”. I keep asking and will write as soon as I know.
generation-in-doubt = 🔎 I still cannot tell whether fal took your request for a picture. I keep looking and will write as soon as I know. I never send it twice.
generation-late = 🔎 fal gives no clear answer about your picture. I keep asking and will write as soon as I know.
cancel-training = ✋ Cancel training
cancel-asked = Stopping…
cancel-ask = <b>Stop the training of “{ $name }”?</b>
cancel-ask-free = It has not been handed to fal.ai yet, so nothing is lost. Your photos are kept.
cancel-ask-at-fal = It is at fal.ai already: it may still count as one of today's trainings, and if it finishes first, the model is yours. Your photos are kept.
cancel-sure = ✋ Stop it
cancel-keep = ▶️ Let it go on
cancel-kept = OK, the training goes on.
no-training = No training is running. Start one with /train.
status-latest = Your last training “{ $name }”: { $state }.
state-completed = done
state-failed = failed
state-cancelled = cancelled
state-running = under way

training-completed =
    🎉 <b>Your model “{ $name }” is ready!</b>

    Trigger word: <code>{ $trigger }</code>
    I add it to your prompts for you.
training-completed-late = <i>It finished before it could be cancelled, so here it is.</i>
go-to-neurophoto = ✨ Go to NeuroPhoto
copy-trigger = 📋 Copy the trigger word
training-failed =
    😔 <b>The training of “{ $name }” failed.</b>
    { $reason }
training-cancelled = ✋ The training of “{ $name }” was stopped. Your photos are kept; you can start it again any time.
try-again = 🔁 Try again
look-again = 🔎 Look again
looking-again = Asking fal once more. Nothing is ordered a second time; I will write when I know.
retry-started = Starting again with the same photos.

failure-photos_rejected = The trainer could not use the photos. Send other ones with /train: sharp, one person, face well visible.
failure-photos_missing = Too many of the photos are no longer available in Telegram. Please send them again with /train.
failure-prompt_rejected = The generator did not accept this prompt. Please word it differently.
failure-lora_unreachable = The model's file could not be read. Try again later; if it keeps happening, train the model again.
failure-trainer_failed = The trainer had a problem of its own. It is not your fault; your photos are kept. Try again.
failure-generator_failed = The generator had a problem of its own. It is not your fault. Try again.
failure-service_account = The service is paused on our side; it is not your fault, and nothing was lost. Please try again later.
failure-submit_unknown = The connection broke at the worst moment, and I could not find out whether fal took the job. I never send anything twice on my own: try again if you like.
failure-result_lost = I looked again and again, but could not get the result from fal. It is not your fault. Look again later, or use Try again to start over.
failure-deadline = It took far too long, so I stopped waiting and asked fal to stop. It is not your fault. Try again.
failure-unsafe_picture = The picture was held back by the safety filter. Please word the prompt differently.
failure-refused_sexual = I don't make sexual pictures of real people.
failure-refused_minors = I don't make such pictures of children or teenagers.
failure-refused_violence = I don't make pictures with cruelty or gore.
failure-refused_rules = The rules of this bot don't allow this one.
failure-not_english = The generator understands hardly anything but English, and your words could not be put into English just now.
