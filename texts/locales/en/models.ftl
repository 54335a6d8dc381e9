## Models

models-none = You have no models yet. Train the first one: it takes a few minutes.
models-title = <b>Your models</b>
model-line-active = ✅ <b>{ $name }</b> · <code>{ $trigger }</code> · active
model-line-ready = ▫️ <b>{ $name }</b> · <code>{ $trigger }</code> · ready
model-line-running = ⏳ <b>{ $name }</b> · { $state }
model-line-failed = ⚠️ <b>{ $name }</b> · { $state }
models-choose = Press a model to open its card.

## The card

model-card =
    <b>{ $name }</b>

    Trigger word: <code>{ $trigger }</code>
    Subject: { $subject }
    Quality: { $mode }
    Trainer: { $trainer }
    Photos: { $photos }
    Trained on: { $year }-{ $month }-{ $day }
    Pictures made: { $pictures }
model-scale = Strength of the likeness: { $scale }
model-use = ☑️ Use
model-in-use = ✅ Active
model-activated = “{ $name }” is active now.
model-button-rename = ✏️ Rename
model-button-again = 🔁 Train again
model-button-weights = 📦 Weights
model-button-delete = 🗑 Delete
model-button-list = ← Back to the list

## Rename

model-ask-name =
    <b>What should “{ $name }” be called from now on?</b>
    Any name of 1–40 characters. The trigger word stays <code>{ $trigger }</code>: it is trained into the model.

## Weights

model-weights =
    <b>The weights of “{ $name }” (LoRA)</b>
    { $url }

    Trigger word: <code>{ $trigger }</code>
    Base model: { $base ->
        [fast] FLUX.1 [dev]
        [portrait] FLUX.1 [dev]
        [krea] FLUX.1 Krea [dev]
        [z-image] Z-Image Turbo
        [flux-2] FLUX.2 [dev]
        [qwen] Qwen-Image 2512
        [qwen-v2] Qwen-Image 2512
       *[other] { $base }
    }
    To use them elsewhere, open the file in a program that takes LoRAs for this base model, and put the trigger word into the prompt.

    <i>The file is at fal.ai. How long it stays there depends on the operator's account, and whoever has the link can open it: download it now if you want to keep it.</i>

## Train again

model-again =
    <b>Train “{ $name }” again</b>
    { $count ->
        [one] Its { $count } photo is
       *[other] Its { $count } photos are
    } reused; you can add new ones and choose the quality again. It becomes a new model with its own trigger word, and this one stays as it is.
model-again-anew = 🆕 Start over from “{ $name }”

## Delete

model-delete-ask =
    <b>Delete “{ $name }”?</b>
    The model, the records of { $photos ->
        [one] its { $photos } photo
       *[other] its { $photos } photos
    } and { $pictures ->
        [one] { $pictures } picture
       *[other] { $pictures } pictures
    } will be deleted for good; pictures being made are stopped. This cannot be undone.
model-keep = ← Keep it
model-delete-sure = 🗑 Delete for good
model-deleted = 🗑 “{ $name }” is deleted.
model-erasing =
    { $count ->
        [one] The request for it at fal.ai is being deleted, too, with the files it made. If it has to stay there, I'll write.
       *[other] The { $count } requests for it at fal.ai are being deleted, too, with the files they made. If some have to stay there, I'll write.
    }
