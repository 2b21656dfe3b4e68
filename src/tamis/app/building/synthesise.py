"""Run every planned synthesis, and log the run once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tamis.app.review import Review
from tamis.app.runs import EngineKey, find_run, inputs_hash, run_once
from tamis.certainty import read_thresholds
from tamis.domain.canonical import canonical, sha256_hex
from tamis.domain.multiverse import MultiverseResult
from tamis.domain.question import Protocol
from tamis.domain.records import Study
from tamis.domain.results import Finding, Synthesis
from tamis.domain.values import Extraction
from tamis.synthesis import (
    ENGINE_VERSION,
    against_choice,
    choice_of,
    run_multiverse,
    synthesise,
)

__all__ = [
    "multiverse_key", "plain", "run_analyses", "run_multiverses", "run_syntheses",
    "synthesis_key",
]  # fmt: skip

ENGINE = "synthesis"

#: Digits of a result that enter its hash: more would make it hang on the machine's arithmetic.
SIGNIFICANT = 9


def run_syntheses(
    review: Review,
    protocol: Protocol,
    extraction: Extraction,
    studies: Sequence[Study],
    *,
    write: bool,
) -> tuple[tuple[Synthesis, ...], tuple[Finding, ...]]:
    """Return the syntheses in the protocol's order, and a finding if a logged run differs."""
    done = tuple(
        synthesise(plan, extraction, studies, protocol.visits) for plan in protocol.syntheses
    )
    if not done:
        return (), ()
    output = canonical([plain(synthesis) for synthesis in done])
    key = synthesis_key(protocol, extraction, studies)
    against = (
        finding
        for one in done
        for finding in against_choice(one, choice_of(one, studies, extraction))
    )
    return done, (*_logged(review, key, output, write=write), *against)


def _logged(review: Review, key: EngineKey, output: bytes, *, write: bool) -> tuple[Finding, ...]:
    """Log a run once; return a finding where a logged one came to something else."""
    logged = find_run(review.state, key)
    run_once(review, key, lambda: output, write=write)
    if logged is not None and logged.output != sha256_hex(output):
        return (_differs(logged.event, logged.output, sha256_hex(output)),)
    return ()


def run_analyses(
    review: Review,
    protocol: Protocol,
    extraction: Extraction,
    studies: Sequence[Study],
    *,
    write: bool,
) -> tuple[tuple[Synthesis, ...], tuple[MultiverseResult, ...], tuple[Finding, ...]]:
    """Return syntheses and multiverses, and what was found on the way."""
    syntheses, found = run_syntheses(review, protocol, extraction, studies, write=write)
    multiverses, more = run_multiverses(review, protocol, extraction, studies, write=write)
    return syntheses, multiverses, (*found, *more)


def run_multiverses(
    review: Review,
    protocol: Protocol,
    extraction: Extraction,
    studies: Sequence[Study],
    *,
    write: bool,
) -> tuple[tuple[MultiverseResult, ...], tuple[Finding, ...]]:
    """Return the multiverses in the protocol's order, and a finding if a logged run differs."""
    plans = {plan.id: plan for plan in protocol.syntheses}
    outcomes = {outcome.id: outcome for outcome in protocol.outcomes}
    done = []
    for one in protocol.multiverses:
        base = plans[one.synthesis]
        marks = read_thresholds(outcomes[base.outcome])
        done.append(
            run_multiverse(
                one,
                base=base,
                outcome=outcomes[base.outcome],
                important=marks.small if marks else None,
                extraction=extraction,
                studies=studies,
            )
        )
    if not done:
        return (), ()
    key = multiverse_key(protocol, extraction, studies)
    return tuple(done), _logged(review, key, canonical(plain(done)), write=write)


def multiverse_key(
    protocol: Protocol, extraction: Extraction, studies: Sequence[Study]
) -> EngineKey:
    """Return the key of the run of all multiverses for the values as they stand."""
    base = synthesis_key(protocol, extraction, studies)
    marks = canonical(plain([(o.id, o.better, o.thresholds) for o in protocol.outcomes]))
    plans = canonical(plain(protocol.multiverses))
    return replace(base, stage="multiverse", inputs=(*base.inputs, inputs_hash(plans, marks)))


def plain(value: Any) -> Any:
    """Return a result as JSON without floats: numbers as text with nine significant digits.

    Examples
    --------
    >>> plain({"a": (0.1 + 0.2, None, Decimal("2.10"))})
    {'a': ['0.3', None, '2.10']}
    """
    match value:
        case float():
            return f"{value:.{SIGNIFICANT}g}"
        case Decimal():
            return str(value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [f.name for f in dataclasses.fields(value)]
            return {name: plain(getattr(value, name)) for name in names}
        case _:
            return value


def synthesis_key(
    protocol: Protocol, extraction: Extraction, studies: Sequence[Study]
) -> EngineKey:
    """Return the key of the synthesis run for the values as they stand."""
    values = [(v.id, v.printed, v.unit, v.status, v.cell.definition) for v in extraction.values]
    return EngineKey(
        engine=ENGINE,
        version=ENGINE_VERSION,
        stage="synthesis",
        settings={"significant_digits": str(SIGNIFICANT)},
        inputs=(
            inputs_hash(canonical(plain(protocol.syntheses)), canonical(plain(protocol.visits))),
            inputs_hash(canonical(plain(sorted(values)))),
            inputs_hash(canonical(sorted(f"{s.id} {s.design} {s.role}" for s in studies))),
        ),
    )


def _differs(event: str, expected: str, got: str) -> Finding:
    return Finding(
        rule="engine-differs",
        severity="error",
        subject=event,
        message="the syntheses computed now differ from those of the logged run",
        expected=expected,
        got=got,
        suggestion="install the versions of constraints.txt, or find what changed the result",
    )
