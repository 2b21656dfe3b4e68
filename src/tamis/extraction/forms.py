"""Extraction forms as data: what is asked of a study, and the value that an answer becomes.

A form is a file, never code. Its fields map onto value cells (outcome, statistic, arm, visit), so
that answers are ordinary values with anchors, and survive a change of the form: a field that is
taken out hides its answers and loses none. docs: the keys are ``KEYS``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from tamis.domain.errors import BadInput, Place
from tamis.domain.value_rows import parse_number
from tamis.domain.values import STATISTICS

__all__ = ["FIELD_KINDS", "FORMS", "REPEATS", "Condition", "Form", "FormField", "Option", "Section",
           "check_answer", "read_form"]  # fmt: skip

#: Kind of field -> what its answer is.
FIELD_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "text": "words, as printed",
        "integer": "a whole number",
        "number": "a number with its unit",
        "date": "a date: year, year and month, or the day",
        "choice": "one of the options",
        "multi": "one or more of the options, separated by ';'",
    }
)

#: What a section is asked for anew -> where its answers go.
REPEATS: Mapping[str, str] = MappingProxyType(
    {
        "study": "once: the arm is 'all', the visit 'baseline'",
        "arm": "for each arm, at the visit 'baseline'",
        "outcome": "for each outcome of the protocol; its id stands behind the field's",
        "result": "for each arm, outcome and visit: one statistic a row",
        "contrast": "for each two arms ('a-vs-b'), outcome and visit",
    }
)

#: Table of the file -> the keys it must have, and those it may have.
KEYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "the file": ("id version label section", "note"),
        "section": ("id label repeat field", ""),
        "field": (
            "id label kind",
            "help options units required_if needs_anchor not_reported checks outcome statistic",
        ),
        "option": ("id en", "zh"),
        "required_if": ("field is", ""),
    }
)

_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z")
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?\Z")

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of a choice; ``labels`` by language."""

    id: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A field is asked only where an earlier one has one of these answers."""

    field: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One question, and the cell that its answer fills.

    ``outcome`` is a slug, or ``*`` for the outcome that the section is repeated for.
    """

    id: str
    labels: Mapping[str, str]
    kind: str
    outcome: str
    statistic: str
    help: Mapping[str, str]
    options: tuple[Option, ...] = ()
    units: tuple[str, ...] = ()
    required_if: Condition | None = None
    needs_anchor: bool = True
    not_reported: bool = True
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that are asked together, and for what they are asked anew (``REPEATS``)."""

    id: str
    labels: Mapping[str, str]
    repeat: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form."""

    id: str
    version: str
    labels: Mapping[str, str]
    sections: tuple[Section, ...]
    note: str = ""

    def field(self, name: str) -> FormField:
        """Return a field by its id.

        Raises
        ------
        BadInput
            Naming the nearest one.
        """
        known = {field.id: field for section in self.sections for field in section.fields}
        if name not in known:
            raise BadInput(f"the form {self.id!r} has no field {name!r}", _nearest(name, known))
        return known[name]

    def section_of(self, name: str) -> Section:
        """Return the section that holds a field."""
        self.field(name)
        return next(s for s in self.sections if any(f.id == name for f in s.fields))


def read_form(data: bytes, *, name: str) -> Form:
    """Read and check a form.

    Parameters
    ----------
    data
        The file: TOML in UTF-8.
    name
        Its name, for messages.

    Raises
    ------
    BadInput
        For what is no TOML, an unknown key (with the nearest), a kind, statistic or repetition that
        is none, ids that repeat, a condition on a field that does not come before.

    Examples
    --------
    >>> form = read_form(b'''
    ... id = "ours"
    ... version = "1"
    ... label = { en = "Ours" }
    ... [[section]]
    ... id = "one"
    ... label = { en = "One" }
    ... repeat = "study"
    ... field = [{ id = "setting", label = { en = "Setting" }, kind = "text" }]
    ... ''', name="ours.toml")
    >>> form.field("setting").statistic
    'text'
    """
    try:
        return _form(tomllib.loads(data.decode("utf-8-sig")))
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


