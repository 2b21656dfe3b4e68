"""Judgements of risk of bias beside a forest plot: a sign in a circle, and a colour, per domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from xml.sax.saxutils import escape

from tamis.domain.errors import BadInput
from tamis.report.documents.sheet import Drawing, text
from tamis.report.traffic import SIGNS

__all__ = ["WORDS", "Judged", "Lights", "lights_of"]

#: Pixels: from one light to the next, and a light's radius.
STEP, RADIUS = 18.0, 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement as it is drawn: sign, colour of the circle, colour of the sign."""

    sign: str
    fill: str
    stroke: str = "#ffffff"


_GOOD = Judged(sign="+", fill="#00705a")
_FAIR = Judged(sign="–", fill="#f0c419", stroke="#1b1b1a")
_UNCLEAR = Judged(sign="?", fill="#f0c419", stroke="#1b1b1a")
_POOR = Judged(sign="×", fill="#c65300")
_WORST = Judged(sign="!", fill="#5e1a4d")
_NONE = Judged(sign="?", fill="#cfcbc2", stroke="#1b1b1a")

#: Words of the usual tools -> how they are drawn (the colours and signs of the report).
WORDS: Mapping[str, Judged] = MappingProxyType(
    {
        "low": _GOOD, "good": _GOOD, "+": _GOOD, "yes": _GOOD,
        "low except for concerns about uncontrolled confounding": Judged(
            sign="(+)", fill="#00705a"
        ),
        "some concerns": _FAIR, "moderate": _FAIR, "fair": _FAIR, "-": _FAIR, "–": _FAIR,
        "unclear": _UNCLEAR, "?": _UNCLEAR,
        "high": _POOR, "serious": _POOR, "poor": _POOR, "x": _POOR, "×": _POOR, "no": _POOR,
        "critical": _WORST, "!": _WORST,
        "no information": _NONE, "not applicable": _NONE, "ni": _NONE,
    }
)  # fmt: skip

#: Heads longer than this do not fit over a light: letters stand in their place.
LONGEST_HEAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lights:
    """The column of judgements: its head, one drawing a study, and what explains them."""

    head: Drawing
    rows: Mapping[str, Drawing]
    note: str
    words: Mapping[str, str]


def lights_of(bias: Mapping[str, Mapping[str, str]], studies: Sequence[str]) -> Lights | None:
    """Return the lights of the studies; ``None`` where nothing was judged.

    Parameters
    ----------
    bias
        Study -> domain -> judgement, in the words of RoB 2, ROBINS-I and the like. An empty
        judgement is drawn as an empty place.
    studies
        The studies of the figure.

    Raises
    ------
    BadInput
        For a study that is not in the figure and a judgement that is no known word.

    Examples
    --------
    >>> made = lights_of({"Deng": {"D1": "low", "Overall": "high"}}, ["Deng"])
    >>> made.words["Deng"], made.note
    ('D1 low; Overall high', 'Risk of bias: D1; O Overall. + low, × high.')
    """
    if not bias:
        return None
    unknown = [study for study in bias if study not in studies]
    if unknown:
        raise BadInput(
            f"the judgements name {unknown[0]!r}, and no study is called so",
            "use the names of the studies as the table has them",
        )
    domains = tuple(dict.fromkeys(name for row in bias.values() for name in row))
    heads = _heads(domains)
    used: dict[str, Judged] = {}
    rows = {study: _strip(study, bias[study], domains, used) for study in bias}
    names = "; ".join(
        head if head == name else f"{head} {name}"
        for head, name in zip(heads, domains, strict=True)
    )
    signs = ", ".join(f"{judged.sign} {word}" for word, judged in _sorted(used))
    said = {
        study: "; ".join(f"{name} {row[name] or 'not judged'}" for name in domains if name in row)
        for study, row in bias.items()
    }
    return Lights(head=_head(heads), rows=rows, note=f"Risk of bias: {names}. {signs}.", words=said)


def _sorted(used: Mapping[str, Judged]) -> list[tuple[str, Judged]]:
    order = list(WORDS)
    return sorted(used.items(), key=lambda one: order.index(_key(one[0])))


def _heads(domains: Sequence[str]) -> tuple[str, ...]:
    """Return short heads: the domains' own names, ``O`` for the whole, or letters."""
    own = ["O" if name.casefold() == "overall" else name for name in domains]
    if all(len(name) <= LONGEST_HEAD for name in own) and len(set(own)) == len(own):
        return tuple(own)
    letters = iter("ABCDEFGHIJKLMNPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz")
    return tuple("O" if name == "O" else next(letters, "·") for name in own)


def _head(heads: Sequence[str]) -> Drawing:
    parts = [
        text(head, STEP * n + STEP / 2, 12, size=10.5, side="middle", bold=True)
        for n, head in enumerate(heads)
    ]
    return Drawing(svg="".join(parts), width=STEP * len(heads), height=15)


def _strip(
    study: str, row: Mapping[str, str], domains: Sequence[str], used: dict[str, Judged]
) -> Drawing:
    parts = []
    for n, name in enumerate(domains):
        word = row.get(name, "").strip()
        if not word:
            continue
        judged = WORDS.get(_key(word))
        if judged is None:
            raise BadInput(
                f"{study}: {word!r} is no judgement of risk of bias",
                f"use one of {', '.join(w for w in WORDS if len(w) > 2)}",
            )
        used.setdefault(word.casefold(), judged)
        parts.append(_light(STEP * n + STEP / 2, judged, f"{study}, {name}: {word}"))
    return Drawing(svg="".join(parts), width=STEP * len(domains), height=STEP)


def _light(x: float, judged: Judged, said: str) -> str:
    return (
        f'<g transform="translate({x:g} {STEP / 2:g})"><title>{escape(said)}</title>'
        f'<circle r="{RADIUS:g}" fill="{judged.fill}" stroke="#33312e" stroke-width="0.7"/>'
        f'<path d="{SIGNS[judged.sign]}" transform="scale(0.55)" fill="none" '
        f'stroke="{judged.stroke}" stroke-width="2.6" stroke-linecap="round"/></g>'
    )


def _key(word: str) -> str:
    return " ".join(word.casefold().replace(",", " ").split())
