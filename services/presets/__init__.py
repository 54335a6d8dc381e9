"""Presets: ready-made ideas for pictures, from a data file."""
