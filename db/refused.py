"""Why a database cannot be used; apart from `db.migrate`, whose imports take much memory."""


class SchemaRefused(Exception):
    """A database that cannot be used or migrated; the message says what to do about it."""


class DatabaseOutOfReach(Exception):
    """A database that cannot be opened; the message says what to do about it."""
