"""Second step: which records are worth comparing. Near linear: no all-with-all, ever.

A key groups records that share something rare. A group above the cap is split by further keys;
what still does not fit is walked in order of title, each record with its next neighbours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from tamis.dedupe.prepare import Prepared
from tamis.dedupe.settings import DedupeSettings

__all__ = ["KEYS", "SPLIT_BY", "Blocks", "block"]

Indices = Sequence[int]


def _joined(*parts: object) -> str:
    return "|".join(map(str, parts)) if all(parts) else ""


def _beginning(r: Prepared) -> str:
    return r.title[:22] if len(r.title) >= 8 else ""


def _ending(r: Prepared) -> str:
    """Return 30 letters: 22 of them often say no more than *a review of the literature*."""
    return r.title[-30:] if len(r.title) >= 34 else ""


def _longest_words(r: Prepared) -> str:
    longest = sorted(set(r.words), key=lambda word: (-len(word), word))[:4]
    return " ".join(sorted(longest)) if len(longest) == 4 else ""


def _families(r: Prepared) -> str:
    """Return up to three families: of two, common names join papers by the thousand."""
    families = sorted(r.families)[:3]
    return _joined(*families, r.year) if len(families) >= 2 else ""


#: Name of the key; how it is made (an empty text makes no group); what it finds.
KEYS: tuple[tuple[str, Callable[[Prepared], str], str], ...] = (
    ("doi", lambda r: r.doi, "one DOI"),
    ("pmid", lambda r: r.pmid, "one PubMed id"),
    ("accession", lambda r: r.accession, "one accession number of one database"),
    ("registry", lambda r: min(r.registry, default=""), "one trial registration"),
    ("cochrane", lambda r: min(r.cochrane, default=""), "one Cochrane review"),
    ("title-beginning", _beginning, "titles cut or continued differently"),
    ("title-ending", _ending, "a series name before the title"),
    ("longest-words", _longest_words, "words added or moved"),
    ("author-year-page", lambda r: _joined(r.first_author, r.year, r.pages.first),
     "translated titles"),
    ("author-volume-page", lambda r: _joined(r.first_author, r.volume, r.pages.first),
     "translated titles with the year misprinted"),
    ("author-volume-issue", lambda r: _joined(r.first_author, r.volume, r.issue),
     "titles that differ, pages absent"),
    ("journal-volume-page", lambda r: _joined(r.journal_key, r.volume, r.pages.first),
     "authors written differently"),
    ("year-volume-page", lambda r: _joined(r.year, r.volume, r.pages.first),
     "journals named differently"),
    ("authors-year", _families, "titles and pages that differ"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Candidate pairs as indices ``i < j``, sorted; and how many groups met the cap."""

    pairs: tuple[tuple[int, int], ...]
    capped: int


def block(records: Sequence[Prepared], settings: DedupeSettings) -> Blocks:
    """Return the pairs that share a key.

    Parameters
    ----------
    records
        Prepared records, sorted by id, so that the pairs do not depend on the order of input.

    Examples
    --------
    >>> block([], DedupeSettings()).pairs
    ()
    """
    found: set[tuple[int, int]] = set()
    capped = 0
    for _, key, _ in KEYS:
        capped += _add(found, records, _groups(records, key, range(len(records))), settings)
    capped += _add(found, records, _rare_words(records), settings)
    return Blocks(pairs=tuple(sorted(found)), capped=capped)


def _groups(
    records: Sequence[Prepared], key: Callable[[Prepared], str], among: Iterable[int]
) -> Iterator[list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index in among:
        value = key(records[index])
        if value:
            groups[value].append(index)
    return (group for group in groups.values() if len(group) > 1)


def _rare_words(records: Sequence[Prepared]) -> Iterator[list[int]]:
    """Group records by the two rarest words of their titles, rarity counted in this review."""
    counts = Counter(word for record in records for word in set(record.words))

    def key(record: Prepared) -> str:
        shared = (w for w in set(record.words) if counts[w] > 1)
        return " ".join(sorted(sorted(shared, key=lambda w: (counts[w], w))[:2]))

    return _groups(records, key, range(len(records)))


#: By what a group above the cap is split, in turn.
SPLIT_BY: tuple[Callable[[Prepared], str], ...] = (
    lambda r: _joined(r.year or "none", r.volume or "none", r.pages.first or "none"),
    lambda r: _joined(r.first_author or "none", r.year or "none", r.volume or "none"),
    lambda r: r.title or "none",
)


def _add(
    found: set[tuple[int, int]],
    records: Sequence[Prepared],
    groups: Iterable[list[int]],
    settings: DedupeSettings,
) -> int:
    capped = 0
    for group in groups:
        if len(group) <= settings.block_cap:
            found.update(combinations(group, 2))
            continue
        capped += 1
        for split in SPLIT_BY:
            for part in _groups(records, split, group):
                found.update(_within(records, part, settings))
    return capped


def _within(
    records: Sequence[Prepared], group: Indices, settings: DedupeSettings
) -> Iterator[tuple[int, int]]:
    if len(group) <= settings.block_cap:
        yield from combinations(group, 2)
        return
    ordered = sorted(group, key=lambda i: (records[i].title, records[i].id))
    for place, i in enumerate(ordered):
        for j in ordered[place + 1 : place + 1 + settings.window]:
            yield (i, j) if i < j else (j, i)
