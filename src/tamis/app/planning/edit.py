"""Change the protocol: what a form says becomes a new text of ``review.toml``, shown, then saved.

Nothing is written before the whole new text was read and checked as ``adopt`` does it. Saving asks
for a reason once records were imported: from then on every change is an amendment.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tamis.app.live import LiveReview
from tamis.app.planning.fields import FIELDS, Field, from_form, to_form
from tamis.app.planning.tables import (
    MANY,
    RowView,
    ids_of,
    inner_rows,
    numbered,
    place_of,
    present,
    table_of,
    with_rows,
)
from tamis.app.planning.toml_edit import Spot, add_table, remove_table, set_values
from tamis.app.protocol.amend import check_protocol
from tamis.app.protocol.protocol import FILE, SECTIONS
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Conflict, NotFound, Place, TamisError

__all__ = [
    "AmendmentView",
    "Editor",
    "FormView",
    "Proposal",
    "line_of",
]

_STRATEGY = re.compile(r"search/[A-Za-z0-9][A-Za-z0-9_.-]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A changed protocol, checked and not yet saved.

    ``base`` is the hash of the text it was made from; ``strategies`` are search files that change
    with it, by name; ``difference`` are lines beginning with a sign: ``+``, ``-``, blank or ``@``.
    """

    base: str
    text: str
    strategies: Mapping[str, str]
    difference: tuple[str, ...]
    needs_reason: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """A form: its fields, what their inputs show, the ids that may be chosen."""

    section: str
    index: int | None
    base: str
    fields: tuple[Field, ...]
    values: Mapping[str, str]
    rows: tuple[RowView, ...]
    options: Mapping[str, tuple[str, ...]]
    strategy_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentView:
    """One version of the protocol: who, when, why, and what changed against the one before."""

    event: str
    by: str
    at: str
    reason: str
    difference: tuple[str, ...]


