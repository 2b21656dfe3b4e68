"""Words and numbers as typst source: every text is a string, so nothing in it can be markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from tamis.report.documents.tree import Inline, Picture, Run
from tamis.report.documents.widths import soften

__all__ = ["label", "merged", "picture_source", "quoted", "run_source", "string"]

#: Names that can be labels.
_NAME = re.compile(r"[A-Za-z][\w\-:.]*\Z", re.ASCII)

#: What a string of typst must not hold as it is.
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "", "\t": " "})


def quoted(text: str) -> str:
    r"""Return a text as a typst string.

    Examples
    --------
    >>> print(quoted('say "a"'))
    "say \"a\""
    """
    return '"' + text.translate(_ESCAPES) + '"'


def string(text: str) -> str:
    """Return a text as typst markup that shows it and nothing else."""
    return f"#{quoted(text)};" if text else ""


def label(name: str) -> str:
    """Return a label to stand behind something, or nothing for a name that typst cannot take."""
    return f"<{name}>" if _NAME.match(name) else ""


def merged(content: Iterable[Inline], places: frozenset[str]) -> tuple[Inline, ...]:
    """Return content in which neighbours of one look are one run.

    The typesetter's memory goes with the number of pieces, not with their length.

    Examples
    --------
    >>> [run.text for run in merged((Run(text="9"), Run(text=" of 12")), frozenset())]
    ['9 of 12']
    """
    found: list[Inline] = []
    for piece in content:
        if isinstance(piece, Picture):
            found.append(piece)
            continue
        leads = not piece.href.startswith("#") or piece.href[1:] in places
        bare = replace(piece, kind="", name="", href=piece.href if leads else "")
        last = found[-1] if found else None
        alike = isinstance(last, Run) and replace(last, text="") == replace(bare, text="")
        if isinstance(last, Run) and alike and not bare.href and "\n" not in (last.text, bare.text):
            found[-1] = replace(last, text=last.text + bare.text)
        else:
            found.append(bare)
    return tuple(found)


def run_source(run: Run, *, places: Iterable[str], pages: bool = True) -> str:
    """Return a run of text as typst markup.

    Parameters
    ----------
    run
        The run.
    places
        Names in the document that a link can lead to; other links of the page are dropped.
    pages
        Whether a link within the document says on which page it leads to.
    """
    if run.text == "\n":
        return "#linebreak();"
    made = string(soften(run.text))
    for wanted, wrap in ((run.bold, "#strong["), (run.italic, "#emph["), (run.struck, "#strike[")):
        if wanted and made:
            made = f"{wrap}{made}]"
    if run.code:
        made = f"#code[{made}]"
    if run.language.startswith("zh"):
        made = f"#zh[{made}]"
    if run.href.startswith("#"):
        name = run.href[1:]
        if name in places:
            made = f"#link(label({quoted(name)}))[{made}]"
            made += f"#page-of(label({quoted(name)}));" if pages else ""
    elif run.href:
        made = f"#link({quoted(run.href)})[{made}]"
    return made


def picture_source(piece: Picture, width: str) -> str:
    """Return a drawing as typst code (without the hash)."""
    return f"drawing({quoted(piece.svg)}, {width}, {quoted(piece.alt)})"
