"""What may be spent, what things cost and what fal charged."""
