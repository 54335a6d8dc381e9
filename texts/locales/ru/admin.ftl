## Для администраторов

admin-claimed = ✅ Теперь вы администратор этого бота, и никто другой им пользоваться не может. Чтобы открыть его для других, задайте ALLOWED_USERS или ACCESS=open и перезапустите бота. /admin покажет расходы и текущие задания.
admin-account-refused = ⚠️ fal не принимает наш аккаунт: { $words }. Новые заказы приостановлены, пока fal не начнёт их принимать; пользователям я говорю, что они ни при чём.
admin-account-accepted = ✅ fal снова принимает наш аккаунт, заказы идут дальше.
admin-outcome-unknown = ⚠️ { $kind } { $id }: ответ на платный запрос потерян, и история fal не говорит, принят ли он ({ $detail }). Повторно ничего не отправлено, пользователь предупреждён. Загляните, пожалуйста, в панель fal.
admin-result-unreadable = ⚠️ { $kind } { $id } (запрос { $request }): в результате от fal нет файла ({ $words }). Он оплачен. Ответ сохранён в базе данных, в столбце raw_result; продолжаю спрашивать.
admin-result-missing = ⚠️ { $kind } { $id } (запрос { $request }): результата нет ({ $words }), и я его больше не жду. Возможно, он оплачен. Загляните, пожалуйста, в панель fal; «Проверить ещё раз» только спрашивает fal и ничего не оплачивает.
admin-watching-refused = ⚠️ fal не принимает наш ключ при опросе заданий: { $words }. Запущенные задания идут; я продолжаю попытки.
admin-watching-accepted = ✅ Задания в fal снова можно опрашивать.
admin-low-balance = ⚠️ На балансе в fal осталось { $balance }. Пополните его, пока не закончился.
admin-ledger-broken = ⚠️ Кредиты пользователей не сходятся: { $names }. Строки названы в журнале. Пожалуйста, разберитесь, прежде чем возвращать деньги.
admin-payments-how = Отправьте /payments и id пользователя в Telegram.
admin-payments-none = Этот пользователь ничего не платил.
admin-payment =
    { $date } UTC · { $stars } ⭐ · { $state }
    <code>{ $charge }</code>
admin-refund-how = Отправьте /refund, id платежа (его покажет /payments) и причину.
admin-refund-begun = Возвращаются { $stars } ⭐, из них не потрачено { $unused }. Пользователь узнает, когда Telegram это выполнит.
admin-promos = 🎟 <b>Промокоды</b>, сначала новые
admin-promo = <code>{ $code }</code> · { $stars } ⭐ · использован { $used } из { $uses } · до { $until } UTC
admin-promos-how = Новый код: /promo, затем сколько звёзд он даёт, сколько человек могут его использовать, на сколько дней и, если хотите, название: <code>/promo 50 100 30 SUMMER</code>
admin-promo-made =
    🎟 <code>{ $code }</code> даёт { $stars } ⭐ каждому (мест: { $uses }) до { $until } UTC.
    { $link }
admin-spending =
    <b>Последние 24 часа</b>
    Потрачено по прайс-листу: { $spent } из { $budget }
    Идёт обучений: { $running }
admin-balance = Баланс в fal: { $balance }
admin-paused = ⚠️ Новые заказы приостановлены: fal не принимает наш аккаунт.
admin-likeness = <b>Сходство новых моделей</b>
admin-likeness-line = { $of }: в среднем { $percent } % у { $models ->
    [one] { $models } модели
   *[other] { $models } моделей
}{ $strangers ->
    [0] {""}
    [one] , { $strangers } не похожа
   *[other] , { $strangers } не похожи
}
admin-ratings = <b>Оценки</b>
rated-mode-economy = эконом
rated-mode-standard = стандарт
admin-rating = { $of }: 👍 { $good } · 👎 { $bad }{ $missing ->
    [none] {""}
   *[other] {" "}({ $missing })
}
