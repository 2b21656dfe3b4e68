"""Notes under a synthesis: heterogeneity, prediction, warnings, what was left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tamis.domain.results import Finding, PooledResult, Synthesis
from tamis.report.book import Book
from tamis.report.measures import measure_of, p_digits
from tamis.report.phrase import NBSP, Phrase, Piece, distinct, join, say, sentence

__all__ = ["synthesis_notes"]

NOT = "not estimable"


def synthesis_notes(book: Book, synthesis: Synthesis) -> tuple[Piece, ...]:
    """Return the sentences below a forest table."""
    notes: list[Phrase] = []
    if synthesis.pooled is not None:
        notes.append(_heterogeneity(book, synthesis, synthesis.pooled))
        notes += _warnings(book, synthesis, synthesis.pooled.warnings)
    for single in synthesis.single:
        notes += _warnings(book, synthesis, single.warnings)
    if synthesis.plan.reason:
        notes.append(say("Why so: {r}", r=book.lit(synthesis.plan.reason, "quote")))
    notes += _left_out(book, synthesis)
    return distinct(notes)


def _inputs(synthesis: Synthesis) -> list[str]:
    return list(dict.fromkeys(name for effect in synthesis.effects for name in effect.inputs))


def _heterogeneity(book: Book, synthesis: Synthesis, pooled: PooledResult) -> Phrase:
    measure = measure_of(pooled.measure)
    parts: list[Piece] = []

    def put(label: Piece, field: str, value: float | None, digits: int, unit: str = "") -> None:
        quantity = book.number(
            f"syn:{synthesis.plan.id}#{field}", value, digits=digits, unit=unit,
            inputs=_inputs(synthesis), rule=f"{field} of the pooled effects",
            settings=synthesis.settings, what=say("{label} of the synthesis", label=label),
        )  # fmt: skip
        parts.append(say(f"{{label}} {{q}}{f'{NBSP}{unit}' if unit and value is not None else ''}",
                         label=label, q=quantity))  # fmt: skip

    if pooled.tau2 is not None:
        put(book.lit("τ²", "label"), "tau2", pooled.tau2, 3)
    put(book.lit("I²", "label"), "i2", pooled.i2, 0, "%")
    if pooled.q is not None:
        put("Q", "q", pooled.q, 2)
    if pooled.q_p is not None:
        put("p of Q", "q-p", pooled.q_p, p_digits(pooled.q_p))
    if pooled.pi_low is not None and pooled.pi_high is not None:
        digits = 2 if measure.digits is None else measure.digits
        put("prediction interval", "pi-low", pooled.pi_low * measure.times, digits)
        put("to", "pi-high", pooled.pi_high * measure.times, digits)
        high = parts.pop()
        parts[-1] = say("{low} {high}", low=parts[-1], high=high)
    else:
        parts.append(f"prediction interval {NOT}")
    return say("Heterogeneity: {parts}.", parts=join(parts))


def _warnings(book: Book, synthesis: Synthesis, findings: Iterable[Finding]) -> list[Phrase]:
    return [
        book.spoken(
            sentence(finding.message),
            name=f"warning/{synthesis.plan.id}/{finding.rule}.{place + 1}",
            inputs=_inputs(synthesis) or [synthesis.plan.id],
            rule=finding.rule,
        )
        for place, finding in enumerate(findings)
    ]


def _left_out(book: Book, synthesis: Synthesis) -> Sequence[Phrase]:
    return [
        say("Not in this synthesis: {study} ({why}).", study=book.names.study(study),
            why=book.spoken(why.rstrip("."), name=f"left-out/{synthesis.plan.id}/{study}",
                            inputs=[study], rule="why a study was left out"))
        for study, why in synthesis.left_out
    ]  # fmt: skip
