"""What becomes of a prompt before it reaches a generator: into English, or a kind refusal."""
