"""Asking for updates makes nothing anew that takes long to make."""

import gc

from aiogram.methods import Response

from bot import updates


def test_the_model_of_an_answer_is_made_once() -> None:
    gc.collect()
    assert Response[updates.GetRawUpdates.__returning__] is updates.ANSWER
