"""What can be changed in a picture with one tap."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from services.errors import StaleButton
from services.operator_file import read_toml
from services.presets.catalogue import Id, Local, Name

CHANGES = Path(__file__).with_name("changes.toml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(_Strict):
    """What has a button."""

    id: Id
    name: Local[Name]


class Change(Named):
    """A change: what an edit model is told, in English."""

    prompt: str = Field(min_length=1, max_length=300)


class Group(Named):
    """Changes of one kind."""

    changes: tuple[Change, ...] = Field(min_length=1)

    @property
    def alone(self) -> Change | None:
        """The change of a group that has no other."""
        return self.changes[0] if len(self.changes) == 1 else None


class _Contents(_Strict):
    groups: tuple[Group, ...] = Field(min_length=1)


@cache
def groups() -> Sequence[Group]:
    """Return all groups in their order."""
    return read_toml(CHANGES, _Contents, lambda contents: contents.groups)


def group_of(group_id: str) -> Group:
    """Return a group.

    Raises:
        StaleButton: There is none of this id any more.
    """
    for group in groups():
        if group.id == group_id:
            return group
    raise StaleButton


def change_of(change_id: str) -> Change:
    """Return a change; raises as `group_of`."""
    for group in groups():
        for change in group.changes:
            if change.id == change_id:
                return change
    raise StaleButton
