"""The operator's console: figures, jobs and people, and what admins do about them."""
