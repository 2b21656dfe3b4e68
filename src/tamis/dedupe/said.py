"""What the rules of de-duplication read, in words: English beside each rule, Chinese in a table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tamis.dedupe.rules import EXACT_COPY, RULES
from tamis.dedupe.vetoes import VETOES

__all__ = ["REASONS", "reads_of"]

#: Rule or veto -> what it reads, and the case that motivated it.
REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        EXACT_COPY: ("every field that is compared is the same", "one search exported twice"),
        **{rule.name: (rule.reads, rule.case) for rule in RULES},
        **{veto.name: (veto.reads, veto.case) for veto in VETOES},
    }
)


def reads_of(rule: str, language: str = "en", *, unknown: str | None = None) -> str:
    """Return what a rule reads, in English or Chinese.

    Of a rule that is not known ``unknown`` is returned, or its name.

    Examples
    --------
    >>> reads_of("same-title-and-place")
    'title, first page and volume or journal agree, authors and year do not disagree'
    >>> reads_of("same-pmid", "zh")
    'PubMed 编号相同，题目不矛盾'
    """
    if language == "zh":
        found = _chinese().get(rule, "")
    else:
        found, _ = REASONS.get(rule, ("", ""))
    return found or (rule if unknown is None else unknown)


@cache
def _chinese() -> Mapping[str, str]:
    table = files("tamis.dedupe").joinpath("rules.zh.toml")
    return tomllib.loads(table.read_text(encoding="utf-8"))
