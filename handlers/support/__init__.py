"""What users write to the operator, and what they are answered."""
