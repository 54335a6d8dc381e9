"""Pictures drawn with Pillow: sample people, scenes, and what a generation shows."""
