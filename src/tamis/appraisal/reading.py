"""Read the data file of an appraisal tool: TOML bytes in, a checked ``Tool`` out.

What may stand in the file is ``KEYS``; docs/reference/appraisal-tools.md explains it. An unknown
key is refused with the nearest one that exists.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from tamis.appraisal.checking import check_new_tool, check_tool
from tamis.appraisal.tool import (
    Condition,
    Count,
    Domain,
    Overall,
    Question,
    Rule,
    Score,
    Step,
    Tick,
    Tool,
    Variant,
    nearest,
)
from tamis.domain.errors import BadInput, Place
from tamis.domain.summaries import BiasWord

__all__ = ["KEYS", "read_tool"]

#: Table of the file -> the keys it must have, and those it may have.
KEYS: Mapping[str, tuple[str, str]] = {
    "the file": (
        "id name version unit status url answers domain",
        "citation note wording_licence support designs options groups judgement overall score "
        "variant",
    ),
    "judgement": ("id label symbol tone", "unknown"),
    "domain": ("id label", "question step part judged triage"),
    "question": ("id label", "options ask_if ladder"),
    "step": ("id rules", ""),
    "part": ("rules", ""),
    "rule": ("then", "if count at_least at_most why doubtful"),
    "count": ("answers of", "least most"),
    "score": ("id label of points", ""),
    "overall": ("rule", "rules ticks unknown_below doubtful"),
    "tick": ("id label from to", ""),
    "variant": ("label domains", "version scores"),
}

#: Word of a rule that proposes nothing.
NONE = "none"

Table = Mapping[str, Any]

T = TypeVar("T")


def read_tool(data: bytes, *, name: str, adopted: bool = False) -> Tool:
    """Read and check a tool.

    Parameters
    ----------
    data
        The file: TOML in UTF-8.
    name
        Its name, for messages.
    adopted
        Whether it stands in the log alone, where an earlier version took it: what would only
        mislead is not refused then.

    Returns
    -------
    Tool
        With all its variants; ``Tool.forms`` gives what is answered.

    Raises
    ------
    BadInput
        When the file is not TOML, has an unknown key, or the tool contradicts itself: ids that
        repeat, a condition on a later question or on an answer that is none, a path that reaches
        no rule, a rule that no path reaches, a question that no rule reads, judgements that look
        alike.

    Examples
    --------
    >>> tool = read_tool(b'''
    ... id = "site-check"
    ... name = "Our check of sites"
    ... version = "1"
    ... unit = "study"
    ... status = "provisional"
    ... url = "https://example.org/site-check"
    ... answers = { yes = "yes", no = "no" }
    ... [[judgement]]
    ... id = "fine"
    ... label = "fine"
    ... symbol = "+"
    ... tone = "good"
    ... [[judgement]]
    ... id = "poor"
    ... label = "poor"
    ... symbol = "x"
    ... tone = "worst"
    ... [[domain]]
    ... id = "site"
    ... label = "site"
    ... question = [{ id = "1", label = "visited by a monitor" }]
    ... part = [{ rules = [{ if = { "1" = ["yes"] }, then = "fine" }, { then = "poor" }] }]
    ... ''', name="site-check.toml")
    >>> tool.key, tool.scale
    ('site-check', ('fine', 'poor'))
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
        tool = _tool(table)
        check_tool(tool)
        if not adopted:
            check_new_tool(tool)
    except UnicodeDecodeError as error:
        raise BadInput(
            f"byte {error.start} is not UTF-8", "save the file as UTF-8", where=Place(file=name)
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            f"this is not valid TOML: {error}",
            "correct the line; texts stand in double quotes",
            where=Place(file=name),
        ) from error
    except BadInput as error:
        raise BadInput(error.problem, error.remedy, where=Place(file=name)) from error
    return tool


def _tool(table: Table) -> Tool:
    _keys(table, "the file")
    answers = _texts(table["answers"], "answers")
    return Tool(
        **{key: _text(table, key) for key in ("id", "name", "version", "unit", "status", "url")},
        **{key: _text(table, key) for key in ("citation", "note", "wording_licence", "support")},
        answers=answers,
        groups=MappingProxyType({k: _list(v, k) for k, v in _map(table, "groups").items()}),
        designs=_list(table.get("designs", []), "designs"),
        judgements=_judgements(table),
        domains=_each(table, "domain", lambda t: _domain(t, _list(table.get("options", []), ""))),
        overall=_overall(_map(table, "overall")),
        scores=_each(table, "score", _score),
        variants=tuple(_variant(k, v) for k, v in _map(table, "variant").items()),
    )


def _judgements(table: Table) -> tuple[BiasWord, ...]:
    words: list[BiasWord] = []
    for row in _tables(table.get("judgement", []), "judgement"):
        _keys(row, "judgement")
        known = not row.get("unknown", False)
        rank = sum(word.rank >= 0 for word in words) if known else -1
        words.append(
            BiasWord(
                id=_text(row, "id"),
                label=_text(row, "label"),
                symbol=_text(row, "symbol"),
                tone=_text(row, "tone"),
                rank=rank,
            )
        )
    return tuple(words)


