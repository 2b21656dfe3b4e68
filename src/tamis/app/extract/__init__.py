"""Extraction: forms, values with their anchors, two sealed extractors, comparison, consensus."""
