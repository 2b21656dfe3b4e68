"""Hand a review on: pack, unpack, merge, redact, seal, publish."""
