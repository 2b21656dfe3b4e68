"""Write the reference pages that are made from the code: kinds, process, tools, door, licences.

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
from tamis.appraisal import KEYS, TOOLS, Question, Tool
from tamis.domain.kinds import KINDS, KindSpec
from tamis.domain.process import ANY, TRANSITIONS

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"

MADE = "*Made from the code by `tools/make_reference.py`. Do not edit.*"

#: Licences that ask for no more than a notice.
PERMISSIVE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD License", "CC0-1.0", "ISC"),
    *("ISC License", "MIT", "MIT-0", "MIT-CMU", "MIT License", "PSF-2.0"),
    *("Python Software Foundation License", "Zlib"),
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


# ------------------------------------------------------------------ appraisal tools
#: Table of a tool's data file -> what it is for.
TABLES_OF_A_TOOL = {
    "the file": "the instrument. `unit` is `result` or `study`, `status` is `verified` or"
    " `provisional`; `options` are the answers of questions that list none of their own;"
    ' `support = "needed"` asks every answer for support or a place',
    "judgement": "a word for a domain or the whole, from the best to the worst. `tone` is `good`,"
    " `fair`, `poor`, `worst` or `unknown`; `unknown = true` marks “no information”",
    "domain": "questions that are judged together, in order. `judged = false`: only carries"
    " questions; `triage = true`: a judgement here ends the tool",
    "question": "`ask_if` is a list of tables, of which one must hold; in a table every line must"
    " hold. `ladder` orders groups of answers from the least bias to the most",
    "part": "a list of rules of which the first that holds counts; a domain is the worst of its"
    " parts",
    "step": "a named intermediate result that later conditions can look at",
    "rule": "`then` is a judgement, or `none` with the reason in `why`. `at_least` and `at_most`"
    " look at scores and stand in `[overall]` only",
    "count": "how many of the questions have one of the answers",
    "score": "a sum of points",
    "overall": "`rule` is `worst`, `table` (of scores) or `none`",
    "tick": "what only a person can say of the whole, with a reason",
    "variant": "one reading of the instrument: which of its domains",
}


def appraisal_tools() -> str:
    """Return the page of appraisal tools: their keys, questions and data file."""
    head = f"""\
# Appraisal tools

{MADE}

An appraisal tool is one data file: questions, answers, rules and judgements. These ship; a review
may have [its own](../how-to/appraise.md#a-tool-of-your-own). All labels are ours. The official
wording belongs to the authors of each tool and stands at the address given.

| key | tool | edition | appraises | standing | for |
|---|---|---|---|---|---|
"""
    rows = [
        f"| [`{key}`](#{_anchor_of(key)}) | {tool.name}{_variant(tool)} | {tool.version} "
        f"| {tool.unit} | {tool.status} | {', '.join(tool.designs)} |"
        for key, tool in TOOLS.items()
    ]
    return "\n".join([head + "\n".join(rows), *map(_tool_section, TOOLS.values()), _data_file()])


def _variant(tool: Tool) -> str:
    return f": {tool.variant_label}" if tool.variant_label else ""


def _anchor_of(key: str) -> str:
    return key.replace(":", "")


def _tool_section(tool: Tool) -> str:
    lines = ["", f"## `{tool.key}`", "", f"{tool.name}{_variant(tool)}. {tool.citation}.", ""]
    lines += [f"{tool.note}", ""] if tool.note else []
    lines += [f"Official text: <{tool.url}>.", ""]
    if tool.answers:
        told = (f"`{c}`" if c == w else f"`{c}` {w}" for c, w in tool.answers.items())
        lines += [f"Answers: {', '.join(told)}.", ""]
    if tool.judgements:
        words = (f"`{w.id}` {w.symbol} {w.label}" for w in tool.judgements)
        lines += [f"Judgements: {', '.join(words)}.", ""]
    ticks = [f"Tick: `{tick.id}` ({tick.label})." for tick in tool.overall.ticks]
    lines += [*ticks, ""] if ticks else []
    lines += ["| id | in our words | asked if |", "|---|---|---|"]
    for domain in tool.domains:
        lines.append(f"| **{domain.id}** | **{domain.label}** | |")
        lines += [f"| {q.id} | {q.label} | {_asked(q)} |" for q in domain.questions]
    return "\n".join(lines)


def _asked(question: Question) -> str:
    ways = (
        " and ".join(f"{name} {' or '.join(words)}" for name, words in one.items())
        for one in question.ask_if
    )
    return "; or ".join(ways)


def _data_file() -> str:
    head = """
## The data file

TOML in UTF-8. An unknown key is refused with the nearest one. Every way to answer a domain must
reach a rule, and every rule must be reached.

| table | must have | may have | |
|---|---|---|---|
"""
    rows = []
    for name, (must, may) in KEYS.items():
        keys = [", ".join(f"`{key}`" for key in part.split()) for part in (must, may)]
        rows.append(f"| {name} | {keys[0]} | {keys[1]} | {TABLES_OF_A_TOOL[name]} |")
    return head + "\n".join(rows) + "\n"


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

`typst` carries the fonts that the PDF and the figures are set in: Libertinus Serif (SIL Open Font
License 1.1), New Computer Modern (GUST Font License) and DejaVu Sans Mono (Bitstream Vera
licence). All three may be embedded in documents. Chinese text is set in a font of the machine, if
there is one.

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
    "appraisal-tools.md": appraisal_tools,
    "licences.md": licences,
}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for page, make in PAGES.items():
        (FOLDER / page).write_text(make(), encoding="utf-8", newline="\n")
        print(f"wrote {FOLDER / page}")
