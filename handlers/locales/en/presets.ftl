## Presets

error-preset-gone = This preset is gone: the list was changed. Send /presets to see the new one.
