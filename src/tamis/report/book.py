"""The book of a report: every quantity and literal it prints, and the names it uses for things.

Sections ask the book for quantities; the template engine writes down what was really printed. A
quantity that is printed twice under one id with different numbers is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.quantities import Literal, Quantity
from tamis.domain.value_rows import parse_number
from tamis.domain.values import Derivation, Value
from tamis.report.cited import Cited
from tamis.report.content import ReportContent
from tamis.report.corpus import Corpus, level_text, literal, long_date
from tamis.report.digits import has_digit
from tamis.report.names import Names, capital, unit_words
from tamis.report.phrase import NBSP, Phrase, Piece, join, say

__all__ = ["LOUD", "Book"]

#: Status words that stand beside the number wherever it is printed.
LOUD = frozenset({"unverified", "lay article", "secondary source", "derived"})

#: Rules of the quantities that are extracted values.
AS_PRINTED = "as printed in its source"
AS_DERIVED = "derived as its formula says"

_NONE: Mapping[str, str] = MappingProxyType({})

#: A number that stands by itself, or else a word with a digit in it: a name such as ``gu2014``.
_TOKEN = re.compile(
    r"(?<![\w.])(?P<number>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*)"
    r"(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?)(?!\w)"
    r"|(?P<name>[^\s,;()]*\d[^\s,;()]*)"
)

#: What risks are counted per: part of a unit, not a number of this review.
PER = 1000

#: What follows a year in Chinese.
_CHINESE_YEAR = re.compile(r"\s?年")

#: Words before a year.
_BEFORE_YEAR = frozenset(("in", "by", "of", "until", "since", "from", "before", "after", "to"))

#: A word that may be an id: of a value (``v:study/outcome/...``), a study, an outcome, a visit.
_ID = re.compile(r"(?<![\w./-])(?:v:)?[A-Za-z][a-z0-9.-]*(?:/[\w.-]+)*(?:#\w+)?(?![\w/])")


class Book:
    """Registry of one report. Mutable while the report is being written, then read.

    Attributes
    ----------
    content
        What the report is made of.
    names
        Words for studies, arms, visits and outcomes.
    printed
        Ids of the quantities that stand in the text.
    literals
        ``(kind, text)`` of the literals that stand in the text.
    """

    def __init__(self, content: ReportContent) -> None:
        self.content = content
        self.names = Names(content)
        self.corpus = Corpus(content)
        self.cited = Cited(content)
        self.values = {value.id: value for value in content.extraction.values}
        self.printed: set[str] = set()
        self.literals: set[tuple[str, str]] = set()
        self._known: dict[str, Quantity] = {}
        self._what: dict[str, Piece] = {}
        self._said: set[str] = set()

    # --- quantities -------------------------------------------------------------------------

    def quantity(self, quantity: Quantity, what: Piece) -> Quantity:
        """Enter a quantity with the words that say what it is.

        Raises
        ------
        BadInput
            When another quantity has the same id.
        """
        known = self._known.setdefault(quantity.id, quantity)
        if known != quantity:
            raise BadInput(
                f"two quantities are called {quantity.id}: {known} and {quantity}",
                "give each number of the report its own id",
            )
        self._what.setdefault(quantity.id, what)
        self._said.update((known.id, known.rule, *known.settings, *known.settings.values()))
        return known

    def count(self, name: str, ids: Iterable[str], rule: str, what: Piece) -> Quantity:
        """Enter the size of a set of ids; ``name`` is ``<kind>:<id>``."""
        inputs = tuple(sorted(set(ids)))
        return self.quantity(
            Quantity(id=f"{name}#n", value=len(inputs), inputs=inputs, rule=rule), what
        )

    def number(  # noqa: PLR0913 - the fields of a quantity, spelled once
        self,
        name: str,
        value: float | Decimal | None,
        *,
        digits: int,
        inputs: Iterable[str],
        rule: str,
        what: Piece,
        unit: str = "",
        settings: Mapping[str, str] = _NONE,
        absent: str = "not estimable",
    ) -> Quantity:
        """Enter a computed number; ``name`` is the full quantity id."""
        quantity = Quantity(
            id=name,
            value=value,
            digits=digits,
            unit=unit,
            inputs=tuple(inputs),
            rule=rule,
            settings=MappingProxyType(dict(sorted(settings.items()))),
            absent=absent,
        )
        return self.quantity(quantity, what)

    def value(self, value: Value) -> Quantity | Literal:
        """Return an extracted value as the report prints it: a quantity, or words as a quote."""
        if value.statistic == "text":
            return literal(value.printed, "quote")
        source = value.source
        inputs = source.inputs if isinstance(source, Derivation) else ()
        number, bound = _number(value)
        exponent = number.as_tuple().exponent
        return self.quantity(
            Quantity(
                id=f"{value.id}#printed",
                value=number,
                digits=max(0, -exponent) if isinstance(exponent, int) else 0,
                unit=value.unit,
                inputs=inputs or (value.id,),
                rule=AS_DERIVED if isinstance(source, Derivation) else AS_PRINTED,
                bound=bound,
            ),
            self.names.value(value),
        )

    def shown(self, value: Value, *, unit: bool = True) -> Phrase:
        """Return a value with its unit and, where it is not first-hand, its status word."""
        pieces: list[Piece] = [self.value(value)]
        if unit and value.statistic != "text" and value.unit in ("%", "percent"):
            pieces.append(f"{NBSP}%")
        elif unit and value.statistic not in ("text", "n", "events", "p") and value.unit:
            pieces += [NBSP, self.lit(unit_words(value.unit), "label")]
        if value.status in LOUD:
            pieces.append(say(" ({status})", status=value.status))
        return Phrase(tuple(pieces))

    def spoken(self, text: str, *, name: str, inputs: Iterable[str], rule: str) -> Phrase:
        """Return a sentence that a room computed, each number in it as a quantity.

        Ids of values, studies, outcomes and visits are said by their names. Other numbers glued to
        letters are names and become identifiers.
        """
        pieces: list[Piece] = []
        because = tuple(inputs)
        at = 0
        for start, end, named in self._named(text):
            pieces += self._numbered(text[at:start], f"{name}@{at}" if at else name, because, rule)
            pieces.append(named)
            at = end
        pieces += self._numbered(text[at:], f"{name}@{at}" if at else name, because, rule)
        return Phrase(tuple(piece for piece in pieces if piece != ""))

    def _named(self, text: str) -> Iterator[tuple[int, int, Piece]]:
        """Yield the ids in a message with the names they stand for."""
        for found in _ID.finditer(text):
            word = found[0].rstrip(".")
            first = not text[: found.start()].strip()
            named = self._id_words(word, first=first)
            if named is not None:
                yield (
                    found.start(),
                    found.start() + len(word),
                    capital(named) if first and isinstance(named, Literal) else named,
                )

    def _id_words(self, word: str, *, first: bool) -> Piece | None:
        """Return what an id in a message stands for: a value, a cell of values, or a thing."""
        value = self.values.get(word)
        if value is not None:
            return self.names.value(value)
        if "/" in word:
            study, _, rest = word.removeprefix("v:").partition("/")
            parts = [p for p in rest.split("/") if p]
            head = self.names.slug(study)
            if head is None or not parts:
                return None
            outcome = self.names.outcome(parts[0])
            when = [v for p in parts[1:2] if (v := self.names.slug(p.partition(".")[0]))]
            return join([head, outcome, *when])
        slug = word[:1].lower() + word[1:] if first else word
        return self.names.slug(slug, plain_words=first)

    def _numbered(
        self, text: str, name: str, because: tuple[str, ...], rule: str
    ) -> Iterator[Piece]:
        """Yield the words of a message, each number in them as a quantity."""
        end = 0
        for place, found in enumerate(_TOKEN.finditer(text)):
            yield self._words(text[end : found.start()])
            end = found.end()
            if found["name"]:
                yield self._allow(found["name"])
                continue
            if _CHINESE_YEAR.match(text, found.end()):
                yield self._allow(found["number"])
                continue
            if self._is_year(text, found):
                yield Literal(text=found["number"], kind="year")
                continue
            number = Decimal(found["number"].replace(",", ""))
            if number == PER and text[: found.start()].endswith("per "):
                yield self._allow(found["number"])
                continue
            exponent = number.as_tuple().exponent
            digits = max(0, -exponent) if isinstance(exponent, int) else 0
            what = say("a number in the message of the rule {rule}", rule=self._allow(rule))
            yield self.number(
                f"said:{name}#{place}",
                number,
                digits=digits,
                inputs=because or (self.content.protocol.head.id,),
                rule=rule,
                what=what,
            )
        yield self._words(text[end:])

    def _is_year(self, text: str, found: re.Match[str]) -> bool:
        """Tell whether a number in a message is the year of a publication of this review."""
        before, after = text[: found.start()].split()[-1:], text[found.end() :][:1]
        near = bool(before) and (before[0][:1].isupper() or before[0] in _BEFORE_YEAR)
        return (near or after in (";", ":", ")")) and self.corpus.allows(
            Literal(text=found["number"], kind="year")
        )

    # --- literals ---------------------------------------------------------------------------

    def lit(self, text: str, kind: str) -> Literal:
        """Return a text of the review as a literal.

        Raises
        ------
        BadInput
            When the text stands nowhere in the content: then it is no literal.
        """
        found = literal(text, kind)
        self._check(found)
        return found

    def text(self, text: str, kind: str, empty: str = "not stated") -> Piece:
        """Return a text of the review, or ``empty`` where there is none."""
        return self.lit(text, kind) if text.strip() else empty

    def _words(self, text: str) -> Piece:
        """Return words between numbers; what is left of digits in them (``I²``) is a name."""
        return self._allow(text) if has_digit(text) else text

    def _allow(self, word: str) -> Literal:
        """Return a word of a message that was written while this report was made."""
        self._said.add(word)
        return Literal(text=word, kind="identifier")

    def _check(self, found: Literal) -> None:
        if found.kind in ("identifier", "setting") and found.text in self._said:
            return
        if not self.corpus.allows(found):
            raise BadInput(
                f"the text {found.text!r} stands nowhere in the review as a {found.kind}",
                "print numbers as quantities, and texts as the review has them",
            )

    def day(self, stamp: str) -> Literal:
        """Return the day of a time stamp in words."""
        return self.lit(long_date(stamp), "date")

    def level(self, level: float) -> Literal:
        """Return a confidence level, for example ``95 %``."""
        return self.lit(level_text(level), "setting")

    def document_name(self, sha256: str) -> Piece:
        """Return the file name of a document, or the start of its hash."""
        for document in self.content.documents:
            if document.sha256 == sha256:
                return self.lit(document.file, "identifier")
        return self.text(sha256[:12], "identifier", "a document that is not attached")

    # --- what the engine writes down, what the index reads ----------------------------------

    def note_quantity(self, quantity: Quantity) -> None:
        """Write down that this quantity was printed; refuse one that was never entered."""
        if self._known.get(quantity.id) != quantity:
            raise BadInput(
                f"the quantity {quantity.id} was printed and never entered in the book",
                "make it with Book.number, Book.count or Book.value",
            )
        self.printed.add(quantity.id)

    def note_literal(self, printed: Literal, shown: Literal) -> None:
        """Write down a literal as it is ``shown``; refuse one that is no text of the review."""
        self._check(printed)
        if has_digit(shown.text):
            self.literals.add((shown.kind, shown.text))

    def known(self, quantity_id: str) -> Quantity | None:
        """Return the quantity with that id, or ``None``."""
        return self._known.get(quantity_id)

    def what(self, quantity_id: str) -> Piece:
        """Return the words that say what a quantity is."""
        return self._what[quantity_id]


def _number(value: Value) -> tuple[Decimal, str]:
    """Return the number of a value, and the sign before it where only a bound was printed."""
    if value.number is not None:
        return value.number, ""
    printed = value.printed.strip()
    number = parse_number(printed[1:])
    if number is None:
        raise BadInput(f"{value.printed!r} is no number", "write digits, or '<0.001' for a bound")
    return number, printed[0]
