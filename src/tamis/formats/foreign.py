"""Citation formats that are recognised and not read yet, so that a refusal says what to do."""

from __future__ import annotations

import re

__all__ = ["FOREIGN", "name_foreign"]

#: (what begins the file, what it is, what to do instead); the first row that fits wins.
FOREIGN: tuple[tuple[str, str, str], ...] = (
    (r"\s*<(?:!doctype )?html\b", "a web page", "export the citations as RIS instead of saving "
     "the page"),
    (r"\s*\{\\rtf", "rich text", "export the citations as RIS"),
    (r"\s*[\[{]", "JSON of a kind that is not known", "export the citations as CSL-JSON or RIS"),
    (r"\s*<\?xml|\s*<[A-Za-z]", "XML of a kind that is not known", "export the citations as RIS"),
)  # fmt: skip

COMPILED = tuple((re.compile(start, re.I), what, remedy) for start, what, remedy in FOREIGN)


def name_foreign(text: str) -> tuple[str, str] | None:
    """Return what a text is and what to do instead, or ``None``.

    Examples
    --------
    >>> name_foreign("<!doctype html>")[0], name_foreign("prose")
    ('a web page', None)
    """
    head = text.removeprefix("\ufeff")
    found = (row for row in COMPILED if row[0].match(head))
    return next(((what, remedy) for _, what, remedy in found), None)
