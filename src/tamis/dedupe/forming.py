"""Study formation: which reports may be of one study, and which cohorts may overlap.

Reports are compared by what their records say: registry numbers, authors, centres, dates of
recruitment, sample sizes, titles. The rules propose and never link: a person does. What a record
does not say is unknown, and never a difference.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tamis.dedupe.folding import fold, fold_title, numbers_in, words
from tamis.dedupe.names import family_name, split_glued
from tamis.domain.records import Record
from tamis.domain.registries import registry_numbers

__all__ = [
    "FORMING",
    "ONE_STUDY",
    "OVERLAP",
    "Because",
    "FormingRule",
    "Proposal",
    "form",
]

ONE_STUDY, OVERLAP = "one-study", "overlap"

#: Fields that name other people's studies.
_NOT_OWN = frozenset({"cr", "references", "cited references", "cin", "con"})
#: Fields that name where the authors work.
_ADDRESSES = frozenset((
    "ad", "c1", "in", "affiliations", "authors with affiliations", "author affiliations",
    "author address", "institution",
))  # fmt: skip
_GENERIC = frozenset((
    "hospital", "university", "institute", "institut", "center", "centre", "clinic", "college",
    "department", "division", "school", "faculty", "medical", "medicine", "of", "the", "and",
    "for", "general", "national", "research", "sciences", "science", "health", "affiliated",
))  # fmt: skip
_PLACE = re.compile(r"hospital|universit|institut|cent(?:er|re)\b|clinic\b|医院|大学", re.I)
_NAMED_PLACE = re.compile(
    r"(?:[A-Z][\w'’-]+\s+(?:of\s+|and\s+)?){1,5}(?:Hospital|University|Institute|Cent(?:er|re))\b"
    r"|(?:University|Hospital)\s+of\s+[A-Z][\w'’-]+|[\u4e00-\u9fff]{2,12}(?:医院|大学)"
)
#: Reports that are no study of patients of their own.
_NO_STUDY = re.compile(
    r"\b(?:systematic review|meta-?analys[ei]s|umbrella review|scoping review|guidelines?"
    r"|consensus statement|position statement|narrative review|commentary)\b"
)

_MONTH = {
    m: n
    for n, m in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NAME = r"(?:(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:\d{1,2},\s*)?)"
_RANGE = re.compile(
    rf"(?:from|between|during|in|,|\()?\s*{_NAME}?((?:19|20)\d\d)\s*"
    rf"(?:to|and|until|till|through|[-\u2013\u2014])\s*(?:\d{{1,2}}\s+)?{_NAME}?((?:19|20)\d\d)\b"
)
_RANGE_ZH = re.compile(
    r"((?:19|20)\d\d)年(\d{1,2})月[^至到~—-]{0,4}[至到~—-]+\s*((?:19|20)\d\d)年(\d{1,2})月"
)
_SIZE = re.compile(
    r"(?<![\d.,/])(\d{1,3}(?:,\d{3})+|\d{2,6})\s+(?:[a-z-]+\s+){0,3}?(?:patients|participants"
    r"|subjects|women|men|children|adults|individuals|infants|volunteers)\b"
    r"|\bn\s*=\s*(\d{2,6})\b|(?<!\d)(\d{2,6})\s*例"
)
_STOP = frozenset((
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with",
))  # fmt: skip

#: Above this a report names registrations of others too: a pooled analysis or a list.
MANY = 3
#: Shares of title words: one title written twice; one subject.
ALIKE, KIN = 0.8, 0.3
#: Years between reports of one study, and between reports of one team's cohorts.
NEAR, FAR = 5, 10
#: Reports that share one name or word are compared with their neighbours only above this.
CAP = 200

Person = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """One reason: what two reports share (``kind``) and the words that show it.

    ``unknown`` reasons name what neither proves nor speaks against the proposal.
    """

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Two reports, ``a < b``, and what a rule proposes: ``one-study`` or ``overlap``."""

    a: str
    b: str
    outcome: str
    rule: str
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    report: str
    own: bool
    numbers: frozenset[str]
    people: frozenset[Person]
    leads: frozenset[Person]
    centres: frozenset[str]
    dates: tuple[tuple[int, int], ...]
    sizes: frozenset[int]
    titles: tuple[tuple[frozenset[str], tuple[str, ...]], ...]
    years: frozenset[int]


