"""Marked-up citations: the XML of PubMed, EndNote and libraries (MODS)."""
