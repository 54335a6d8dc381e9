## Help: the first page and its questions

help = <b>How it works</b>
help-try = /try – a first picture from one photo
help-making =
    /train – train a model from { $min }–{ $max } photos of one person
    /generate <i>portrait photo</i> – make a picture with your active model
    /presets – ready-made ideas for pictures
    /models – your models, and which one is active
    /gallery – the pictures you have made
    /status – how your training is going
help-rest =
    /settings – language, picture options, reminders
    /language – Русский or English
    /support – write to the operator
    /privacy – what is kept, and where
    /export – get a copy of all your data
    /deletemydata – delete all your data
    /start – the main menu
    /help – this page
    /cancel – leave whatever we are doing

    What would you like to know?

help-back = ← All questions
help-button-time = ⏱ How long?
help-button-price = 💵 How much?
help-button-options = ⚙️ Format, seed…
help-button-likeness = 🪞 Not like me?
help-button-photos = 🔒 My photos
help-button-rights = 📄 Commercial use
help-button-cancel = ✕ How to cancel

help-time =
    <b>How long does it take?</b>
    A training, once it runs:
help-time-usual = { $name }: Economy usually { $economy_from }–{ $economy_to } minutes, Standard { $standard_from }–{ $standard_to }
help-time-unknown = { $name }: I can't say in advance; it may be an hour
help-time-more =
    It may wait in a queue before that. Its message shows the place, and /status brings the message down to you.

    A picture takes seconds once its turn has come.

    You can leave the chat meanwhile: I'll write when it is ready.

help-price =
    <b>What does it cost?</b>
help-price-one = { $name }: Economy { $economy }, Standard { $standard }, a picture from { $image }
help-price-more = You see the exact price before you start anything. What breaks at fal.ai is not charged.

help-options =
    <b>How do I choose format, number, strength and seed?</b>
    With the buttons under the question for the prompt, and with ⚙️ Options under a picture. I remember what you choose.

    Or in one line:
    <code>/generate portrait photo in Paris --ar 9:16 -n 2 --scale 0.8 --seed 7</code>

    <b>--ar</b> is the format: 1:1, 3:4, 9:16, 4:3 or 16:9.
    <b>--size</b> is the size: standard or hd: in hd each side has one and a half times as many pixels.
    <b>-n</b> is the number of pictures, 1 to 4.
    <b>--scale</b> is the strength of the likeness, 0.6 to 1.4. Higher looks more like the photos, lower leaves the prompt more freedom.
    <b>--seed</b> repeats a picture: the same seed and prompt give the same picture. Keep a seed to change one word at a time.

help-likeness =
    <b>Why may it not look like me, and what helps?</b>
    <b>Photos</b> matter most: { $recommended } or more, sharp, of you alone, from different sides, in different light and clothes. No sunglasses, no filters. Send them as files to keep the full quality.
    <b>Strength</b>: try 1.1 or 1.2 in ⚙️ Options. If the face looks stiff, try 0.9.
    <b>Prompt</b>: portraits show a face best; in a whole figure it is small. I add the trigger word for you. Leave out words for another face, age or hair.
    <b>Training</b>: Standard learns longer than Economy. With better photos, train once more: /train

help-photos =
    <b>What happens to my photos?</b>
    They go to fal.ai, which trains the model, without location and camera data; the copy there is deleted after { $days ->
        [one] one day
       *[other] { $days } days
    }. I keep Telegram's references to them, a grey thumbnail of each (32×32 pixels) to notice repeats, and a dozen numbers about the face in each, by which nobody can be recognised. The photos themselves do not stay on our disk.

    Only you can use your model here. /privacy has the details, /export sends you a copy of everything, and /deletemydata deletes all your data.

help-rights =
    <b>May I use the pictures commercially?</b>
    That depends on the licence of the model that draws them. fal.ai, where they are made, says that most of its models may be used commercially: those marked “Commercial use” on their page. Models marked “Research only” may not.

    New models here are drawn with:
    <code>{ $pages }</code>
    Please check that page and the terms of fal.ai before you sell a picture or advertise with it.

    And whoever is in a picture has a say in how it is used.

help-cancel =
    <b>How do I cancel?</b>
    /cancel leaves any question; photos you have sent are kept with their draft.

    A training under way has a Cancel button under its message; /status brings that message down. Once it runs at fal.ai, it may still finish: then the model is yours.

    A picture you have ordered can't be called back.
help-cancel-price = A training that finishes after all is paid for like any other.
