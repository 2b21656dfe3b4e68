"""The protocol: read, put in words, amended with a reason."""
