## Anything else

expects-anything = I did not understand that. Send /train to train a model, /generate to make a picture, or /help.
expects-no-file = I can't use a file like this, only photos. Send /train, and I'll ask you for them; they may come as files, too.

error-invalid-name = The name should have 1 to { $max } visible characters. Please send another one.
error-invalid-prompt = { $length ->
    [0] Add what the picture should show, in up to { $max } characters.
   *[other] That's over { $max } characters. Please shorten it.
}
error-stale-button = This button is from an earlier step. Please use the newest message.
error-too-few-photos = { $accepted ->
    [one] { $accepted } photo is good so far; at least { $min } are needed. Please send more.
   *[other] { $accepted } photos are good so far; at least { $min } are needed. Please send more.
}
error-unknown-photos = { $count ->
    [one] There is no photo
   *[other] There are no photos
} { $numbers }, so nothing is removed. Press Show photos to see the numbers.
error-photos-still-checking = { $pending ->
    [one] { $pending } photo is
   *[other] { $pending } photos are
} still being checked. A moment, please.
error-nothing-to-cancel = This can't be cancelled any more.
error-picture-on-its-way = This picture is still on its way to the chat. Once it is there, it can be deleted.
error-no-model-yet = You have no model yet. Send /train to make one: it takes a few minutes.
error-still-training = “{ $name }” is still training. I'll write when it's ready; then we can make the picture.
error-draft-photo-gone = That photo is no longer here; send it again.
error-not-found = I can't find that any more. Send /start to see what is possible.
error-not-allowed = This bot is private. If you need access, give the operator your id: { $id }
error-not-claimed = Nobody can use this bot yet. Is it yours? Then open the ADMIN LINK from its log, or send me /start and the code at the end of that link.
error-too-many-running = { $max ->
    [one] A training of yours is already under way.
   *[other] { $max } trainings of yours are already under way.
} Please wait until it is done; /status shows how far it is.
error-daily-trainings-reached = You have started { $max ->
    [one] { $max } training
   *[other] { $max } trainings
} in the last 24 hours, which is the most I can do. The next one is possible in about { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}; your photos are kept.
error-daily-images-reached = You have had { $max ->
    [one] { $max } picture
   *[other] { $max } pictures
} in the last 24 hours, which is the most I can make. The next one is possible in about { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}.
error-budget-spent = I have done all I can for today; it is not your fault, and nothing was lost. Try again in about { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}.
error-credits-missing = This costs { $price } ⭐, and { $missing } ⭐ are missing. Send /buy to get some; nothing was charged.
error-code-unknown = There is no such code. Please check how it is written.
error-code-expired = This code is no longer valid: its time is over.
error-code-used-up = This code has been used up: others were faster.
error-code-used-already = You have used this code already.
error-already-subscribed = You have a subscription already. /balance shows it.
error-price-changed = The price has changed meanwhile: it is { $price } ⭐ now. Nothing was ordered. If that suits you, order again.
error-photos-differ = The photos that were named are not the { $accepted } that would be trained on. Name all accepted photos of the draft, and delete those that should not be in it.
error-key-limit-reached = Your key has ordered all it may in 24 hours, which is { $max }. The next one is possible in about { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}; /apikey in the chat changes that.
error-bad-webhook-address = I send no messages to such an address. It should look like https://example.org/path: https, a host with a name, port 443 or 8443, and nothing before an @ or after a #.
error-request-key-reused = This Idempotency-Key belongs to another request of yours. Please use a new one for each request.
error-under-maintenance = We are doing some maintenance and take no new orders right now. Nothing is lost, and what is under way will be finished. Please try again a little later.
error-blocked = The operator has closed this bot to you. What is under way will still be finished. /support, /privacy, /export and /deletemydata go on working.
error-service-paused = The service is paused on our side; it is not your fault, and nothing was lost. The operator knows. Please try again later.
error-bug = Something went wrong on our side; it is not your fault. What you did last may not have counted, so please try again. If it keeps happening, send /support and this code: { $code }
error-kept = This is taking longer than usual: our database is not answering right now. What you sent is safe and will be handled as soon as possible; there is no need to send it again.
