"""Edits of a TOML text that leave everything else as its author wrote it: comments, order, blanks.

A value is replaced or taken away by tomlkit, which keeps what stands around it; a new line or table
is put where it belongs as text. After every edit the text is read again with the standard library
and must say what was meant, no more and no less: else the edit is refused, and the author can still
write it by hand.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item

from tamis.domain.errors import BadInput

__all__ = ["Spot", "add_table", "remove_table", "set_values", "written"]

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_\-.\"' ]+?)\s*(\]\]?)\s*(#.*)?$")
_QUOTES = ('"""', "'''")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A table of the file: its section, its place among the section's tables, a row inside it.

    ``index`` is ``None`` for a table that stands once. ``inner`` and ``row`` name a table inside
    it, such as the second ``[[outcome.threshold]]`` of an outcome.
    """

    section: str
    index: int | None = None
    inner: str = ""
    row: int | None = None

    @property
    def header(self) -> str:
        """The name in the brackets."""
        return f"{self.section}.{self.inner}" if self.inner else self.section


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Lines ``start`` to ``end`` (exclusive) of one table, without what introduces the next."""

    name: str
    start: int
    end: int


def set_values(text: str, spot: Spot, values: Mapping[str, Any]) -> str:
    r"""Return the text with keys of a table set; ``None`` takes a key away.

    Raises
    ------
    BadInput
        When the text is written in a way that this cannot edit.

    Examples
    --------
    >>> set_values('[a]  # kept\nx = 1  # too\n', Spot(section="a"), {"x": 2, "y": "z"})
    '[a]  # kept\nx = 2  # too\ny = "z"\n'
    """

    def plain(data: dict[str, Any]) -> None:
        table = _plain_table(data, spot)
        for key, value in values.items():
            if value is None:
                table.pop(key, None)
            else:
                table[key] = value

    def edit(now: str) -> str:
        document = tomlkit.parse(now)
        table = _kit_table(document, spot)
        fresh = {}
        for key, value in values.items():
            if value is None:
                if key in table:
                    del table[key]
            elif key in table:
                table[key] = _item(value)
            else:
                fresh[key] = value
        return _put(document.as_string(), spot, fresh)

    return _checked(text, edit, plain)


def add_table(
    text: str, spot: Spot, values: Mapping[str, Any], *, order: Sequence[str] = ()
) -> str:
    r"""Return the text with a new table at the end of its kind.

    Parameters
    ----------
    spot
        ``index`` of an inner table names the table that holds it; else it is not read.
    order
        Sections in the order of the file, for the first table of a section.

    Examples
    --------
    >>> print(add_table('[[a]]\nx = 1\n\n# of b\n[b]\n', Spot(section="a", index=0), {"x": 2}))
    [[a]]
    x = 1
    <BLANKLINE>
    [[a]]
    x = 2
    <BLANKLINE>
    # of b
    [b]
    <BLANKLINE>
    """
    single = spot.index is None

    def plain(data: dict[str, Any]) -> None:
        if spot.inner:
            holder = data[spot.section][spot.index]
            holder.setdefault(spot.inner, []).append(dict(values))
        elif single:
            data[spot.section] = dict(values)
        else:
            data.setdefault(spot.section, []).append(dict(values))

    def edit(now: str) -> str:
        lines = now.split("\n")
        at = _end_of_kind(lines, spot, order)
        header = f"[{spot.header}]" if single else f"[[{spot.header}]]"
        made = [header, *(f"{_key(k)} = {written(v)}" for k, v in values.items())]
        before = lines[:at]
        gap = [""] if before and before[-1].strip() else []
        after = lines[at:]
        tail = [""] if not after else []
        return "\n".join([*before, *gap, *made, *(tail or after)])

    return _checked(text, edit, plain)


def remove_table(text: str, spot: Spot) -> str:
    r"""Return the text without a table; the comment before it stays, it may be about others.

    Examples
    --------
    >>> remove_table('[[a]]\nx = 1\n\n[[a]]\nx = 2\n', Spot(section="a", index=0))
    '[[a]]\nx = 2\n'
    """

    def plain(data: dict[str, Any]) -> None:
        rows = data[spot.section]
        if spot.inner:
            rows = rows[spot.index][spot.inner]
        place = spot.row if spot.inner else spot.index
        assert place is not None  # noqa: S101 - only tables in lists are removed
        del rows[place]
        if not rows:
            holder = data[spot.section][spot.index] if spot.inner else data
            del holder[spot.inner or spot.section]

    def edit(now: str) -> str:
        lines = now.split("\n")
        found = _blocks(lines)
        first = _position(found, spot)
        last = first if spot.inner else _last_of(found, first, spot.section)
        end = found[last].end
        while end < len(lines) - 1 and not lines[end].strip():
            end += 1
        return "\n".join(lines[: found[first].start] + lines[end:])

    return _checked(text, edit, plain)


