"""/gallery: the pictures made so far."""
