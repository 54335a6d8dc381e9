"""What the buttons of /presets carry."""

from aiogram.filters.callback_data import CallbackData


class PresetCategories(CallbackData, prefix="pcats"):
    """A page of the categories of presets; pages count from 0."""

    page: int


class PresetShelf(CallbackData, prefix="pshelf"):
    """A page of a category's presets."""

    category_id: str
    page: int


class PresetCard(CallbackData, prefix="pcard"):
    """A preset; `page` is the page of its category that Back leads to."""

    preset_id: str
    page: int


class PresetPacks(CallbackData, prefix="ppacks"):
    """A page of the packs of four presets."""

    page: int


class CreatePreset(CallbackData, prefix="pmake"):
    """Makes a picture of a preset."""

    preset_id: str


class CreatePack(CallbackData, prefix="ppack"):
    """Makes all pictures of a pack."""

    pack_id: str


class SurpriseMe(CallbackData, prefix="psurprise"):
    """Makes a picture of any preset."""
