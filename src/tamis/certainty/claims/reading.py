"""What one sentence claims: its strength, its direction, and what it concedes.

The strength of a sentence is that of the strongest verb that governs an effect, after hedges,
negations, questions, aims and needs were taken into account (the scale of the claim check: 5 proof,
4 plain assertion, 3 likely, 2 may, 1 very uncertain or not established, 0 no claim).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from tamis.certainty.claims.lexicon import Hit, Row, clauses, lexicon_for
from tamis.certainty.claims.lexicon_en import BREAKS_EN, CERTAINTY_EN
from tamis.certainty.claims.lexicon_zh import BREAKS_ZH, CERTAINTY_ZH

__all__ = ["BREAKS", "QUANTIFIERS", "Reading", "read_sentence", "said_certainty"]

BREAKS = {"en": re.compile(BREAKS_EN, re.IGNORECASE), "zh": re.compile(BREAKS_ZH)}

_CERTAINTY = {
    "en": tuple((re.compile(p, re.IGNORECASE), level) for p, level in CERTAINTY_EN),
    "zh": tuple((re.compile(p), level) for p, level in CERTAINTY_ZH),
}

_OF_EN = r"(?:of\s+)?(?:the\s+|these\s+)?(?:included\s+|available\s+)?(?:\w+\s+)?"
_WORKS_EN = r"(?:stud(?:y|ies)|trials?)\b"
_WORKS_ZH = r"(?:的|纳入的?|入选的?)*(?:\S{0,2})?(?:研究|试验)(?!者|所|院|组)"

#: Quantifiers over studies: language -> word -> patterns; the first that fits counts.
QUANTIFIERS: Mapping[str, Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "en": MappingProxyType(
            {
                "all": re.compile(
                    r"\b(?:all|every|each)\s+(?:of\s+)?(?:the\s+)?(?:included\s+)?"
                    r"(?:\w+\s+)?(?:stud(?:y|ies)|trials?|reports?|articles)\b|"
                    r"\b(?:studies|trials)\s+(?:all|unanimously|invariably|uniformly|"
                    r"without\s+exception)\b|"
                    r"\bwithout\s+exception\b|\bunanimous(?:ly)?\b|"
                    r"\bevery\s+(?:single\s+)?one\s+of\s+the\s+"
                    r"(?:\w+\s+)?(?:studies|trials)\b", re.IGNORECASE),
                "most": re.compile(
                    rf"\b(?:most|(?:the|a)\s+(?:great\s+|large\s+)?majority\s+of|more\s+than"
                    rf"\s+half)\s+{_OF_EN}{_WORKS_EN}", re.IGNORECASE),
                "half": re.compile(
                    rf"(?<!than )\bhalf\s+{_OF_EN}{_WORKS_EN}", re.IGNORECASE),
                "none": re.compile(
                    r"\b(?:none\s+of\s+the|not\s+a\s+single|no)\s+(?:included\s+|available\s+)?"
                    rf"{_WORKS_EN}", re.IGNORECASE),
                "several": re.compile(
                    rf"\b(?:several|multiple|many|numerous)\s+{_OF_EN}{_WORKS_EN}", re.IGNORECASE),
                "some": re.compile(rf"\bsome\s+{_OF_EN}(?:studies|trials)\b", re.IGNORECASE),
            }
        ),
        "zh": MappingProxyType(
            {
                "all": re.compile(r"(?:所有|全部|每一?[项个]|各项)(?:的|纳入的?|"
                                  r"入选的?)?(?:\S{0,2})?"
                                  r"(?:研究|试验|文献)|(?:研究|试验)(?:均|都|全部|无不)|无一例外|"
                                  r"(?:研究|试验)一致(?:认为|显示|表明|证明|证实|发现|报告|支持)"),
                "most": re.compile(rf"(?:绝?大多数|多数|大部分|半数以上的?|一半以上的?|超过半数的?)"
                                   rf"{_WORKS_ZH}"),
                "half": re.compile(rf"(?<!过)(?:半数|一半)(?!以上){_WORKS_ZH}"),
                "none": re.compile(r"(?:没有(?:一项|任何)?|无一项|尚无|无)(?:纳入的?)?(?:研究|试验)"
                                   r"(?!者|所|院|组)"),
                "several": re.compile(rf"(?:多项|多个|数项|许多|众多|若干项?|几项){_WORKS_ZH}"),
                "some": re.compile(rf"(?:部分|一些|有些|有的){_WORKS_ZH}"),
            }
        ),
    }
)  # fmt: skip

#: Roles that claim something by themselves.
_CLAIMING = frozenset({"proof", "settled", "shows", "assert", "same"})
_HEDGING = frozenset({"may", "likely", "capped"})
_JOINED = {
    "en": re.compile(r"\s*(?:and|or|thereby|thus|as\s+well\s+as)\b", re.IGNORECASE),
    "zh": re.compile(r"\s*(?:并且|并|且|以及|或|从而|进而|同时|还)"),
}
#: How far a negation reaches: characters between it and the verb.
_REACH = {"en": 24, "zh": 4}

_INNER_SENSE = (
    ("down", re.compile(r"reduc|lower|decreas|shorten|lessen|减少|降低|缩短|下降", re.IGNORECASE)),
    ("up", re.compile(r"increas|rais|prolong|提高|增加|升高|延长", re.IGNORECASE)),
    ("good", re.compile(r"improv|prevent|treat|reliev|protect|改善|预防|缓解|促进|治疗",
                        re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a sentence claims; spans are code points of the sentence.

    ``strength`` is 0 to 5; ``sense`` is ``good``, ``bad``, ``safe``, ``same``, ``up``, ``down``,
    ``cause`` or empty; ``level`` is the certainty that the sentence itself names; ``uncertain``
    tells whether it concedes uncertainty; ``mixed`` marks proof over a hedged complement.
    """

    strength: int
    sense: str = ""
    verb: Hit | None = None
    mixed: bool = False
    negated: bool = False
    uncertain: bool = False
    level: int | None = None
    recommends: tuple[Hit, ...] = ()
    quantifier: str = ""
    value_word: bool = False
    hits: tuple[Hit, ...] = ()