class _Both:
    """What two reports share; ``None`` where one of them does not say."""

    def __init__(self, a: _Facts, b: _Facts) -> None:
        self.a, self.b = a, b
        self.numbers = a.numbers & b.numbers
        self.other_numbers = bool(a.numbers and b.numbers and not self.numbers)
        self.people = a.people & b.people
        self.leads = a.leads & b.leads
        self.fewest = min(len(a.people), len(b.people))
        self.team = bool(self.leads) and len(self.people) >= min(2, self.fewest)
        self.centres = a.centres & b.centres
        self.centre = bool(self.centres) if a.centres and b.centres else None
        self.dates = _dates_meet(a.dates, b.dates)
        self.sizes = a.sizes & b.sizes
        self.alike, self.same_numbers = _titles(a, b)
        years = [abs(x - y) for x in a.years for y in b.years]
        self.gap = min(years) if years else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FormingRule:
    """A rule of study formation: its outcome, when it holds, what it shows, and why it is there."""

    name: str
    outcome: str
    holds: Callable[[_Both], bool]
    shows: tuple[str, ...]
    why: str


def _same_title(p: _Both) -> bool:
    return p.alike >= ALIKE and len(p.people) >= min(2, p.fewest) > 0 and p.gap <= NEAR


#: The first rule that holds decides; where none does, nothing is proposed.
FORMING: tuple[FormingRule, ...] = (
    FormingRule(
        name="same-registration", outcome=ONE_STUDY,
        holds=lambda p: bool(p.numbers) and max(len(p.a.numbers), len(p.b.numbers)) <= MANY,
        shows=("registration",), why="a trial is registered once, whatever is printed of it"),
    FormingRule(
        name="registration-among-many", outcome=OVERLAP, holds=lambda p: bool(p.numbers),
        shows=("registration",), why="a pooled analysis names the trials whose patients it shares"),
    FormingRule(
        name="same-title-and-authors", outcome=ONE_STUDY,
        holds=lambda p: _same_title(p) and p.same_numbers and not p.other_numbers,
        shows=("title", "authors"), why="a meeting abstract and its paper keep title and people"),
    FormingRule(
        name="same-cohort", outcome=ONE_STUDY,
        holds=lambda p: bool(p.team and p.centre and p.dates and p.sizes) and not p.other_numbers,
        shows=("lead", "centre", "dates", "size"),
        why="people, centre, months of recruitment and number of patients agree"),
    FormingRule(
        name="same-centre-and-dates", outcome=OVERLAP,
        holds=lambda p: bool(p.leads and p.centre and p.dates),
        shows=("lead", "centre", "dates"),
        why="one team recruited at one place in the same months: patients may be counted twice"),
    FormingRule(
        name="same-centre-and-size", outcome=OVERLAP,
        holds=lambda p: bool(p.leads and p.centre and p.sizes) and p.dates is not False,
        shows=("lead", "centre", "size"), why="one team, one place, one number of patients"),
    FormingRule(
        name="same-title-but", outcome=OVERLAP, holds=_same_title, shows=("title", "authors"),
        why="one title with another registration or another number in it, such as a second part"),
    FormingRule(
        name="same-team", outcome=OVERLAP,
        holds=lambda p: (p.team and p.alike >= KIN and p.gap <= FAR and not p.other_numbers
                         and p.centre is not False and p.dates is not False),
        shows=("lead", "authors", "title"),
        why="one team on one subject, and no centre or date that would tell the cohorts apart"),
    FormingRule(
        name="same-title-authors-unknown", outcome=OVERLAP,
        holds=lambda p: p.alike >= ALIKE and p.fewest == 0 and p.gap <= NEAR,
        shows=("title",), why="registry entries and meeting lists often name no authors"),
)  # fmt: skip


