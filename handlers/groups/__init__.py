"""Pictures in groups: calls that are answered there, and what is allowed in private."""
