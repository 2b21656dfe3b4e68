"""``review.toml`` <-> ``Protocol``: the written form of a review's plan.

``SECTIONS`` says which table of the file fills which dataclass; a key the dataclass does not have
is refused with its line and the nearest key that exists.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tamis.app.protocol.words import check_words
from tamis.certainty import read_thresholds
from tamis.domain.errors import BadInput, Place
from tamis.domain.ids import check_slug
from tamis.domain.question import (
    BaselineRisk,
    BodyPlan,
    Concept,
    Criterion,
    MultiverseData,
    MultiversePlan,
    Outcome,
    Protocol,
    Question,
    ReadingRules,
    ReviewHead,
    ScreeningRules,
    Source,
    SynthesisPlan,
    TeamMember,
    Threshold,
    Visit,
)
from tamis.screening import Allocation, screeners

__all__ = ["FILE", "parse_protocol", "place_in"]

FILE = "review.toml"

#: Table of review.toml, the dataclass it fills, the field of ``Protocol``, and whether it repeats.
SECTIONS: Mapping[str, tuple[type, str, bool]] = {
    "review": (ReviewHead, "head", False),
    "question": (Question, "question", False),
    "criterion": (Criterion, "criteria", True),
    "source": (Source, "sources", True),
    "visit": (Visit, "visits", True),
    "concept": (Concept, "concepts", True),
    "outcome": (Outcome, "outcomes", True),
    "synthesis": (SynthesisPlan, "syntheses", True),
    "multiverse": (MultiversePlan, "multiverses", True),
    "body": (BodyPlan, "bodies", True),
    "screening": (ScreeningRules, "screening", False),
    "reading": (ReadingRules, "reading", False),
    "team": (TeamMember, "team", True),
}

#: Tables that are not one dataclass: key, and the keys allowed inside (None: any).
LOOSE: Mapping[str, frozenset[str] | None] = {
    "tools": None,
    "dedupe": frozenset({"policy"}),
}

#: Tables inside a table: dataclass -> key in the file, the dataclass of a row, its field.
INNER: Mapping[type, Mapping[str, tuple[type, str]]] = {
    Outcome: {"threshold": (Threshold, "thresholds")},
    BodyPlan: {"baseline": (BaselineRisk, "baselines")},
    MultiversePlan: {"data": (MultiverseData, "data")},
}

#: Keys that are written as an inline table ({en = "…", zh = "…"}).
MAPPINGS: Mapping[type, tuple[str, ...]] = {
    Outcome: ("verbs", "names", "events"),
    Question: ("concepts",),
    Concept: ("names",),
    BodyPlan: ("concepts", "background"),
    MultiverseData: ("choices",),
    ScreeningRules: ("shares",),
}

#: What is wrong with the value of a key and how to write it, by pydantic's type of error.
WRONG: Mapping[str, tuple[str, str]] = {
    "string_type": ("is no text", "write it in double quotes"),
    "int_type": ("is no whole number", "write digits, without quotes"),
    "int_parsing": ("is no whole number", "write digits, without quotes"),
    "int_from_float": ("is no whole number", "write it without a decimal point"),
    "bool_type": ("is neither true nor false", "write true or false, without quotes"),
    "bool_parsing": ("is neither true nor false", "write true or false, without quotes"),
    "tuple_type": ("is no list", "write it in square brackets"),
}

REQUIRED = ("review", "question")

_POLICIES = ("versions-are-links", "versions-are-duplicates")


def parse_protocol(text: str, *, name: str = FILE) -> Protocol:
    """Read a protocol.

    Raises
    ------
    BadInput
        Naming file, line, what is wrong and the nearest key that exists.

    Examples
    --------
    >>> text = '''
    ... [review]
    ... id = "demo"
    ... title = "A question"
    ... [question]
    ... population = "people"
    ... intervention = "a drug"
    ... comparator = "placebo"
    ... outcomes = "remission"
    ... designs = "trials"
    ... '''
    >>> parse_protocol(text).head.title
    'A question'
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error), name) from error
    lines = _Lines(text, name)
    _known_sections(data, lines)
    fields: dict[str, Any] = {}
    for section, (cls, target, many) in SECTIONS.items():
        if section not in data:
            continue
        found = data[section]
        if many != isinstance(found, list):
            kind = f"[[{section}]]" if many else f"[{section}]"
            raise BadInput(
                f"{section} is written in the wrong shape",
                f"write it as {kind}",
                where=lines.place(section, 0),
            )
        if many:
            fields[target] = tuple(
                _make(cls, row, section, i, lines) for i, row in enumerate(found)
            )
        else:
            fields[target] = _make(cls, found, section, 0, lines)
    fields["tools"] = tuple(sorted((k, str(v)) for k, v in data.get("tools", {}).items()))
    fields["dedupe_policy"] = _policy(data.get("dedupe", {}), lines)
    fields["stated"] = frozenset(_stated(data))
    protocol = Protocol(**fields)
    _consistent(protocol, lines)
    return protocol