def form(reports: Mapping[str, Sequence[Record]]) -> tuple[Proposal, ...]:
    """Propose which reports are of one study, and which may share patients.

    Parameters
    ----------
    reports
        Name of a report (or of a study that stands already) and its records.

    Returns
    -------
    tuple of Proposal
        At most one for two reports, sorted; the same for any order of input.

    Notes
    -----
    Recruitment and sizes are read from abstracts, centres from addresses and abstracts; a record
    without them is proposed by people and title alone. Reviews, guidelines and comments are left
    out. Names are compared by family name and first initial: namesakes are proposed too.

    Examples
    --------
    >>> paper = Record(id="a:0", raw=(), title="Talc for effusions", abstract="NCT01234567.")
    >>> entry = Record(id="b:0", raw=(("ID", "NCT 01234567"),), title="Powder in the pleura")
    >>> [(p.outcome, p.rule, p.because[0].text) for p in form({"x": [paper], "y": [entry]})]
    [('one-study', 'same-registration', 'NCT01234567')]
    """
    facts = [_facts(name, reports[name]) for name in sorted(reports)]
    facts = [one for one in facts if one.own]
    found = []
    for i, j in sorted(_candidates(facts)):
        both = _Both(facts[i], facts[j])
        rule = next((rule for rule in FORMING if rule.holds(both)), None)
        if rule is not None:
            found.append(Proposal(
                a=both.a.report, b=both.b.report, outcome=rule.outcome, rule=rule.name,
                because=tuple(_because(both, rule)),
            ))  # fmt: skip
    return tuple(found)


def _facts(name: str, records: Sequence[Record]) -> _Facts:
    own = [text for r in records for text in _own_texts(r)]
    told = [f"{r.title}. {r.abstract}" for r in records]
    lists = [[_person(a) for a in split_glued(r.authors)] for r in records]
    lists = [[p for p in people if p[0]] for people in lists]
    titles = {
        (frozenset(map(_stem, t.words)) - _STOP, numbers_in(t.words))
        for t in (fold_title(r.title) for r in records)
    }
    return _Facts(
        report=name,
        own=not any(_NO_STUDY.search(fold(f"{r.title} {r.type}")) for r in records),
        numbers=registry_numbers("\n".join(own)),
        people=frozenset(p for people in lists for p in people),
        leads=frozenset(p for people in lists if people for p in (people[0], people[-1])),
        centres=frozenset(c for r in records for c in _centres(r)),
        dates=tuple(sorted({d for text in told for d in _dates(text)})),
        sizes=frozenset(n for text in told for n in _sizes(text)),
        titles=tuple(sorted(titles, key=lambda t: (sorted(t[0]), t[1]))),
        years=frozenset(r.year for r in records if r.year and r.year != 9999),
    )


def _own_texts(record: Record) -> Iterator[str]:
    yield from (record.source_id, record.title, record.abstract, record.journal, *record.urls)
    yield from (text for tag, text in record.raw if tag.casefold().strip() not in _NOT_OWN)


def _person(author: str) -> Person:
    """Return family name and first initial; the initial is empty where there is none."""
    family, _ = family_name(author)
    _, comma, after = author.partition(",")
    parts = words(fold(after if comma else author))
    given = [p for p in parts if comma or p != family]
    return family, given[0][0] if given else ""


def _stem(word: str) -> str:
    word = word.replace("centre", "center")
    return word[:-1] if len(word) > 4 and word.endswith("s") and word[-2] not in "su" else word


def _centres(record: Record) -> Iterator[str]:
    pieces = [
        piece
        for tag, text in record.raw
        if tag.casefold().strip() in _ADDRESSES
        for piece in re.split(r"[,;.\n]", text)
        if _PLACE.search(piece)
    ]
    for piece in (*pieces, *(m[0] for m in _NAMED_PLACE.finditer(record.abstract))):
        name = [w for w in words(fold(piece)) if w not in ("the", "at", "of")]
        if any(w not in _GENERIC for w in name):
            yield " ".join(name)


