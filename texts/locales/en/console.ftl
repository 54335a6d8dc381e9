## The operator's console

console-older = ‹ Older
console-newer = Newer ›
console-none = Nothing here.
console-threads = 💬 Messages of users
console-threads-open = <b>Messages of users</b>. ✉️ waits for an answer.
console-threads-closed = <b>Closed threads</b>
console-show-closed = Closed ones
console-show-open = Open ones
console-thread = 💬 <b>Thread with user</b> <code>{ $id }</code>
console-thread-closed = Closed on { $date }. A new message opens it again.
console-thread-reply = ↩️ Answer
console-thread-close = ✓ Close
console-thread-reopen = Open again
console-thread-files = 📎 Send me the attachments
console-line-user = <b>User</b>, { $date }
console-line-admin = <b>Admin { $admin }</b>, { $date }
console-line-waits = ⏳ Not delivered yet
console-line-photo = 🖼 Photo
console-line-document = 📄 File
console-ask-answer = What would you like to answer user <code>{ $id }</code>? Send words, a photo or a file.
console-answered = ↩️ This goes to user <code>{ $id }</code>. If they have blocked the bot, it waits until they return.
expects-console-answer = Please send the answer: words, a photo or a file. /cancel leaves this.

console-place-home = ← Console
console-place-1 = 📊 24 hours
console-place-7 = 7 days
console-place-30 = 30 days
console-place-jobs = ⏳ Under way
console-place-lost = 🔍 Failed, to look up
console-place-log = 📒 Log
console-place-find = 👤 Find a user
console-place-repairs = 🛠 Maintenance
console-place-prices = 💵 Prices
console-place-promos = 🎟 Promo codes
console-promo-end = ✕ End { $code }
console-prices = 💵 <b>Prices at fal</b>, by its list where it can be read. The balance is at the head of /admin.
console-price = { $name }: { $cost }
console-price-stars = { $name }: { $cost } → { $stars } ⭐, × { $margin }
console-threads-count = 💬 Messages of users: { $count } unanswered
console-period = { $days ->
    [1] 📊 <b>The last 24 hours</b>
   *[other] 📊 <b>The last { $days } days</b>
}
console-users = Users: { $new } new, { $active } active
console-trainer =
    <b>{ $trainer }</b>
    trainings { $started }, of them ready { $completed }, failed { $failed }; pictures { $pictures }
console-likeness = Likeness of new models: { $percent }% ({ $models } compared)
console-ratings = Ratings: 👍 { $good }, 👎 { $bad }
console-enlargements = Pictures enlarged: { $count }
console-cost =
    Cost by the price list: { $estimated }
    Charged by fal, as far as known: { $real } ({ $priced } of { $charges } requests)
console-revenue =
    Revenue: { $came } ⭐ (payments: { $payments })
    Refunds: { $went } ⭐ ({ $refunds })
    Spent on orders, gifts included: { $spent } ⭐
    Margin: { $margin } = revenue less refunds { $usd } − cost at fal { $cost }
console-failures = <b>Failures by reason</b>
console-failure = { $reason }: { $count }
console-no-failures = Nothing has failed.
console-jobs = ⏳ <b>Under way</b>, oldest first. ⚠️ is stuck: nobody can confirm its submit, or it takes too long.
console-jobs-lost = 🔍 <b>Failed within 7 days, and fal may have a result.</b> Looking again pays nothing.
console-job =
    <b>{ $kind }</b> <code>{ $id }</code>
    of user <code>{ $user }</code>
    State: { $state }
    Ordered: { $date }
console-job-failure = Failed: { $reason }
console-job-cancelled = A cancel is under way.
console-job-nothing = Nothing can be done about it now: it goes on without you.
console-deed-block = 🚫 Block
console-deed-allow = ✓ Let in again
console-deed-cancel = ✕ Cancel
console-deed-again = 🔄 Look again at fal
console-deed-release = ↩️ Give up and release its price
console-open-user = 👤 User
console-person =
    👤 <b>User</b> <code>{ $id }</code>
    Language: { $language }, here since { $date }
