## Settings

settings =
    🔧 <b>Settings</b>
    Press to change; it counts at once.

    <b>First picture by itself</b>: when a model is ready, I make a first picture with it.
    <b>Reminders</b>: I write a day before an unfinished training is removed.
settings-language = 🌐 Language: { $name }
settings-preview = First picture by itself
settings-reminders = Reminders
