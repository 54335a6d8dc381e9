## Generation

ask-prompt =
    <b>What should the picture show?</b>
    Model: <b>{ $model }</b>

    For example: <i>portrait photo, soft window light</i>
    or <i>in a café in Paris, film look</i>
ask-which-model = Which model should I use?
expects-prompt = Please write what the picture should show, as a text message.
expects-model = Please press a button to choose the model.
generating = 🎨 Making “{ $prompt }”…
changing = ✏️ Changing: { $prompt }…
generating-queued = 🕐 In the queue: { $position } ahead of us. “{ $prompt }”
generating-next = 🕐 In the queue: next in line. “{ $prompt }”
generating-unconfirmed = 🔎 The connection broke. I am checking whether the picture is being made, so that it is not made twice.
offer-prompt =
    <b>Make a picture of this?</b>
    <i>{ $prompt }</i>

    Model: <b>{ $model }</b>
offer-make = 🎨 Make it{ $price ->
    [none] {""}
   *[other] {" "}for { $price }
}
offer-leave = ✕ No, thanks
offer-left = OK, no picture then.
prompt-edited = ✏️ The new text is used.
prompt-edited-too-late = The picture for the old text is already being made. To have one of the new text, send it as a new message.
improve = ✨ Improve
improving = ✨ Thinking of a richer version…
improved = <b>✨ A richer version</b>
improved-english = In English, for the generator:
improve-failed = A richer version could not be made just now. Please press the button again in a minute.