def _stated(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield ``section.key`` of every key that is written, with the id where a table repeats."""
    for section, found in data.items():
        for row in found if isinstance(found, list) else [found]:
            name = f"{section}.{row['id']}" if isinstance(found, list) and "id" in row else section
            yield from (f"{name}.{key}" for key in row)


@cache
def _adapter(cls: type) -> TypeAdapter[Any]:
    """Return what checks the rows of one table; making it costs more than using it."""
    return TypeAdapter(cls)


def _make(cls: type, row: Any, section: str, index: int, lines: _Lines) -> Any:
    if not isinstance(row, dict):
        raise BadInput(
            f"{section} is no table", f"write [{section}]", where=lines.place(section, 0)
        )
    row = dict(row)
    for key, (inner, target) in INNER.get(cls, {}).items():
        row[target] = tuple(
            _make(inner, t, f"{section}.{key}", index, lines) for t in row.pop(key, [])
        )
    for key in MAPPINGS.get(cls, ()):
        if isinstance(row.get(key), dict):
            row[key] = tuple(sorted(row[key].items()))
    known = {field.name for field in dataclasses.fields(cls)}
    for key in row:
        if key not in known:
            raise _unknown(key, known, lines.place(section, index, key), f"[{section}]")
    try:
        made: Any = _adapter(cls).validate_python(row)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        problem, remedy = _wrong(cls, key, first["type"], first["msg"], known)
        raise BadInput(
            f"in [{section}] the key {key!r} {problem}",
            remedy,
            where=lines.place(section, index, key),
        ) from error
    _checked(made, section, index, lines)
    return made


def _checked(made: Any, section: str, index: int, lines: _Lines) -> None:
    """Refuse a word that its key does not take, and an id that is no slug."""
    wrong = check_words(made)
    if wrong is not None:
        key, error = wrong
        raise BadInput(error.problem, error.remedy, where=lines.place(section, index, key))
    if hasattr(made, "id") and not isinstance(made, ReviewHead):
        try:
            check_slug(made.id, what=f"the id of [[{section}]]")
        except BadInput as error:
            where = lines.place(section, index, "id")
            raise BadInput(error.problem, error.remedy, where=where) from error


def _wrong(cls: type, key: str, kind: str, message: str, known: set[str]) -> tuple[str, str]:
    """Return what is wrong with the value of a key, and what to do."""
    if kind == "missing":
        return "is missing", f"this table has the keys {', '.join(sorted(known))}"
    if key in MAPPINGS.get(cls, ()):
        example = "p-a = 2, p-b = 1" if key == "shares" else 'en = "…", zh = "…"'
        return "is no table of names", f"write it as {key} = {{{example}}}"
    return WRONG.get(kind, (f"is wrong: {message}", "see review.toml in the reference"))


def _known_sections(data: Mapping[str, Any], lines: _Lines) -> None:
    known = {*SECTIONS, *LOOSE}
    for section in data:
        if section not in known:
            raise _unknown(section, known, lines.place(section, 0), "the file")
    for section in REQUIRED:
        if section not in data:
            raise BadInput(
                f"[{section}] is missing", f"add a table [{section}]", where=Place(file=lines.name)
            )


def _policy(table: Mapping[str, Any], lines: _Lines) -> str:
    for key in table:
        if key != "policy":
            raise _unknown(key, {"policy"}, lines.place("dedupe", 0, key), "[dedupe]")
    policy = str(table.get("policy", _POLICIES[0]))
    if policy not in _POLICIES:
        raise BadInput(
            f"{policy!r} is no policy for versions",
            f"use {' or '.join(_POLICIES)}",
            where=lines.place("dedupe", 0, "policy"),
        )
    return policy


def _consistent(protocol: Protocol, lines: _Lines) -> None:
    """Ids are unique, and every id that is named exists."""
    for section, (_, target, many) in SECTIONS.items():
        if not many:
            continue
        seen: set[str] = set()
        for index, row in enumerate(getattr(protocol, target)):
            key = f"{row.id}@{row.version}" if isinstance(row, Criterion) else row.id
            if key in seen:
                raise BadInput(
                    f"the {section} id {row.id!r} stands twice",
                    "ids are never used again: choose another",
                    where=lines.place(section, index, "id"),
                )
            seen.add(key)
    outcomes = {o.id for o in protocol.outcomes}
    visits = {v.id for v in protocol.visits}
    for index, plan in enumerate(protocol.syntheses):
        _named(plan.outcome, outcomes, "outcome", lines.place("synthesis", index, "outcome"))
        if plan.visit:
            _named(plan.visit, visits, "visit", lines.place("synthesis", index, "visit"))
    plans = {plan.id for plan in protocol.syntheses}
    for index, multiverse in enumerate(protocol.multiverses):
        where = lines.place("multiverse", index, "synthesis")
        _named(multiverse.synthesis, plans, "synthesis", where, many="syntheses")
    for index, body in enumerate(protocol.bodies):
        _named(body.outcome, outcomes, "outcome", lines.place("body", index, "outcome"))
    _thresholds(protocol, lines)
    _allocation(protocol, lines)


def _allocation(protocol: Protocol, lines: _Lines) -> None:
    """Who screens what can be worked out, and whoever is named is in the team."""
    rules = protocol.screening
    known = {person.id for person in protocol.team}
    named: Mapping[str, tuple[str, ...]] = {
        "pairs": tuple(who for pair in rules.pairs for who in pair),
        "shares": tuple(who for who, _ in rules.shares),
        "seniors": rules.seniors,
        "settlers": rules.settlers,
    }
    for key, people in named.items():
        for who in people:
            _named(who, known, "person", lines.place("screening", 0, key), many="people")
    try:
        Allocation(rules=rules, team=screeners(protocol.team))
    except BadInput as error:
        where = lines.place("screening", 0, "allocation")
        raise BadInput(error.problem, error.remedy, where=where) from error


def _thresholds(protocol: Protocol, lines: _Lines) -> None:
    """Thresholds are complete, in order and in the unit of their outcome."""
    first = 0
    for outcome in protocol.outcomes:
        try:
            read_thresholds(outcome)
        except BadInput as error:
            where = lines.place("outcome.threshold", first)
            raise BadInput(error.problem, error.remedy, where=where) from error
        _apart(outcome, first, lines)
        first += len(outcome.thresholds)


def _apart(outcome: Outcome, first: int, lines: _Lines) -> None:
    """Refuse two sizes with one threshold: the smaller of them could never be told."""
    sizes: dict[Decimal, str] = {}
    for index, one in enumerate(outcome.thresholds, start=first):
        if one.size == "response":
            continue
        value = Decimal(one.value.replace(",", ""))
        if value in sizes:
            raise BadInput(
                f"the thresholds {sizes[value]!r} and {one.size!r} of {outcome.id!r} are both "
                f"{one.value}",
                "give each size its own threshold, or a minimally important difference (mid) alone",
                where=lines.place("outcome.threshold", index, "value"),
            )
        sizes[value] = one.size


def _named(name: str, known: set[str], what: str, where: Place, *, many: str = "") -> None:
    if name not in known:
        raise _unknown(name, known, where, f"the {many or f'{what}s'} of this file")


def _unknown(key: str, known: set[str], where: Place, scope: str) -> BadInput:
    near = difflib.get_close_matches(key, sorted(known), 1)
    remedy = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(sorted(known))}"
    return BadInput(f"{key!r} is not known in {scope}", remedy, where=where)


def _syntax(message: str, name: str) -> BadInput:
    found = re.search(r"at line (\d+)", message)
    line = int(found.group(1)) if found else None
    return BadInput(
        f"this is not valid TOML: {message}",
        "correct the line; texts stand in double quotes",
        where=Place(file=name, line=line),
    )


def place_in(text: str, section: str, index: int, key: str = "", *, name: str = FILE) -> Place:
    r"""Return the line of a key in the text of a protocol; ``index`` counts its tables from 0.

    Examples
    --------
    >>> place_in('[review]\nid = "a"', "review", 0, "id").line
    2
    """
    return _Lines(text, name).place(section, index, key)


class _Lines:
    """Finds the line of a key; tomllib does not tell."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._lines = text.splitlines()

    def place(self, section: str, index: int, key: str = "") -> Place:
        header = re.compile(rf"\s*\[\[?\s*{re.escape(section)}\s*\]\]?")
        any_header = re.compile(r"\s*\[")
        starts = [i for i, line in enumerate(self._lines) if header.match(line)]
        if not starts:
            return Place(file=self.name)
        start = starts[min(index, len(starts) - 1)]
        wanted = re.compile(rf"\s*{re.escape(key)}\s*[=.]")
        for i in range(start + 1, len(self._lines)):
            if any_header.match(self._lines[i]):
                break
            if key and wanted.match(self._lines[i]):
                return Place(file=self.name, line=i + 1)
        return Place(file=self.name, line=start + 1)
