"""Telegram Stars: invoices, checkouts, payments, refunds, subscriptions, statement."""
