## Models

models-none = You have no models yet. Train the first one: it takes a few minutes.
models-title = <b>Your models</b>
model-line-active = ✅ <b>{ $name }</b> · <code>{ $trigger }</code> · active
model-line-ready = ▫️ <b>{ $name }</b> · <code>{ $trigger }</code> · ready
model-line-running = ⏳ <b>{ $name }</b> · { $state }
model-line-failed = ⚠️ <b>{ $name }</b> · { $state }
models-choose = Press a model to make it the active one.
model-activated = «{ $name }» is active now.
