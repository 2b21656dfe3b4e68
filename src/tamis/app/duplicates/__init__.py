"""Pairs that need a person: side by side, merged, split, undone, counted per source."""
