"""The fields of the protocol's forms: one table, section by section, key by key.

What a field may hold follows from ``protocol_words`` where words are fixed there; the form only
says how it is asked for. Whether the whole is right is decided by ``parse_protocol``, never here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tamis.app.protocol.protocol import SECTIONS
from tamis.app.protocol.words import ALLOWED
from tamis.app.words import DESIGNS
from tamis.domain.errors import BadInput, Place

__all__ = ["FIELDS", "INNER_FIELDS", "LANGUAGES", "Field", "from_form", "to_form"]

#: Languages that names, verbs and words for events are asked in.
LANGUAGES = ("en", "zh")

#: Parts of a question that have a concept.
_PARTS = ("population", "intervention", "comparator")

#: Kinds of fields that may have several lines.
_TALL = ("text", "lines", "groups", "shares", "options")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form.

    ``kind``: ``line``, ``text``, ``whole`` (number), ``date``, ``yes``, ``choice`` (of ``words``),
    ``many`` (several of them), ``list`` (words with commas), ``lines`` (a list in every language),
    ``words`` (one text in every language), ``parts`` (a concept for each part of the question),
    ``pair``, ``groups`` (one group of people a line), ``shares`` (``p-a = 2`` a line) or
    ``options`` (``axis = option`` a line). ``of`` names the section whose ids may be chosen;
    ``needed`` fields are written even when empty.
    """

    key: str
    kind: str = "line"
    words: tuple[str, ...] = ()
    of: str = ""
    needed: bool = False

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of its inputs in the form."""
        if self.kind in ("lines", "words"):
            return tuple(f"{self.key}.{code}" for code in LANGUAGES)
        if self.kind == "parts":
            return tuple(f"{self.key}.{part}" for part in _PARTS)
        if self.kind == "pair":
            return f"{self.key}.1", f"{self.key}.2"
        return (self.key,)


_SPEC = """
review     title! as_of:date funding:text interests:text registration licence banner:text language:choice
question   population:text! intervention:text! comparator:text! outcomes:text! designs:text! rationale:text concepts:parts@concept
criterion  id! stage:choice! kind:choice! text:text!
source     id! database! platform! kind:choice searched_on:date hits:whole limits:text run:choice
visit      id! label! months!
concept    id! kind:choice! broader:many@concept names:lines
outcome    id! name! importance:choice! kind:choice! better:choice! unit definition:text estimand:choice visits:many@visit harm:yes surrogate_for:choice@outcome names:lines verbs:words events:words
synthesis  id! title outcome:choice@outcome! estimand:choice! visit:choice@visit! designs:many! measure:choice! method:choice! kind:choice! test:choice arms:pair statistic:choice layer:choice studies:list subgroups:list sensitivity:list reason:text
multiverse id! title synthesis:choice@synthesis! measures:list! alone:list estimators:list intervals:list zero_cells:list reason:text
body       id! outcome:choice@outcome! designs:many! start_level:whole! synthesis:choice@synthesis concepts:parts@concept background:words may_rate_up:yes
screening  reviewers_per_record:whole blinding:choice allocation:choice order:choice seed:whole maybe_counts_as:choice full_text:choice pairs:groups shares:shares seniors:many@team settling:choice settlers:many@team reason_conflicts:yes agreement_bar
reading    readers_per_study:whole assessors_per_result:whole
team       id! name! roles:list
dedupe     policy:choice
outcome.threshold  size:choice! value! unit! source!
body.baseline      label! risk! source!
multiverse.data    id! choices:options! outcome:choice@outcome estimand:choice visit statistic:choice designs:many studies:list layer:choice comparators:list reason:text
"""  # noqa: E501 - a table is read row by row

#: Words of keys that ``protocol_words`` leaves open, or that are checked elsewhere.
_OPEN: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("synthesis", "measure"): ("RR", "OR", "RD", "AS", "MD", "SMD", "HR", "GEN", "PR", "none"),
    ("synthesis", "method"): (
        "one-study",
        "REML",
        "ML",
        "PM",
        "EB",
        "DL",
        "HE",
        "HS",
        "SJ",
        "FE",
        "MH",
        "PETO",
        "GLMM",
        "series",
    ),
    ("dedupe", "policy"): ("versions-are-links", "versions-are-duplicates"),
}


def _field(section: str, cls: type | None, told: str) -> Field:
    needed = told.endswith("!")
    rest, _, of = told.removesuffix("!").partition("@")
    key, _, kind = rest.partition(":")
    words = ALLOWED.get(cls, {}).get(key, ()) if cls else ()
    return Field(
        key=key,
        kind=kind or "line",
        words=words or _OPEN.get((section, key), ()),
        of=of,
        needed=needed,
    )


def _fields() -> dict[str, tuple[Field, ...]]:
    from tamis.app.protocol.protocol import INNER

    classes: dict[str, type] = {section: row[0] for section, row in SECTIONS.items()}
    for section, cls in list(classes.items()):
        classes |= {f"{section}.{key}": row[0] for key, row in INNER.get(cls, {}).items()}
    found = {}
    for line in _SPEC.strip().splitlines():
        section, *told = line.split()
        found[section] = tuple(_field(section, classes.get(section), one) for one in told)
    found["tools"] = tuple(Field(key=design) for design in DESIGNS)
    return found


_ALL = _fields()

#: Section -> its fields, in the order of the form.
FIELDS: Mapping[str, tuple[Field, ...]] = {k: v for k, v in _ALL.items() if "." not in k}

#: Section -> the key of the rows inside it, and their fields.
INNER_FIELDS: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    section: (key, _ALL[f"{section}.{key}"])
    for section, key in (("outcome", "threshold"), ("body", "baseline"), ("multiverse", "data"))
}


def to_form(fields: Sequence[Field], row: Mapping[str, Any]) -> dict[str, str]:
    """Return what the inputs of a form show for a table of the file.

    Examples
    --------
    >>> to_form(FIELDS["visit"], {"id": "m6", "label": "month 6", "months": "6"})
    {'id': 'm6', 'label': 'month 6', 'months': '6'}
    """
    return {name: text for field in fields for name, text in _shown(field, row.get(field.key))}


def _shown(field: Field, value: Any) -> list[tuple[str, str]]:
    names = field.inputs
    if field.kind in ("lines", "words", "parts"):
        told = value if isinstance(value, dict) else {}
        return [(name, _plain_part(told.get(name.rpartition(".")[2]))) for name in names]
    if field.kind == "pair":
        pair = [*(value if isinstance(value, list) else []), "", ""]
        return [(names[0], str(pair[0])), (names[1], str(pair[1]))]
    return [(field.key, _plain(field.kind, value))]


def _plain_part(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def _plain(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "groups" and isinstance(value, list):
        return "\n".join(", ".join(map(str, group)) for group in value)
    if kind in ("shares", "options") and isinstance(value, dict):
        return "\n".join(f"{who} = {share}" for who, share in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value)


def from_form(
    fields: Sequence[Field], form: Mapping[str, str], old: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the changes that a form makes to a table: key to value, ``None`` takes the key away.

    Raises
    ------
    BadInput
        When a number is none; ``where.column`` names the field.

    Examples
    --------
    >>> old = {"id": "m6", "label": "month 6", "months": "6"}
    >>> from_form(FIELDS["visit"], {"id": "m6", "label": "six months", "months": "6"}, old)
    {'label': 'six months'}
    """
    changes: dict[str, Any] = {}
    for field in fields:
        before = old.get(field.key)
        if _untouched(field, form, before) and (field.key in old or not field.needed):
            continue
        now = _value(field, form, before)
        empty = now in ("", [], {}, None, False, ["", ""])
        if not empty or field.needed:
            changes[field.key] = now
        elif field.key in old:
            changes[field.key] = None
    return changes


