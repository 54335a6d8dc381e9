"""The sentences people read, in every language."""
