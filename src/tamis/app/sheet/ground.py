"""What every sheet is made from: the review as it stands, who asks, and how a row is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tamis.app.building.assemble import extraction_of, studies_of
from tamis.app.imports import Library, load_library
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import Review
from tamis.app.screen import Screened, screen_review
from tamis.app.tools import tools_of
from tamis.appraisal import Tool
from tamis.domain.question import Protocol
from tamis.domain.records import Cluster, Record, Study
from tamis.domain.values import Extraction

__all__ = ["Cells", "Ground", "reading"]

#: One row of a sheet: column to text; a column that is left out is empty.
Cells = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The review, the person who asks, and the stage of screening they asked for, if any."""

    review: Review
    person: str
    stage: str = ""

    @cached_property
    def protocol(self) -> Protocol:
        """The protocol as it stands in the folder."""
        return read_protocol(self.review)

    @cached_property
    def library(self) -> Library:
        """The imported files and their records."""
        return load_library(self.review)

    @cached_property
    def screened(self) -> Screened:
        """Where every report stands in screening."""
        return screen_review(self.review, self.protocol, self.library, write=False)

    @cached_property
    def studies(self) -> tuple[Study, ...]:
        """The studies that reports were linked to."""
        return studies_of(self.review.state)

    @cached_property
    def extraction(self) -> Extraction:
        """The values that count, and what was looked for."""
        return extraction_of(self.review.state)

    @cached_property
    def tools(self) -> Mapping[str, Tool]:
        """The appraisal tools by key, with the review's own."""
        return tools_of(self.review)

    def about(self, cluster: Cluster) -> dict[str, str]:
        """Return the columns for reading of a report: the first record that has each of them."""
        return reading([self.library.records[name] for name in (cluster.primary, *cluster.records)])


def reading(members: Sequence[Record]) -> dict[str, str]:
    """Return title, authors, year, journal, DOI and abstract of a report."""

    def first(found: Sequence[str]) -> str:
        return next((text for text in found if text.strip()), "")

    return {
        "title": first([r.title for r in members]),
        "authors": first(["; ".join(r.authors) for r in members]),
        "year": first([str(r.year or "") for r in members]),
        "journal": first([r.journal for r in members]),
        "doi": first([r.doi for r in members]),
        "abstract": first([r.abstract for r in members]),
    }
