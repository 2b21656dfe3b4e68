"""Words for the things of a review: studies, arms, visits, outcomes, people, estimands."""

from __future__ import annotations

import re

from tamis.domain.quantities import Literal
from tamis.domain.values import Cell, Value
from tamis.report.content import ReportContent
from tamis.report.corpus import literal
from tamis.report.digits import has_digit
from tamis.report.phrase import Phrase, Piece, join, say

__all__ = ["ESTIMAND_WORDS", "STATISTIC_WORDS", "Names", "capital", "unit_words"]

#: Estimand -> words, with the visit.
ESTIMAND_WORDS = {
    "ever": "ever by {visit}",
    "point": "at {visit}",
    "best-by": "best by {visit}",
    "change": "change from baseline to {visit}",
    "follow-up": "value at {visit}",
}

STATISTIC_WORDS = {
    "events": "number with the event",
    "n": "number of participants",
    "mean": "mean",
    "sd": "standard deviation",
    "se": "standard error",
    "median": "median",
    "q1": "lower quartile",
    "q3": "upper quartile",
    "min": "lowest value",
    "max": "highest value",
    "estimate": "estimate",
    "ci_low": "lower confidence limit",
    "ci_high": "upper confidence limit",
    "p": "p value",
    "percent": "percentage",
    "text": "text",
}


#: A "u" before a unit of amount, mass or volume, where the keyboard had no micro sign.
_MICRO = re.compile(r"\bu(?=(?:mol|g|l|L|kat)\b)")

#: Counts of people are named as such; other statistics are "the mean of ...".
COUNTS = {
    "events": "people with {outcome}",
    "n": "people counted for {outcome}",
    "text": "{outcome}",
}


class Names:
    """What the report calls things; every name comes from the protocol or the log."""

    def __init__(self, content: ReportContent) -> None:
        self._studies = {study.id: study.label for study in content.studies}
        self._outcomes = {outcome.id: outcome.name for outcome in content.protocol.outcomes}
        self._visits = {visit.id: visit.label for visit in content.protocol.visits}
        self._people = {member.id: member.name for member in content.protocol.team}
        self._sources = {s.id: s.database for s in content.protocol.sources}
        self._lang_outcomes = {
            (lang, outcome.id): found[0]
            for outcome in content.protocol.outcomes
            for lang, found in outcome.names
            if found
        }
        self._lang_concepts = {
            (lang, concept.id): found[0]
            for concept in content.protocol.concepts
            for lang, found in concept.names
            if found
        }
        self._concepts = dict(content.protocol.question.concepts)
        self._slugs = {**self._outcomes, **self._visits, **self._studies, **self._people}
        question, head = content.protocol.question, content.protocol.head
        words = f"{head.title} {question.intervention} {question.comparator}"
        self._capitals = {
            word.lower(): word
            for word in words.replace("(", " ").replace(")", " ").replace(",", " ").split()
            if word.isupper() and len(word) > 1
        }

    def study(self, study_id: str) -> Literal:
        """Label of a study."""
        return literal(self._studies.get(study_id, study_id), "label")

    def outcome(self, outcome_id: str) -> Literal:
        """Name of an outcome: the protocol's, else its slug in words."""
        words = outcome_id.replace("-", " ").replace("tidier ", "TIDieR ")
        return literal(self._outcomes.get(outcome_id) or words, "label")

    def outcome_in(self, outcome_id: str, lang: str) -> Literal:
        """Name of an outcome in a language, else the protocol's name."""
        found = self._lang_outcomes.get((lang, outcome_id))
        return literal(found, "label") if found else self.outcome(outcome_id)

    def concept_in(self, kind: str, lang: str) -> Literal | None:
        """Name of the question's population, intervention or comparator; ``None`` if unnamed."""
        found = self._lang_concepts.get((lang, self._concepts.get(kind, "")))
        return literal(found, "label") if found else None

    def arm_in(self, arm: str, lang: str) -> Piece:
        """Name of an arm: in other languages than English that of the concept with its id."""
        found = None if lang == "en" else self._lang_concepts.get((lang, arm))
        return literal(found, "label") if found else self.arm(arm)

    def slug(self, word: str, *, plain_words: bool = True) -> Literal | None:
        """Name of the study, outcome, visit or person that a slug stands for, or ``None``.

        Without ``plain_words`` a slug that could be any word of a sentence stays as it is.
        """
        found = self._slugs.get(word)
        if not found or not (plain_words or has_digit(word) or "-" in word):
            return None
        return literal(found, "label")

    def outcome_title(self, outcome_id: str) -> Piece:
        """Name of an outcome at the head of a sentence or title."""
        return capital(self.outcome(outcome_id))

    def visit(self, visit_id: str) -> Literal:
        """Label of a visit."""
        return literal(self._visits.get(visit_id, visit_id), "label")

    def source(self, source_id: str) -> Literal:
        """Database of a source."""
        return literal(self._sources.get(source_id) or source_id or "source unknown", "label")

    def arm(self, arm: str) -> Piece:
        """Name of an arm or contrast; an acronym is written as the protocol writes it."""
        if arm == "all":
            return "all participants"
        return join([self._arm(part) for part in arm.split("-vs-")], " versus ")

    def _arm(self, arm: str) -> Phrase:
        words = (self._capitals.get(word, word) for word in arm.split("-"))
        return join([literal(word, "label") for word in words], " ")

    def person(self, actor: str) -> Literal:
        """Name of a person, else the actor id."""
        return literal(self._people.get(actor, actor), "label")

    def when(self, cell: Cell) -> Phrase:
        """Estimand and visit: "ever by month twelve"."""
        return say(ESTIMAND_WORDS[cell.estimand], visit=self.visit(cell.visit))

    def value(self, value: Value) -> Piece:
        """Return what a value is: statistic, outcome, estimand, arm and study."""
        cell = value.cell
        pattern = COUNTS.get(value.statistic, "{what} of {outcome}")
        if cell.outcome == "participants" and value.statistic == "n":
            pattern = "{outcome}"
        parts: list[Piece] = [
            say(pattern, what=STATISTIC_WORDS[value.statistic],
                outcome=self.outcome(cell.outcome)),
            self.when(cell),
            self.arm(cell.arm),
            self.study(cell.study),
        ]  # fmt: skip
        return join(parts)


def unit_words(unit: str) -> str:
    """Return a unit as it is printed: a micro sign for the ``u`` that stands in for one.

    Only the print changes; the data keep the unit as it was entered. A unit with a digit is left
    alone: it must stand in the review letter by letter.

    Examples
    --------
    >>> unit_words("umol/L"), unit_words("units"), unit_words("ug/mL")
    ('μmol/L', 'units', 'μg/mL')
    """
    if has_digit(unit):
        return unit
    return _MICRO.sub("\N{GREEK SMALL LETTER MU}", unit)


def capital(name: Literal) -> Piece:
    """Return a name with a capital; one with digits stays a literal of the review.

    Examples
    --------
    >>> capital(Literal(text="death", kind="label"))
    'Death'
    """
    words = name.text[:1].upper() + name.text[1:]
    return literal(words, name.kind) if has_digit(words) else words
