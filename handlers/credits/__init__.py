"""Paying in Stars: /buy, /balance, /receipts and /terms, checkouts and payments."""
