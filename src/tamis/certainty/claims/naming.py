"""Who and what a sentence names: outcomes, concepts, studies, each with its place.

Every name comes from the review: outcomes and concepts from the protocol (``names`` per
language), studies from their labels. The longest name wins, so that the name of a score is not
taken for the disease in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tamis.certainty.claims.evidence import ClaimEvidence
from tamis.domain.question import Concept, Protocol

__all__ = ["Mention", "Names", "broader_than", "short_form"]

#: Words for the treatment in general, so that "it reduces pain" is about the intervention.
GENERIC: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:treatment|therapy|therapies|intervention|drug|infusions?|transplants?|"
        r"transplantation|cells|treated|it|they|this|"
        r"arm|group|added|combination)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"疗法|治疗|药物|干预|移植|输注|其|它|本品|该药|(?:供者|捐赠|这些|"
        r"输入的?)细胞"
    ),
}

#: Last word of an outcome's name -> verbs that say the same of a patient.
_VERBS_OF: Mapping[str, tuple[str, ...]] = {
    "flare": ("flared", "flares up", "flared up"),
    "relapse": ("relapsed", "relapses"),
    "recurrence": ("recurred", "recurs"),
    "death": ("died", "dies", "die"),
}

#: A name of an outcome used as a verb with an object: what it does, not what is measured.
_VERBAL = re.compile(
    r"(?:(?<=可)|(?<=能)|(?<=能够)|(?<=可以)|(?<=有效)|(?<=显著)|(?<=明显)|(?<=帮助)|"
    r"(?<=有助于))缓解"
    r"(?=[^\W\d_率期的者情定方与及和或后前时]{2})|缓解了(?=[^\W\d_])"
)

_TITLE = re.compile(r"《[^》]*》")
_MASK = "\x01"
_CJK = r"[\u3400-\u9fff]"

#: Shortest title that is known by its words alone, and what must stand around it: a sentence that
#: is nothing but a title is read as a claim.
_TITLE_LENGTH, _ROUND_TITLE = 25, 8

#: Longest words of the question that serve as a name where the review names no concept.
_SHORT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a text.

    ``kind`` is ``outcome``, ``concept``, ``study``, ``title``, or ``asked`` (words of the question
    where the review names no concept; ``id`` is then ``population`` or ``intervention``).
    """

    start: int
    end: int
    kind: str
    id: str


