"""Nouns of a review, the laws of its log, and the errors; standard library only."""
