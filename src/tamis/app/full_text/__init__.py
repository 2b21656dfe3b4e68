"""Full texts: uploaded, matched, not retrieved; their pages as pictures and words."""