class Names:
    """The names of one review, ready to be looked for."""

    def __init__(self, evidence: ClaimEvidence) -> None:
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        for kind, name, key in _all_names(evidence.protocol):
            slots = self._by_name.setdefault(_key(name), [])
            if (kind, key) not in slots:
                slots.append((kind, key))
        self._pattern = _alternatives(self._by_name)
        linked = {r for s in evidence.studies for report in s.reports for r in report.records}
        found = (evidence.records[r].title for r in sorted(linked) if r in evidence.records)
        titles = {title.strip().rstrip(".").casefold() for title in found}
        self._titles = tuple(sorted(t for t in titles if len(t) >= _TITLE_LENGTH))
        self._studies = tuple(
            (study.id, _study_pattern(study.label))
            for study in evidence.studies
            if study.label.strip()
        )

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return every mention in a text, in order; one place may name two outcomes."""
        found = [
            Mention(start=m.start(), end=m.end(), kind="title", id="")
            for m in _TITLE.finditer(text)
        ]
        folded = text.casefold()
        for title in self._titles if len(folded) == len(text) else ():
            at = folded.find(title)
            if at >= 0 and len(text) - len(title) >= _ROUND_TITLE:
                found.append(Mention(start=at, end=at + len(title), kind="title", id=""))
        taken = bytearray(len(text))
        for mention in found:
            taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
        for study, pattern in self._studies:
            found += [
                Mention(start=m.start(), end=m.end(), kind="study", id=study)
                for m in pattern.finditer(text)
                if not any(taken[m.start() : m.end()])
            ]
        if self._pattern is not None:
            verbs = {m.start() for m in _VERBAL.finditer(text)}
            for m in self._pattern.finditer(text):
                if m.start() not in verbs and not any(taken[m.start() : m.end()]):
                    found += self._named(m)
        return tuple(sorted(found, key=lambda m: (m.start, m.end, m.kind, m.id)))

    def _named(self, m: re.Match[str]) -> Iterator[Mention]:
        slots = self._by_name.get(_key(m["name"]), ())
        for kind, key in slots:
            yield Mention(start=m.start(), end=m.end(), kind=kind, id=key)


def mask(text: str, mentions: Iterable[Mention]) -> str:
    r"""Replace every mention by characters of no word, so that offsets stay.

    Examples
    --------
    >>> mask("It cures X.", [Mention(start=9, end=10, kind="concept", id="x")])
    'It cures \x01.'
    """
    letters = list(text)
    for mention in mentions:
        letters[mention.start : mention.end] = _MASK * (mention.end - mention.start)
    return "".join(letters)


def _all_names(protocol: Protocol) -> Iterator[tuple[str, str, str]]:
    for outcome in protocol.outcomes:
        names = [outcome.name, outcome.name.partition(",")[0], outcome.id.replace("-", " ")]
        names += [name for _, listed in outcome.names for name in listed]
        names += [words for _, words in outcome.events]
        names += [verb for name in names for verb in _VERBS_OF.get(_last_word(name), ())]
        yield from (("outcome", name.strip(), outcome.id) for name in names if name.strip())
    for concept in protocol.concepts:
        for _, listed in concept.names:
            yield from (("concept", name.strip(), concept.id) for name in listed if name.strip())
    for kind in ("population", "intervention"):
        if not any(concept.kind == kind for concept in protocol.concepts):
            words = _first_words(getattr(protocol.question, kind))
            if words:
                yield "asked", words, kind


def _last_word(name: str) -> str:
    return name.casefold().rsplit(" ", 1)[-1].removesuffix("s")


def _first_words(words: str) -> str:
    """Return words of the question up to their first comma or bracket; empty where too long."""
    first = re.split(r"[,;(（，；]", words)[0].strip()
    return first if len(first) <= _SHORT else ""


def short_form(words: str, lang: str) -> str:
    """Return words of the question as a name in a sentence; empty where they are none.

    They stand as written up to the first comma or bracket, when that is short, in the language of
    the sentence (a single foreign word is a name in Chinese), and no list or English plural, which
    the verb of a statement would not agree with.

    Examples
    --------
    >>> short_form("Zedolimab, any dose", "en"), short_form("Zedolimab, any dose", "zh")
    ('Zedolimab', 'Zedolimab')
    >>> short_form("Antibiotics", "en"), short_form("talc powder", "zh")
    ('', '')
    """
    first = _first_words(words)
    chinese = bool(re.search(r"[\u3400-\u9fff]", first))
    if lang == "zh":
        return first if chinese or not re.search(r"\s", first) else ""
    several = re.search(r"\b(?:and|or)\b|(?<![suiy])s$", first, re.IGNORECASE)
    return "" if chinese or several else first


def _alternatives(names: Mapping[str, object]) -> re.Pattern[str] | None:
    if not names:
        return None
    ordered = sorted(names, key=lambda name: (-len(name), name))
    inner = "|".join(map(_spaced, ordered))
    return re.compile(
        rf"(?:(?<![A-Za-z0-9])|(?={_CJK}))(?P<name>{inner})(?:s|es)?"
        rf"(?:(?![A-Za-z0-9])|(?<={_CJK}))", re.IGNORECASE,
    )  # fmt: skip


def _key(name: str) -> str:
    """Return a name as it is looked up: hyphens are spaces, and none stands beside Chinese."""
    words = re.sub(r"[\s-]+", " ", name.casefold())
    return re.sub(rf"(?<={_CJK}) | (?={_CJK})", "", words)


def _spaced(name: str) -> str:
    """Return a pattern for a name; between Chinese and other letters a space may be left out."""
    made = r"[\s-]+".join(map(re.escape, name.split(" ")))
    return re.sub(rf"(?<={_CJK})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?={_CJK})", r"[\\s-]*", made)


def _study_pattern(label: str) -> re.Pattern[str]:
    """Return a pattern for a study: its label, with "et al." and brackets where people put them."""
    found = re.fullmatch(r"(.+?)[\s,]+(\d{4}[a-z]?)", label.strip())
    if found is None:
        return re.compile(rf"(?<![A-Za-z0-9]){re.escape(label.strip())}(?![A-Za-z0-9])")
    author, year = re.escape(found[1]), found[2]
    between = r"(?:\s*(?:et\s+al\.?|and\s+colleagues|等人?的?))?[\s,，]*[(（]?\s*"
    return re.compile(rf"(?<![A-Za-z0-9]){author}{between}{year}(?:[)）])?(?![A-Za-z0-9])")


def broader_than(concept: str, other: str, concepts: Mapping[str, Concept]) -> bool:
    """Tell whether ``concept`` stands above ``other`` in the tree.

    Examples
    --------
    >>> tree = {"a": Concept(id="a", kind="population"),
    ...         "b": Concept(id="b", kind="population", broader=("a",))}
    >>> broader_than("a", "b", tree), broader_than("b", "a", tree)
    (True, False)
    """
    seen: set[str] = set()
    waiting = [*(concepts[other].broader if other in concepts else ())]
    while waiting:
        one = waiting.pop()
        if one == concept:
            return True
        if one not in seen:
            seen.add(one)
            waiting += concepts[one].broader if one in concepts else ()
    return False
