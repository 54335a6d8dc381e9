"""Methods with which the bot registers its commands, texts and menu buttons."""

from sandbox.telegram.attach import take_media
from sandbox.telegram.call import Call
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import MediaKind
from sandbox.telegram.links import LinkError, normal_link
from sandbox.telegram.model import Json, User
from sandbox.telegram.settings import PROFILE_LIMITS, checked_commands, language, scope_key


def _scope(call: Call) -> tuple[tuple[str, int, int], str]:
    value = call.json("scope", "Can't parse BotCommandScope JSON object")
    scope = scope_key(value)
    code = language(call.params.text("language_code"))
    if scope[1]:
        peer = call.emulator.peer(scope[1])
        if peer is None or (isinstance(peer, User) and not peer.met):
            raise bad_request("Chat not found")
    return scope, code


async def set_my_commands(call: Call) -> bool:
    """setMyCommands, by scope and language."""
    commands = checked_commands(call.json("commands", "Can't parse commands JSON object"))
    call.emulator.settings.commands[_scope(call)] = commands
    call.emulator.events.publish("commands")
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """Answer getMyCommands: of exactly this scope and language."""
    return call.emulator.settings.commands.get(_scope(call), [])


async def delete_my_commands(call: Call) -> bool:
    """Answer deleteMyCommands."""
    call.emulator.settings.commands.pop(_scope(call), None)
    call.emulator.events.publish("commands")
    return True


def _set_profile(call: Call, name: str) -> bool:
    value = call.params.text(name)
    code = language(call.params.text("language_code"))
    if len(value) > PROFILE_LIMITS[name]:
        raise bad_request(f"BOT_{name.upper()}_TOO_LONG")
    call.emulator.settings.profile[name, code] = value
    return True


def _get_profile(call: Call, name: str, default: str = "") -> Json:
    code = language(call.params.text("language_code"))
    return {name: call.emulator.settings.text(name, code) or default}


async def set_my_name(call: Call) -> bool:
    """Answer setMyName."""
    return _set_profile(call, "name")


async def get_my_name(call: Call) -> Json:
    """Answer getMyName."""
    return _get_profile(call, "name", call.emulator.config.first_name)


async def set_my_description(call: Call) -> bool:
    """Answer setMyDescription."""
    return _set_profile(call, "description")


async def get_my_description(call: Call) -> Json:
    """Answer getMyDescription."""
    return _get_profile(call, "description")


async def set_my_short_description(call: Call) -> bool:
    """Answer setMyShortDescription."""
    return _set_profile(call, "short_description")


async def get_my_short_description(call: Call) -> Json:
    """Answer getMyShortDescription."""
    return _get_profile(call, "short_description")


async def set_my_profile_photo(call: Call) -> bool:
    """Answer setMyProfilePhoto: a static photo, uploaded with the call."""
    photo = call.json("photo", "Can't parse InputProfilePhoto JSON object")
    if not isinstance(photo, dict) or photo.get("type") != "static":
        raise bad_request("the sandbox takes a static photo only")
    reference = photo.get("photo")
    if not isinstance(reference, str) or not reference.startswith("attach://"):
        raise bad_request("photo must be uploaded as a file")
    call.emulator.settings.photo = await take_media(
        call, reference, MediaKind.PHOTO, missing="photo must be uploaded as a file"
    )
    return True


async def set_chat_menu_button(call: Call) -> bool:
    """Answer setChatMenuButton: for one person or for all."""
    button = call.json("menu_button", "Can't parse menu button JSON object")
    button = {"type": "default"} if button is None else button
    if not isinstance(button, dict):
        raise bad_request("MenuButton must be an Object")
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("MenuButton has unsupported type")
    if button["type"] == "web_app":
        _check_web_app(button)
    chat_id = call.peer().id if call.params.text("chat_id") else 0
    call.emulator.settings.menu_buttons[chat_id] = button
    return True


def _check_web_app(button: Json) -> None:
    web_app = button.get("web_app")
    url = web_app.get("url") if isinstance(web_app, dict) else None
    if not isinstance(url, str):
        raise bad_request("Can't parse menu button: Can't find field \"web_app\"")
    try:
        normal_link(url, https_only=True)
    except LinkError as error:
        raise bad_request(f"Menu button Web App URL is invalid: {error}") from None


async def get_chat_menu_button(call: Call) -> Json:
    """Answer getChatMenuButton."""
    buttons = call.emulator.settings.menu_buttons
    chat_id = call.peer().id if call.params.text("chat_id") else 0
    return buttons.get(chat_id) or buttons.get(0) or {"type": "default"}
