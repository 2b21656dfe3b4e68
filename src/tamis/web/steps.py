"""The steps of a review as the workbench shows them, in order. A new page adds its row here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["FINISHED", "STEPS", "StepRow", "step_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One entry of the menu: the last part of its address, and the key of its word."""

    path: tuple[str, ...]
    word: str


def _row(path: str, word: str) -> StepRow:
    return StepRow(path=tuple(path.split("/")) if path else (), word=f"base.{word}")


STEPS: tuple[StepRow, ...] = (
    _row("", "step_overview"),
    _row("protocol", "step_protocol"),
    _row("imports", "step_imports"),
    _row("duplicates", "step_duplicates"),
    _row("screen/title-abstract", "step_titles"),
    _row("full-texts", "step_documents"),
    _row("screen/full-text", "step_full_texts"),
    _row("agreement", "step_agreement"),
    _row("studies", "step_studies"),
    _row("extraction", "step_extraction"),
    _row("appraisal", "step_appraisal"),
    _row("certainty", "step_certainty"),
    _row("claims", "step_claims"),
    _row("results", "step_results"),
    _row("activity", "step_activity"),
)

#: What a guest sees of a review: its finished report.
FINISHED: tuple[StepRow, ...] = tuple(row for row in STEPS if row.path == ("results",))

#: Stage of a review, as ``status`` names it -> the page where it goes on.
_PAGES: Mapping[str, tuple[str, ...]] = {
    "question": ("imports",),
    "search": ("imports",),
    "title-abstract screening": ("screen", "title-abstract"),
    "title-abstract conflicts": ("conflicts", "title-abstract"),
    "full-text screening": ("screen", "full-text"),
    "full-text conflicts": ("conflicts", "full-text"),
    "studies": ("studies",),
    "extraction": ("extraction",),
    "synthesis plan": ("protocol",),
    "risk of bias": ("appraisal",),
    "certainty": ("certainty",),
    "report": ("results",),
    "done": ("results",),
}


def step_of(stage: str) -> tuple[str, ...]:
    """Return the address parts of the page where a stage of the review goes on.

    Examples
    --------
    >>> step_of("search")
    ('imports',)
    """
    return _PAGES.get(stage, ())
