"""Migrations: how older databases become what ``schema`` and ``projections`` describe."""
