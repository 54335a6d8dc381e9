"""From /generate to the pictures in the chat."""