def read_sentence(
    masked: str, lang: str, *, extra: tuple[Row, ...] = (), found: tuple[Hit, ...] = ()
) -> Reading:
    r"""Read one sentence whose names were masked (each by characters of no word).

    Parameters
    ----------
    masked
        The sentence; names of outcomes, studies and concepts replaced by ``\x01``, so that a verb
        inside a name counts for nothing.
    lang
        ``en`` or ``zh``.
    extra
        Verb pairs of the protocol, as lexicon rows.
    found
        Words found by other means; where the lexicon knows a word there, that one counts.

    Examples
    --------
    >>> read_sentence("\x01\x01 may reduce \x01\x01.", "en").strength
    2
    >>> read_sentence("The results confirm it as a potential treatment.", "en").mixed
    True
    """
    hits = _joined(lexicon_for(lang, extra).match(masked), found)
    spans = clauses(masked, BREAKS[lang])
    level = said_certainty(masked, lang)
    unsure = any(hit.role == "unsure" for hit in hits)
    state = _State(lang)
    claims: list[_Claim] = []
    for start, end in spans:
        inside = [hit for hit in hits if start <= hit.start < end]
        claims += state.clause(inside, masked[start:end], start)
    best = max(claims, key=lambda c: (c.strength, c.sense == "same", -c.verb.start), default=None)
    recommends = tuple(hit for hit in state.recommended)
    top = max((hit.strength for hit in recommends), default=0)
    strength = max(best.strength if best else 0, top, 1 if unsure and not best else 0)
    if best is None and top == 0 and level is not None and unsure:
        strength = 1
    quantifier = _quantifier(masked, lang)
    if quantifier == "none":  # "no study showed that it works": what studies did not show
        best, strength = None, max(top, 1 if unsure else 0)
    sense = best.sense if best else ("good" if top else "")
    return Reading(
        strength=strength,
        sense=sense or next((c.sense for c in claims if c.sense), ""),
        verb=best.verb if best else (recommends[0] if recommends else None),
        mixed=any(c.mixed for c in claims),
        negated=bool(best and best.negated),
        uncertain=unsure or level in (1, 2),
        level=level,
        recommends=recommends,
        quantifier=quantifier,
        value_word=any(c.verb.sense == "good" for c in claims),
        hits=hits,
    )


def _joined(hits: tuple[Hit, ...], found: tuple[Hit, ...]) -> tuple[Hit, ...]:
    free = [f for f in found if not any(h.start < f.end and f.start < h.end for h in hits)]
    return tuple(sorted((*hits, *free), key=lambda h: h.start))


def said_certainty(text: str, lang: str) -> int | None:
    """Return the lowest certainty that a sentence names ("low certainty", ⊕⊕◯◯), or ``None``.

    Examples
    --------
    >>> said_certainty("Low-certainty evidence suggests a benefit.", "en")
    2
    """
    named = [level for pattern, level in _CERTAINTY[lang] if pattern.search(text)]
    return min(named, default=None)