def check_answer(field: FormField, answer: str, *, unit: str = "") -> str:
    """Return an answer as it is recorded, or refuse it.

    Raises
    ------
    BadInput
        For what is no number, date or option of this field, and a unit that it has not.

    Examples
    --------
    >>> field = FormField(id="n", labels={}, kind="integer", outcome="n", statistic="n", help={})
    >>> check_answer(field, " 48 ")
    '48'
    """
    text = answer.strip()
    if not text:
        raise BadInput("the answer is empty", "if it is not reported, say so instead")
    if field.units and unit not in field.units:
        raise BadInput(f"{unit or 'no unit'!r} is no unit of {field.id}",
                       f"use one of {', '.join(field.units)}")  # fmt: skip
    if field.kind == "integer" and not text.replace(",", "").isdecimal():
        raise BadInput(f"{text!r} is no whole number", "write it in digits")
    if field.kind == "date" and not _DATE.match(text):
        raise BadInput(f"{text!r} is no date", "write 2019, 2019-03 or 2019-03-31")
    if field.kind in ("choice", "multi"):
        return _chosen(field, text)
    if field.kind == "number":
        parse_number(text)
    return text.replace(",", "") if field.kind == "integer" else text


def _chosen(field: FormField, text: str) -> str:
    known = {option.id: option for option in field.options}
    parts = [text] if field.kind == "choice" else [part.strip() for part in text.split(";")]
    for part in parts:
        if part not in known:
            raise BadInput(f"{part!r} is no answer to {field.id}", _nearest(part, known))
    return "; ".join(dict.fromkeys(parts))


# ------------------------------------------------------------------ reading
def _form(table: Table) -> Form:
    _keys(table, "the file")
    sections = tuple(_section(one) for one in _tables(table["section"], "section"))
    form = Form(
        id=_slug(table["id"], "the form"),
        version=_text(table["version"], "version"),
        labels=_labels(table["label"], "the form"),
        sections=sections,
        note=_text(table.get("note", ""), "note"),
    )
    _check(form)
    return form


def _section(table: Table) -> Section:
    _keys(table, "section")
    repeat = _text(table["repeat"], "repeat")
    if repeat not in REPEATS:
        raise BadInput(f"{repeat!r} is nothing to repeat a section for", _nearest(repeat, REPEATS))
    return Section(
        id=_slug(table["id"], "a section"),
        labels=_labels(table["label"], str(table["id"])),
        repeat=repeat,
        fields=tuple(_field(one, repeat) for one in _tables(table["field"], "field")),
    )


def _field(table: Table, repeat: str) -> FormField:
    _keys(table, "field")
    name, kind = _slug(table["id"], "a field"), _text(table["kind"], "kind")
    if kind not in FIELD_KINDS:
        raise BadInput(f"{name}: {kind!r} is no kind of field", _nearest(kind, FIELD_KINDS))
    usual = "n" if kind in ("integer", "number") else "text"
    statistic = _text(table.get("statistic", usual), "statistic")
    if statistic not in STATISTICS:
        raise BadInput(f"{name}: {statistic!r} is no statistic", _nearest(statistic, STATISTICS))
    any_outcome = "*" if repeat in ("result", "contrast") else name
    options = tuple(_option(one) for one in _tables(table.get("options", []), "options"))
    if (kind in ("choice", "multi")) != bool(options):
        raise BadInput(f"{name}: a choice has options, and nothing else has",
                       "give options = [{ id = …, en = … }], or another kind")  # fmt: skip
    return FormField(
        id=name,
        labels=_labels(table["label"], name),
        kind=kind,
        outcome=_text(table.get("outcome", any_outcome), "outcome"),
        statistic=statistic,
        help=_labels(table["help"], name) if "help" in table else {},
        options=options,
        units=_list(table.get("units", []), "units"),
        required_if=_condition(table["required_if"]) if "required_if" in table else None,
        needs_anchor=_flag(table.get("needs_anchor", True), "needs_anchor"),
        not_reported=_flag(table.get("not_reported", True), "not_reported"),
        checks=_list(table.get("checks", []), "checks"),
    )


