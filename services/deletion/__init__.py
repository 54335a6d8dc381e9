"""Deleting what is a user's, as a durable job with a receipt."""
