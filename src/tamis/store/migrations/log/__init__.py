"""Migrations of the event log on a server."""
