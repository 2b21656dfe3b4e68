"""Room: from a full text to a number that can be followed back.

Text layers of documents, anchors into them, and the rules that extracted values must pass.
"""

from tamis.extraction.checking import RULES, Rule, check_values
from tamis.extraction.layer import LINE_HYPHEN, PAGE_CLASSES, Layer, PageText
from tamis.extraction.locating import anchor_at, check_anchor, locate
from tamis.extraction.pdf_pages import read_layer
from tamis.extraction.refinding import OUTCOMES, Refound, find_again
from tamis.extraction.rounding import counts_that_fit

__all__ = [
    "LINE_HYPHEN",
    "OUTCOMES",
    "PAGE_CLASSES",
    "RULES",
    "Layer",
    "PageText",
    "Refound",
    "Rule",
    "anchor_at",
    "check_anchor",
    "check_values",
    "counts_that_fit",
    "find_again",
    "locate",
    "read_layer",
]