class Editor:
    """Edits the protocol of one open review.

    Parameters
    ----------
    live
        The open review.
    """

    def __init__(self, live: LiveReview) -> None:
        self._live = live

    # ------------------------------------------------------------ what is shown
    def text(self) -> str:
        """Return ``review.toml`` as it stands, with line ends of one kind."""
        return _unified(self._live.review.read_text(FILE))

    def base(self) -> str:
        """Return the hash of the text as it stands."""
        return sha256_hex(self.text().encode("utf-8"))

    def form(self, section: str, index: int | None) -> FormView:
        """Return the form of a table; ``index`` ``None`` is the only one, or a new one.

        Raises
        ------
        NotFound
            When there is no such section or table.
        """
        with self._live.locked():
            data = self._data()
            row = table_of(data, section, index)
            values = to_form(FIELDS[section], row)
            rows = inner_rows(section, row, values)
            strategy = ""
            if section == "source":
                strategy = str(row.get("strategy_file", ""))
                values["strategy"] = self._strategy(strategy)
            return FormView(
                section=section,
                index=index,
                base=self.base(),
                fields=FIELDS[section],
                values=values,
                rows=rows,
                options=ids_of(data),
                strategy_file=strategy,
            )

    def history(self) -> tuple[AmendmentView, ...]:
        """Return every version of ``review.toml``, the newest first."""
        with self._live.locked():
            found, before = [], ""
            for one in self._live.state.amendments:
                if one.file != FILE:
                    continue
                found.append(
                    AmendmentView(
                        event=one.event,
                        by=one.event.rpartition(".")[0],
                        at=one.at,
                        reason=one.reason,
                        difference=_difference(before, _unified(one.text), FILE) if before else (),
                    )
                )
                before = _unified(one.text)
            return tuple(reversed(found))

    # ------------------------------------------------------------ what is proposed
    def change(
        self, section: str, index: int | None, form: Mapping[str, str], *, base: str
    ) -> Proposal:
        """Return the protocol as a form would have it; for a new table ``index`` is ``None``.

        Raises
        ------
        BadInput
            When the protocol would be wrong; ``where.column`` is the field, where it is known.
        Conflict
            When the file changed since the form was made.
        """
        with self._live.locked():
            text = self._unchanged_since(base)
            row = table_of(self._data(), section, index)
            changes = numbered(
                section, index, row, from_form(FIELDS[section], form, row), self._data()
            )
            strategies = self._strategies(section, row, changes, form)
            spot = Spot(section=section, index=place_of(self._data(), section, index))
            missing = section not in self._data() and bool(present(changes))
            if index is None and (section in MANY or missing):
                new = add_table(text, spot, present(changes), order=tuple(SECTIONS))
            else:
                new = set_values(text, spot, changes) if changes else text
            new = with_rows(new, spot, row, form)
            try:
                return self._proposal(text, new, strategies)
            except TamisError as error:
                raise _at_field(error, new, FIELDS[section]) from error

    def remove(self, section: str, index: int, *, base: str) -> Proposal:
        """Return the protocol without a table of a section."""
        with self._live.locked():
            text = self._unchanged_since(base)
            if section not in MANY:
                raise NotFound(f"[{section}] cannot be removed", "change it")
            table_of(self._data(), section, index)
            return self._proposal(text, remove_table(text, Spot(section=section, index=index)), ())

    def move(self, index: int, by: int, *, base: str) -> Proposal:
        """Return the protocol with a criterion one place up (-1) or down (1) in the order."""
        with self._live.locked():
            text = self._unchanged_since(base)
            rows = self._data().get("criterion", [])
            table_of(self._data(), "criterion", index)
            ranked = sorted(range(len(rows)), key=lambda n: (rows[n].get("order", 0), n))
            place = ranked.index(index)
            other = place + by
            if not 0 <= other < len(ranked):
                raise BadInput("it stands at the end already", "move another one")
            ranked[place], ranked[other] = ranked[other], ranked[place]
            for order, n in enumerate(ranked, start=1):
                if rows[n].get("order") != order:
                    text = set_values(text, Spot(section="criterion", index=n), {"order": order})
            return self._proposal(self.text(), text, ())

    def replace(
        self, text: str, *, base: str, strategies: Sequence[tuple[str, str]] = ()
    ) -> Proposal:
        """Return the protocol as somebody wrote it by hand."""
        with self._live.locked():
            return self._proposal(self._unchanged_since(base), _unified(text), strategies)

    # ------------------------------------------------------------ what is saved
    def save(
        self,
        person: str,
        text: str,
        *,
        base: str,
        reason: str = "",
        strategies: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Write a proposal, and adopt it with its reason.

        Raises
        ------
        BadInput
            When it is wrong, says nothing new, or lacks its reason; nothing is written then.
        Conflict
            When the file changed since.
        """
        review = self._live.review
        with self._live.locked(), review.exclusively("protocol"):
            made = self._proposal(self._unchanged_since(base), _unified(text), strategies)
            if made.needs_reason and not reason.strip():
                raise BadInput(
                    "records were imported: this change is an amendment", "say why it is made"
                )
            old = review.read_bytes(FILE)
            for name, strategy in made.strategies.items():
                review.write(name, strategy.encode("utf-8"))
            review.write(FILE, _like(old, made.text))
            try:
                self._live.adopt(by=person, reason=" ".join(reason.split()))
            except TamisError:
                review.write(FILE, old)
                raise

    # ------------------------------------------------------------ within
    def _proposal(self, old: str, new: str, strategies: Sequence[tuple[str, str]]) -> Proposal:
        protocol = check_protocol(self._live.review, new)
        for source in protocol.sources:
            if source.strategy_file:
                _check_name(source.strategy_file)
        difference = list(_difference(old, new, FILE))
        changed = []
        for name, strategy in strategies:
            _check_name(name)
            before = self._strategy(name)
            if before != strategy:
                changed.append((name, strategy))
                difference += _difference(before, strategy, name)
        if not difference and old == new:
            raise BadInput("nothing was changed", "change something, or go back")
        return Proposal(
            base=sha256_hex(old.encode("utf-8")),
            text=new,
            strategies=dict(changed),
            difference=tuple(difference),
            needs_reason=bool(self._live.state.batches),
        )

    def _strategies(
        self,
        section: str,
        row: Mapping[str, Any],
        changes: dict[str, Any],
        form: Mapping[str, str],
    ) -> tuple[tuple[str, str], ...]:
        """Return the search file that a source's form changes, and let the source name it."""
        if section != "source" or "strategy" not in form:
            return ()
        typed = _unified(form["strategy"])
        name = str(row.get("strategy_file", ""))
        if not typed.strip():
            if name:
                changes["strategy_file"] = None
            return ()
        if not name:
            name = f"search/{changes.get('id', row.get('id', ''))}.txt"
            changes["strategy_file"] = name
        return ((name, typed),)

    def _strategy(self, name: str) -> str:
        if not _STRATEGY.match(name):
            return ""
        try:
            return _unified(self._live.review.read_text(name))
        except TamisError:
            return ""

    def _data(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text())
        except tomllib.TOMLDecodeError as error:
            raise BadInput(
                f"review.toml is not valid TOML: {error}", "mend it in the text of the file"
            ) from error

    def _unchanged_since(self, base: str) -> str:
        text = self.text()
        if sha256_hex(text.encode("utf-8")) != base:
            raise Conflict(
                "somebody changed the protocol in the meantime", "open it again and change it there"
            )
        return text


def line_of(error: TamisError) -> int:
    """Return the line of the protocol that an error names; 0 where it names none."""
    return error.where.line or 0 if error.where and error.where.file == FILE else 0


def _difference(old: str, new: str, name: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(
        old.split("\n"), new.split("\n"), f"{name} (now)", f"{name} (new)", n=2, lineterm=""
    )
    return tuple(lines)


def _at_field(error: TamisError, text: str, fields: Sequence[Field]) -> TamisError:
    """Return an error about a line as one about the field that stands in it."""
    line = line_of(error)
    lines = text.split("\n")
    match = (
        re.match(r"\s*([A-Za-z0-9_-]+)\s*[=.]", lines[line - 1]) if 0 < line <= len(lines) else None
    )
    if not match or match[1] not in {field.key for field in fields}:
        return error
    return BadInput(error.problem, error.remedy, where=Place(file=FILE, line=line, column=match[1]))


def _check_name(name: str) -> None:
    if not _STRATEGY.match(name):
        raise BadInput(
            f"the search file {name!r} does not stand in search/",
            "name it search/ and letters, digits, dots, dashes",
            where=Place(file=FILE),
        )


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _like(old: bytes, text: str) -> bytes:
    """Return a text as bytes with the mark and the line ends that the old ones had."""
    mark = b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b""
    data = text.encode("utf-8")
    return mark + (data.replace(b"\n", b"\r\n") if b"\r\n" in old else data)