def _untouched(field: Field, form: Mapping[str, str], before: Any) -> bool:
    """Tell whether a form says of a field what it was shown; the order of choices is nothing."""
    for name, text in _shown(field, before):
        told, shown = (_tidy(one, field.kind) for one in (form.get(name, ""), text))
        if field.kind == "many":
            if set(_parts(told)) != set(_parts(shown)):
                return False
        elif told != shown:
            return False
    return True


def _value(field: Field, form: Mapping[str, str], old: Any) -> Any:
    told = [_tidy(form.get(name, ""), field.kind) for name in field.inputs]
    if field.kind == "pair":
        return told
    if field.kind not in ("words", "parts", "lines"):
        return _simple(field, told[0])
    made = dict(old) if isinstance(old, dict) else {}
    for name, text in zip(field.inputs, told, strict=True):
        made[name.rpartition(".")[2]] = _lines(text) if field.kind == "lines" else text
    return {code: value for code, value in made.items() if value}


def _simple(field: Field, text: str) -> Any:
    if field.kind == "whole":
        return _whole(field.key, text) if text else None
    if field.kind == "yes":
        return bool(text)
    if field.kind in ("list", "many"):
        return _parts(text)
    if field.kind == "groups":
        return [re.split(r"[,，\s]+", line.strip(" ,")) for line in _lines(text)]
    if field.kind in ("shares", "options"):
        cut = (line.partition("=") for line in _lines(text))
        told = {name.strip(): word.strip() for name, _, word in cut}
        whole = field.kind == "shares"
        return {n: _whole(field.key, w) for n, w in told.items()} if whole else told
    return text


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"\s*[,，;；\n]\s*", text) if part]


def _whole(key: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise BadInput(
            f"{text!r} is no whole number", "write digits", where=Place(file="", column=key)
        )
    return int(text)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _tidy(text: str, kind: str) -> str:
    """Return a text with the line ends of a file; what stands on one line has no other."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return (
        text if kind in ("text", "lines", "groups", "shares", "options") else " ".join(text.split())
    )
