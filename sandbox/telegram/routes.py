"""The Bot API over HTTP: finding the method, answering in Telegram's envelope."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

from aiohttp import web

from sandbox.journal import REQUEST_SUMMARY
from sandbox.telegram import account, albums, copying, editing, inline, prepared, profile, sending
from sandbox.telegram.call import Call, Described
from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ApiError, not_imitated
from sandbox.telegram.model import Json
from sandbox.telegram.not_imitated import NOT_IMITATED
from sandbox.telegram.params import Params, read_params
from sandbox.telegram.push import Pusher
from sandbox.telegram.stars import due, invoices
from sandbox.telegram.stars import methods as stars

log = logging.getLogger(__name__)

OF_THE_PAST = {
    "disable_web_page_preview": "link_preview_options",
    "reply_to_message_id": "reply_parameters",
    "allow_sending_without_reply": "reply_parameters",
    "switch_pm_text": "button",
    "switch_pm_parameter": "button",
}
"""Parameters that the documentation has no more, and what took their place
(core.telegram.org/bots/api-changelog: Bot API 6.7 and 7.0). The server's source still reads
them."""

Method = Callable[[Call], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getMe": account.get_me,
    "getUpdates": account.get_updates,
    "setWebhook": account.set_webhook,
    "deleteWebhook": account.delete_webhook,
    "getWebhookInfo": account.get_webhook_info,
    "getFile": account.get_file,
    "getChat": account.get_chat,
    "getUserProfilePhotos": account.get_user_profile_photos,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "setMyProfilePhoto": profile.set_my_profile_photo,
    "getMyShortDescription": profile.get_my_short_description,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": albums.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "copyMessage": copying.copy_message,
    "forwardMessage": copying.forward_message,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerInlineQuery": inline.answer_inline_query,
    "savePreparedInlineMessage": prepared.save_prepared_inline_message,
    "answerCallbackQuery": editing.answer_callback_query,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
    "unpinAllChatMessages": editing.unpin_all_chat_messages,
    "setMessageReaction": editing.set_message_reaction,
    "sendInvoice": invoices.send_invoice,
    "createInvoiceLink": invoices.create_invoice_link,
    "answerPreCheckoutQuery": stars.answer_pre_checkout_query,
    "refundStarPayment": stars.refund_star_payment,
    "editUserStarSubscription": stars.edit_user_star_subscription,
    "getStarTransactions": stars.get_star_transactions,
    "getMyStarBalance": stars.get_my_star_balance,
}

_BY_LOWER_NAME = {name.lower(): method for name, method in METHODS.items()}
_REFUSED_LOWER = {name.lower(): name for name in NOT_IMITATED}


def add_telegram_routes(
    app: web.Application, emulator: TelegramEmulator, is_lost: Callable[[], bool]
) -> None:
    """Mount the Bot API (`/bot<token>/<method>`) and its files (`/file/bot<token>/<path>`).

    Args:
        app: The application.
        emulator: Answers.
        is_lost: See `Pusher`.
    """
    api = _BotApi(emulator, is_lost)
    for path in ("/bot{token}/test/{method}", "/bot{token}/{method}"):
        app.router.add_get(path, api.call, allow_head=False)
        app.router.add_post(path, api.call)
    app.router.add_get("/file/bot{token}/{path:.+}", api.download, allow_head=False)
    for path in ("/bot{tail:.*}", "/file/bot{tail:.*}"):
        app.router.add_route("*", path, _not_found)
    app.cleanup_ctx.extend([api.pushing, api.keeping_time])


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)  # noqa: TID251
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _envelope_error(error: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    headers = {}
    if error.retry_after is not None:
        body["parameters"] = {"retry_after": error.retry_after}
        headers["Retry-After"] = str(error.retry_after)
    if error.migrate_to is not None:
        body["parameters"] = {"migrate_to_chat_id": error.migrate_to}
    return web.json_response(body, status=error.code, headers=headers)


async def _not_found(_: web.Request) -> web.Response:
    return _envelope_error(ApiError(HTTPStatus.NOT_FOUND, "Not Found"))


class _BotApi:
    def __init__(self, emulator: TelegramEmulator, is_lost: Callable[[], bool]) -> None:
        self._emulator = emulator
        self._is_lost = is_lost

    def _check_token(self, token: str) -> None:
        head, colon, secret = token.partition(":")
        if not (head.isdecimal() and colon and secret):
            raise ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized: invalid token specified")
        if token != self._emulator.config.token:
            raise ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized")

    async def call(self, request: web.Request) -> web.Response:
        try:
            return await self._answer(request)
        except ApiError as error:
            return _envelope_error(error)

    async def _answer(self, request: web.Request) -> web.Response:
        self._check_token(request.match_info["token"])
        name = request.match_info["method"]
        params = await read_params(request)
        request[REQUEST_SUMMARY] = params.summary()
        for old in sorted(params.values.keys() & OF_THE_PAST.keys()):
            log.warning("%s has %s in place of %s", name, OF_THE_PAST[old], old)
        result = await self._perform(name, params)
        body: Json = {"ok": True, "result": result}
        if isinstance(result, Described):
            body = {"ok": True, "result": result.result, "description": result.description}
        return web.json_response(body)

    async def _perform(self, name: str, params: Params) -> Any:  # noqa: ANN401  (any JSON value)
        return await self._method(name)(Call(self._emulator, params))

    async def pushing(self, _: web.Application) -> AsyncIterator[None]:
        """Push updates to the bot's webhook while the server runs."""
        async with _beside(Pusher(self._emulator, self._perform, self._is_lost).run()):
            yield

    async def keeping_time(self, _: web.Application) -> AsyncIterator[None]:
        """Let payments time out and subscriptions renew while the server runs."""
        async with _beside(due.run(self._emulator)):
            yield

    def _method(self, name: str) -> Method:
        method = _BY_LOWER_NAME.get(name.lower())
        if method is not None:
            return method
        if name.lower() in _REFUSED_LOWER:
            log.warning("The sandbox does not imitate %s", name)
            raise not_imitated(_REFUSED_LOWER[name.lower()])
        log.warning("Unknown Bot API method %s", name)
        raise ApiError(HTTPStatus.NOT_FOUND, "Not Found: method not found")

    async def download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
        except ApiError as error:
            return _envelope_error(error)
        file = self._emulator.files.at(request.match_info["path"])
        if file is None:
            return _envelope_error(ApiError(HTTPStatus.NOT_FOUND, "Not Found"))
        return web.Response(body=file.data, content_type="application/octet-stream")