def written(value: Any) -> str:
    r"""Return a value as TOML; a text of several lines stands in three quotes.

    Examples
    --------
    >>> written({"en": ["a", "b"]}), len(written("one\ntwo").splitlines())
    ('{en = ["a", "b"]}', 3)
    """
    return _item(value).as_string()


def _item(value: Any) -> Item:
    if isinstance(value, Mapping):
        made: InlineTable = tomlkit.inline_table()
        for key, inner in value.items():
            made[key] = _item(inner)
        return made
    if isinstance(value, str) and "\n" in value:
        return tomlkit.value(_three_quotes(value))
    return cast("Item", tomlkit.item(value))


def _three_quotes(text: str) -> str:
    body = text.replace("\\", "\\\\").replace('"""', '""\\"')
    body = re.sub(r'"\Z', '\\"', body)
    body = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda c: f"\\u{ord(c[0]):04x}", body)
    return f'"""\n{body}"""'


def _checked(text: str, edit: Callable[[str], str], plain: Callable[[dict[str, Any]], None]) -> str:
    """Return the edited text, if it reads as the edited data."""
    wanted = copy.deepcopy(tomllib.loads(text))
    plain(wanted)
    try:
        done = edit(text)
        if tomllib.loads(done) == wanted:
            return done
    except (TOMLKitError, tomllib.TOMLDecodeError, KeyError, IndexError, TypeError, ValueError):
        pass
    raise BadInput(
        "this part of the file is written in a way that the form cannot change",
        "change it in the text of the file",
    )


def _plain_table(data: dict[str, Any], spot: Spot) -> dict[str, Any]:
    found = data[spot.section] if spot.index is None else data[spot.section][spot.index]
    if spot.inner:
        found = found[spot.inner][spot.row]
    table: dict[str, Any] = found
    return table


def _kit_table(document: tomlkit.TOMLDocument, spot: Spot) -> Any:
    found: Any = document[spot.section]
    if spot.index is not None:
        found = found[spot.index]
    return found[spot.inner][spot.row] if spot.inner else found


def _put(text: str, spot: Spot, values: Mapping[str, Any]) -> str:
    """Put new keys behind the last line of a table."""
    if not values:
        return text
    lines = text.split("\n")
    found = _blocks(lines)
    at = found[_position(found, spot)].end
    made = [f"{_key(key)} = {written(value)}" for key, value in values.items()]
    return "\n".join([*lines[:at], *made, *lines[at:]])


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else written(name)


def _blocks(lines: Sequence[str]) -> list[_Block]:
    """Return the tables of a text in order; what introduces the next one belongs to none."""
    heads = [(at, match[2]) for at, match in _headers(lines)]
    found = []
    for n, (at, name) in enumerate(heads):
        last = heads[n + 1][0] if n + 1 < len(heads) else len(lines)
        end = last
        while end > at + 1 and (not lines[end - 1].strip() or _is_comment(lines[end - 1])):
            end -= 1
        found.append(_Block(name=name, start=at, end=_with_comment(lines, end, last)))
    return found


def _with_comment(lines: Sequence[str], end: int, last: int) -> int:
    """Return the end of a table with the comment right below it, unless it leads to the next."""
    below = end
    while below < last and _is_comment(lines[below]):
        below += 1
    return below if below < last and not lines[below].strip() else end


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _headers(lines: Sequence[str]) -> list[tuple[int, re.Match[str]]]:
    """Return the lines that open a table; those inside a text of several lines do not."""
    found = []
    inside = ""
    for at, line in enumerate(lines):
        if not inside and (match := _HEADER.match(line)):
            found.append((at, match))
            continue
        for part in re.findall("|".join(_QUOTES), line):
            inside = part if not inside else ("" if part == inside else inside)
    return found


def _position(found: Sequence[_Block], spot: Spot) -> int:
    """Return which block a spot is."""
    places = [n for n, block in enumerate(found) if block.name == spot.section]
    first = places[spot.index or 0]
    if not spot.inner:
        return first
    rows = [
        n
        for n in range(first, _last_of(found, first, spot.section) + 1)
        if found[n].name == spot.header
    ]
    return rows[spot.row or 0]


def _last_of(found: Sequence[_Block], first: int, section: str) -> int:
    """Return the last block of a table: its own inner tables stand behind it."""
    last = first
    while last + 1 < len(found) and found[last + 1].name.startswith(f"{section}."):
        last += 1
    return last


def _end_of_kind(lines: Sequence[str], spot: Spot, order: Sequence[str]) -> int:
    """Return the line before which a new table is put."""
    found = _blocks(lines)
    if spot.inner:
        places = [n for n, block in enumerate(found) if block.name == spot.section]
        return found[_last_of(found, places[spot.index or 0], spot.section)].end
    known = list(order[: order.index(spot.section) + 1]) if spot.section in order else []
    for section in (spot.section, *reversed(known)):
        here = [n for n, b in enumerate(found) if b.name.partition(".")[0] == section]
        if here:
            return found[here[-1]].end
    return len(lines)