def _quantifier(text: str, lang: str) -> str:
    return next((word for word, p in QUANTIFIERS[lang].items() if p.search(text)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    strength: int
    sense: str
    verb: Hit
    mixed: bool = False
    negated: bool = False


class _State:
    """What one clause hands on to the next: a hedge, a question, an aim, a need."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.cap: int | None = None
        self.silent = False
        self.waiting = False
        self.recommended: list[Hit] = []

    def clause(self, hits: Sequence[Hit], text: str, start: int) -> list[_Claim]:
        """Return the claims of one clause."""
        follows = self._follows(hits, text, start)
        walk = _Clause(
            self.lang,
            cap=self.cap if follows or self.waiting else None,
            silent=self.silent and follows,
        )
        walk.adverbs(hits)
        for hit in hits:
            walk.take(hit)
        self.recommended += walk.recommended
        self.cap, self.silent = walk.cap, walk.silent
        self.waiting = walk.cap is not None and not walk.claims
        return walk.finished()

    def _follows(self, hits: Sequence[Hit], text: str, start: int) -> bool:
        """Tell whether a clause has no subject of its own, so that the one before reaches it."""
        if _JOINED[self.lang].match(text):
            return True
        lead = len(text) - len(text.lstrip())
        claiming = [hit for hit in hits if hit.role in _CLAIMING]
        return bool(claiming) and claiming[0].start - start <= lead + 1


class _Clause:
    """Walks through the hits of one clause."""

    def __init__(self, lang: str, *, cap: int | None, silent: bool) -> None:
        self.lang = lang
        self.cap = cap
        self.silent = silent
        self.claims: list[_Claim] = []
        self.recommended: list[Hit] = []
        self._hedged: Hit | None = None
        self._proof: Hit | None = None
        self._promise: Hit | None = None
        self._mixed = False
        self._negation: Hit | None = None
        self._frame_sense = ""

    def adverbs(self, hits: Iterable[Hit]) -> None:
        """Let a hedge that stands anywhere in the clause reach all of it."""
        for hit in hits:
            if hit.role == "adverb":
                self._hedge(hit)

    def take(self, hit: Hit) -> None:
        """Take one hit, in order."""
        match hit.role:
            case "negation":
                self._negation = hit
            case "need" | "aim" | "define" | "question" | "unsure":
                self.silent = True
            case "frame":
                self._frame_sense = self._frame_sense or _sense_inside(hit.text)
            case "may" | "likely" | "capped" | "promise":
                self._hedge(hit)
            case "recommend":
                if not self.silent:
                    self.recommended.append(hit)
            case role if role in _CLAIMING and not self.silent:
                self._claim(hit)
            case _:
                pass

    def _hedge(self, hit: Hit) -> None:
        if hit.role == "promise":
            self._promise = self._promise or hit
        if self._proof is not None and hit.strength == 2 and hit.role != "capped":
            self._mixed = True
        negated = hit.sense == "not"
        self.cap = hit.strength if self.cap is None else min(self.cap, hit.strength)
        if hit.role in ("may", "likely"):
            self._hedged = self._hedged or hit
        self._negation = hit if negated else self._negation

    def _claim(self, hit: Hit) -> None:
        strength = hit.strength if self.cap is None else min(hit.strength, self.cap)
        negated = self._is_negated(hit)
        if hit.role in ("proof", "shows") and self.cap is None:
            self._proof = self._proof or hit
        sense = "same" if negated and hit.sense != "bad" else hit.sense
        if hit.role == "proof" and negated:
            return
        self.claims.append(_Claim(strength=strength, sense=sense, verb=hit, negated=negated))

    def _is_negated(self, hit: Hit) -> bool:
        negation = self._negation
        if negation is None or hit.role == "same":
            return False
        if negation.sense == "not":
            return True
        return 0 <= hit.start - negation.end <= _REACH[self.lang]

    def finished(self) -> list[_Claim]:
        """Return the claims, with a hedge that governs no verb as a claim of its own."""
        claims = self.claims
        sense = self._frame_sense
        if self._mixed and self._proof is not None:
            proof = self._proof
            outer = _Claim(strength=max(proof.strength, 4), sense="good", verb=proof, mixed=True)
            claims = [c for c in claims if c.verb is not proof] + [outer]
        elif not claims and not self.silent and (self._promise or self._hedged) is not None:
            claims = [self._bare_hedge(sense)]
        return [_with_sense(c, sense) for c in claims] if sense else claims

    def _bare_hedge(self, sense: str) -> _Claim:
        if self._promise is not None:
            hit, sense = self._promise, sense or "good"
        else:
            hit = cast(Hit, self._hedged)
        negated = hit.sense == "not"
        return _Claim(
            strength=self.cap or hit.strength,
            sense="same" if negated else sense,
            verb=hit,
            negated=negated,
        )


def _with_sense(claim: _Claim, sense: str) -> _Claim:
    if claim.sense not in ("", "cause"):
        return claim
    return _Claim(
        strength=claim.strength,
        sense=sense,
        verb=claim.verb,
        mixed=claim.mixed,
        negated=claim.negated,
    )


def _sense_inside(text: str) -> str:
    return next((sense for sense, pattern in _INNER_SENSE if pattern.search(text)), "")
