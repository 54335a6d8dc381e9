"""The panel: what it says, and its keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.generate.callbacks import MakeAgain, PanelChoice, SecondAction, SecondPerson
from handlers.generate.screens import MAX_PROMPT_SHOWN
from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.captions import cut
from handlers.telegram.keyboards import back_and_cancel, button, keyboard_of
from handlers.telegram.names import MAX_MODELS_LISTED, words_of
from handlers.telegram.screen import Screen
from services.domain.vocabulary import PictureOption, PictureShape
from services.generation.options import LORA_SCALES, PICTURE_COUNTS
from services.generation.pairs import Companion
from services.generation.panel import Panel
from texts.reader import Texts


@dataclass(frozen=True)
class Key:
    """A button of the panel: what it says, the value it leads to, whether that is in force."""

    label: str
    value: str
    is_chosen: bool = False


def question(t: Texts, panel: Panel) -> Screen:
    """Return the question for the prompt, with the panel under it and the way to presets."""
    text = "\n".join([t("ask-prompt", model=panel.model.name), "", *_choices(t, panel)])
    to_presets = Menu(item=MenuItem.PRESETS).pack()
    presets = InlineKeyboardButton(text=t.plain("menu-presets"), callback_data=to_presets)
    ways_out = back_and_cancel(t, GenerateForm.prompt).inline_keyboard
    rows = [*panel_rows(t, panel, asks=True), [presets], *ways_out]
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=rows))


def options(t: Texts, panel: Panel) -> Screen:
    """Return the panel as a message of its own; under a result it can have that made again."""
    rows = panel_rows(t, panel)
    lines = [t("panel-title")]
    if panel.result is not None:
        prompt = cut(words_of(t, panel.result), MAX_PROMPT_SHOWN)
        lines = [t("panel-title-result"), t("panel-result", prompt=prompt), ""]
        label = t.plain("panel-make", price=t.price(panel.price_usd, panel.stars))
        make = MakeAgain(generation_id=panel.result.id).pack()
        rows.append([InlineKeyboardButton(text=label, callback_data=make)])
    lines += [t("panel-model", model=panel.model.name), *_choices(t, panel)]
    lines += ["", t("panel-remembered")]
    return Screen("\n".join(lines), InlineKeyboardMarkup(inline_keyboard=rows))


def panel_rows(t: Texts, panel: Panel, *, asks: bool = False) -> list[list[InlineKeyboardButton]]:
    """Return a row of buttons for each choice that the generator takes.

    Every button carries the value it leads to, so that a second press changes nothing.

    Args:
        t: The language.
        panel: What is in force.
        asks: Whether this stands under the question for the prompt.
    """
    given = panel.options
    keys = {
        PictureOption.SHAPE: [Key(shape, shape, shape == given.shape) for shape in PictureShape],
        PictureOption.SIZE: _size_keys(t, panel),
        PictureOption.COUNT: [
            Key(f"×{count}", str(count), count == given.count) for count in PICTURE_COUNTS
        ],
        PictureOption.SCALE: _scale_keys(t, given.lora_scale),
        PictureOption.SEED: _seed_keys(t, panel),
    }
    result_id = panel.result.id if panel.result else None
    rows = [
        [
            InlineKeyboardButton(
                text=f"• {key.label}" if key.is_chosen else key.label,
                callback_data=PanelChoice(
                    option=option, value=key.value, asks=asks, generation_id=result_id
                ).pack(),
            )
            for key in row
        ]
        for option, row in keys.items()
        if row and option in panel.offered
    ]
    return [*rows, *_second_rows(t, panel, asks=asks)]


def others(t: Texts, found: Sequence[Companion], *, asks: bool) -> Screen:
    """Return the question who else should be in the pictures, with the way back to the panel."""
    rows = [
        [
            button(
                t.plain("borrowed-name", name=one.model.name) if one.borrowed else one.model.name,
                SecondPerson(action=SecondAction.ADD, asks=asks, second_id=one.id).pack(),
            )
        ]
        for one in found[:MAX_MODELS_LISTED]
    ]
    back = SecondPerson(action=SecondAction.BACK, asks=asks).pack()
    return Screen(t("ask-second"), keyboard_of(*rows, [button(t.plain("back"), back)]))


def _second_rows(t: Texts, panel: Panel, *, asks: bool) -> list[list[InlineKeyboardButton]]:
    if panel.result is not None:
        return []
    if panel.second is not None or panel.has_lost_second:
        name = panel.second.model.name if panel.second else "none"
        leave = SecondPerson(action=SecondAction.LEAVE, asks=asks).pack()
        return [[button(t.plain("panel-button-second-leave", name=name), leave)]]
    if panel.others:
        ask = SecondPerson(action=SecondAction.LIST, asks=asks).pack()
        return [[button(t.plain("panel-button-second"), ask)]]
    return []


def _size_keys(t: Texts, panel: Panel) -> list[Key]:
    return [
        Key(
            t.plain(f"panel-button-size-{size}", price=t.price(offer.price_usd, offer.stars)),
            size,
            size == panel.options.size,
        )
        for size, offer in panel.sizes.items()
    ]


def _size(t: Texts, panel: Panel) -> str:
    offer = panel.sizes[panel.options.size]
    pixels = {"width": str(offer.width_px), "height": str(offer.height_px)}
    return t(f"panel-size-{panel.options.size}", **pixels)


def _scale_keys(t: Texts, scale: float) -> list[Key]:
    lower = max(LORA_SCALES[0], round(scale - 0.1, 1))
    higher = min(LORA_SCALES[-1], round(scale + 0.1, 1))
    label = t.plain("panel-button-scale", scale=t.decimal(scale))
    # The middle leads back to the strength the LoRA was trained with.
    return [Key("−", str(lower)), Key(label, "1.0"), Key("+", str(higher))]


def _seed_keys(t: Texts, panel: Panel) -> list[Key]:
    kept, at_hand = panel.options.seed, panel.seed_at_hand
    if at_hand is None:
        return []
    return [
        Key(t.plain("panel-button-seed-new"), "", kept is None),
        Key(t.plain("panel-button-seed-keep"), str(at_hand), kept == at_hand),
    ]


def _choices(t: Texts, panel: Panel) -> list[str]:
    given = panel.options
    seed = (
        t("panel-seed-new") if given.seed is None else t("panel-seed-kept", seed=str(given.seed))
    )
    has_own_scale = panel.model.lora_scale is not None and panel.borrowed is None
    scale_key = "panel-scale-own" if has_own_scale else "panel-scale"
    lines = {
        PictureOption.SHAPE: t("panel-shape", shape=given.shape),
        PictureOption.SIZE: _size(t, panel),
        PictureOption.COUNT: t("panel-count", count=given.count),
        PictureOption.SCALE: t(scale_key, scale=t.decimal(given.lora_scale)),
        PictureOption.SEED: seed,
    }
    offered = [line for option, line in lines.items() if option in panel.offered]
    offered.append(t("panel-form", opening=panel.opening))
    price = (
        [t("panel-price", price=t.price(panel.price_usd, panel.stars))] if t.shows_prices else []
    )
    return [*_loan(t, panel), *_second(t, panel), *offered, *price]


def _second(t: Texts, panel: Panel) -> list[str]:
    if panel.has_lost_second:
        return [t("panel-second-lost")]
    if panel.second is None:
        return []
    scale = t.decimal(panel.second.scale)
    return [t("panel-second", name=panel.second.model.name, scale=scale), t("panel-second-honest")]


def _loan(t: Texts, panel: Panel) -> list[str]:
    one = panel.borrowed
    if one is None:
        return []
    if one.left is not None:
        return [t("panel-borrowed-left", count=one.left)]
    return [t("panel-borrowed-until", until=(one.loan.ends_at or one.loan.created_at).date())]
