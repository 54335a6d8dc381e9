"""/models: the list and the cards of finished models."""
