"""Print what aiogram's models are, in a process of its own: `python -m tests.bot.aiogram_models`.

With the word `lean`, aiogram is imported as the bot does it.
"""

import inspect
import json
import re
import sys
from importlib import import_module
from types import ModuleType

import pydantic
from pydantic import BaseModel, ConfigDict

from bot.lean_aiogram import import_aiogram


def models(module: ModuleType) -> list[type[BaseModel]]:
    each = [getattr(module, name) for name in sorted(module.__all__)]
    return [model for model in each if inspect.isclass(model) and issubclass(model, BaseModel)]


def said(field: object) -> str:
    return re.sub(r" at 0x[0-9a-f]+", "", repr(field))


def main() -> None:
    rebuild = vars(BaseModel)["model_rebuild"]
    if "lean" in sys.argv:
        import_aiogram()
    methods = models(import_module("aiogram.methods"))
    types = models(import_module("aiogram.types"))
    response = import_module("aiogram.methods.base").Response
    built = [model.__name__ for model in (*types, *methods) if model.__pydantic_complete__]
    base = import_module("aiogram.methods").TelegramMethod
    named = [
        method for method in methods if "__returning__" in vars(method) and method is not base
    ]
    answers = [response[vars(method)["__returning__"]] for method in named]
    every = [*types, *methods, *answers]
    for model in every:
        model.model_rebuild()
    report = {
        "built": built,
        "left as it was": [
            vars(BaseModel)["model_rebuild"] is rebuild,
            pydantic.ConfigDict is ConfigDict,
        ],
        "complete": {str(model): model.__pydantic_complete__ for model in every},
        "config": {
            str(model): sorted(str(item) for item in model.model_config.items() if item[0] != LATE)
            for model in every
        },
        "fields": {
            str(model): {name: said(field) for name, field in model.model_fields.items()}
            for model in every
        },
    }
    sys.stdout.write(json.dumps(report))


LATE = "defer_build"

if __name__ == "__main__":
    main()
