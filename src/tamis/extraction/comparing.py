"""Two people's extraction of one study side by side: what is the same, what differs, and how.

Readings are matched by what they are about (study, outcome, visit, arm, estimand, statistic), not
by where they stand on a screen. A number under another definition or denominator is a difference,
even if the digits are the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest

from tamis.domain.decisions import ValueSettlement
from tamis.domain.value_rows import parse_bound
from tamis.domain.values import LookedFor, PassageAnchor, Value
from tamis.extraction.field_ranges import conversion, unit_key
from tamis.extraction.rounding import rounded
from tamis.extraction.search_text import search_text
from tamis.extraction.standing import Datum, Place, place_of, settled_among

__all__ = ["COMPARED", "Compared", "Unaligned", "compare_readings", "unaligned"]

#: State of a pair of readings -> what it means. Only the first four need nobody.
COMPARED: Mapping[str, str] = {
    "same": "both say the same",
    "same-rounded": "the same number, rounded or in another unit",
    "other-anchor": "the same number from another passage",
    "both-sought": "both looked for it and did not find it",
    "other-meaning": "the same number under another definition, unit or denominator",
    "differ": "they differ",
    "only-a": "only the first has it",
    "only-b": "only the second has it",
}

#: States that wait for a settlement.
OPEN = frozenset({"other-meaning", "differ", "only-a", "only-b"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two readings of one thing (``None`` where a person has none), and how they compare.

    ``settled`` is the settlement that holds; ``reopened`` tells that one does no longer, because a
    reading changed. ``shown`` says in one line what differs.
    """

    place: Place
    a: Datum | None
    b: Datum | None
    state: str
    shown: str
    settled: ValueSettlement | None = None
    reopened: bool = False

    @property
    def key(self) -> str:
        """A stable name of the row: the ids of the events that it compares."""
        return ";".join(datum.event for datum in (self.a, self.b) if datum is not None)

    @property
    def open(self) -> bool:
        """Whether a person has to settle it."""
        return self.state in OPEN and self.settled is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaligned:
    """Names that only one of the two uses: they are aligned before anything is compared.

    ``what`` is ``arm``, ``visit`` or ``outcome``.
    """

    what: str
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


def compare_readings(
    a: Iterable[Datum],
    b: Iterable[Datum],
    *,
    settlements: Sequence[ValueSettlement] = (),
    known: Iterable[str] = (),
) -> tuple[Compared, ...]:
    """Compare two people's readings of one study.

    Parameters
    ----------
    a, b
        Everything that each of them recorded of the study.
    settlements
        Of the review, in the order of the log.
    known
        Events of all readings that stand, the settlers' own included.

    Returns
    -------
    tuple of Compared
        In the order of the places; several readings of one place are matched by document, then in
        their order.
    """
    mine, other = _by_place(a), _by_place(b)
    standing_now = set(known) | {d.event for d in _all(mine)} | {d.event for d in _all(other)}
    found: list[Compared] = []
    for place in sorted({*mine, *other}):
        for one, two in _matched(mine.get(place, []), other.get(place, [])):
            events = [datum.event for datum in (one, two) if datum is not None]
            settled, reopened = settled_among(events, settlements, standing_now)
            state, shown = _compared(one, two)
            found.append(
                Compared(
                    place=place, a=one, b=two, state=state, shown=shown,
                    settled=settled, reopened=reopened,
                )
            )  # fmt: skip
    return tuple(found)


def unaligned(a: Iterable[Datum], b: Iterable[Datum]) -> tuple[Unaligned, ...]:
    """Return arms, visits and outcomes that only one of two people uses.

    Examples
    --------
    >>> unaligned([], [])
    ()
    """
    mine, other = list(a), list(b)
    found = []
    for what in ("outcome", "arm", "visit"):
        one = {getattr(d.cell, what) for d in mine}
        two = {getattr(d.cell, what) for d in other}
        if one - two and two - one:
            found.append(
                Unaligned(
                    what=what, only_a=tuple(sorted(one - two)), only_b=tuple(sorted(two - one))
                )
            )
    return tuple(found)


def _by_place(data: Iterable[Datum]) -> dict[Place, list[Datum]]:
    places: dict[Place, list[Datum]] = defaultdict(list)
    for datum in sorted(data, key=lambda d: (d.cell.n, d.id, d.event)):
        places[place_of(datum)].append(datum)
    return places


