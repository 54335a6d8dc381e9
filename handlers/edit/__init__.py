"""Change…: pictures changed by words or by one tap."""
