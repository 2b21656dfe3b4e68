"""Official wording of a tool, loaded by a user as data; nothing of it ships.

A file is called ``<tool>-<version>-<lang>.toml``. It names the tool, the edition, the language, the
licence and the address of the official text, and gives a text per question under ``[q]``. It is
for the screen of the assessor: reports print ids and our own labels, unless the file says
``print_in_reports = true`` because whoever loaded it may print it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tamis.appraisal.shipped import TOOLS, find_tool
from tamis.appraisal.tool import Tool, nearest
from tamis.domain.errors import BadInput, Place

__all__ = ["Wording", "read_wording"]

KEYS = ("tool", "version", "lang", "licence", "source", "print_in_reports", "q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Questions of a tool in official words, with their licence and where they come from."""

    tool: str
    version: str
    lang: str
    licence: str
    source: str
    questions: Mapping[str, str]
    print_in_reports: bool = False


def read_wording(data: bytes, *, name: str, tools: Mapping[str, Tool] = TOOLS) -> Wording:
    """Read a file of official wording and check it against its tool.

    Raises
    ------
    BadInput
        When the file is not TOML or not called as it should be, a key is unknown or missing, the
        edition is another, or a question is none of the tool's.

    Examples
    --------
    >>> found = read_wording(b'''
    ... tool = "jbi-case-series"
    ... version = "2020"
    ... lang = "en"
    ... licence = "as given by its owners"
    ... source = "https://jbi.global/critical-appraisal-tools"
    ... [q]
    ... "1" = "(the words of the first item)"
    ... ''', name="jbi-case-series-2020-en.toml")
    >>> found.questions["1"], found.print_in_reports
    ('(the words of the first item)', False)
    """
    where = Place(file=name)
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
        wording = _wording(table)
        tool = find_tool(wording.tool, tools)
        _check(wording, tool, name)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(
            f"this is not TOML in UTF-8: {error}", "correct the file", where=where
        ) from error
    except BadInput as error:
        raise BadInput(error.problem, error.remedy, where=where) from error
    return wording


def _wording(table: Mapping[str, Any]) -> Wording:
    for key in table:
        if key not in KEYS:
            raise BadInput(f"{key!r} is not known here", nearest(key, list(KEYS)))
    texts = {key: table.get(key, "") for key in KEYS[:5]}
    for key, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise BadInput(f"{key!r} is missing", f"the file must say {', '.join(KEYS[:5])}")
    questions, printed = table.get("q", {}), table.get("print_in_reports", False)
    if not isinstance(questions, dict) or not all(isinstance(t, str) for t in questions.values()):
        raise BadInput("[q] is no table of texts", 'write [q] and "1.1" = "…" below')
    if not isinstance(printed, bool):
        raise BadInput(f"'print_in_reports' is {printed!r}", "write true or false")
    return Wording(**texts, questions=MappingProxyType(questions), print_in_reports=printed)


def _check(wording: Wording, tool: Tool, name: str) -> None:
    file = name.replace("\\", "/").rpartition("/")[2]
    wanted = f"{wording.tool.replace(':', '-')}-{wording.version}-{wording.lang}.toml"
    if file != wanted:
        raise BadInput(f"the file is called {file!r}", f"call it {wanted!r}")
    if wording.version != tool.version:
        raise BadInput(
            f"the wording is that of edition {wording.version!r}",
            f"the tool here is {tool.version!r}; load the wording of that edition",
        )
    for question in wording.questions:
        if question not in tool.known:
            raise BadInput(
                f"{tool.key} has no question {question!r}", nearest(question, tool.known)
            )
