"""Trouble of ours that every room has to know."""


class DatabaseUnavailable(Exception):
    """The database is locked, full or out of reach: the same may succeed later."""


class LeaseLost(DatabaseUnavailable):
    """This process was taken for dead, and its work is in other hands: it must let go of it."""

    def __init__(self) -> None:
        super().__init__("the lease of this replica was ended")
