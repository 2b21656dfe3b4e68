"""What an event of the log says, in the visitor's language: its codes as words of the pages."""

from __future__ import annotations

from collections.abc import Callable

from tamis.domain.ids import slugify
from tamis.web.retelling import retold
from tamis.web.words import translator, words

__all__ = ["Deeds", "saying_deeds"]

Deeds = Callable[[str, str], str]

_BETWEEN = " · "

#: Kind of event -> where the words of what was decided stand.
_WORDS = {
    "screened": "screening.word_", "conflict_settled": "screening.word_",
    "vote_withdrawn": "screening.word_", "appraised": "tools.", "appraisal_settled": "tools.",
    "certainty_judged": "certainty.domain_",
}  # fmt: skip


def saying_deeds(language: str) -> Deeds:
    """Return ``said(what, detail)``: the detail of an event of this kind, in words.

    Words that a person wrote stay as they are.

    Examples
    --------
    >>> saying_deeds("en")("certainty_judged", "risk-of-bias · -1 · One trial was not masked.")
    'Risk of bias · down by 1 · One trial was not masked.'
    """
    known, t = words(language), translator(language)

    def change(text: str) -> str:
        step = int(text)
        if step == 0:
            return t("certainty.no_change")
        return t("certainty.down", n=-step) if step < 0 else t("certainty.up", n=step)

    def piece(what: str, at: int, text: str) -> str:
        if what == "certainty_judged" and at == 1 and text.lstrip("-").isdigit():
            return change(text)
        key = f"{_WORDS.get(what, '')}{slugify(text).replace('-', '_')}" if at == 0 else ""
        return known[key] if key in known else retold(text, language)

    def said(what: str, detail: str) -> str:
        pieces = detail.split(_BETWEEN)
        return _BETWEEN.join(str(piece(what, at, one)) for at, one in enumerate(pieces))

    return said
