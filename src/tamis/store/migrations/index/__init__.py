"""Migrations of the index of a review folder."""
