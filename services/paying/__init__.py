"""Paying in Stars: what is bought, what comes of it, and what goes on once it is paid."""