def _domain(table: Table, options: tuple[str, ...]) -> Domain:
    _keys(table, "domain")
    return Domain(
        id=_text(table, "id"),
        label=_text(table, "label"),
        questions=_each(table, "question", lambda t: _question(t, options)),
        steps=_each(table, "step", _step),
        parts=_each(table, "part", _part),
        judged=_flag(table, "judged", default=True),
        triage=_flag(table, "triage", default=False),
    )


def _question(table: Table, options: tuple[str, ...]) -> Question:
    _keys(table, "question")
    return Question(
        id=_text(table, "id"),
        label=_text(table, "label"),
        options=_list(table.get("options", []), "options") or options,
        ask_if=tuple(_condition(one) for one in _tables(table.get("ask_if", []), "ask_if")),
        ladder=_list(table.get("ladder", []), "ladder"),
    )


def _step(table: Table) -> Step:
    _keys(table, "step")
    return Step(id=_text(table, "id"), rules=_rules(table))


def _part(table: Table) -> tuple[Rule, ...]:
    _keys(table, "part")
    return _rules(table)


def _rules(table: Table) -> tuple[Rule, ...]:
    return tuple(_rule(row) for row in _tables(table.get("rules", []), "rules"))


def _rule(table: Table) -> Rule:
    _keys(table, "rule")
    then = _text(table, "then")
    return Rule(
        then="" if then == NONE else then,
        when=_condition(_map(table, "if")),
        counts=tuple(_count(row) for row in _tables(table.get("count", []), "count")),
        at_least=_numbers(_map(table, "at_least"), "at_least"),
        at_most=_numbers(_map(table, "at_most"), "at_most"),
        why=_text(table, "why"),
        doubtful=_text(table, "doubtful"),
    )


def _count(table: Table) -> Count:
    _keys(table, "count")
    most = table.get("most")
    return Count(
        answers=_list(table["answers"], "answers"),
        of=_list(table["of"], "of"),
        least=_number(table.get("least", 0), "least"),
        most=None if most is None else _number(most, "most"),
    )


def _score(table: Table) -> Score:
    _keys(table, "score")
    return Score(
        id=_text(table, "id"),
        label=_text(table, "label"),
        of=_list(table["of"], "of"),
        points=_numbers(_map(table, "points"), "points"),
    )


def _overall(table: Table) -> Overall:
    if not table:
        return Overall()
    _keys(table, "overall")
    return Overall(
        rule=_text(table, "rule"),
        rules=_rules(table),
        ticks=_each(table, "ticks", _tick),
        unknown_below=_text(table, "unknown_below"),
        doubtful=_texts(_map(table, "doubtful"), "doubtful"),
    )


def _tick(table: Table) -> Tick:
    _keys(table, "tick")
    return Tick(
        id=_text(table, "id"),
        label=_text(table, "label"),
        start=_text(table, "from"),
        end=_text(table, "to"),
    )


def _variant(name: str, table: Any) -> Variant:
    if not isinstance(table, dict):
        raise BadInput(f"variant {name!r} is no table", f"write [variant.{name}]")
    _keys(table, "variant")
    return Variant(
        id=name,
        label=_text(table, "label"),
        domains=_list(table["domains"], "domains"),
        version=_text(table, "version"),
        scores=_list(table.get("scores", []), "scores"),
    )


def _condition(table: Table) -> Condition:
    return MappingProxyType({name: _list(words, name) for name, words in table.items()})


def _keys(table: Table, where: str) -> None:
    must, may = (set(keys.split()) for keys in KEYS[where])
    for key in table:
        if key not in must | may:
            raise BadInput(f"{key!r} is not known in {where}", nearest(key, sorted(must | may)))
    for key in sorted(must - set(table)):
        raise BadInput(f"{key!r} is missing in {where}", f"{where} must have {KEYS[where][0]}")


def _each(table: Table, key: str, make: Callable[[Table], T]) -> tuple[T, ...]:
    return tuple(make(row) for row in _tables(table.get(key, []), key))


def _tables(found: Any, key: str) -> Sequence[Table]:
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BadInput(f"{key!r} is no list of tables", f"write [[{key}]], or [{{ … }}]")
    return found


def _map(table: Table, key: str) -> Table:
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise BadInput(f"{key!r} is no table", f"write [{key}], or {key} = {{ … }}")
    return found


def _text(table: Table, key: str) -> str:
    found = table.get(key, "")
    if not isinstance(found, str):
        raise BadInput(f"{key!r} is {found!r}", "write a text in double quotes")
    return found


def _list(found: Any, key: str) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadInput(f"{key!r} is {found!r}", 'write a list of texts, such as ["Y", "PY"]')
    return tuple(found)


def _texts(found: Any, key: str) -> Mapping[str, str]:
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise BadInput(f"{key!r} is no table of texts", f'write [{key}] and key = "text" below')
    return MappingProxyType(dict(found))


def _numbers(found: Table, key: str) -> Mapping[str, int]:
    return MappingProxyType({name: _number(one, f"{key}.{name}") for name, one in found.items()})


def _number(found: Any, key: str) -> int:
    if not isinstance(found, int) or isinstance(found, bool):
        raise BadInput(f"{key!r} is {found!r}", "write a whole number")
    return found


def _flag(table: Table, key: str, *, default: bool) -> bool:
    found = table.get(key, default)
    if not isinstance(found, bool):
        raise BadInput(f"{key!r} is {found!r}", "write true or false")
    return found
