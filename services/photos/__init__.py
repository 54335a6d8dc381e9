"""Photo checking and preparation with Pillow."""
