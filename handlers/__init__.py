"""What Telegram says and what the user reads."""
