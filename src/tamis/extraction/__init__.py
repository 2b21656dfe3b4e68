"""Room: from a full text to a number that can be followed back.

Text layers of documents, anchors into them, the rules that extracted values must pass, and the
trust checks on the sources they were read in.
"""

from tamis.extraction.checking import RULES, Rule, check_values
from tamis.extraction.layer import LINE_HYPHEN, PAGE_CLASSES, Layer, PageText
from tamis.extraction.locating import anchor_at, check_anchor, locate
from tamis.extraction.page_texts import page_texts
from tamis.extraction.pdf_pages import read_layer
from tamis.extraction.refinding import OUTCOMES, Refound, find_again
from tamis.extraction.rounding import counts_that_fit
from tamis.extraction.trust import TRUST_RULES, TrustRule, check_sources

__all__ = [
    "LINE_HYPHEN",
    "OUTCOMES",
    "PAGE_CLASSES",
    "RULES",
    "TRUST_RULES",
    "Layer",
    "PageText",
    "Refound",
    "Rule",
    "TrustRule",
    "anchor_at",
    "check_anchor",
    "check_sources",
    "check_values",
    "counts_that_fit",
    "find_again",
    "locate",
    "page_texts",
    "read_layer",
]
