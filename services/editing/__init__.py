"""Pictures changed by words, and a first picture from a single photo."""
