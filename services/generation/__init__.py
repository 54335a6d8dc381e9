"""The life of a generation, from the prompt to the delivered pictures."""
