"""The names under which users of metafor, RevMan and meta know the columns of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

__all__ = ["REST_OF", "canonical", "with_totals"]

#: Name, in lower case -> column.
SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        # metafor (escalc, rma)
        "ai": "events1", "n1i": "n1", "ci": "events2", "n2i": "n2",
        "m1i": "mean1", "sd1i": "sd1", "m2i": "mean2", "sd2i": "sd2",
        "xi": "events", "ni": "n",
        "x1i": "events1", "t1i": "time1", "x2i": "events2", "t2i": "time2", "ti": "time",
        "ri": "r", "y": "yi", "v": "vi", "se": "sei", "slab": "study",
        # RevMan, its tables of data and its forest plots
        "experimental cases": "events1", "experimental n": "n1",
        "control cases": "events2", "control n": "n2",
        "experimental events": "events1", "experimental total": "n1",
        "control events": "events2", "control total": "n2",
        "experimental mean": "mean1", "experimental sd": "sd1",
        "control mean": "mean2", "control sd": "sd2", "giv mean": "yi", "giv se": "sei",
        "study or subgroup": "study",
        # meta (metabin, metacont, metagen, metaprop, metarate)
        "event.e": "events1", "n.e": "n1", "event.c": "events2", "n.c": "n2",
        "mean.e": "mean1", "sd.e": "sd1", "mean.c": "mean2", "sd.c": "sd2",
        "time.e": "time1", "time.c": "time2", "event": "events",
        "te": "yi", "sete": "sei", "studlab": "study",
        # others
        "events_1": "events1", "n_1": "n1", "events_2": "events2", "n_2": "n2",
        "ci.lb": "lower", "ci.ub": "upper", "ci_low": "lower", "ci_high": "upper",
        "author": "study", "label": "study",
    }
)  # fmt: skip

#: metafor's counts of those without an event -> (their events, the total that both make).
REST_OF: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"bi": ("events1", "n1"), "di": ("events2", "n2"), "mi": ("events", "n")}
)


def canonical(column: object) -> str:
    """Return the column that a name stands for.

    Examples
    --------
    >>> canonical(" Experimental Total "), canonical("Dose")
    ('n1', 'dose')
    """
    text = str(column).strip().lower()
    return SYNONYMS.get(text, text)


def with_totals(columns: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the totals that can be added up: total -> (events, the others).

    Examples
    --------
    >>> with_totals(["events1", "bi", "events2", "n2"])
    {'n1': ('events1', 'bi')}
    """
    there = set(columns)
    return {
        total: (events, rest)
        for rest, (events, total) in REST_OF.items()
        if rest in there and events in there and total not in there
    }
