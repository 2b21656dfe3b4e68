"""Held-out cases: made here, answered by R."""
