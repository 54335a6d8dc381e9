## Stars

stars-back = { $stars } ⭐ are back in your balance.
stars-stay = Your Stars stay in your balance. /balance shows them.
buy =
    ⭐ <b>Stars for trainings and pictures</b>
    1 ⭐ here is 1 Telegram Star. What doesn't work out comes back to your balance.
buy-pack = { $stars } ⭐
buy-pack-bonus = { $stars } ⭐ + { $bonus } as a gift
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
receipt-grant = From the operator: { $reason }
invoice-title = { $credits } ⭐ for this bot
invoice-pack = For trainings and pictures. What doesn't work out comes back to your balance.
invoice-top-up = { $stars } ⭐ are missing for your order; it goes on once they are paid.
invoice-label = Stars
checkout-unknown = This invoice is not valid any more. Nothing was paid. Send /buy for a new one.
checkout-not_yours = This invoice was made for somebody else. Nothing was paid. Send /buy for one of your own.
checkout-over = This offer is over. Nothing was paid. Send /buy for a new one.
checkout-under_way = This invoice is being paid already. If nothing happens, try again in half a minute.
checkout-maintenance = We are doing some maintenance and take no payments right now. Nothing was paid. Please try again a little later.
checkout-busy = We can't take payments at this moment. Nothing was paid. Please try again in a minute.
paid = ✅ { $stars } ⭐ have come{ $bonus ->
    [0] {""}
   *[other] , and { $bonus } ⭐ as a gift
}. Thank you!
paid-found = ✅ I found a payment of { $stars } ⭐ whose notice was lost on its way; it is in your balance{ $bonus ->
    [0] {""}
   *[other] , with { $bonus } ⭐ as a gift
}. Sorry for the wait!
order-goes-on = Your order goes on.
given-back-admin = ↩️ { $stars } ⭐ were given back to you in Telegram.
given-back-outside = ↩️ Telegram has given { $stars } ⭐ back to you, so they were taken from your balance here.
terms =
    📄 <b>Terms</b>
    1 ⭐ in this bot is 1 Telegram Star. A price is shown before you order, kept while the order is under way, and taken only for what has arrived. What fails, is stopped, held back by the safety filter or lost comes back to your balance at once.
    Stars in your balance are for this bot. Ask /paysupport for a refund of what is unspent; gifts are not refunded.
    Pictures are made by a computer and may not look as you wished; that alone is no reason for a refund.
command-buy = Buy Stars for pictures
command-balance = Your balance
command-receipts = What was paid and spent
command-terms = Terms
command-paysupport = Help with a payment
privacy-payments = ⭐ What you have paid and spent is kept even when your data is deleted: amounts and dates with your Telegram id, so that a payment can still be given back. What is left in your balance stays yours.
