"""The photo coach: looks at the faces on photos and says what would make them better."""