def _all(places: Mapping[Place, list[Datum]]) -> Iterator[Datum]:
    for data in places.values():
        yield from data


def _matched(a: Sequence[Datum], b: Sequence[Datum]) -> Iterator[tuple[Datum | None, Datum | None]]:
    left, right = list(a), list(b)
    if len(left) > 1 or len(right) > 1:
        for one in tuple(left):
            two = next((d for d in right if _source(d) == _source(one)), None)
            if two is not None:
                left.remove(one)
                right.remove(two)
                yield one, two
    yield from zip_longest(left, right)


def _source(datum: Datum) -> tuple[str, str]:
    if isinstance(datum, LookedFor):
        return "looked-for", ""
    if isinstance(datum.source, PassageAnchor):
        return datum.cell.definition, datum.source.document
    return datum.cell.definition, datum.source.citation


def _compared(a: Datum | None, b: Datum | None) -> tuple[str, str]:
    if a is None or b is None:
        return ("only-b", _said(b)) if a is None else ("only-a", _said(a))
    if isinstance(a, LookedFor) or isinstance(b, LookedFor):
        both = isinstance(a, LookedFor) and isinstance(b, LookedFor)
        return "both-sought" if both else "differ", f"{_said(a)} against {_said(b)}"
    if a.statistic == "text":
        return _texts(a, b)
    return _numbers(a, b)


def _texts(a: Value, b: Value) -> tuple[str, str]:
    same = _plain(a.printed) == _plain(b.printed)
    return ("same" if same else "differ"), f"{_said(a)} against {_said(b)}"


def _numbers(a: Value, b: Value) -> tuple[str, str]:
    shown = f"{_said(a)} against {_said(b)}"
    alike = _alike(a, b)
    if alike == "":
        return "differ", shown
    words = _other_words(a, b)
    if words:
        return "other-meaning", f"{_said(a)}, and {'; '.join(words)}"
    if alike == "rounded":
        return "same-rounded", shown
    if a.source != b.source and not _overlap(a, b):
        return "other-anchor", _said(a)
    return "same", _said(a)


def _alike(a: Value, b: Value) -> str:
    """Return ``exact``, ``rounded`` (rounding or a unit explains it) or nothing."""
    if a.number is None or b.number is None:
        return "exact" if parse_bound(a.printed) == parse_bound(b.printed) else ""
    factor = _factor(a, b)
    if factor is None or factor == 1:
        if a.number == b.number:
            return "exact"
        coarse = rounded(a.number).meets(rounded(b.number)) and _places(a) != _places(b)
        return "rounded" if coarse else ""
    return "rounded" if rounded(a.number).times(factor).meets(rounded(b.number)) else ""


def _places(value: Value) -> int:
    return 0 if value.number is None else int(value.number.as_tuple().exponent)


def _factor(a: Value, b: Value) -> Fraction | None:
    """Return what turns the first number into the unit of the second, if that is known."""
    one, two = unit_key(a.unit), unit_key(b.unit)
    if one == two:
        return Fraction(1)
    known = conversion(a.cell.outcome, a.unit)
    if known is None or {one, two} != {known.one, known.other}:
        return None
    return Fraction(known.factor) if one == known.one else 1 / Fraction(known.factor)


def _other_words(a: Value, b: Value) -> list[str]:
    found = []
    for name, one, two in (
        ("definition", a.cell.definition, b.cell.definition),
        ("denominator", a.denominator, b.denominator),
    ):
        if _plain(one) != _plain(two):
            found.append(f"{name} {one or 'none'} against {two or 'none'}")
    if _factor(a, b) is None:
        found.append(f"unit {a.unit or 'none'} against {b.unit or 'none'}")
    return found


def _overlap(a: Value, b: Value) -> bool:
    """Tell whether two passages share characters of one page."""
    one, two = a.source, b.source
    if not isinstance(one, PassageAnchor) or not isinstance(two, PassageAnchor):
        return False
    here = (one.document, one.page) == (two.document, two.page)
    return here and one.start < two.end and two.start < one.end


def _said(datum: Datum | None) -> str:
    if datum is None:
        return "nothing"
    if isinstance(datum, LookedFor):
        return f"not reported ({datum.where})" if datum.where else "not reported"
    return f"{datum.printed} {datum.unit}".strip()


def _plain(text: str) -> str:
    return search_text(text).text.casefold().strip(" .")
