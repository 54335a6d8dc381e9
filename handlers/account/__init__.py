"""/start, /help, /settings, /language, /privacy and /deletemydata."""
