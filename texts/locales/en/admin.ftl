## For admins

admin-claimed = ✅ You are the admin of this bot now, and nobody else can use it. To let others in, set ALLOWED_USERS or ACCESS=open and restart the bot. /admin shows spending and what is under way.
admin-account-refused = ⚠️ fal refuses our account: { $words }. New orders are paused until fal takes them again; users are told that it is not their fault.
admin-account-accepted = ✅ fal accepts our account again; orders go on.
admin-outcome-unknown = ⚠️ { $kind } { $id }: the answer to a paid submit was lost, and fal's history cannot tell whether it was taken ({ $detail }). Nothing was sent again; the user was told. Please look at fal's dashboard.
admin-result-unreadable = ⚠️ { $kind } { $id } (request { $request }): fal answered with a result in which I find no file ({ $words }). It is paid. The answer is kept in the database, in the column raw_result; I keep asking.
admin-result-missing = ⚠️ { $kind } { $id } (request { $request }): there is no result ({ $words }), and I no longer wait for one. It may be paid. Please look at fal's dashboard; Look again asks fal once more and never pays again.
admin-watching-refused = ⚠️ fal refuses our key while jobs are watched: { $words }. Running jobs go on; I keep trying.
admin-watching-accepted = ✅ Jobs at fal can be watched again.
admin-low-balance = ⚠️ The balance at fal is down to { $balance }. Top it up before it runs out.
admin-ledger-broken = ⚠️ The credits of users do not add up: { $names }. The log names the rows. Please look before you refund anything.
admin-payments-how = Send /payments and the Telegram id of a user.
admin-payments-none = This user has paid nothing.
admin-payment =
    { $date } UTC · { $stars } ⭐ · { $state }
    <code>{ $charge }</code>
admin-refund-how = Send /refund, the id of a payment (/payments shows it) and the reason.
admin-refund-begun = { $stars } ⭐ are being given back, { $unused } of them unspent. The user is told when Telegram has done it.
admin-promos = 🎟 <b>Promo codes</b>, newest first
admin-promo = <code>{ $code }</code> · { $stars } ⭐ · used { $used } of { $uses } · until { $until } UTC
admin-promos-how = A new code: /promo, then the Stars it brings, how many people may use it, for how many days, and a name if you like: <code>/promo 50 100 30 SUMMER</code>
admin-promo-made =
    🎟 <code>{ $code }</code> brings { $stars } ⭐ to each of { $uses } people, until { $until } UTC.
    { $link }
admin-spending =
    <b>The last 24 hours</b>
    Spent, by the price list: { $spent } of { $budget }
    Trainings under way: { $running }
admin-balance = Balance at fal: { $balance }
admin-paused = ⚠️ New orders are paused: fal refuses our account.
admin-likeness = <b>Likeness of new models</b>
admin-likeness-line = { $of }: { $percent }% on average of { $models ->
    [one] { $models } model
   *[other] { $models } models
}{ $strangers ->
    [0] {""}
   *[other] , { $strangers } unlike
}
admin-ratings = <b>Ratings</b>
rated-mode-economy = economy
rated-mode-standard = standard
admin-rating = { $of }: 👍 { $good } · 👎 { $bad }{ $missing ->
    [none] {""}
   *[other] {" "}({ $missing })
}
