## Stars

free-credits = 🎁 { $stars } ⭐ are our gift to begin with. /balance shows them; spend them like any others.
stars-back = { $stars } ⭐ are back in your balance.
stars-stay = Your Stars stay in your balance. /balance shows them.
buy =
    ⭐ <b>Stars for trainings and pictures</b>
    1 ⭐ here is 1 Telegram Star. What doesn't work out comes back to your balance.
buy-pack = { $stars } ⭐
buy-pack-bonus = { $stars } ⭐ + { $bonus } as a gift
menu-balance = ⭐ Balance
help-balance = /balance – your Stars, buying, receipts
balance = Your balance: <b>{ $stars } ⭐</b>
balance-held = Kept for what is under way: { $stars } ⭐
balance-owed = You owe { $stars } ⭐: a payment was given back after it had been spent. New orders are possible once that is paid.
show-receipts = 🧾 Receipts
receipts = 🧾 <b>Receipts</b>, newest first
receipts-none = 🧾 Nothing has been paid or spent yet. /buy shows what there is.
receipts-older = Older ›
receipts-file = 📄 All as a file
receipt =
    { $date } UTC · <b>{ $change } ⭐</b> · balance { $after } ⭐
    { $what }
receipt-payment = Paid in Telegram
receipt-hold-training = Kept for a training
receipt-hold-pictures = Kept for pictures
receipt-capture-training = The training is done and paid for
receipt-capture-pictures = The pictures have arrived and are paid for
receipt-release = It didn't work out: everything is back
receipt-freeze = A refund is under way
receipt-thaw = The refund could not be made
receipt-refund = Given back in Telegram
receipt-free = A gift to begin with
code-redeemed = 🎁 The code has brought you { $stars } ⭐. /balance shows them.
ask-code =
    <b>What is your code?</b>
    Send it as a message, for example <i>SUMMER</i>.
expects-code = Please send the code as a text message. /cancel leaves this.
receipt-promo = Code { $reason }
command-redeem = Use a code
invite = 🤝 Invite a friend: once they have paid for the first time, you both get { $stars } ⭐. { $link }
invited = 🤝 Welcome! A friend has invited you: once you have paid for the first time, you both get { $stars } ⭐.
invited-not = This invitation is for people who are new to the bot.
invitation-friend = 🤝 { $stars } ⭐ for you: you came by an invitation and have paid for the first time.
invitation-referrer = 🤝 { $stars } ⭐ for you: somebody you invited has paid for the first time. Thank you!
receipt-referral = For an invitation
receipt-referral_back = Taken back: the payment after an invitation was given back
receipt-forget = Lapsed after your data was deleted
gift =
    🎁 <b>Stars for somebody else</b>
    You get a link to pass on; who opens it first has the Stars. A gift that nobody has opened yet can be taken back.
gift-pack = 🎁 { $stars } ⭐
gift-back = ↩️ Take { $stars } ⭐ back
gift-is-back = ↩️ The gift is back in your balance, and its link no longer works.
gift-made =
    🎁 A gift of { $stars } ⭐ is ready. Send this link to whom it is for:
    { $link }
receipt-gift_made = A gift for somebody
receipt-gift_back = A gift came back
receipt-gift = A gift from somebody
command-gift = Give Stars to somebody
receipt-grant = From the operator: { $reason }
invoice-title = { $credits } ⭐ for this bot
invoice-pack = For trainings and pictures. What doesn't work out comes back to your balance.
invoice-order-pictures = { $count ->
    [one] { $count } picture
   *[other] { $count } pictures
}
invoice-order-enlarge = A larger picture
invoice-order-training = Training “{ $name }”
invoice-order-gift = A gift of { $stars } ⭐
invoice-top-up = You're { $stars } ⭐ short; it starts as soon as you pay.
invoice-top-up-gift = You're { $stars } ⭐ short; you get the link to pass on as soon as you pay.
invoice-pay = Pay { $stars } ⭐
invoice-label = Stars
checkout-unknown = This invoice is not valid any more. Nothing was paid. Send /buy for a new one.
checkout-not_yours = This invoice was made for somebody else. Nothing was paid. Send /buy for one of your own.
checkout-over = This offer is over. Nothing was paid. Send /buy for a new one.
checkout-under_way = This invoice is being paid already. If nothing happens, try again in half a minute.
checkout-maintenance = We are doing some maintenance and take no payments right now. Nothing was paid. Please try again a little later.
checkout-busy = We can't take payments at this moment. Nothing was paid. Please try again in a minute.
paid = ✅ { $stars } ⭐ received{ $bonus ->
    [0] {""}
   *[other] {" "}with { $bonus } ⭐ as a gift
}, thank you!
paid-found = ✅ I found a payment of { $stars } ⭐ whose notice was lost on its way; it is in your balance{ $bonus ->
    [0] {""}
   *[other] , with { $bonus } ⭐ as a gift
}. Sorry for the wait!
order-starts = Starting your order.
order-goes-on = Your paid order has been started.
granted = 🎁 The operator gives you { $stars } ⭐: { $reason }
given-back-admin = ↩️ { $stars } ⭐ were given back to you in Telegram.
given-back-outside = ↩️ Telegram has given { $stars } ⭐ back to you, so they were taken from your balance here.
terms =
    📄 <b>Terms</b>
    1 ⭐ in this bot is 1 Telegram Star. A price is shown before you order, kept while the order is under way, and taken only for what has arrived. What fails, is stopped, held back by the safety filter or lost comes back to your balance at once.
    Stars in your balance are for this bot. Ask /paysupport for a refund of what is unspent; gifts are not refunded.
    Pictures are made by a computer and may not look as you wished; that alone is no reason for a refund.
    When you delete your data, your balance waits for you for { $days ->
        [one] a day
       *[other] { $days } days
    }; then it lapses, and the books forget whose it was.
