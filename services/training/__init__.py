"""The life of a training, from the start button to the delivered model."""
