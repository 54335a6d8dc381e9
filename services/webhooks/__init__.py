"""Messages for users' own programs: signed, at least once, and only to the public internet."""
