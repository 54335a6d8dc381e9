"""Methods about payments in Stars."""

from sandbox.telegram.call import Call
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Json
from sandbox.telegram.params import leading_int
from sandbox.telegram.stars import checkouts
from sandbox.telegram.stars.payments import give_back
from sandbox.telegram.stars.statement import balance, visible
from sandbox.telegram.stars.subscriptions import change_by_bot


async def answer_pre_checkout_query(call: Call) -> bool:
    """Answer answerPreCheckoutQuery: once, within ten seconds."""
    ok = call.params.flag("ok")
    error = "" if ok else call.params.required("error_message")
    query_id = str(leading_int(call.params.text("pre_checkout_query_id")))
    checkouts.answer(call.emulator, query_id, ok=ok, error=error)
    return True


def _payer(call: Call) -> int:
    user_id = max(call.params.integer_id("user_id"), 0)
    if not user_id:
        raise bad_request("Invalid user_id specified")
    return user_id


async def refund_star_payment(call: Call) -> bool:
    """Answer refundStarPayment: the whole payment, once."""
    user_id = _payer(call)
    charge_id = call.params.required("telegram_payment_charge_id")
    user = call.emulator.users.get(user_id)
    if user is None or not user.met:
        raise bad_request("USER_ID_INVALID")
    payment = call.emulator.stars.payments.get(charge_id)
    if payment is None or payment.user_id != user_id:
        raise bad_request("CHARGE_NOT_FOUND")
    if payment.refunded:
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    if call.emulator.scenario.refund_says_already:
        # It was seen to do the work, say this, and show no notice (telegram-bot-api#690).
        give_back(call.emulator, payment, notice=False)
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    give_back(call.emulator, payment)
    return True


async def edit_user_star_subscription(call: Call) -> bool:
    """Answer editUserStarSubscription: named by the charge of its first payment."""
    user_id = _payer(call)
    user = call.emulator.users.get(user_id)
    if user is None or not user.met:
        raise bad_request("USER_ID_INVALID")
    charge_id = call.params.text("telegram_payment_charge_id")
    subscription = call.emulator.stars.subscriptions.get(charge_id)
    if subscription is None or subscription.user_id != user_id:
        raise bad_request("CHARGE_ID_INVALID")
    change_by_bot(call.emulator, subscription, is_canceled=call.params.flag("is_canceled"))
    return True


async def get_star_transactions(call: Call) -> Json:
    """Answer getStarTransactions: oldest first; the limit is clamped to 1 to 100."""
    offset = call.params.integer("offset", low=0)
    limit = call.params.integer("limit", 100, low=1, high=100)
    lines = visible(call.emulator)[offset : offset + limit]
    return {"transactions": [line.body for line in lines]}


async def get_my_star_balance(call: Call) -> Json:
    """Answer getMyStarBalance."""
    return {"amount": balance(call.emulator)}
