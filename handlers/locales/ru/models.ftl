## Модели

models-none = У вас пока нет моделей. Обучите первую: это займёт несколько минут.
models-title = <b>Ваши модели</b>
model-line-active = ✅ <b>{ $name }</b> · <code>{ $trigger }</code> · активна
model-line-ready = ▫️ <b>{ $name }</b> · <code>{ $trigger }</code> · готова
model-line-running = ⏳ <b>{ $name }</b> · { $state }
model-line-failed = ⚠️ <b>{ $name }</b> · { $state }
models-choose = Нажмите на модель, чтобы сделать её активной.
model-activated = Теперь активна «{ $name }».
