"""Asks the real services what only they can tell: `python -m bot verify`."""
