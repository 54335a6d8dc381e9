"""/start, /help, /settings, /language, /privacy, /export and /deletemydata."""
