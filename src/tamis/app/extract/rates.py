"""How far two extractors agree, and how often each was wrong against what was settled.

Agreement is counted over pairs of readings, before any settlement. An error is a reading that a
settlement did not choose; what kind of error it is, is told from the two numbers, in the order of
``ERRORS``, and shown to people as a proposal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tamis.app.extract.views import ComparedStudy
from tamis.domain.results import Interval
from tamis.domain.values import LookedFor, Value
from tamis.extraction import Compared
from tamis.extraction.standing import Datum
from tamis.synthesis import wilson

__all__ = ["ERRORS", "FIELD_KINDS", "ErrorRate", "ExtractionRates", "FieldAgreement", "rates_of"]

#: Kind of field -> statistics that belong to it.
FIELD_KINDS: Mapping[str, frozenset[str]] = {
    "words": frozenset({"text"}),
    "counts": frozenset({"events", "n", "percent"}),
    "levels": frozenset({"mean", "median"}),
    "spreads": frozenset({"sd", "se", "q1", "q3", "min", "max"}),
    "effects": frozenset({"estimate", "ci_low", "ci_high"}),
    "p values": frozenset({"p"}),
}

_AGREE = frozenset({"same", "other-anchor", "both-sought"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAgreement:
    """Pairs of readings of one kind of field: how many, the same, the same within rounding.

    ``interval`` is Wilson's for the exact agreement.
    """

    kind: str
    pairs: int
    same: int
    rounded: int
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRate:
    """One person's readings against what was settled or agreed on.

    ``errors`` counts by kind (``ERRORS``); ``interval`` is Wilson's for all of them together.
    """

    extractor: str
    kind: str
    judged: int
    errors: tuple[tuple[str, int], ...]
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionRates:
    """Agreement and error rates; ``open`` rows are in the agreement and not in the errors."""

    agreement: tuple[FieldAgreement, ...]
    errors: tuple[ErrorRate, ...]
    studies: int
    open: int


def rates_of(compared: Sequence[ComparedStudy], data: Mapping[str, Datum]) -> ExtractionRates:
    """Return rates over compared studies; ``data`` gives the chosen readings by event."""
    rows = [(one, row) for one in compared for row in one.rows]
    return ExtractionRates(
        agreement=tuple(
            found
            for kind in FIELD_KINDS
            if (found := _agreement(kind, [row for _, row in rows if _kind(row) == kind]))
        ),
        errors=tuple(_errors(rows, data)),
        studies=len(compared),
        open=sum(row.open for _, row in rows),
    )


def error_kind(wrong: Datum | None, right: Datum, others: Iterable[Datum] = ()) -> str:
    """Return what kind of error a reading is, given the one that counts (a key of ``ERRORS``).

    ``others`` are the readings that count elsewhere in the study.
    """
    if wrong is None:
        return "omission"
    if isinstance(wrong, LookedFor) or isinstance(right, LookedFor):
        return "omission" if isinstance(wrong, LookedFor) else "not reported"
    if wrong.number is None or right.number is None:
        return "interpretation" if wrong.statistic == "text" else "transcription"
    for kind, is_it in _TESTS:
        if is_it(wrong, right):
            return kind
    elsewhere = {d.number for d in others if isinstance(d, Value) and d.event != right.event}
    if wrong.number in elsewhere:
        return "wrong cell"
    return "transcription" if _one_slip(wrong.printed, right.printed) else "interpretation"


#: Kind of error -> what it means.
ERRORS: Mapping[str, str] = {
    "omission": "it is reported and was not read",
    "not reported": "it was read and is not reported",
    "definition": "the number under another definition",
    "denominator": "the number of other people",
    "unit": "the number in another unit",
    "sign": "the sign is wrong",
    "power of ten": "the decimal mark or the exponent is wrong",
    "wrong cell": "the number of another cell",
    "transcription": "one digit is wrong, left out, added or exchanged",
    "interpretation": "another number or other words",
}


def _sign(a: Value, b: Value) -> bool:
    return a.number is not None and b.number is not None and a.number == -b.number != 0


def _power(a: Value, b: Value) -> bool:
    if not a.number or not b.number:
        return False
    ratio = abs(a.number / b.number).normalize()
    return ratio != 1 and ratio == Decimal(1).scaleb(ratio.adjusted())


_TESTS: tuple[tuple[str, Callable[[Value, Value], bool]], ...] = (
    ("definition", lambda a, b: a.number == b.number and a.cell.definition != b.cell.definition),
    ("denominator", lambda a, b: a.number == b.number and a.denominator != b.denominator),
    ("unit", lambda a, b: a.number == b.number and a.unit != b.unit),
    ("sign", _sign),
    ("power of ten", _power),
)  # fmt: skip


def _one_slip(a: str, b: str) -> bool:
    """Tell whether two printed numbers are one slip of the finger apart."""
    if len(a) == len(b):
        unlike = [i for i in range(len(a)) if a[i] != b[i]]
        swapped = (
            len(unlike) == 2
            and unlike[1] == unlike[0] + 1
            and sorted((a[unlike[0]], a[unlike[1]])) == sorted((b[unlike[0]], b[unlike[1]]))
        )
        return len(unlike) == 1 or swapped
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    )


def _kind(row: Compared) -> str:
    statistic = row.place[-1]
    return next(kind for kind, members in FIELD_KINDS.items() if statistic in members)


def _agreement(kind: str, rows: Sequence[Compared]) -> FieldAgreement | None:
    if not rows:
        return None
    same = sum(row.state in _AGREE for row in rows)
    return FieldAgreement(
        kind=kind,
        pairs=len(rows),
        same=same,
        rounded=sum(row.state == "same-rounded" for row in rows),
        interval=wilson(same, len(rows)),
    )


def _errors(
    rows: Sequence[tuple[ComparedStudy, Compared]], data: Mapping[str, Datum]
) -> Iterable[ErrorRate]:
    judged: Counter[tuple[str, str]] = Counter()
    wrong: dict[tuple[str, str], Counter[str]] = {}
    right_ones = [_right(row, data) for _, row in rows]
    for (study, row), right in zip(rows, right_ones, strict=True):
        if right is None:
            continue
        others = [d for d in right_ones if d is not None and d.cell.study == study.study]
        for who, mine in ((study.a, row.a), (study.b, row.b)):
            key = (who, _kind(row))
            judged[key] += 1
            if row.settled is not None and (mine is None or mine.event != right.event):
                counts = wrong.setdefault(key, Counter())
                if not _says_the_same(mine, right):
                    counts[error_kind(mine, right, others)] += 1
    for who, kind in sorted(judged):
        counts = wrong.get((who, kind), Counter())
        yield ErrorRate(
            extractor=who,
            kind=kind,
            judged=judged[who, kind],
            errors=tuple(sorted(counts.items())),
            interval=wilson(counts.total(), judged[who, kind]),
        )


def _says_the_same(mine: Datum | None, right: Datum) -> bool:
    if isinstance(mine, LookedFor):
        return isinstance(right, LookedFor)
    if mine is None or isinstance(right, LookedFor):
        return False
    return (mine.printed, mine.unit, mine.denominator, mine.cell.definition) == (
        right.printed, right.unit, right.denominator, right.cell.definition,
    )  # fmt: skip


def _right(row: Compared, data: Mapping[str, Datum]) -> Datum | None:
    """Return the reading that counts, or ``None`` while the row is open."""
    if row.settled is not None:
        return data.get(row.settled.chosen)
    return None if row.open else row.a