export-readme-file-receipts = receipts.csv – what was paid and spent, as /receipts shows it
command-buy = Buy Stars for pictures
command-balance = Your balance
command-receipts = What was paid and spent
command-terms = Terms
command-paysupport = Help with a payment
privacy-payments = ⭐ What you have paid and spent is kept even when your data is deleted, so that a payment can still be given back: amounts and dates with your Telegram id. { $days ->
    [one] A day
   *[other] { $days } days
} after the deletion your id is removed from it, and what is left in your balance lapses; until then it stays yours.
buy-subscription = 🔁 { $credits } ⭐ every month for { $stars } ⭐
subscription-offer =
    🔁 <b>{ $credits } ⭐ every month for { $stars } ⭐</b>
    Telegram takes { $stars } ⭐ now, and then every 30 days until you cancel. /balance has a button for that, and what you have received stays yours.
subscription-start = Subscribe for { $stars } ⭐ a month
subscription-title = { $credits } ⭐ every month
subscription-about = For trainings and pictures. { $stars } ⭐ every 30 days until you cancel; /balance has a button for that.
subscription-begun = 🔁 Your subscription has begun: { $stars } ⭐ received{ $bonus ->
    [0] {""}
   *[other] {" "}with { $bonus } ⭐ on top
}. The next payment is on { $until }; /balance has a button to cancel. Thank you!
subscription-begun-found = 🔁 Your subscription has begun. The notice of its payment was lost on its way, but I found it: { $stars } ⭐ are in your balance{ $bonus ->
    [0] {""}
   *[other] , with { $bonus } ⭐ on top
}. The next payment is on { $until }; /balance has a button to cancel. Sorry for the wait!
subscription-renewed = 🔁 Your subscription goes on: { $stars } ⭐ received{ $bonus ->
    [0] {""}
   *[other] {" "}with { $bonus } ⭐ on top
}. The next payment is on { $until }. Thank you!
subscription-renewed-found = 🔁 Your subscription goes on. The notice of its payment was lost on its way, but I found it: { $stars } ⭐ are in your balance{ $bonus ->
    [0] {""}
   *[other] , with { $bonus } ⭐ on top
}. The next payment is on { $until }. Sorry for the wait!
subscription-not-renewed = 🔁 Telegram could not renew your subscription: there were fewer than { $stars } ⭐ in your Telegram account. What is in your balance here stays yours, and /buy has the subscription again whenever you like.
subscription-active = 🔁 Subscription: { $credits } ⭐ every month for { $stars } ⭐. The next payment is on { $date }.
subscription-cancelling = 🔁 Your subscription is being cancelled: Telegram has not answered yet, and I keep asking. The month that is paid ends on { $date }.
subscription-cancelled = 🔁 Your subscription is cancelled: Telegram takes nothing more for it. The month that is paid ends on { $date }, and what is in your balance stays yours.
subscription-cancelled-there = 🔁 Your subscription is cancelled: Telegram takes nothing more for it. Until { $date } you can take it up again in Telegram, under Settings › My Stars.
subscription-failed = 🔁 Telegram could not renew your subscription: there were too few Stars in your Telegram account. The month that is paid ends on { $date }.
subscription-allowing = 🔁 I have asked Telegram to let you take the subscription up again. It has not answered yet, and I keep asking; have another look at /balance in a few minutes.
subscription-cancel = ✖️ Cancel the subscription
subscription-allow = 🔁 Take the subscription up again
terms-subscription = A subscription is renewed every 30 days until you cancel it, in /balance or in Telegram's settings. What you have received by then stays yours.
receipt-subscription = A subscription has begun
receipt-renewal = The subscription goes on
forget-renews = 🔁 Your subscription is cancelled with it: Telegram takes nothing more for it.
forget-subscription = 🔁 Your subscription is cancelled: Telegram takes nothing more for it.
checkout-subscribed = You have a subscription already. Nothing was paid. /balance shows it.
