"""Tamis: a whole systematic review whose conclusion cannot say more than the evidence does.

The names below are the public door; each is loaded when it is first asked for, so that importing
``tamis`` costs nothing.
"""

from importlib import import_module as _load
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tamis.agreement import agree
    from tamis.app.review import Review, open_review
    from tamis.app.save_figure import save_figure
    from tamis.certainty import rate
    from tamis.certainty.claims import check_claims
    from tamis.dedupe import deduplicate
    from tamis.domain.errors import TamisError
    from tamis.extraction import check_values
    from tamis.formats import read_citations, write_citations
    from tamis.screening import screen
    from tamis.synthesis import meta_analyse
    from tamis.synthesis.multiverse.door import multiverse

__version__ = "0.1.0"
__all__ = [
    "Review",
    "TamisError",
    "__version__",
    "agree",
    "check_claims",
    "check_values",
    "deduplicate",
    "meta_analyse",
    "multiverse",
    "open_review",
    "rate",
    "read_citations",
    "save_figure",
    "screen",
    "write_citations",
]

#: Public name -> the module that has it.
_DOOR = {
    "Review": "tamis.app.review",
    "TamisError": "tamis.domain.errors",
    "agree": "tamis.agreement",
    "check_claims": "tamis.certainty.claims",
    "check_values": "tamis.extraction",
    "deduplicate": "tamis.dedupe",
    "meta_analyse": "tamis.synthesis",
    "multiverse": "tamis.synthesis.multiverse.door",
    "open_review": "tamis.app.review",
    "rate": "tamis.certainty",
    "read_citations": "tamis.formats",
    "save_figure": "tamis.app.save_figure",
    "screen": "tamis.screening",
    "write_citations": "tamis.formats",
}


def __getattr__(name: str) -> object:
    if name not in _DOOR:
        raise AttributeError(f"module 'tamis' has no attribute {name!r}")
    return getattr(_load(_DOOR[name]), name)
