## Settings

settings =
    🔧 <b>Settings</b>
    Tap to change; changes apply at once.

    <b>Automatic first picture</b>: when a model is ready, I make a first picture with it.
    <b>Reminders</b>: I write a day before an unfinished training is removed.
    <b>Prompt in files</b>: files in full size hold the prompt and the seed, so whoever gets one can read them.
settings-language = 🌐 Language: { $name }
settings-preview = Automatic first picture
settings-reminders = Reminders
settings-prompts = Prompt in files
settings-groups-about = <b>Pictures in groups</b>: I make a picture when you call me in a group, and everyone there sees it.
settings-groups = ⬜ Pictures in groups
settings-groups-on = ✅ Pictures in groups
