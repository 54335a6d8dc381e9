"""Methods about the bot itself, its updates, files and chats."""

from sandbox.telegram.call import Call, Described
from sandbox.telegram.errors import bad_request, not_imitated
from sandbox.telegram.model import Json
from sandbox.telegram.webhook import (
    DEFAULT_CONNECTIONS,
    MAX_CONNECTIONS,
    Webhook,
    check_webhook,
)


async def get_me(call: Call) -> Json:
    """Answer getMe."""
    return {
        **call.emulator.bot_user,
        "can_join_groups": call.emulator.scenario.joins_groups,
        "can_read_all_group_messages": not call.emulator.scenario.privacy,
        "supports_inline_queries": call.emulator.scenario.inline,
        "supports_guest_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": call.emulator.scenario.topics,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


async def get_updates(call: Call) -> list[Json]:
    """Answer getUpdates."""
    params, updates = call.params, call.emulator.updates
    if not updates.webhook.url:
        _keep_allowed(call)
        _mark_asked(call)
    return await updates.get(
        params.integer("offset"),
        params.integer("limit", 100, low=1, high=100),
        params.integer("timeout", 0, low=0, high=50),
        call.emulator.now(),
    )


def _mark_asked(call: Call) -> None:
    if not call.emulator.updates.asked.is_set():
        call.emulator.updates.asked.set()
        call.emulator.events.publish("state")


def _keep_allowed(call: Call) -> None:
    # Malformed JSON is ignored; a missing parameter keeps the previous set.
    if "allowed_updates" not in call.params.values:
        return
    try:
        call.emulator.updates.allow(call.params.json("allowed_updates"))
    except ValueError:
        return


async def set_webhook(call: Call) -> Described:
    """Answer setWebhook."""
    params, emulator = call.params, call.emulator
    url = params.text("url")
    if not url:
        return await delete_webhook(call)
    emulator.spend_set_webhook()
    if params.files.get("certificate") or params.text("ip_address"):
        raise not_imitated("certificate and ip_address of setWebhook")
    connections = params.integer(
        "max_connections", DEFAULT_CONNECTIONS, low=1, high=MAX_CONNECTIONS
    )
    wanted = Webhook(url, params.text("secret_token"), connections)
    if emulator.updates.webhook.same(wanted) and not params.flag("drop_pending_updates"):
        _keep_allowed(call)
        if not emulator.updates.asked.is_set():
            # The bot of the demo was started again: nobody there is to wait for what is left of
            # a pause of up to two minutes.
            emulator.updates.set_webhook(wanted)
            _mark_asked(call)
        return Described(result=True, description="Webhook is already set")
    _remove_webhook(call)
    check_webhook(wanted)
    _keep_allowed(call)
    emulator.updates.set_webhook(wanted)
    _mark_asked(call)
    return Described(result=True, description="Webhook was set")


async def delete_webhook(call: Call) -> Described:
    """Answer deleteWebhook."""
    was_set = _remove_webhook(call)
    said = "Webhook was deleted" if was_set else "Webhook is already deleted"
    return Described(result=True, description=said)


def _remove_webhook(call: Call) -> bool:
    updates = call.emulator.updates
    was_set = bool(updates.webhook.url)
    updates.set_webhook(Webhook())
    if call.params.flag("drop_pending_updates"):
        updates.clear()
    return was_set


async def get_webhook_info(call: Call) -> Json:
    """Answer getWebhookInfo."""
    updates = call.emulator.updates
    webhook = updates.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": updates.pending,
    }
    if webhook.last_error_at:
        info["last_error_date"] = webhook.last_error_at
        info["last_error_message"] = webhook.last_error
    if webhook.url:
        info["max_connections"] = webhook.max_connections
        info["ip_address"] = webhook.ip_address
    if updates.allowed is not None:
        info["allowed_updates"] = updates.allowed
    return info


async def get_file(call: Call) -> Json:
    """Answer getFile: up to 20 MB."""
    return call.emulator.files.describe(call.params.text("file_id"))


async def get_chat(call: Call) -> Json:
    """Answer getChat."""
    peer = call.peer()
    chat: Json = {
        **peer.as_chat(),
        "accent_color_id": peer.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }
    # The newest message of those that are pinned, as the documentation says.
    pins = call.emulator.pinned[peer.id]
    pinned = call.emulator.message(peer.id, max(pins, default=0))
    if pinned is not None:
        chat["pinned_message"] = pinned.as_api(with_reply=False)
    return chat


async def get_user_profile_photos(call: Call) -> Json:
    """Answer getUserProfilePhotos: the bot's own; pretended people have none."""
    if call.params.integer_id("user_id") == call.emulator.bot_user["id"]:
        photo = call.emulator.settings.photo
        sizes = [call.emulator.files.show(photo)["photo"]] if photo is not None else []
        return {"total_count": len(sizes), "photos": sizes}
    user = call.emulator.users.get(call.params.integer_id("user_id"))
    if user is None or not user.met:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}
