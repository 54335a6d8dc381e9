"""A local Telegram and a local fal, for trying the bot and for its tests."""
