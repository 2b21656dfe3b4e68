"""The sample review with a multiverse of three analyses: one differs, one is refused."""

from __future__ import annotations

from dataclasses import replace

from tests.report.sample import sample

from tamis.domain.multiverse import MultiverseResult, SpecificationResult
from tamis.domain.question import MultiverseData, MultiversePlan
from tamis.report.content import ReportContent


def specification(name: str, statement: str, low: float, *, measure: str) -> SpecificationResult:
    shown = (low + 0.2, low, low + 0.4)
    refused = "nobody had the event" if statement == "refused" else ""
    return SpecificationResult(
        id=name, options=(("measure", measure), ("interval", "Newcombe hybrid score")),
        statement=statement, k=1, estimate=shown[0], low=low, high=shown[2],
        absolute=None if refused else shown, refused=refused,
    )  # fmt: skip


def with_multiverse() -> ReportContent:
    """Return the sample review with its multiverse."""
    base = next(s.plan for s in sample().syntheses if s.plan.kind == "controlled")
    made = (
        specification("aaaa11112222", "cannot-tell", -0.3, measure="RD"),
        specification("bbbb11112222", "benefit", 0.1, measure="RR"),
        specification("cccc11112222", "refused", 0.0, measure="OR"),
    )
    asked = MultiversePlan(
        id="all", synthesis=base.id, measures=("RD", "RR", "OR"),
        data=(MultiverseData(id="d", choices=()),), alone=("Newcombe hybrid score",),
    )  # fmt: skip
    found = MultiverseResult(
        plan=asked, base=replace(base, measure="RD"), important=0.1, specifications=made,
        primary=made[0].id, asked=3, distinct=3, computed=2, differing=1,
    )  # fmt: skip
    return replace(sample(), multiverses=(found,))
