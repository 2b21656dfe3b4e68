"""The words of the pages, in two languages: ``words/<language>/<page>.toml``, one table a file.

A key is ``<page>.<name>``. Both languages have the same keys, and a key that is missing is an error
here and in the tests, never an English word on a Chinese page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

__all__ = ["LANGUAGES", "Translate", "choose_language", "translator", "words"]

#: Language code -> its own name.
LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}

Translate = Callable[..., str]


@cache
def words(language: str) -> Mapping[str, str]:
    """Return every word of a language by its key."""
    folder = files("tamis.web").joinpath("words", language)
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        page = file.name.removesuffix(".toml")
        for name, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found[f"{page}.{name}"] = text
    return found


def translator(language: str) -> Translate:
    """Return ``t(key, **values)``: the word of a key with its values put in, safe for a page.

    Examples
    --------
    >>> translator("en")("base.reviews")
    'Reviews'
    """
    known = words(language)

    def t(key: str, **values: object) -> str:
        text = known[key]
        if not values:
            return text
        safe = {name: escape(value) for name, value in values.items()}
        return Markup(escape(text).format(**safe))  # noqa: S704 - text is ours, values are escaped

    return t


def choose_language(cookie: str, accept: str) -> str:
    """Return the language of a visitor: chosen, else the first that the browser asks for.

    Examples
    --------
    >>> choose_language("", "zh-CN,zh;q=0.9,en;q=0.8"), choose_language("en", "zh")
    ('zh', 'en')
    """
    if cookie in LANGUAGES:
        return cookie
    for part in accept.split(","):
        code = part.partition(";")[0].strip().partition("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"
