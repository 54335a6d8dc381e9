"""Composition root: settings, wiring, start and stop."""
