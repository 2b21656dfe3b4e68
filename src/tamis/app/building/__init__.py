"""Assemble what is known, build the report in every format, verify it."""