console-person-blocked = 🚫 Blocked on { $date } by { $admin }: { $reason }
console-person-away = Has blocked the bot, seen on { $date }.
console-person-today = In the last 24 hours: trainings { $trainings }, pictures { $pictures }
console-person-has =
    Trainings: { $trainings }
    Models: { $models }
    Pictures: { $pictures }
console-person-codes = Errors: { $codes }
console-person-stars = Stars to spend: { $stars } ⭐
console-open-account = ⭐ Stars
console-open-movements = 🧾 Movements
console-account =
    ⭐ <b>Stars of user</b> <code>{ $id }</code>
    Bought: { $paid }, given by us: { $bonus }, held for orders and refunds: { $held }
console-purchase =
    { $date } · { $stars } ⭐ + { $bonus } as a gift · { $state } · unspent { $unused }
    <code>{ $charge }</code>
console-subscription =
    🔁 { $credits } ⭐ every month for { $stars } ⭐ · { $state ->
        [active] renews itself
        [cancelled] cancelled
       *[failed] could not be renewed
    }{ $wish ->
        [none] { "" }
       *[cancel] , Telegram has not confirmed it yet
    } · paid until { $date }
    <code>{ $charge }</code>
console-no-purchases = Nothing has been paid.
console-refund = ↩️ Refund { $stars } ⭐ of { $date }
console-deed-grant = 🎁 Give Stars
console-ask-grant = How many Stars should user <code>{ $id }</code> get, and why? Write it like <code>50 sorry for the wait</code>. The user reads the reason.
console-ask-refund = Why are { $stars } ⭐ given back? Of the user's balance { $unused } ⭐ are taken, which are unspent of this purchase, and its gift as far as it is left; Telegram gives the whole payment back. The reason goes into the log.
console-movements = 🧾 <b>Movements of user</b> <code>{ $id }</code>, newest first
console-movement = { $date } · <b>{ $kind }</b> { $change } · to spend { $after } · held { $held } · { $actor } · { $of } · { $reason }
expects-console-grant = Please write a number and the reason, like 50 sorry for the wait. /cancel leaves this.
console-log = 📒 <b>What admins did last</b>
console-action = { $date } · { $admin } · <b>{ $deed }</b> · user { $user } · { $of } · { $reason }
console-ask-find = Whom are you looking for? Send a Telegram id, the code of an error, the id of a training or picture, or forward a message of theirs.
console-ask-reason = { $deed }: why? The reason goes into the log.
console-repairs-on = 🔴 <b>Maintenance is on.</b> No new trainings, pictures, enlargements or payments are taken; users are told kindly. What is under way goes on.
console-repairs-off = 🟢 <b>Maintenance is off.</b> Everything is as usual.
console-repairs-begin = 🔴 Take no new orders
console-repairs-end = 🟢 Take orders again
expects-console-find = Please send an id, a code, or forward a message. /cancel leaves this.
expects-console-reason = Please write the reason in a few words. /cancel leaves this.

console-place-casts = 📣 Broadcasts
console-broadcasts = 📣 <b>Broadcasts</b>: a message to many users. Times, and how many have got it.
console-broadcast-new = ✏️ New broadcast
console-ask-broadcast = What would you like to tell users? Send a text or a photo with words. You see it as they would, and choose whom it is for, before anything leaves.
console-broadcast-audience = This is how it looks. Whom is it for?
console-broadcast-sure = { $count ->
    [one] It goes to { $count } person. Nothing can be called back. Send it?
   *[other] It goes to { $count } people. Nothing can be called back. Send it?
}
console-audience-all = Everybody: { $count }
console-audience-en = Who speaks English: { $count }
console-audience-ru = Who speaks Russian: { $count }
console-audience-payers = Who has paid: { $count }
console-broadcast-show = 🔄 Refresh
console-broadcast-stop = ■ Stop
console-sent-draft = 📣 Not sent yet
console-sent-running = 📣 <b>Being sent</b>, at a pace that leaves room for answers
console-sent-stopped = 📣 <b>Stopped</b>
console-sent-done = 📣 <b>Sent to everybody it was for</b>
console-broadcast-counts =
    For: { $size }
    Delivered: { $delivered }
    Have blocked the bot: { $blocked }
    Failed: { $failed }
expects-console-broadcast = Please send a text, or a photo with words. /cancel leaves this.
