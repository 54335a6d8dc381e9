## Settings

settings =
    🔧 <b>Settings</b>
    Tap to change; changes apply at once.

    <b>Automatic first picture</b>: when a model is ready, I make a first picture with it.
    <b>Reminders</b>: I write a day before an unfinished training is removed.
settings-language = 🌐 Language: { $name }
settings-preview = Automatic first picture
settings-reminders = Reminders
