"""Answers to findings: a finding about values is never silenced, it is answered in the log.

A rule may find something that stands in the papers themselves: two sources that disagree, a count
that cannot be. The person who looked records a note with the topic ``finding`` on the value, with
the fields ``rule``, ``answer`` (one of ``ANSWERS``) and ``reason``. The finding stays in the report
with that answer, and no longer counts as an error of this review.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tamis.domain.decisions import Note
from tamis.domain.results import Finding

__all__ = ["ANSWERS", "TOPIC", "answered"]

TOPIC = "finding"

#: What can be answered to a finding, and what it means.
ANSWERS = {
    "reported so": "the source prints it so; both readings are kept",
    "explained": "there is a reason why the rule does not hold here",
    "fixed": "the value was corrected",
}


def answered(findings: Iterable[Finding], notes: Iterable[Note]) -> tuple[Finding, ...]:
    """Return the findings, those that a note answers as notes with the answer beside them."""
    answers: dict[tuple[str, str], Note] = {}
    for note in notes:
        fields = dict(note.fields)
        if note.topic == TOPIC and fields.get("answer") in ANSWERS and fields.get("reason"):
            answers[note.subject, fields.get("rule", "")] = note
    return tuple(_with_answer(finding, answers) for finding in findings)


def _with_answer(finding: Finding, answers: dict[tuple[str, str], Note]) -> Finding:
    note = answers.get((finding.subject, finding.rule))
    if note is None:
        return finding
    fields = dict(note.fields)
    return replace(
        finding,
        severity="note",
        message=f"{finding.message}. Answered by {note.by}: {fields['answer']}: {fields['reason']}",
        suggestion="",
    )
