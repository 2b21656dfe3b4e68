"""Rules on patients who may be counted twice: registration, centre and dates, numbers, notes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tamis.domain.records import Study
from tamis.domain.registries import registry_numbers
from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.extraction.trust_case import Case, folded, named, note_fields, remark

__all__ = ["Window", "cohorts", "day_range", "noted", "same_numbers", "same_trial"]

#: Authors in common from which a shared centre is said to be one group's.
AUTHORS = 2

#: Cells with the same mean and SD from which two studies are said to print the same numbers.
CELLS = 2

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")

ASK = "ask the authors, and do not add up their patients; record the answer as an overlap note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a study recruited; an end that is not known is ``None``."""

    first: date | None
    last: date | None

    def against(self, other: Window) -> str:
        """Return ``overlap``, ``apart`` or ``unknown``.

        Examples
        --------
        >>> a = Window(first=date(2007, 1, 1), last=date(2010, 12, 31))
        >>> a.against(Window(first=date(2012, 1, 1), last=None))
        'apart'
        >>> a.against(Window(first=date(2009, 1, 1), last=None))
        'overlap'
        """
        if _after(self.first, other.last) or _after(other.first, self.last):
            return "apart"
        if _within(self.first, other) or _within(other.first, self):
            return "overlap"
        return "unknown"


def _after(start: date | None, end: date | None) -> bool:
    return start is not None and end is not None and start > end


def _within(start: date | None, window: Window) -> bool:
    if start is None or window.first is None or start < window.first:
        return False
    return start == window.first or (window.last is not None and start <= window.last)


