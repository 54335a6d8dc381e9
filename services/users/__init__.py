"""Users, their language and wishes, and deleting everything of theirs."""
