"""A copy of all that is a user's, made behind and sent into the chat."""
