"""Puts the routers of all folders together."""

from collections.abc import Mapping

from aiogram import Router
from aiogram.fsm.state import State

from handlers.account import router as account
from handlers.admin import console as admin_console
from handlers.admin import router as admin
from handlers.admin import states as admin_states
from handlers.admin import threads as admin_threads
from handlers.credits import checkout, codes
from handlers.credits import router as credits_router
from handlers.credits import states as credits_states
from handlers.edit import dialogue as edit
from handlers.edit import instant
from handlers.edit import states as edit_states
from handlers.gallery import dialogue as gallery
from handlers.gallery import inline
from handlers.gallery import states as gallery_states
from handlers.generate import dialogue as generate_dialogue
from handlers.generate import router as generate
from handlers.generate import states as generate_states
from handlers.groups import calls, consent
from handlers.models import dialogue as models
from handlers.models import lending
from handlers.models import states as models_states
from handlers.presets import dialogue as presets
from handlers.support import dialogue as support
from handlers.support import states as support_states
from handlers.telegram import errors, fallback, membership, second_look, taps, ways_out
from handlers.telegram.magic import decide_at_once
from handlers.telegram.switchboard import Switchboard
from handlers.telegram.ways_out import WaysBack
from handlers.train import router as train
from handlers.train import states as train_states
from handlers.train import ways_out as train_ways_out

EXPECTATIONS: Mapping[State, str] = {
    **train_states.EXPECTATIONS,
    **generate_states.EXPECTATIONS,
    **models_states.EXPECTATIONS,
    **gallery_states.EXPECTATIONS,
    **edit_states.EXPECTATIONS,
    **support_states.EXPECTATIONS,
    **credits_states.EXPECTATIONS,
    **admin_states.EXPECTATIONS,
}
"""The sentence that says what each state waits for."""

WAYS_BACK: WaysBack = {
    **train_ways_out.WAYS_BACK,
    **generate_dialogue.WAYS_BACK,
    **models.WAYS_BACK,
    **gallery.WAYS_BACK,
    **edit.WAYS_BACK,
    **support.WAYS_BACK,
    **codes.WAYS_BACK,
    **admin_console.WAYS_BACK,
    **admin_threads.WAYS_BACK,
}
"""What Back shows under the question of each state."""

TAKING_WORDS = (
    generate_states.GenerateForm,
    models_states.ModelForm,
    gallery_states.GalleryForm,
    edit_states.EditForm,
)
"""The dialogues in which "cancel" would be a prompt or a name. What is written to people, to the
operator or by them, is passed on as it is."""


def build_router(*, is_inline: bool = False, in_groups: bool = False) -> Router:
    """Return a fresh tree of routers; a router can have one parent only, so nothing is shared.

    The order matters: commands and buttons come before what a state expects, and the fallback
    comes last.

    Args:
        is_inline: Whether people may ask for their favourites in other chats. Updates that no
            handler wants are not asked for.
        in_groups: Whether the bot answers calls from groups; else it says there that it works in
            private chats.
    """
    root = Switchboard(name="root")
    root.include_routers(
        checkout.build_errors_router(),
        errors.build_router(),
        *((calls.build_router(), consent.build_router()) if in_groups else ()),
        fallback.build_private_only_router(),
        membership.build_router(),
        taps.build_router(),
        codes.build_links_router(),
        lending.build_links_router(),
        account.build_router(),
        admin.build_router(),
        support.build_router(),
        credits_router.build_router(),
        second_look.build_router(),
        ways_out.build_words_router(*TAKING_WORDS),
        models.build_router(),
        lending.build_router(),
        gallery.build_router(),
        train.build_router(),
        edit.build_router(),
        instant.build_router(),
        generate.build_router(),
        presets.build_router(),
        ways_out.build_router(WAYS_BACK),
        fallback.build_router(EXPECTATIONS),
    )
    if is_inline:
        root.include_router(inline.build_router())
    decide_at_once(root)
    root.arrange()
    return root
