"""What every recorder of a table needs: the review, who acts, and errors with a row's place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tamis.app.clusters import clusters_of, pairs_of
from tamis.app.imports import load_library
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import Review
from tamis.app.slots import Standing
from tamis.app.tables import Row
from tamis.app.tools import tools_of
from tamis.appraisal import Tool
from tamis.domain.errors import BadInput, TamisError
from tamis.domain.events import Draft
from tamis.domain.question import Protocol
from tamis.domain.results import Finding
from tamis.extraction import Layer, read_layer

__all__ = ["Context", "at_row", "draft", "whole"]


@dataclass(frozen=True, kw_only=True)
class Context:
    """What recorders need besides the rows; ``doubts`` is what they notice without refusing."""

    review: Review
    standing: Standing
    by: str
    at: str
    folder: Path
    doubts: list[Finding] = field(default_factory=list)

    def doubt(self, row: Row, findings: Iterable[Finding]) -> None:
        """Keep what is doubtful about a row, under its line."""
        for one in findings:
            self.doubts.append(replace(one, subject=f"{row.where}: {one.subject}"))

    @cached_property
    def membership(self) -> Mapping[str, tuple[str, ...]]:
        """Record id -> the records of its cluster, as a reviewer sees them now."""
        library = load_library(self.review)
        pairs = pairs_of(self.review, self.protocol, library)
        clusters = clusters_of(self.review, library, pairs)
        return {record: c.records for c in clusters for record in c.records}

    @cached_property
    def protocol(self) -> Protocol:
        """The protocol as it stands in the folder."""
        return read_protocol(self.review)

    @cached_property
    def tools(self) -> Mapping[str, Tool]:
        """The appraisal tools by key, with the review's own."""
        return tools_of(self.review)

    @cached_property
    def layers(self) -> Mapping[str, Layer]:
        """Hash of an attached document that lies in the folder -> its text layer."""
        found = {}
        for link in self.review.state.documents.values():
            here = self.review.document(link.file)
            if here is not None and here[0] == link.sha256:
                found[link.sha256] = read_layer(here[1], name=link.file)
        return found


def draft(
    context: Context,
    kind: str,
    subject: str,
    body: Mapping[str, Any],
    *,
    actor: str,
    at: str = "",
) -> Draft:
    """Return a draft of a row; without a time of its own it gets the table's."""
    return Draft(actor=actor, kind=kind, subject=subject, body=body, at=at or context.at)


@contextmanager
def at_row(row: Row) -> Iterator[None]:
    """Give an error that knows no place the place of this row."""
    try:
        yield
    except TamisError as error:
        raise BadInput(error.problem, error.remedy, where=row.where) from error


def whole(row: Row, column: str) -> int:
    """Return a cell as a whole number, or refuse it with its line."""
    text = row[column].replace("\N{MINUS SIGN}", "-")
    try:
        return int(text)
    except ValueError as error:
        raise BadInput(
            f"{column} is {row[column]!r}", "write a whole number", where=row.where
        ) from error
