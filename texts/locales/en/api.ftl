## Personal keys for the HTTP API, and what only its callers are told

api-key =
    <b>A key for your own programs</b>

    With a key, a program of yours can do what you do here: look at your models and pictures, make pictures, train models. Whoever has the key can do it too, so keep it secret.

    What may the new key do?
api-key-read = 👁 Only read
api-key-generate = 🎨 Read and make pictures
api-key-train = 🎓 Everything, training too
api-key-made =
    <b>Your key</b>

    <code>{ $key }</code>

    I show it only now and keep no copy: put it in a safe place, then delete this message. A new key or <b>Revoke</b> makes it worthless at once.

    How programs use it: { $docs }
api-key-card =
    <b>Your key</b>, made on { DATETIME($day, dateStyle: "long") }

    { $scope ->
        [read] It can only read.
        [generate] It can read and make pictures. In 24 hours at most: pictures { $pictures }.
       *[train] It can do everything, deleting too. In 24 hours at most: pictures { $pictures }, trainings { $trainings }.
    }
api-key-limit = { $count } a day
api-key-limit-chosen = ✅ { $count } a day
api-key-revoke = 🗑 Revoke
api-key-new = 🔑 Make a new one
api-key-revoked = The key is revoked: nobody can use it any more. /apikey makes a new one.

webhook-goes = 📮 When a job ends, I also tell your program at <b>{ $host }</b>.
webhook-turn-off = 📮 Stop telling my program
webhook-off = I tell your program nothing any more. It can set an address again over the API.
webhook-set =
    📮 From now on I also tell your program at <b>{ $host }</b> when a training, pictures or a larger picture are done or have failed.

    Was that not you? Then stop it with /apikey, and make a new key there.
webhook-gone = 📮 Your program at <b>{ $host }</b> has answered that it wants no more messages, so I don't send any there now. It can set an address again over the API.
webhook-silent = 📮 Your program at <b>{ $host }</b> has taken none of my messages for three days, so I don't send any there now. When it works again, it can set the address again over the API.

api-no-access = Nobody is known by what was sent as Authorization. It should be "Bearer" with a key from /apikey, or "tma" with the initData of a Mini App that was opened within the last hour.
api-not-met = Please open the chat with the bot and press Start first.
api-scope-missing = This key is not allowed to do that. /apikey in the chat makes one that is.
api-too-many-requests = { $seconds ->
    [one] Too many requests. Please wait { $seconds } second.
   *[other] Too many requests. Please wait { $seconds } seconds.
}
api-too-many-streams = Too many streams of events are open at once. Please close one of them.
api-consent-missing = The first photos of a draft need your consent: send `consent=true` if the person in them agrees to a training, and you to what /privacy in the chat says.
api-no-files = There are no files in the form.
api-too-many-files = At most { $max } files can be sent at once. Those before are taken; please send the others in another request.
api-not-a-form = Files are sent as multipart/form-data.
api-broken-form = The form broke off, or is not one. Please send it again: files that are there already are not taken twice.
api-chat-closed = The photos go to the chat with the bot, and it cannot be reached there. Please open the chat and press Start.
api-training-started = The training has started. The chat tells how it goes on, and so does its status here.
api-enlarging-started = The larger version is being made. It comes to the chat as a file.
api-bad-request = Something in the request is not as it should be; `errors` says what.
api-body-too-large = The request is too large.
api-body-too-slow = The request did not arrive in time.
api-form-too-slow = { $minutes ->
    [one] The files took longer than { $minutes } minute, so I stopped waiting. Those that had arrived are taken; please send the others in another request, a few at a time.
   *[other] The files took longer than { $minutes } minutes, so I stopped waiting. Those that had arrived are taken; please send the others in another request, a few at a time.
}
api-no-such-address = There is nothing at this address. The addresses there are: /api/docs
api-method-not-allowed = This address does not take that method. The addresses there are: /api/docs
api-not-available = This cannot be done at the moment. Please try again in a little while.
