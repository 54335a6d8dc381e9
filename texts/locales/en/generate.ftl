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
generating-queued = 🕐 In the queue: { $position } ahead of us. “{ $prompt }”
generating-next = 🕐 In the queue: next in line. “{ $prompt }”
generating-unconfirmed = 🔎 The connection broke. I am checking whether the picture is being made, so that it is not paid for twice.
