"""What the trust rules look at: sources, studies and facts, sorted by study once."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tamis.domain.decisions import Note
from tamis.domain.records import Record, Study
from tamis.domain.results import Finding
from tamis.domain.values import Extraction, LookedFor, Value
from tamis.extraction.cells import ALL_ARMS, is_contrast

__all__ = ["LOUD", "Case", "folded", "named", "note_fields", "open_case", "quoted", "remark"]

#: Statuses that stand beside a fact wherever it is said.
LOUD = frozenset({"unverified", "lay article", "secondary source", "derived"})

_WORD = re.compile(r"[0-9a-z\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything the rules may ask, by study.

    ``facts`` and ``sought`` map (study, outcome slug) to values and to what was looked for.
    """

    records: Mapping[str, Record]
    studies: tuple[Study, ...]
    notes: tuple[Note, ...]
    facts: Mapping[tuple[str, str], tuple[Value, ...]]
    sought: Mapping[tuple[str, str], tuple[LookedFor, ...]]
    by_id: Mapping[str, Study] = field(default_factory=dict)

    @property
    def of_this_review(self) -> tuple[Study, ...]:
        """Studies that this review reads, without the reviews it is compared with."""
        return tuple(s for s in self.studies if s.role != "published-review")

    def values(self, study: str, *slugs: str) -> tuple[Value, ...]:
        """Return the values of a study under these slugs, in the order of the slugs."""
        return tuple(v for slug in slugs for v in self.facts.get((study, slug), ()))

    def records_of(self, study: Study) -> tuple[Record, ...]:
        """Return the imported records of a study's reports, by id."""
        names = sorted({name for report in study.reports for name in report.records})
        return tuple(self.records[name] for name in names if name in self.records)

    def people(
        self, study: str, slug: str = "participants"
    ) -> tuple[int, tuple[Value, ...]] | None:
        """Return how many people a study counts: its arms together, or everybody.

        Only a first reading of a cell counts; a second source of the same cell does not add up.
        """
        rows = [
            v for v in self.values(study, slug)
            if v.statistic == "n" and v.number is not None and v.cell.n == 1
            and not is_contrast(v.cell)
        ]  # fmt: skip
        whole = [v for v in rows if v.cell.arm == ALL_ARMS]
        used = tuple(whole or rows)
        if not used or any(v.number != int(v.number or 0) for v in used):
            return None
        return sum(int(v.number or 0) for v in used), used

    def arms(self, study: str) -> tuple[Value, ...]:
        """Return one value for every arm whose participants are known; else for everybody."""
        rows = [v for v in self.values(study, "participants") if v.cell.n == 1]
        split = [v for v in rows if v.cell.arm != ALL_ARMS and not is_contrast(v.cell)]
        return tuple(split or rows[:1])


def open_case(
    records: Mapping[str, Record],
    studies: Sequence[Study],
    extraction: Extraction,
    notes: Sequence[Note],
) -> Case:
    """Sort facts by study; the order of what comes in does not matter."""
    facts: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in sorted(extraction.values, key=lambda v: (v.id, v.event)):
        facts[value.cell.study, value.cell.outcome].append(value)
    sought: dict[tuple[str, str], list[LookedFor]] = defaultdict(list)
    for item in sorted(extraction.looked_for, key=lambda i: (i.id, i.event)):
        sought[item.cell.study, item.cell.outcome].append(item)
    ordered = tuple(sorted(studies, key=lambda s: s.id))
    return Case(
        records=records,
        studies=ordered,
        notes=tuple(sorted(notes, key=lambda n: (n.topic, n.subject, n.event))),
        facts={key: tuple(found) for key, found in facts.items()},
        sought={key: tuple(found) for key, found in sought.items()},
        by_id={study.id: study for study in ordered},
    )


def folded(text: str) -> str:
    """Return the words of a text without case, accents and punctuation.

    Examples
    --------
    >>> folded("Nanjing — Drum-Tower, Hôpital")
    'nanjing drum tower hopital'
    """
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(_WORD.findall(bare.casefold()))


def quoted(value: Value) -> str:
    """Return a value's words as a message says them, with its status where it is no first hand."""
    status = f" ({value.status})" if value.status in LOUD else ""
    return f"“{value.printed}”{status}"


def named(studies: Iterable[Study]) -> str:
    """Return the ids of studies as a list; the report says them by their labels."""
    return ", ".join(sorted({study.id for study in studies}))


def note_fields(note: Note) -> Mapping[str, str]:
    """Return the fields of a note by name."""
    return dict(note.fields)


def remark(
    rule: str,
    severity: str,
    subject: str,
    message: str,
    because: Iterable[str],
    *,
    suggestion: str = "",
    got: str = "",
) -> Finding:
    """Return a finding about a source: a fact with the ids it rests on, never a verdict."""
    return Finding(
        rule=rule,
        severity=severity,
        subject=subject,
        message=message,
        because=tuple(dict.fromkeys(name for name in because if name)),
        suggestion=suggestion,
        got=got,
    )
