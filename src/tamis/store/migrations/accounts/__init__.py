"""Migrations of the accounts of a team server."""