def _option(table: Table) -> Option:
    _keys(table, "option")
    labels = {key: _text(table[key], key) for key in ("en", "zh") if key in table}
    return Option(id=_text(table["id"], "id"), labels=labels)


def _condition(table: Any) -> Condition:
    if not isinstance(table, dict):
        raise BadInput("required_if is no table", 'write { field = "…", is = ["…"] }')
    _keys(table, "required_if")
    return Condition(field=_text(table["field"], "field"), answers=_list(table["is"], "is"))


def _check(form: Form) -> None:
    before: dict[str, FormField] = {}
    for section in form.sections:
        for field in section.fields:
            needs = field.required_if
            if field.id in before:
                raise BadInput(f"there are two fields {field.id!r}", "give one another id")
            if needs is not None:
                _check_condition(field, needs, before)
            before[field.id] = field
    names = [section.id for section in form.sections]
    if len(set(names)) != len(names) or not before:
        raise BadInput("sections have the same id, or there is no field", "give each its own id")


def _check_condition(field: FormField, needs: Condition, before: Mapping[str, FormField]) -> None:
    earlier = before.get(needs.field)
    if earlier is None:
        raise BadInput(
            f"{field.id} depends on {needs.field!r}, which is no field before it",
            _nearest(needs.field, before),
        )
    known = {option.id for option in earlier.options}
    wrong = [answer for answer in needs.answers if known and answer not in known]
    if wrong or not needs.answers:
        raise BadInput(f"{field.id}: {wrong} are no answers to {needs.field}",
                       f"use {', '.join(sorted(known))}")  # fmt: skip


def _keys(table: Table, what: str) -> None:
    must, may = (set(keys.split()) for keys in KEYS[what])
    for key in table:
        if key not in must | may:
            raise BadInput(f"{what} has an unknown key {key!r}", _nearest(key, must | may))
    for key in sorted(must - table.keys()):
        raise BadInput(f"{what} {table.get('id', '')!s} lacks {key!r}", "add it")


def _labels(given: Any, what: str) -> Mapping[str, str]:
    if not isinstance(given, dict) or not isinstance(given.get("en"), str):
        raise BadInput(f"{what} has no label", 'write { en = "…", zh = "…" }')
    return MappingProxyType({str(key): _text(text, str(key)) for key, text in given.items()})


def _slug(given: Any, what: str) -> str:
    if not isinstance(given, str) or not _SLUG.match(given):
        raise BadInput(f"{what} has the id {given!r}", "use lower-case letters, digits and '-'")
    return given


def _text(given: Any, what: str) -> str:
    if not isinstance(given, str):
        raise BadInput(f"{what} is {given!r}, no text", "put it in double quotes")
    return given


def _flag(given: Any, what: str) -> bool:
    if not isinstance(given, bool):
        raise BadInput(f"{what} is {given!r}", "write true or false")
    return given


def _list(given: Any, what: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise BadInput(f"{what} is no list of texts", 'write ["…", "…"]')
    return tuple(given)


def _tables(given: Any, what: str) -> list[Table]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise BadInput(f"{what} is no list of tables", f"write [[{what}]]")
    return given


def _nearest(word: str, known: Mapping[str, object] | Sequence[str] | set[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(sorted(known))}"


class _Shipped(Mapping[str, Form]):
    """Reads the data files once, at the first look."""

    def __getitem__(self, key: str) -> Form:
        return _read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_read())

    def __len__(self) -> int:
        return len(_read())


#: The forms that ship, by id, in the order in which one fills them in.
FORMS: Mapping[str, Form] = _Shipped()

_ORDER = ("study", "arms", "tidier", "outcomes", "results")


@cache
def _read() -> Mapping[str, Form]:
    folder = resources.files("tamis.extraction") / "forms"
    found = [read_form((folder / f"{n}.toml").read_bytes(), name=f"{n}.toml") for n in _ORDER]
    return MappingProxyType({form.id: form for form in found})
