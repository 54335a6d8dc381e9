## Training: consent, name, subject

train-next = ⏳ “{ $name }” is being trained. You can prepare the next one and start it when this one is done.
ask-consent =
    <b>First, your consent.</b>
    You are 18 or older, and the photos show you, or an adult who has agreed to this.

    <b>What for:</b> from the faces in the photos a model is trained that draws this person for you, and, when you ask for it, pictures are made from a single photo. They are also looked at to advise you on the photos, and compared with the pictures; for nothing else.
    <b>Who gets them:</b> fal.ai, which does this, without location and camera data. The copy there is deleted after { $days ->
        [one] one day
       *[other] { $days } days
    }; the model stays until you delete it, and its file as long as the operator’s account at fal.ai keeps it.
    <b>Taking it back</b> is possible at any time: delete the model, or everything with /deletemydata. More: /privacy
consent-agree = ✅ I am 18 or older and I agree
consent-changed = The wording of the consent has changed since you gave it, so I ask again.
error-consent-changed = The wording of the consent has changed since you gave it. Please send /train and press “{ draft-continue }”: I ask once more, and nothing you have chosen is lost.
expects-consent = Please press a button: I can only go on when you agree.

draft-found =
    { $name ->
        [none] Your training
       *[other] “{ $name }”
    } is not started yet: { $count ->
        [one] { $count } photo is
       *[other] { $count } photos are
    } here ({ $min } to { $max } needed). Go on with it?
draft-continue = ▶️ Go on
draft-anew = 🗑 Start from scratch

ask-name =
    <b>What should the model be called?</b>
    Any name of 1–40 characters, for example: <i>My Portrait 2025</i>.
keep-name = Keep “{ $name }”
name-taken-down =
    The model is called <b>{ $name }</b>.
    Its trigger word is <code>{ $trigger }</code>: it stands for the person in every prompt, and I add it for you.
expects-name = Please send the name as a text message, 1–40 characters.

ask-subject = <b>Who is in the photos?</b>
subject-woman = 👩 Woman
subject-man = 👨 Man
subject-person = 🧑 Person
subject-name-woman = woman
subject-name-man = man
subject-name-person = person
expects-subject = Please press one of the buttons: woman, man or person.

## Training: mode and summary

ask-mode =
    <b>Which training quality?</b>

    <b>Economy</b>: { $economy_steps } steps{ $economy_price ->
        [none] {""}
       *[other] , { $economy_price }
    }, usually { $economy_from }–{ $economy_to } minutes. Fine for a first try.
    <b>Standard</b>: { $standard_steps } steps{ $standard_price ->
        [none] {""}
       *[other] , { $standard_price }
    }, usually { $standard_from }–{ $standard_to } minutes. A better likeness.

    <i>The times do not include waiting in the queue.</i>
mode-economy = ⚡ Economy{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}
mode-standard = 🎯 Standard{ $price ->
    [none] {""}
   *[other] {" "}· { $price }
}
mode-name-economy = Economy, { $steps } steps
mode-name-standard = Standard, { $steps } steps
expects-mode = Please press one of the buttons: Economy or Standard.

summary =
    <b>Ready to start?</b>

    Name: <b>{ $name }</b>
    Trigger word: <code>{ $trigger }</code>
    Subject: { $subject }
    Photos: { $photos }
    Quality: { $mode }
summary-price = Price: <b>{ $price }</b>
summary-price-with-pictures = Price: <b>{ $price }</b>, { $count ->
    [one] the first picture
   *[other] { $count } first pictures
} included
start-training = 🚀 Start training
expects-confirm = Please press <b>Start training</b>, or Back to change something.
training-started-toast = Started!
already-started = This training has already started.

## Words that stand for buttons, parted by |

said-woman = woman | a woman | female
said-man = man | a man | male
said-person = person | a person | someone | other
said-done = done | ready | finished | that's all | that is all
said-economy = economy | cheap
said-standard = standard
said-start = start | start training | go | begin
said-cancel = cancel | stop
