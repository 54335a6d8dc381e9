"""The control plane of payments: people pay, Telegram loses messages, money comes back."""

from aiohttp import web

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.forms import json_body, refusing, typed
from sandbox.telegram.model import Json
from sandbox.telegram.people import People
from sandbox.telegram.stars.checkouts import confirm
from sandbox.telegram.stars.payments import give_back, notify
from sandbox.telegram.stars.records import Invoice, Payment, Place
from sandbox.telegram.stars.statement import add_line, balance, buyer, other_line
from sandbox.telegram.stars.subscriptions import change_by_user


def add_star_control(app: web.Application, emulator: TelegramEmulator) -> None:
    """Mount the routes under `/sandbox/` that belong to payments in Stars."""
    control = _Control(emulator)
    for method, path, handler in (
        ("POST", "/sandbox/chats/{user}/pay", control.pay),
        ("GET", "/sandbox/checkouts/{id}", control.checkout),
        ("GET", "/sandbox/invoices/{slug}", control.invoice),
        ("GET", "/sandbox/stars", control.show),
        ("POST", "/sandbox/stars/lines", control.add_line),
        ("POST", "/sandbox/payments/{charge_id}/notice", control.notice),
        ("POST", "/sandbox/payments/{charge_id}/refund", control.refund),
        ("POST", "/sandbox/subscriptions/{charge_id}", control.subscription),
    ):
        app.router.add_route(method, path, refusing(handler))


class _Control:
    def __init__(self, emulator: TelegramEmulator) -> None:
        self._emulator = emulator
        self._people = People(emulator)

    async def pay(self, request: web.Request) -> web.Response:
        raw = request.match_info["user"]
        user = self._people.user(int(raw) if raw.isdecimal() else 0)
        body = await json_body(request)
        if "link" in body:
            invoice, place = self._linked(typed(body, "link", str)), None
        else:
            place = (typed(body, "from_chat", int, user.id), typed(body, "message_id", int))
            invoice = self._bill(place, user.id, again=typed(body, "again", bool, default=False))
        opened = confirm(self._emulator, user, invoice, place)
        return web.json_response(
            {"checkouts": [checkout.as_json() for checkout in opened]}, status=201
        )

    def _linked(self, link: str) -> Invoice:
        invoice = self._emulator.stars.links.get(link.rpartition("/")[2].removeprefix("$"))
        if invoice is None:
            raise ControlError("There is no such invoice link.", status=404)
        return invoice

    def _bill(self, place: Place, user_id: int, *, again: bool) -> Invoice:
        """The invoice of a message, or of a forwarded copy of one from another chat."""
        invoice = self._emulator.stars.bills.get(place)
        message = self._emulator.message(*place)
        is_copy = place[0] != user_id
        if invoice is None or (message is None and not is_copy):
            raise ControlError("There is no invoice in this message.", status=404)
        if is_copy and invoice.start_parameter:
            raise ControlError("A forwarded copy leads to the bot: it has a start_parameter.")
        paid = message is not None and "receipt_message_id" in message.shown
        if paid and not is_copy and not again:
            raise ControlError("This invoice is paid: its button shows the receipt.", status=409)
        return invoice

    async def checkout(self, request: web.Request) -> web.Response:
        checkout = self._emulator.stars.checkouts.get(request.match_info["id"])
        if checkout is None:
            raise ControlError("There is no such checkout.", status=404)
        return web.json_response(checkout.as_json())

    async def invoice(self, request: web.Request) -> web.Response:
        invoice = self._linked(request.match_info["slug"])
        shown: Json = {**invoice.as_api(), "subscription_period": invoice.period_s}
        if invoice.photo is not None:
            shown["photo"] = self._emulator.files.show(invoice.photo)["photo"]
        return web.json_response(shown)

    async def show(self, _: web.Request) -> web.Response:
        records = self._emulator.stars
        return web.json_response(
            {
                "balance": balance(self._emulator),
                "lines": [line.body for line in records.lines],
                "checkouts": [checkout.as_json() for checkout in records.checkouts.values()],
                "payments": [payment.as_json() for payment in records.payments.values()],
                "subscriptions": [item.as_json() for item in records.subscriptions.values()],
            }
        )

    async def add_line(self, request: web.Request) -> web.Response:
        body = await json_body(request)
        kind, amount = typed(body, "partner", str), typed(body, "amount", int)
        if kind != "user":
            other_line(self._emulator, kind, amount)
        elif amount > 0:
            user = self._people.user(typed(body, "user", int))
            payload = typed(body, "invoice_payload", str, "")
            partner, shown = buyer(self._emulator, user, payload, amount)
            line_id = typed(body, "id", str, f"old{len(self._emulator.stars.lines) + 1}")
            add_line(self._emulator, line_id, shown, partner, int(self._emulator.now()))
        else:
            raise ControlError("A payment of a person has an amount above 0.")
        return web.json_response({"lines": len(self._emulator.stars.lines)}, status=201)

    def _payment(self, request: web.Request) -> Payment:
        payment = self._emulator.stars.payments.get(request.match_info["charge_id"])
        if payment is None:
            raise ControlError("There is no such payment.", status=404)
        return payment

    async def notice(self, request: web.Request) -> web.Response:
        payment = self._payment(request)
        notify(self._emulator, payment)
        return web.json_response(payment.as_json())

    async def refund(self, request: web.Request) -> web.Response:
        payment = self._payment(request)
        told = typed(await json_body(request), "notice", bool, default=True)
        if payment.refunded:
            raise ControlError("This payment was given back already.", status=409)
        give_back(self._emulator, payment, notice=told)
        return web.json_response(payment.as_json())

    async def subscription(self, request: web.Request) -> web.Response:
        records = self._emulator.stars
        subscription = records.subscriptions.get(request.match_info["charge_id"])
        if subscription is None:
            raise ControlError("There is no such subscription.", status=404)
        action = typed(await json_body(request), "action", str)
        change_by_user(self._emulator, subscription, action)
        return web.json_response(subscription.as_json())
