"""Moves everything from SQLite to PostgreSQL, once, and compares the two."""
