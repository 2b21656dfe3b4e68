"""The merged view of a cluster: each field from the record that says it best, and which that is.

A view only: the records stay as their sources gave them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.domain.records import Record

__all__ = ["PREFERENCES", "Merged", "Preference", "merged"]

#: An abstract that a platform cut short.
CUT = re.compile(r"(?:\.\.\.|…|\(ABSTRACT TRUNCATED[^)]*\))\s*\Z", re.I)

Choice = Callable[[Sequence[Record], str], Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One row: the fields that are taken together, how their record is chosen, and why so."""

    fields: tuple[str, ...]
    choose: Choice
    reads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a cluster says: one record, and from which record it has each field that it has."""

    record: Record
    origins: Mapping[str, str]


def _most_said(records: Sequence[Record], name: str) -> Record:
    said = Counter(getattr(r, name) for r in records)
    return max(records, key=lambda r: said[getattr(r, name)])


def _longest_unshouted(records: Sequence[Record], name: str) -> Record:
    def rank(record: Record) -> tuple[bool, bool, int]:
        text = str(getattr(record, name))
        return not text.isupper(), not text.startswith("["), len(text)

    return max(records, key=rank)


def _longest_whole(records: Sequence[Record], name: str) -> Record:
    def rank(record: Record) -> tuple[bool, int]:
        text = str(getattr(record, name))
        return CUT.search(text) is None, len(text)

    return max(records, key=rank)


def _fullest_names(records: Sequence[Record], name: str) -> Record:
    del name
    return max(records, key=lambda r: (len(r.authors), sum(map(len, r.authors))))


def _fullest_place(records: Sequence[Record], name: str) -> Record:
    del name
    return max(records, key=lambda r: (bool(r.volume) + bool(r.issue) + bool(r.pages), bool(r.doi)))


def _longest_list(records: Sequence[Record], name: str) -> Record:
    return max(records, key=lambda r: len(getattr(r, name)))


def _first(records: Sequence[Record], name: str) -> Record:
    del name
    return records[0]


#: Every field of a record that a source gives, once. Of equals the first record wins.
PREFERENCES: tuple[Preference, ...] = (
    Preference(fields=("title",), choose=_longest_unshouted,
               reads="the longest title that is neither all capitals nor a translation"),
    Preference(fields=("authors",), choose=_fullest_names,
               reads="the list that names most authors, and of these the one with fullest names"),
    Preference(fields=("abstract",), choose=_longest_whole,
               reads="the longest abstract that is not cut short"),
    Preference(fields=("volume", "issue", "pages", "year"), choose=_fullest_place,
               reads="volume, issue, pages and year together, from the record that has most of"
               " them: an early view has another year than the issue"),
    Preference(fields=("journal",), choose=_longest_unshouted,
               reads="the longest name that is not all capitals"),
    Preference(fields=("doi",), choose=_most_said, reads="the DOI that most records give"),
    Preference(fields=("pmid",), choose=_most_said, reads="the PMID that most records give"),
    Preference(fields=("issn",), choose=_most_said, reads="the ISSN that most records give"),
    Preference(fields=("type",), choose=_most_said, reads="the kind that most records give"),
    Preference(fields=("language",), choose=_most_said, reads="the language that most give"),
    Preference(fields=("keywords",), choose=_longest_list, reads="the longest list"),
    Preference(fields=("urls",), choose=_longest_list, reads="the longest list"),
    Preference(fields=("source_id", "database"), choose=_first,
               reads="id and database of the record that stands for the cluster"),
)  # fmt: skip


def merged(records: Sequence[Record]) -> Merged:
    """Return the merged view of the records of one cluster.

    Parameters
    ----------
    records
        At least one; the order does not matter.

    Examples
    --------
    >>> a = Record(id="a:0", raw=(), title="TALC FOR EFFUSIONS", doi="10.1000/x", year=2001)
    >>> b = Record(id="b:0", raw=(), title="Talc for effusions", year=2002, volume="4")
    >>> view = merged([b, a])
    >>> view.record.id, view.record.title, view.record.year, view.record.doi
    ('a:0', 'Talc for effusions', 2002, '10.1000/x')
    >>> view.origins["title"], view.origins["doi"]
    ('b:0', 'a:0')
    """
    ordered = sorted(records, key=lambda r: r.id)
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for row in PREFERENCES:
        telling = [r for r in ordered if any(getattr(r, name) for name in row.fields)]
        if not telling:
            continue
        chosen = row.choose(telling, row.fields[0])
        for name in row.fields:
            # a year that the chosen record lacks is another's; a volume would be of another issue
            told = [chosen, *telling] if name == "year" else [chosen]
            source = next((r for r in told if getattr(r, name)), None)
            if source is not None:
                values[name], origins[name] = getattr(source, name), source.id
    bare = Record(id=ordered[0].id, raw=ordered[0].raw)
    return Merged(record=replace(bare, **values), origins=origins)  # type: ignore[arg-type]
