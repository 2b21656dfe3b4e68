"""``claims.toml``: the claims that conclusions make, in their written form.

One ``[[claim]]`` a claim. Unknown keys are refused with their line and the nearest known key;
words outside a closed set are refused with the set.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tamis.domain.claims import Claim, ClaimNumber
from tamis.domain.errors import BadInput, Place
from tamis.domain.ids import check_slug
from tamis.domain.question import Protocol

__all__ = ["FILE", "KEYS", "check_names", "read_claims"]

FILE = "claims.toml"

#: Key of a claim -> what it means. Read aloud; docs/reference prints it.
KEYS: Mapping[str, str] = {
    "id": "a slug, never used twice",
    "lang": "en or zh",
    "text": "the sentence, or a short fragment of it",
    "source": "kind (report, abstract, lay, external), ref (section or address), span, interest of "
    "its publisher (once a text is enough)",
    "voice": "synthesis or study",
    "study": "id of the study that speaks",
    "outcome": "outcome id of the protocol, or unspecified",
    "population": "concept id",
    "intervention": "concept id",
    "comparator": "concept id, none (before and after) or unspecified",
    "direction": "benefit, harm, no-difference or unclear",
    "strength": "0 to 5; left out, the lexicon decides",
    "size": "large, moderate, small or trivial",
    "quantifier": "all, most, half, several, some or none",
    "time": "the time it is about",
    "numbers": "value, unit and the value or result it is held against",
    "certainty_required": "1 to 4, the lowest certainty that allows the strength; it follows from "
    "the strength, and a note says where the two differ",
    "step": "where a distortion entered: study, review or lay",
    "note": "a remark of the person who wrote it down",
}

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "lang": ("en", "zh"),
    "voice": ("synthesis", "study"),
    "direction": ("benefit", "harm", "no-difference", "unclear"),
    "size": ("", "large", "moderate", "small", "trivial"),
    "quantifier": ("", "all", "most", "half", "several", "some", "none"),
    "step": ("", "study", "review", "lay"),
}

_KINDS = ("report", "abstract", "lay", "external")
_SOURCE = ("kind", "ref", "span", "interest")
_NUMBER = ("value", "unit", "result")
_STRONGEST = 5
_HIGHEST = 4

#: A length of time, as texts and tables write it.
_DURATION = re.compile(
    r"\d\s*-?(?:d|days?|w|wks?|weeks?|mo|mos|months?|y|yrs?|years?|h|hours?)\b"
    r"|\b(?:months?|weeks?|days?|years?)\s+\d"
    r"|(?:\d|[一二两三四五六七八九十半])\s*(?:天|日|周|个?月|年|小时)",
    re.IGNORECASE,
)

#: Words for a time that is no number.
_TIMES = ("baseline", "follow-up", "long-term", "short-term", "end of treatment", "any time",
          "基线", "随访", "长期", "短期", "治疗结束")  # fmt: skip


def read_claims(text: str, *, name: str = FILE) -> tuple[Claim, ...]:
    """Read the claims of a file.

    Raises
    ------
    BadInput
        Naming file and line: no TOML, an unknown key or word, an id used twice, no text.

    Examples
    --------
    >>> text = '''
    ... [[claim]]
    ... id = "c1"
    ... lang = "en"
    ... text = "It may help."
    ... '''
    >>> read_claims(text)[0].outcome
    'unspecified'
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise BadInput(
            f"this is not valid TOML: {error}",
            "correct the line; texts stand in double quotes",
            where=Place(file=name, line=int(found[1]) if found else None),
        ) from error
    lines = _Lines(text, name)
    for key in data:
        if key != "claim":
            raise _unknown(key, ("claim",), Place(file=name, line=lines.of_key(key)))
    rows = data.get("claim", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(
            "claims are written in the wrong shape", "write each as [[claim]]",
            where=Place(file=name, line=lines.of_key("claim")),
        )  # fmt: skip
    claims = tuple(_claim(row, i, lines) for i, row in enumerate(rows))
    seen: set[str] = set()
    for i, claim in enumerate(claims):
        if claim.id in seen:
            raise BadInput(
                f"the claim id {claim.id!r} stands twice",
                "ids are never used again: choose another",
                where=lines.place(i, "id"),
            )
        seen.add(claim.id)
    return claims


def check_names(
    claims: Iterable[Claim], protocol: Protocol, *, text: str = "", name: str = FILE
) -> None:
    """Refuse claims about outcomes, concepts or times that the protocol does not have.

    Raises
    ------
    BadInput
        Naming the claim, its line when ``text`` is given, and the nearest name that exists.
    """
    lines = _Lines(text, name)
    outcomes = (*(o.id for o in protocol.outcomes), "unspecified")
    concepts = (*(c.id for c in protocol.concepts), "", "none", "unspecified")
    for i, claim in enumerate(claims):
        if not _is_time(claim.time, protocol):
            raise BadInput(
                f"the claim {claim.id!r} is about the time {claim.time!r}",
                "write a length (12 months, 6mo, 12 个月) or a visit of review.toml: "
                + (", ".join(visit.id for visit in protocol.visits) or "it has none"),
                where=lines.place(i, "time") if text else Place(file=name),
            )
        for key, value, known in (
            ("outcome", claim.outcome, outcomes),
            ("population", claim.population, concepts),
            ("intervention", claim.intervention, concepts),
            ("comparator", claim.comparator, concepts),
        ):
            if value not in known:
                raise BadInput(
                    f"the claim {claim.id!r} names the {key} {value!r}, which the protocol has not",
                    _nearest(value, known),
                    where=lines.place(i, key) if text else Place(file=name),
                )


def _is_time(time: str, protocol: Protocol) -> bool:
    said = time.strip().casefold()
    names = {name.casefold() for v in protocol.visits for name in (v.id, v.label) if name}
    known = said in names or any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", said) for n in names)
    return not said or known or bool(_DURATION.search(said)) or any(w in said for w in _TIMES)


def _claim(row: Mapping[str, Any], index: int, lines: _Lines) -> Claim:
    for key in row:
        if key not in KEYS:
            raise _unknown(key, tuple(KEYS), lines.place(index, key))
    for key in ("id", "lang", "text"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise BadInput(
                f"a claim has no {key}", f'give {key} = "…"', where=lines.place(index, key)
            )
    where = lines.place(index, "id")
    try:
        check_slug(row["id"], what="the id of a claim")
    except BadInput as error:
        raise BadInput(error.problem, error.remedy, where=where) from error
    for key, choices in _CHOICES.items():
        if key in row and row[key] not in choices:
            raise BadInput(
                f"{row[key]!r} is no {key}",
                f"use {', '.join(c for c in choices if c)}",
                where=lines.place(index, key),
            )
    plain: dict[str, Any] = {k: _text(row, k, index, lines) for k in _PLAIN if k in row}
    return Claim(
        **plain,
        **_source(row, index, lines),
        strength=_strength(row, index, lines),
        certainty_required=_required(row, index, lines),
        numbers=_numbers(row, index, lines),
    )


_PLAIN = ("id", "lang", "text", "voice", "study", "outcome", "population", "intervention",
          "comparator", "direction", "size", "quantifier", "time", "step", "note")  # fmt: skip


def _text(row: Mapping[str, Any], key: str, index: int, lines: _Lines) -> str:
    if not isinstance(row[key], str):
        raise BadInput(
            f"{key} is no text", "write it in double quotes", where=lines.place(index, key)
        )
    return str(row[key])


def _source(row: Mapping[str, Any], index: int, lines: _Lines) -> dict[str, Any]:
    source = row.get("source", {})
    where = lines.place(index, "source")
    if not isinstance(source, dict):
        raise BadInput("source is no table", "write { kind = …, ref = … }", where=where)
    for key in source:
        if key not in _SOURCE:
            raise _unknown(key, _SOURCE, where)
    kind = source.get("kind", "external")
    if kind not in _KINDS:
        raise BadInput(f"{kind!r} is no kind of source", f"use {', '.join(_KINDS)}", where=where)
    span = source.get("span")
    if span is not None and (
        not isinstance(span, list) or len(span) != 2 or not all(_is_whole(n) for n in span)
    ):
        raise BadInput("span is no pair of whole numbers", "write span = [start, end]", where=where)
    if span is not None and not 0 <= span[0] < span[1]:
        raise BadInput(
            f"the span {span} is no stretch of a text",
            "write span = [start, end], counted in characters from 0, the end behind the start",
            where=where,
        )
    return {
        "source_kind": kind,
        "source_ref": str(source.get("ref", "")),
        "interest": str(source.get("interest", "")),
        "span": None if span is None else (span[0], span[1]),
    }


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _required(row: Mapping[str, Any], index: int, lines: _Lines) -> int | None:
    level = row.get("certainty_required")
    if level is None:
        return None
    if not _is_whole(level) or not 1 <= level <= _HIGHEST:
        raise BadInput(
            f"{level!r} is no certainty",
            "use 4 (high), 3 (moderate), 2 (low) or 1 (very low), or leave it out",
            where=lines.place(index, "certainty_required"),
        )
    return int(level)


def _strength(row: Mapping[str, Any], index: int, lines: _Lines) -> int | None:
    strength = row.get("strength")
    if strength is None:
        return None
    if not _is_whole(strength) or not 0 <= strength <= _STRONGEST:
        raise BadInput(
            f"{strength!r} is no strength",
            "use a whole number from 0 (no claim) to 5 (proof), or leave it out",
            where=lines.place(index, "strength"),
        )
    return int(strength)


def _numbers(row: Mapping[str, Any], index: int, lines: _Lines) -> tuple[ClaimNumber, ...]:
    found = row.get("numbers", [])
    where = lines.place(index, "numbers")
    if not isinstance(found, list) or not all(isinstance(n, dict) and "value" in n for n in found):
        raise BadInput(
            "numbers is no list of tables", 'write [{ value = 60.5, unit = "%" }]', where=where
        )
    for one in found:
        for key in one:
            if key not in _NUMBER:
                raise _unknown(key, _NUMBER, where)
        if not _is_number(one["value"]):
            raise BadInput(
                f"{one['value']!r} is no number",
                'write value = 60.5, or value = "1,200" to keep how it is printed',
                where=where,
            )
    return tuple(
        ClaimNumber(value=str(n["value"]), unit=str(n.get("unit", "")),
                    result=str(n.get("result", "")))
        for n in found
    )  # fmt: skip


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    try:
        return Decimal(str(value).replace(",", "").replace("−", "-")).is_finite()
    except InvalidOperation:
        return False


def _unknown(key: str, known: tuple[str, ...], where: Place) -> BadInput:
    return BadInput(f"{key!r} is not known in claims.toml", _nearest(key, known), where=where)


def _nearest(name: str, known: Iterable[str]) -> str:
    names = [k for k in known if k]
    near = difflib.get_close_matches(name, names, 1)
    return f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(names)}"


class _Lines:
    """Finds the line of a key; tomllib does not tell."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._lines = text.splitlines()
        self._starts = [
            i for i, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*claim\s*\]\]", line)
        ]

    def of_key(self, key: str) -> int | None:
        wanted = re.compile(rf"\s*\[*\s*{re.escape(key)}\b")
        return next((i + 1 for i, line in enumerate(self._lines) if wanted.match(line)), None)

    def place(self, index: int, key: str) -> Place:
        if not self._starts:
            return Place(file=self.name)
        start = self._starts[min(index, len(self._starts) - 1)]
        end = next((s for s in self._starts if s > start), len(self._lines))
        wanted = re.compile(rf"\s*{re.escape(key)}\s*[=.]")
        line = next((i for i in range(start, end) if wanted.match(self._lines[i])), start)
        return Place(file=self.name, line=line + 1)
