"""Results after selection: studies, risk of bias, effects, what was observed, course, certainty."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.domain.results import Synthesis
from tamis.report.book import Book
from tamis.report.sections.bias import bias_tables
from tamis.report.sections.bias_figures import bias_panels
from tamis.report.sections.certainty import certainty_table
from tamis.report.sections.definitions import definitions_list, what_each_counted
from tamis.report.sections.effects import controlled
from tamis.report.sections.harms import harms
from tamis.report.sections.mechanisms import mechanisms
from tamis.report.sections.multiverse import multiverses
from tamis.report.sections.plausibility import plausibility
from tamis.report.sections.studies import characteristics, interventions
from tamis.report.sections.trust import missing_table, trust_table, wider_table
from tamis.report.sections.uncontrolled import uncontrolled
from tamis.report.sections.visits import courses
from tamis.report.view import Table

__all__ = ["results"]


def results(book: Book) -> Mapping[str, object]:
    """Return what the template ``results.html.j2`` prints."""
    return {
        "characteristics": characteristics(book),
        "interventions": interventions(book),
        "trust": trust_table(book),
        "trust_wider": wider_table(book),
        "known_elsewhere": missing_table(book),
        "plausibility": plausibility(book),
        "bias": bias_tables(book),
        "bias_panels": bias_panels(book),
        "controlled": tuple(controlled(book, s) for s in _of(book, "controlled", "primary")),
        "uncontrolled": uncontrolled(book, _of(book, "single-arm", "primary")),
        "counted": _counted(book),
        "definitions": definitions_list(book),
        "courses": tuple(c for s in _of(book, "series", "primary") for c in courses(book, s)),
        "wider_controlled": tuple(
            controlled(book, s) for s in _of(book, "controlled", "sensitivity")
        ),
        "wider_uncontrolled": uncontrolled(book, _of(book, "single-arm", "sensitivity")),
        "wider_courses": tuple(
            c for s in _of(book, "series", "sensitivity") for c in courses(book, s)
        ),
        "certainty": certainty_table(book),
        "multiverses": multiverses(book),
        "harms": harms(book),
        "mechanisms": mechanisms(book),
    }


def _of(book: Book, kind: str, layer: str) -> tuple[Synthesis, ...]:
    return tuple(s for s in book.content.syntheses if s.plan.kind == kind and s.plan.layer == layer)


def _counted(book: Book) -> tuple[Table, ...]:
    """Return the tables of the binary outcomes, each by definition, estimand and visit."""
    outcomes = [o for o in book.content.protocol.outcomes if o.kind == "binary"]
    return tuple(
        table for outcome in outcomes for table in what_each_counted(book, outcome, ("included",))
    )
