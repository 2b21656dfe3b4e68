"""JBI critical appraisal checklist for case series, as data.

Munn et al. 2020, JBI Evidence Synthesis 18:2127. Ten items, answered one by one; JBI defines no
score and no algorithm, so nothing is proposed and the judgement is a person's. The labels are
ours; the official wording is at the address in ``url``.
"""

from __future__ import annotations

from types import MappingProxyType

from tamis.appraisal.tool import Domain, Question, Tool

__all__ = ["JBI_CASE_SERIES"]

#: Our short label of every item, in the order of the edition.
_LABELS = (
    "criteria for inclusion clear",
    "condition measured in one reliable way for all",
    "condition identified by valid methods",
    "consecutive inclusion",
    "complete inclusion",
    "demographics reported",
    "clinical information reported",
    "outcomes or follow-up reported",
    "site and its patients described",
    "statistics suitable",
)

JBI_CASE_SERIES = Tool(
    id="jbi-case-series",
    name="JBI checklist for case series",
    version="2020",
    unit="result",
    status="verified",
    url="https://jbi.global/critical-appraisal-tools",
    citation="Munn Z et al. JBI Evidence Synthesis 2020;18(10):2127-2133",
    answers=MappingProxyType(
        {
            "yes": "yes",
            "no": "no",
            "unclear": "unclear",
            "not applicable": "not applicable",
        }
    ),
    domains=(
        Domain(
            id="items",
            label="checklist items",
            questions=tuple(
                Question(id=str(number), label=label)
                for number, label in enumerate(_LABELS, start=1)
            ),
        ),
    ),
    designs=("single-arm", "case-series"),
)
