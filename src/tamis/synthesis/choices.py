"""What the table of method choices says of a planned synthesis, and where the plan goes against it.

The choice looks at rows, designs and units, never at a result; the protocol decides, and where it
asks for a pool that the table would not make, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.records import Study
from tamis.domain.results import Finding, Synthesis
from tamis.domain.values import Extraction
from tamis.synthesis.cells import REASONS
from tamis.synthesis.method_choice import MethodChoice
from tamis.synthesis.method_choice import plan as choose

__all__ = ["against_choice", "choice_of"]

#: Statistics that carry the unit of a row.
_MEASURED = ("mean", "median", "estimate")


def choice_of(
    done: Synthesis, studies: Sequence[Study], extraction: Extraction
) -> MethodChoice | None:
    """Return the choice for the rows of a synthesis; ``None`` for values per visit.

    Examples
    --------
    >>> from tamis.domain.question import SynthesisPlan
    >>> asked = SynthesisPlan(id="s", outcome="death", estimand="ever", visit="m6",
    ...                       designs=("randomised",), measure="RR", method="REML",
    ...                       kind="controlled", arms=("a", "b"))
    >>> choice_of(Synthesis(plan=asked, rows=(), effects=()), (), Extraction()).rule
    'choice.no-data'
    """
    if done.plan.kind == "series":
        return None
    designs = {study.id: study.design for study in studies}
    values = {value.id: value for value in extraction.values}
    held = (values.get(name) for row in done.rows for name in row.inputs)
    units = {v.unit for v in held if v is not None and v.statistic in _MEASURED}
    return choose(
        done.rows,
        "PR" if done.plan.kind == "single-arm" else done.plan.measure,
        designs=[designs.get(row.study, "") for row in done.rows],
        units=sorted(units),
        missing_spread=sum(reason == REASONS["spread"] for _, reason in done.left_out),
    )


def against_choice(done: Synthesis, choice: MethodChoice | None) -> tuple[Finding, ...]:
    """Return a finding where a plan pools what the choice would not."""
    if choice is None or choice.pools or done.pooled is None:
        return ()
    return (
        Finding(
            rule="pooled-against-choice",
            severity="warning",
            subject=done.plan.id,
            message=f"{done.plan.id} is pooled by {done.plan.method} as planned, and the table of "
            f"methods would not pool it ({choice.rule}): {choice.because}",
            because=tuple(row.study for row in done.rows),
            suggestion="say in the plan's reason why it is pooled, or plan a summary without pool",
        ),
    )