def day_range(text: str) -> tuple[date, date] | None:
    """Return the first and last day that a date of a year, month or day may mean.

    Examples
    --------
    >>> [str(day) for day in day_range("2007-03")]
    ['2007-03-01', '2007-03-31']
    >>> day_range("spring 2007") is None
    True
    """
    found = _DATE.match(text.strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        if month:
            following = date(first.year + month // 12, month % 12 + 1, 1)
            return first, following - timedelta(days=1)
        return first, date(first.year, 12, 31)
    except (ValueError, OverflowError):
        return None


def same_trial(case: Case) -> Iterator[Finding]:
    """Find two studies of this review under one registration number."""
    holders: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for study in case.of_this_review:
        for value in case.values(study.id, "registration"):
            for number in registry_numbers(value.printed):
                holders[number][study.id].append(value.id)
    for number in sorted(holders):
        for study_id in sorted(holders[number]):
            others = [case.by_id[name] for name in sorted(holders[number]) if name != study_id]
            if others:
                ids = [v for name in holders[number].values() for v in name]
                yield remark(
                    "overlap.registration", "warning", study_id,
                    f"the registration {number} is also that of {named(others)}: one trial, or "
                    "patients in common",
                    (*holders[number][study_id], *sorted(ids)),
                    suggestion="link them as reports of one study, or find out which number is "
                    "whose",
                )  # fmt: skip


def cohorts(case: Case) -> Iterator[Finding]:
    """Find studies of one centre whose recruitment overlaps, or may."""
    windows = {study.id: _window(case, study.id) for study in case.of_this_review}
    centres = {
        study.id: case.values(study.id, "centre") for study in case.of_this_review
    }  # fmt: skip
    for study in case.of_this_review:
        surely: list[Study] = []
        perhaps: list[Study] = []
        for other in case.of_this_review:
            if other.id == study.id or not _same_place(centres[study.id], centres[other.id]):
                continue
            state = windows[study.id][0].against(windows[other.id][0])
            if state != "apart":
                (surely if state == "overlap" else perhaps).append(other)
        for others, rule, severity, says in (
            (surely, "overlap.cohort", "warning", "and its recruitment overlaps theirs"),
            (perhaps, "overlap.centre", "note", "and not all dates of recruitment are known"),
        ):
            if others:
                verb = "probably shares" if rule == "overlap.cohort" else "may share"
                yield remark(
                    rule, severity, study.id,
                    f"{verb} patients with {named(others)}: it is of the same centre"
                    f"{_ours(case, study, others)} {says}",
                    _anchors(case, (study, *others), windows),
                    suggestion=ASK,
                )  # fmt: skip


def _window(case: Case, study: str) -> tuple[Window, tuple[Value, ...]]:
    starts = [
        (r, v) for v in case.values(study, "recruitment-start") if (r := day_range(v.printed))
    ]
    ends = [(r, v) for v in case.values(study, "recruitment-end") if (r := day_range(v.printed))]
    window = Window(
        first=min((span[0] for span, _ in starts), default=None),
        last=max((span[1] for span, _ in ends), default=None),
    )
    return window, tuple(v for _, v in (*starts, *ends))


def _same_place(ours: Sequence[Value], theirs: Sequence[Value]) -> bool:
    """Tell whether one place holds the other: a hospital lies in its city."""
    for a in ours:
        for b in theirs:
            one, two = set(folded(a.printed).split()), set(folded(b.printed).split())
            if one and two and (one <= two or two <= one):
                return True
    return False


def _ours(case: Case, study: Study, others: Sequence[Study]) -> str:
    """Say that the reports share authors, where the records show it."""
    mine = _authors(case, study)
    sharing = [other for other in others if len(mine & _authors(case, other)) >= AUTHORS]
    return f", with authors in common with {named(sharing)}," if sharing else ""


def _authors(case: Case, study: Study) -> frozenset[str]:
    names = (a for record in case.records_of(study) for a in record.authors)
    return frozenset(folded(name) for name in names if folded(name))


def _anchors(
    case: Case, studies: Sequence[Study], windows: dict[str, tuple[Window, tuple[Value, ...]]]
) -> list[str]:
    found: list[str] = []
    for study in studies:
        found += [v.id for v in case.values(study.id, "centre")]
        found += [v.id for v in windows[study.id][1]]
    return found


def same_numbers(case: Case) -> Iterator[Finding]:
    """Find two studies that print the same means and SDs (Cochrane's check for double reports)."""
    printed: dict[tuple[str, ...], dict[str, tuple[str, str]]] = defaultdict(dict)
    for study in case.of_this_review:
        for key, ids in _pairs(case, study.id):
            printed[key][study.id] = ids
    shared: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for key in sorted(printed):
        for a in sorted(printed[key]):
            for b in sorted(printed[key]):
                if a != b:
                    shared[a, b].append(key)
    for (a, b), keys in sorted(shared.items()):
        if len(keys) >= CELLS:
            because = [i for key in keys for s in (a, b) for i in printed[key][s]]
            yield remark(
                "overlap.numbers", "warning", a,
                f"prints the same mean and SD as {b} in {len(keys)} places: one "
                "of the two may not be its own",
                because, suggestion="look at both papers, and use one of them",
            )  # fmt: skip


def _pairs(case: Case, study: str) -> Iterator[tuple[tuple[str, ...], tuple[str, str]]]:
    """Yield outcome, visit, estimand, unit, mean and SD of each cell, with the ids of the two."""
    cells: dict[tuple[str, ...], dict[str, Value]] = defaultdict(dict)
    for (name, slug), values in case.facts.items():
        if name == study:
            for v in values:
                of = (slug, v.cell.visit, v.cell.estimand, v.unit, v.cell.arm, str(v.cell.n))
                cells[of][v.statistic] = v
    for key, row in cells.items():
        mean, sd = row.get("mean"), row.get("sd")
        if mean and sd and mean.number is not None and sd.number:
            yield (
                (*key[:4], str(mean.number.normalize()), str(sd.number.normalize())),
                (mean.id, sd.id),
            )


def noted(case: Case) -> Iterator[Finding]:
    """Say what people noted about overlap, with each study it names."""
    for note in case.notes:
        fields = note_fields(note)
        if note.topic != "overlap":
            continue
        names = [part.strip() for part in fields.get("studies", "").split(";")]
        studies = [case.by_id[name] for name in names if name in case.by_id]
        basis, status = fields.get("basis", ""), fields.get("status", "")
        for study in studies:
            others = [other for other in studies if other.id != study.id]
            if others:
                why = f": “{basis}”" if basis else ""
                how = f" ({status})" if status else ""
                yield remark(
                    "overlap.noted", "warning", study.id,
                    f"people of this review noted {_degree(note.subject)} overlap of patients with "
                    f"{named(others)}{why}{how}",
                    (note.event,), suggestion=ASK,
                )  # fmt: skip


def _degree(subject: str) -> str:
    return next((word for word in ("probable", "possible") if subject.startswith(word)), "an")
