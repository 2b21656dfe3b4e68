"""Which study a part of a text is about, from what it says and never from a list of cases.

A part (what stands under one heading) is held against every study: its label, journal, year, the
title it cites, the people it counts, the figures it gives. Each study takes at most one part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tamis.certainty.claims.citing import journals_in
from tamis.certainty.claims.document import Sentence
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.naming import Names
from tamis.certainty.claims.numbers import numbers_in
from tamis.certainty.claims.works import Work, journal_likeness, journals_agree, title_likeness

__all__ = ["parts_of"]

#: What a trait of a part counts towards a study.
POINTS: Mapping[str, int] = {
    "label": 8,
    "journal": 4,
    "journal like": 2,
    "year": 3,
    "year beside": 1,
    "title": 5,
    "people": 2,
    "figure": 1,
}
_ENOUGH = 4
_FIGURES = 3
_PUBLISHED = re.compile(r"期刊|杂志|发表|发布|刊登|publish|journal", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def parts_of(
    sentences: Sequence[Sentence], works: Sequence[Work], facts: Sequence[Fact], names: Names
) -> Mapping[int, str]:
    """Return part -> study id, for the parts that are about one study or the published review."""
    by_part: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        if sentence.section not in ("references", "disclaimer", "summary"):
            by_part.setdefault(sentence.part, []).append(sentence)
    candidates = [work for work in works if work.role in ("included", "published-review")]
    scored = sorted(
        (
            (-score, part, work.study)
            for part, members in by_part.items()
            for work in candidates
            if (score := _score(members, work, facts, names)) >= _ENOUGH
        ),
    )
    assigned: dict[int, str] = {}
    for _, part, study in scored:
        if part not in assigned and study not in assigned.values():
            assigned[part] = study
    return assigned


def _score(members: Iterable[Sentence], work: Work, facts: Sequence[Fact], names: Names) -> int:
    members = tuple(members)
    points = _named(members, work, names)
    points += max((_published(s.text, work) for s in members), default=0)
    if points:
        points += _counted(members, [fact for fact in facts if fact.study == work.study])
    return points


def _named(members: Sequence[Sentence], work: Work, names: Names) -> int:
    """Score the label in a heading, and titles cited."""
    points = 0
    for sentence in members:
        if sentence.section == "title":
            mentioned = [m.id for m in names.find(sentence.text) if m.kind == "study"]
            points += POINTS["label"] if mentioned == [work.study] else 0
        if any(title_likeness(sentence.text, title) > 0.75 for title in work.titles):
            points += POINTS["title"]
    return points


def _published(text: str, work: Work) -> int:
    """Score a sentence that says where and when something was published."""
    if not _PUBLISHED.search(text):
        return 0
    points = 0
    years = {int(year) for year in _YEAR.findall(text)}
    if years & set(work.years):
        points += POINTS["year"]
    elif any(abs(a - b) == 1 for a in years for b in work.years):
        points += POINTS["year beside"]
    named = [journal.name for journal in journals_in(text)]
    if any(journals_agree(a, b) for a in named for b in work.journals):
        points += POINTS["journal"]
    elif any(journal_likeness(a, b) >= 0.4 for a in named for b in work.journals):
        points += POINTS["journal like"]
    return points


def _counted(members: Iterable[Sentence], facts: Sequence[Fact]) -> int:
    people = {fact.value for fact in facts if fact.outcome == "participants"}
    others = {(fact.kind, fact.value) for fact in facts if fact.kind in ("percent", "part", "dose")}
    found = [number for s in members for number in numbers_in(s.text)]
    points = POINTS["people"] * any(n.kind == "people" and n.value in people for n in found)
    same = {n.value for n in found if any(k == n.kind and v == n.value for k, v in others)}
    return points + POINTS["figure"] * min(len(same), _FIGURES)
