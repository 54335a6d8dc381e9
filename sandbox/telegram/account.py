"""Methods about the bot itself, its updates, files and chats."""

from sandbox.telegram.call import Call, Described
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Json


async def get_me(call: Call) -> Json:
    """Answer getMe."""
    return {
        **call.emulator.bot_user,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
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
    _keep_allowed(call)
    if not updates.asked.is_set():
        updates.asked.set()
        call.emulator.events.publish("state")
    return await updates.get(
        params.integer("offset"),
        params.integer("limit", 100, low=1, high=100),
        params.integer("timeout", 0, low=0, high=50),
        call.emulator.now(),
    )


def _keep_allowed(call: Call) -> None:
    # Malformed JSON is ignored; a missing parameter keeps the previous set.
    if "allowed_updates" not in call.params.values:
        return
    try:
        call.emulator.updates.allow(call.params.json("allowed_updates"))
    except ValueError:
        return


async def set_webhook(call: Call) -> Described:
    """Answer setWebhook: only its removal is imitated (an empty url)."""
    if call.params.text("url"):
        raise bad_request("The sandbox does not imitate webhooks; use getUpdates")
    return await delete_webhook(call)


async def delete_webhook(call: Call) -> Described:
    """Answer deleteWebhook."""
    updates = call.emulator.updates
    if call.params.flag("drop_pending_updates"):
        updates.clear()
    was_set = bool(updates.webhook_url)
    updates.webhook_url = ""
    said = "Webhook was deleted" if was_set else "Webhook is already deleted"
    return Described(result=True, description=said)


async def get_webhook_info(call: Call) -> Json:
    """Answer getWebhookInfo."""
    updates = call.emulator.updates
    info: Json = {
        "url": updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": updates.pending,
    }
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
    """Answer getUserProfilePhotos: pretended people have none."""
    user = call.emulator.users.get(call.params.integer_id("user_id"))
    if user is None or not user.met:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}
