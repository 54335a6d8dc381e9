"""Keeps fal's files in a store of the operator's own."""
