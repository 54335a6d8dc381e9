"""Methods with which the bot registers its commands, texts and menu buttons."""

from sandbox.telegram.attach import take_media
from sandbox.telegram.call import Call
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.files import MediaKind
from sandbox.telegram.links import LinkError, web_app_link
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
        raise _unparsed("MenuButton must be an Object")
    if "type" not in button:
        raise _unparsed('Can\'t find field "type"')
    if button["type"] not in ("default", "commands", "web_app"):
        raise _unparsed("MenuButton has unsupported type")
    kept = _web_app_button(button) if button["type"] == "web_app" else {"type": button["type"]}
    call.emulator.settings.menu_buttons[_menu_chat(call)] = kept
    call.emulator.events.publish("commands")
    return True


def _unparsed(reason: str) -> ApiError:
    return bad_request(f"Can't parse menu button: {reason}")


def _web_app_button(button: Json) -> Json:
    text, web_app = button.get("text"), button.get("web_app")
    if not isinstance(text, str):
        raise _unparsed('Can\'t find field "text"')
    if not isinstance(web_app, dict):
        raise _unparsed('Can\'t find field "web_app"')
    url = web_app.get("url")
    if not isinstance(url, str):
        raise _unparsed('Can\'t find field "url"')
    if not text:
        raise bad_request("Menu button text must be non-empty")
    try:
        shown = web_app_link(url)
    except LinkError as error:
        raise bad_request(f"Menu button Web App URL '{url}' is invalid: {error}") from None
    return {"type": "web_app", "text": text, "web_app": {"url": shown}}


def _menu_chat(call: Call) -> int:
    """The person whose button it is; 0 for everybody's."""
    if not call.params.text("chat_id"):
        return 0
    user_id = call.params.integer_id("chat_id")
    if user_id <= 0:
        raise bad_request("Invalid user_id specified")
    peer = call.emulator.peer(user_id)
    if not isinstance(peer, User) or not peer.met:
        raise bad_request("User not found")
    return user_id


async def get_chat_menu_button(call: Call) -> Json:
    """Answer getChatMenuButton: of exactly this person, or the one for everybody."""
    return call.emulator.settings.menu_buttons.get(_menu_chat(call), {"type": "default"})
