"""Pictures that are asked for in groups."""
