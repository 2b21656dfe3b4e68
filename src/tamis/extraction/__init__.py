"""Room: from a full text to a number that can be followed back.

Text layers of documents, anchors into them, the rules that extracted values must pass, and the
trust checks on the sources they were read in.
"""

from tamis.extraction.checking import RULES, Rule, check_values
from tamis.extraction.comparing import (
    COMPARED,
    Compared,
    Unaligned,
    compare_readings,
    unaligned,
)
from tamis.extraction.conversions import (
    CONVERSIONS,
    CORRELATIONS,
    Arm,
    Conversion,
    Converted,
    Curve,
    Given,
    HazardRatio,
    Person,
    Reconstruction,
    change_grid,
    combine,
    convert,
    convert_unit,
    hazard_ratio,
    possible,
    reconstruct,
)
from tamis.extraction.finder import Candidate, Part, find_numbers, find_numbers_in
from tamis.extraction.layer import LINE_HYPHEN, PAGE_CLASSES, Layer, PageText
from tamis.extraction.locating import anchor_at, check_anchor, locate
from tamis.extraction.matching import DocumentMatch, MatchCandidate, Wanted, match_document
from tamis.extraction.page_picture import (
    RENDERER,
    SCALES,
    Picture,
    Rectangle,
    TextRun,
    page_lines,
    passage_boxes,
    render_page,
)
from tamis.extraction.page_texts import page_texts
from tamis.extraction.pdf_pages import read_layer
from tamis.extraction.refinding import OUTCOMES, Refound, find_again
from tamis.extraction.rounding import counts_that_fit
from tamis.extraction.standing import standing
from tamis.extraction.trust import TRUST_RULES, TrustRule, check_sources

__all__ = [
    "COMPARED",
    "CONVERSIONS",
    "CORRELATIONS",
    "LINE_HYPHEN",
    "OUTCOMES",
    "PAGE_CLASSES",
    "RENDERER",
    "RULES",
    "SCALES",
    "TRUST_RULES",
    "Arm",
    "Candidate",
    "Compared",
    "Conversion",
    "Converted",
    "Curve",
    "DocumentMatch",
    "Given",
    "HazardRatio",
    "Layer",
    "MatchCandidate",
    "PageText",
    "Part",
    "Person",
    "Picture",
    "Reconstruction",
    "Rectangle",
    "Refound",
    "Rule",
    "TextRun",
    "TrustRule",
    "Unaligned",
    "Wanted",
    "anchor_at",
    "change_grid",
    "check_anchor",
    "check_sources",
    "check_values",
    "combine",
    "compare_readings",
    "convert",
    "convert_unit",
    "counts_that_fit",
    "find_again",
    "find_numbers",
    "find_numbers_in",
    "hazard_ratio",
    "locate",
    "match_document",
    "page_lines",
    "page_texts",
    "passage_boxes",
    "possible",
    "read_layer",
    "reconstruct",
    "render_page",
    "standing",
    "unaligned",
]
