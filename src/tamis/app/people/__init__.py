"""People of a team: invitations, passwords, sign-in, roles and what they permit."""
