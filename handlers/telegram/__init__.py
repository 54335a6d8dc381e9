"""Transport, and the manners all dialogues share."""
