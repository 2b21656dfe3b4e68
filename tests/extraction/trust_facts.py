"""Small facts for the tests of the trust rules: values, studies, notes. All invented."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.decisions import Note
from tamis.domain.records import Record, Report, Study
from tamis.domain.results import Finding
from tamis.domain.value_rows import parse_number
from tamis.domain.values import Cell, CitationAnchor, Extraction, LookedFor, Value
from tamis.extraction import check_sources

READ = "abstract or table read"


def fact(
    study: str,
    outcome: str,
    printed: str,
    *,
    statistic: str = "text",
    arm: str = "all",
    visit: str = "baseline",
    unit: str = "",
    status: str = READ,
    n: int = 1,
) -> Value:
    end = f"#{n}" if n > 1 else ""
    return Value(
        id=f"v:{study}/{outcome}/{visit}/{arm}/{statistic}{end}",
        cell=Cell(study=study, outcome=outcome, visit=visit, arm=arm, estimand="point", n=n),
        statistic=statistic,
        printed=printed,
        number=None if statistic == "text" else parse_number(printed),
        unit=unit,
        source=CitationAnchor(citation="https://example.org/a", location="abstract", status=status),
        status=status,
    )


def sought(study: str, outcome: str) -> LookedFor:
    return LookedFor(
        id=f"v:{study}/{outcome}/baseline/all/text",
        cell=Cell(study=study, outcome=outcome, visit="baseline", arm="all", estimand="point"),
        statistic="text",
        where="abstract",
    )


def study(name: str, *records: Record, role: str = "included") -> Study:
    report = Report(id=f"{name}-main", study=name, records=tuple(r.id for r in records))
    return Study(id=name, label=name.title(), design="randomised", role=role, reports=(report,))


def note(topic: str, subject: str, **fields: str) -> Note:
    event = f"p-a.00000001/{sum(map(ord, topic + subject))}"
    told = tuple(fields.items())
    return Note(event=event, topic=topic, subject=subject, fields=told, by="p-a", at="")


def ask(
    *facts: Value | LookedFor,
    studies: Sequence[Study] = (),
    records: Sequence[Record] = (),
    notes: Sequence[Note] = (),
) -> tuple[Finding, ...]:
    """Ask the rules; studies that facts name and nobody gave are included ones."""
    given = {s.id for s in studies}
    others = [
        study(name) for name in dict.fromkeys(f.cell.study for f in facts) if name not in given
    ]
    return check_sources(
        {r.id: r for r in records},
        [*studies, *others],
        Extraction(
            values=tuple(f for f in facts if isinstance(f, Value)),
            looked_for=tuple(f for f in facts if isinstance(f, LookedFor)),
        ),
        notes,
    )


def rules(*facts: Value | LookedFor, **more: Sequence[object]) -> list[tuple[str, str]]:
    return [(f.rule, f.subject) for f in ask(*facts, **more)]  # type: ignore[arg-type]
