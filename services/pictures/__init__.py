"""Finished pictures and the gallery of them."""
