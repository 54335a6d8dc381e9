"""What only admins see."""
