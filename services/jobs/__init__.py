"""Carrying paid jobs from step to step, whatever is killed in between."""
