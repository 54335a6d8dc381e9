"""Models that are lent to one person by a link: invitations, uses, ends."""
