"""The appraisal tools that ship, by key, read from the package's data when first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from tamis.appraisal.reading import read_tool
from tamis.appraisal.tool import Tool, nearest
from tamis.domain.errors import BadInput

__all__ = ["TOOLS", "by_key", "find_tool"]


class _Shipped(Mapping[str, Tool]):
    """Reads the data files once, at the first look."""

    def __getitem__(self, key: str) -> Tool:
        return _read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_read())

    def __len__(self) -> int:
        return len(_read())


#: Key (``rob2:assignment``, ``jbi-case-series``) -> the tool.
TOOLS: Mapping[str, Tool] = _Shipped()


def by_key(tools: Iterable[Tool]) -> Mapping[str, Tool]:
    """Return the forms of tools by their keys.

    Raises
    ------
    BadInput
        When two have the same key.
    """
    found: dict[str, Tool] = {}
    for form in (form for tool in tools for form in tool.forms()):
        if form.key in found:
            raise BadInput(f"there are two tools {form.key!r}", "give one of them another id")
        found[form.key] = form
    return MappingProxyType(found)


def find_tool(key: str, tools: Mapping[str, Tool] = TOOLS) -> Tool:
    """Return a tool by its key.

    Raises
    ------
    BadInput
        Naming the nearest key, or the variants to choose from.

    Examples
    --------
    >>> find_tool("rob2:assignment").name
    'RoB 2'
    """
    tool = tools.get(key)
    if tool is None:
        variants = [other for other in tools if other.partition(":")[0] == key]
        raise BadInput(
            f"there is no appraisal tool {key!r}",
            f"say which: {', '.join(variants)}" if variants else nearest(key, tools),
        )
    return tool


@cache
def _read() -> Mapping[str, Tool]:
    folder = resources.files("tamis.appraisal") / "tools"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return by_key(read_tool(file.read_bytes(), name=file.name) for file in files)
