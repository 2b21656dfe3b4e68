"""Write the reference pages that are made from the code: kinds, process, Python door, licences.

Run ``python tools/make_reference.py`` after a change; a test fails until the pages agree.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import metadata, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import tamis
from tamis.domain.kinds import KINDS, KindSpec
from tamis.domain.process import ANY, TRANSITIONS

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"

MADE = "*Made from the code by `tools/make_reference.py`. Do not edit.*"

#: Licences that ask for no more than a notice.
PERMISSIVE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD License", "CC0-1.0", "ISC"),
    *("ISC License", "MIT", "MIT License", "PSF-2.0", "Zlib"),
}


# ------------------------------------------------------------------ event kinds
def event_kinds() -> str:
    """Return the page of event kinds, one section each."""
    head = f"""\
# Event kinds

{MADE}

An event is one fact of a review. Its kind says what happened, and which keys its body has. A kind
is in the past tense and carries a version. When its shape changes it gets a new version, and the
program reads the old one for ever.

Who writes it: a *person* (`p-…`), an *engine* (`e-…`), or *any* of the two.

| kind | who | meaning |
|---|---|---|
"""
    rows = [f"| [`{k.name}`](#{_anchor(k.name)}) | {k.by} | {k.meaning} |" for k in _kinds()]
    return head + "\n".join(rows) + "\n\n" + "\n\n".join(_kind_section(k) for k in _kinds()) + "\n"


def _kinds() -> list[KindSpec]:
    return list(KINDS.by_name.values())


def _kind_section(kind: KindSpec) -> str:
    lines = [f"## `{kind.name}`", "", f"{kind.meaning[0].upper()}{kind.meaning[1:]}.", ""]
    lines.append(f"Must have: {_keys(kind.required)}.")
    if kind.optional:
        lines.append(f"May have: {_keys(kind.optional)}.")
    rules = [row.rule for row in TRANSITIONS if kind.name in row.kinds]
    if rules:
        names = ", ".join(f"[{rule}](process.md#{rule})" for rule in rules)
        lines += ["", f"Rules: {names}."]
    return "\n".join(lines)


def _keys(keys: frozenset[str]) -> str:
    return ", ".join(f"`{key}`" for key in sorted(keys))


# ------------------------------------------------------------------ process
def process() -> str:
    """Return the page of the review process, one section a rule."""
    head = f"""\
# The review process

{MADE}

These rules say which event may follow which. They are asked before an event is written, in this
order, and the first that does not hold refuses the step by its name. Reading a log never asks them:
what happened, happened.

| rule | guards | refused with |
|---|---|---|
"""
    rows, sections = [], []
    for row in TRANSITIONS:
        every = row.kinds == ANY
        guards = "every kind" if every else ", ".join(f"`{kind}`" for kind in row.kinds)
        rows.append(f"| [{row.rule}](#{row.rule}) | {guards} | {row.otherwise} |")
        body = f"Guards {guards}.\n\nRefused with: *{row.otherwise}*.\n\nTo do: {row.remedy}."
        sections.append(f"## {row.rule}\n\n{body}".replace("<", "&lt;"))
    return head + "\n".join(rows) + "\n\n" + "\n\n".join(sections) + "\n"


# ------------------------------------------------------------------ the Python door
def python_door() -> str:
    """Return the page of public names: signature and docstring of each."""
    head = f"""\
# Python

{MADE}

These names are the public door: `import tamis` and use them. Everything else may change without
notice.
"""
    return head + "".join(f"\n{_public(name)}\n" for name in sorted(tamis.__all__))


def _public(name: str) -> str:
    item = getattr(tamis, name)
    if not callable(item):
        return f"## `{name}`\n\nThe version of this program, as a text."
    text = inspect.getdoc(item) or ""
    signature = f"{name}{inspect.signature(item)}" if not inspect.isclass(item) else name
    return f"## `{name}`\n\n```python\n{signature}\n```\n\n```text\n{text}\n```"


# ------------------------------------------------------------------ licences
def licences() -> str:
    """Return the page of what is installed with the program, and under which licence."""
    head = f"""\
# Licences

{MADE}

Tamis is under the Apache License, version 2.0 (`Apache-2.0`). `pip install tamis` brings the
packages below, in the versions that `constraints.txt` pins and the tests run with. All of them are
under permissive licences.

`pypdfium2` carries the PDFium library. Its "dependency licenses" are those of the parts of PDFium;
the wheel lists them file by file.

The optional extra `pg` adds `psycopg` (LGPL-3.0), unmodified, for teams that keep their log in
PostgreSQL. It is not needed for anything else.

| package | version | licence |
|---|---|---|
"""
    pinned = pins()
    rows = [f"| {name} | {pinned[name]} | {licence(name)} |" for name in sorted(runtime())]
    return head + "\n".join(rows) + "\n"


def pins() -> Mapping[str, str]:
    """Return the versions of ``constraints.txt`` by package."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").split()
    return {canonicalize_name(name): v for name, _, v in (line.partition("==") for line in lines)}


def runtime(package: str = "tamis") -> frozenset[str]:
    """Return every package that a plain install of ``package`` brings, extras left out."""
    found: set[str] = set()
    waiting = [package]
    while waiting:
        for line in requires(waiting.pop()) or ():
            need = Requirement(line)
            name = canonicalize_name(need.name)
            wanted = need.marker is None or need.marker.evaluate({"extra": ""})
            if wanted and name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def licence(package: str) -> str:
    """Return what a package's metadata say of its licence, in one line."""
    told = metadata(package)
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [
        line.rpartition(" :: ")[2].replace(" (ISCL)", "")
        for line in told.get_all("Classifier") or ()
        if line.startswith("License :: OSI Approved")
    ]
    return " AND ".join(classified) or str(told.get("License", "not stated")).splitlines()[0]


def is_permissive(expression: str) -> bool:
    """Tell whether every part of a licence expression is permissive.

    Examples
    --------
    >>> is_permissive("BSD-3-Clause AND MIT"), is_permissive("MIT AND GPL-3.0-only")
    (True, False)
    """
    parts: Iterator[str] = (
        part.strip(" ()") for part in re.split(r"\bAND\b|\bOR\b|,", expression) if part.strip()
    )
    return all(part in PERMISSIVE or part == "dependency licenses" for part in parts)


def _anchor(name: str) -> str:
    return name.replace(".", "")


PAGES: Mapping[str, Callable[[], str]] = {
    "event-kinds.md": event_kinds,
    "process.md": process,
    "python.md": python_door,
    "licences.md": licences,
}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for page, make in PAGES.items():
        (FOLDER / page).write_text(make(), encoding="utf-8", newline="\n")
        print(f"wrote {FOLDER / page}")
