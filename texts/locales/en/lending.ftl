## Lending a model

model-button-lend = 🤝 Lend…
lend =
    <b>Lend “{ $name }”</b>
    Choose for how long. You get a link; whoever opens it first and accepts can make pictures with this model, which count as theirs, until the time or the pictures are used up or you take it back.

    <b>Whoever has the model can make pictures of the person it shows, also together with somebody else in one picture.</b> By choosing below you agree to that; send the link only to somebody you trust.

    They never see your photos or the model file, and can't pass the model on. You see when and how often they use it, and their prompts, but not their pictures. Those stay theirs even when the loan is over.
lend-term-pictures = 10 pictures
lend-term-day = 1 day
lend-term-week = 1 week
lend-term-month = 30 days
lend-open = 🤝 Lent for { $limit }
lend-offered = ✉️ Link for { $limit }, not accepted yet
lend-back = ← Back
lend-end = ⛔ Take it back
lend-ended = Taken back. No new pictures can be ordered.
lend-link =
    🤝 The model is offered for { $limit }. Send this link to one person, whom you trust:
    { $link }

    Whoever accepts first has it. The link works until { DATETIME($until, dateStyle: "long") }.
loan-limit-pictures =
    { $count ->
        [one] { $count } picture
       *[other] { $count } pictures
    }
loan-limit-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
loan-card =
    <b>“{ $name }”, lent for { $limit }</b>
    Pictures made or being made: { $used }
loan-lent = Lent now.
loan-offered = Nobody has accepted yet; the link works until { DATETIME($until, dateStyle: "long") }.
loan-ended = This loan is over.
loan-use =
    { DATETIME($date, dateStyle: "medium") }: { $count ->
        [one] { $count } picture
       *[other] { $count } pictures
    }.
loan-use-deleted = <i>the prompt was deleted</i>

## Borrowing it

loan-invitation =
    <b>🤝 “{ $name }” is lent to you</b>
    You can make pictures with this model. The loan is for { $limit }. The pictures count as yours in every way, and stay yours.

    The owner of the model sees your name in Telegram, when you use the model, and your prompts, but not your pictures. They can take the model back at any moment; what is being made by then still arrives.

    Be fair: make only pictures the person they show would agree to.
loan-others = 👥 The person may also be in one picture with somebody else.
loan-accept = ✅ Borrow it
loan-decline = ✖️ No, thanks
loan-accepted = The model is lent to you.
loan-declined = You have declined; the link no longer works.
borrowed-card =
    <b>🤝 { $name }</b> · borrowed · { $left }
    Trigger word: <code>{ $trigger }</code>
    The owner sees your prompts, but not your pictures.
borrowed-line = <b>{ $name }</b> · borrowed · { $left }
borrowed-name = 🤝 { $name }
borrowed-left =
    { $count ->
        [one] { $count } picture left
       *[other] { $count } pictures left
    }
borrowed-until = until { DATETIME($until, dateStyle: "long") }
borrowed-over = the loan is over
borrowed-return = ↩️ Give it back
borrowed-returned = “{ $name }” is given back. Your pictures stay yours.

## What the other one is told

loan-news-accepted = 🤝 { $who } has borrowed your model “{ $name }”. If that is not the person you meant, take it back: /models, the model, Lend…
loan-news-declined = “{ $name }” was not borrowed: your offer was declined.
loan-news-returned = ↩️ “{ $name }” was given back to you.
loan-news-withdrawn = The owner of “{ $name }” has taken the model back. What was already being made still arrives, and your pictures stay yours.
loan-news-deleted = “{ $name }”, which was lent to you, was deleted by its owner. Your pictures stay yours.

## Refusals

error-loan-over = This model was borrowed and can't be used any more: its owner has taken it back or deleted it, or all of the loan is used up. Choose another model with /models.
error-loan-used-up = Pictures left of this loan: { $left }, and this would be { $count }. Nothing was ordered.
error-second-unfit = These two people can't be in one picture, or no longer: their models don't fit, or a loan is over. Nothing was ordered. Choose somebody else, or nobody, with /generate.
error-loan-gone = This link doesn't offer a model any more: somebody else was faster, its time is over, or it was withdrawn.
error-loan-own = This is the link to your own model. Send it to the person you want to lend it to.
error-too-many-loans = This model is lent or offered { $max } times already. Take one back first.
failure-loan_over = the borrowed model was taken back or deleted, or its time is over, before anything was made
console-lent = Models lent now: { $count }
privacy-loans = <b>Models that are lent</b>: who borrows a model can make pictures with it, and their owner sees how many, when, and the prompts as long as the borrower keeps them. Those pictures are the borrower's: they stay when the model or its owner's data is deleted, which ends the loan. A borrower who deletes their data leaves only the count to the owner.
panel-borrowed-left = 🤝 Borrowed; pictures left: { $count }. Its owner sees your prompts.
panel-borrowed-until = 🤝 Borrowed until { DATETIME($until, dateStyle: "long") }. Its owner sees your prompts.
model-delete-lent = 🤝 It is lent or offered: nobody can use it any more. Pictures that others made with it are theirs and stay.
forget-loans = 🤝 Models that you lend can't be used by anybody any more; pictures that others made with them are theirs and stay. What you have borrowed goes back, and its owner sees only how many pictures you made.