def _dates(text: str) -> Iterator[tuple[int, int]]:
    """Yield ranges as months since year 0; a year without a month is the whole year."""
    for month, year, last_month, last_year in _RANGE.findall(fold(text)):
        start = int(year) * 12 + (_MONTH[month] if month else 1)
        end = int(last_year) * 12 + (_MONTH[last_month] if last_month else 12)
        if start <= end:
            yield start, end
    for year, month, last_year, last_month in _RANGE_ZH.findall(text):
        yield int(year) * 12 + int(month), int(last_year) * 12 + int(last_month)


def _sizes(text: str) -> Iterator[int]:
    for found in _SIZE.findall(fold(text)):
        number = int(next(filter(None, found)).replace(",", ""))
        if number >= 10 and not 1900 <= number <= 2100:
            yield number


def _dates_meet(
    a: Sequence[tuple[int, int]], b: Sequence[tuple[int, int]]
) -> tuple[int, int] | bool | None:
    """Return the months that two reports share, ``False`` for none, ``None`` when one is silent."""
    if not a or not b:
        return None
    shared = [(max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b]
    return next((both for both in sorted(shared) if both[0] <= both[1]), False)


def _titles(a: _Facts, b: _Facts) -> tuple[float, bool]:
    """Return the largest share of title words, and whether the numbers in them agree."""
    found = [
        (len(x & y) / len(x | y), n == m)
        for x, n in a.titles for y, m in b.titles if min(len(x), len(y)) >= 5
    ]  # fmt: skip
    return max(found, default=(0.0, False))


def _candidates(facts: Sequence[_Facts]) -> set[tuple[int, int]]:
    """Return pairs that share a number, a lead, or the longest words of a title."""
    groups: dict[object, set[int]] = defaultdict(set)
    for n, one in enumerate(facts):
        keys: Iterable[object] = (
            *(("number", x) for x in one.numbers), *(("lead", x) for x in one.leads),
            *(("people", x) for x in combinations(sorted(one.people)[:3], 2)),
            *(("title", tuple(sorted(t, key=lambda w: (-len(w), w))[:3])) for t, _ in one.titles),
        )  # fmt: skip
        for key in keys:
            groups[key].add(n)
    found: set[tuple[int, int]] = set()
    for group in map(sorted, groups.values()):
        found |= {(i, j) for k, i in enumerate(group) for j in group[k + 1 : k + CAP]}
    return found


def _because(both: _Both, rule: FormingRule) -> Iterator[Because]:
    for kind in rule.shows:
        yield Because(kind=kind, text=_SHOWN[kind](both))
    for kind, known in (("centre", both.centre), ("dates", both.dates)):
        if rule.outcome == OVERLAP and known is None:
            yield Because(kind=f"unknown-{kind}")


def _named(people: Iterable[Person]) -> str:
    return "; ".join(f"{f.capitalize()} {i.upper()}".strip() for f, i in sorted(people)[:6])


def _months(dates: tuple[int, int] | bool | None) -> str:
    if not isinstance(dates, tuple):
        return ""
    return "\u2013".join(f"{(n - 1) // 12}-{(n - 1) % 12 + 1:02}" for n in dates)


#: What is shown for each kind of reason.
_SHOWN: Mapping[str, Callable[[_Both], str]] = {
    "registration": lambda p: "; ".join(sorted(p.numbers)),
    "title": lambda p: f"{p.alike:.0%}",
    "authors": lambda p: _named(p.people),
    "lead": lambda p: _named(p.leads),
    "centre": lambda p: "; ".join(sorted(p.centres)[:3]),
    "dates": lambda p: _months(p.dates),
    "size": lambda p: "; ".join(map(str, sorted(p.sizes, reverse=True)[:3])),
}
