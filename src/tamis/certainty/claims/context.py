"""What the rules see of one sentence: its reading, what it names, whose voice it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.certainty.claims.claimed import strength_of
from tamis.certainty.claims.distance import without_told
from tamis.certainty.claims.document import CHECKED, Sentence
from tamis.certainty.claims.evidence import COMPARATIVE, Body, ClaimEvidence, bodies_of
from tamis.certainty.claims.facts import Fact, facts_of
from tamis.certainty.claims.lexicon import Row, clauses
from tamis.certainty.claims.naming import Mention, Names, mask
from tamis.certainty.claims.numbers import Number, numbers_in
from tamis.certainty.claims.objects import unasked
from tamis.certainty.claims.open_verbs import open_verbs
from tamis.certainty.claims.plain_talk import figure_of_speech
from tamis.certainty.claims.reading import BREAKS, Reading, read_sentence
from tamis.certainty.claims.speaking import author_of, only_trial
from tamis.certainty.claims.units import units_of
from tamis.certainty.claims.works import Work, works_of
from tamis.domain.question import Concept, Outcome
from tamis.domain.records import Study

__all__ = ["Context", "Knowledge", "context_of", "direction"]

#: Least strength of wording that claims an effect.
_STATED = 2

#: Sections in which a figure of speech is looked for.
_FIGURED = frozenset({"body", "lead", "conclusion", "summary", "discussion", "abstract"})

#: Mentions whose digits count nothing: "Smith 2014", a title.
_WORKS = frozenset({"study", "title"})

#: A digit beside a letter in a name.
_IN_A_NAME = re.compile(r"[A-Za-z]-?\d|\d-?[A-Za-z](?!onths?|eeks?|ears?|ays?)")

_SYNTHESIS = re.compile(
    r"\b(?:this|our|the\s+present)\s+(?:systematic\s+)?(?:review|meta-analysis|synthesis)\b"
    r"|本(?:系统)?(?:评价|综述)|本荟萃分析|(?:所有|全部|各项)(?:\S{0,3})?研究|\ball\s+(?:\w+\s+)?studies\b",
    re.IGNORECASE,
)


class Knowledge:
    """The evidence of a review, prepared once for every sentence of a text."""

    def __init__(self, evidence: ClaimEvidence) -> None:
        self.evidence = evidence
        self.bodies = bodies_of(evidence)
        self.facts: tuple[Fact, ...] = facts_of(evidence, self.bodies)
        self.names = Names(evidence)
        self.works: tuple[Work, ...] = works_of(evidence)
        self.outcomes: Mapping[str, Outcome] = {o.id: o for o in evidence.protocol.outcomes}
        self.concepts: Mapping[str, Concept] = {c.id: c for c in evidence.protocol.concepts}
        self.question: Mapping[str, str] = dict(evidence.protocol.question.concepts)
        self.extra = {lang: _verb_rows(evidence, lang) for lang in ("en", "zh")}
        self.months = {v.id: float(v.months or 0) for v in evidence.protocol.visits}
        self.units = units_of(evidence)
        self.outcome_names = tuple(
            name
            for o in self.outcomes.values()
            for name in (o.name, *(n for _, listed in o.names for n in listed),
                         *(words for _, words in o.events))
        )  # fmt: skip

    def bodies_for(self, outcome: str, study: Study | None = None) -> tuple[Body, ...]:
        """Return the bodies on an outcome: of a study, or those that carry a conclusion."""
        found = tuple(body for body in self.bodies if body.outcome.id == outcome)
        if study is not None:
            return tuple(
                body for body in found if study.id in body.studies and study.design in body.designs
            )
        return tuple(body for body in found if body.comparative) or found

    def harms(self) -> tuple[str, ...]:
        """Return the outcomes that a conclusion may not leave out: harms."""
        return tuple(o.id for o in self.outcomes.values() if o.harm)

    def critical(self) -> tuple[str, ...]:
        """Return the critical outcomes that have a body; all that have one if none is critical."""
        rated = [body.outcome for body in self.bodies]
        chosen = [o.id for o in rated if o.importance == "critical"] or [o.id for o in rated]
        return tuple(dict.fromkeys(chosen))

    def populations_of(self, study: str) -> tuple[str, ...]:
        """Return the population concepts that the study's own description names, not denies."""
        texts = [
            value.printed
            for value in self.evidence.extraction.values
            if value.cell.study == study and value.cell.outcome == "population"
        ]
        found = [
            mention.id
            for text in texts
            for part in re.split(r"[;；]", text)
            if not re.search(r"\bnot\b|\bno\b|未|不", part)
            for mention in self.names.find(part)
            if mention.kind == "concept" and self.concepts[mention.id].kind == "population"
        ]
        return tuple(dict.fromkeys(found))


def _verb_rows(evidence: ClaimEvidence, lang: str) -> tuple[Row, ...]:
    """Return the verb pairs of the protocol as rows of the lexicon."""
    rows: list[Row] = []
    for outcome in evidence.protocol.outcomes:
        pair = dict(outcome.verbs).get(lang, "")
        up, _, down = pair.partition("/")
        rows += [("assert", 4, "up", up.strip())] if up.strip() else []
        rows += [("assert", 4, "down", down.strip())] if down.strip() else []
    return tuple(dict.fromkeys(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One sentence with everything the rules ask about it.

    ``strength`` is 0 where the section claims nothing or nothing that was asked is claimed;
    ``outcomes`` are those of the clause of the verb (all of the sentence if that names none),
    ``valued`` those of clauses with a word of value ("effective", 改善);
    ``conceded`` tells whether the section concedes uncertainty elsewhere; ``unasked`` are words of
    an outcome that the review does not have.
    """

    sentence: Sentence
    reading: Reading
    mentions: tuple[Mention, ...]
    known: Knowledge
    study: Study | None = None
    subject: str = ""
    voice: str = "synthesis"
    strength: int = 0
    outcomes: tuple[str, ...] = ()
    all_outcomes: tuple[str, ...] = ()
    valued: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    conceded: bool = False
    own: bool = False
    unasked: str = ""

    @property
    def lang(self) -> str:
        """Language of the sentence."""
        return self.sentence.lang

    @property
    def checked(self) -> bool:
        """Whether every rule speaks in this section."""
        return self.sentence.section in CHECKED

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The bodies of evidence behind the claim."""
        if self.unasked:
            return ()
        named = self.outcomes
        if not named and self.reading.sense == "safe":
            named = self.known.harms()
            if not named and (self.study is None or self.study.design in COMPARATIVE):
                return ()
        if not named:
            if self.study is not None and self.study.design not in COMPARATIVE:
                return tuple(b for b in self.known.bodies if self.study.id in b.studies)
            named = self.known.critical()
        return tuple(b for name in named for b in self.known.bodies_for(name, self.study))

    @property
    def level(self) -> int | None:
        """The certainty behind the claim: the lowest of its outcomes, ``None`` if unrated."""
        if self.outcomes:
            levels = [self._best(name) for name in self.outcomes]
        else:
            levels = [body.level for body in self.bodies]
        return None if not levels or None in levels else min(x for x in levels if x is not None)

    def _best(self, outcome: str) -> int | None:
        bodies = self.known.bodies_for(outcome, self.study)
        return max((b.level for b in bodies if b.level is not None), default=None)

    def concept_mentions(self, kind: str) -> tuple[Mention, ...]:
        """Return the concepts of a kind that the sentence names."""
        return tuple(
            m
            for m in self.mentions
            if m.kind == "concept" and self.known.concepts[m.id].kind == kind
        )

    def span(self, start: int, end: int) -> str:
        """Return words of the sentence."""
        return self.sentence.text[start:end]


def direction(sense: str, outcome: Outcome | None) -> str:
    """Return what a claim says: ``good``, ``bad``, ``same`` or empty (not told).

    Examples
    --------
    >>> direction("safe", None)
    'good'
    """
    if sense in ("good", "safe"):
        return "good"
    if sense in ("bad", "same"):
        return sense
    if outcome is None or sense not in ("up", "down"):
        return ""
    return "good" if (sense == "up") == (outcome.better == "higher") else "bad"


def context_of(
    sentence: Sentence,
    known: Knowledge,
    *,
    part_study: Study | None = None,
    own: bool = False,
    conceded: bool = False,
) -> Context:
    """Read a sentence against the knowledge of a review."""
    mentions = known.names.find(sentence.text)
    masked = mask(sentence.text, (m for m in mentions if not _plain(sentence.text, m)))
    spoken = without_told(masked, sentence.lang)
    opened = open_verbs(
        sentence.text, spoken, sentence.lang, mentions=mentions, concepts=known.concepts
    )
    reading = read_sentence(spoken, sentence.lang, extra=known.extra[sentence.lang], found=opened)
    figure = (
        None
        if own or reading.strength or sentence.section not in _FIGURED
        else figure_of_speech(
            spoken,
            sentence.lang,
            hits=reading.hits,
            mentions=mentions,
            concepts=known.concepts,
            harms=known.harms(),
        )
    )
    if figure is not None:
        reading = replace(reading, strength=figure.strength, sense=figure.sense, verb=figure)
    study, subject, voice = _voice(sentence, mentions, known, part_study, reading)
    named = _outcomes(mentions, known, study)
    within = _in_clause(named, reading, sentence, masked)
    strength = strength_of(sentence, reading, mentions, known.concepts)
    return Context(
        sentence=sentence,
        reading=reading,
        mentions=mentions,
        known=known,
        study=study,
        subject=subject,
        voice=voice,
        strength=strength,
        outcomes=_distinct(within or named),
        all_outcomes=_distinct(named),
        valued=_distinct(_valued(named, reading, sentence, masked) or named),
        numbers=numbers_in(
            mask(sentence.text, (m for m in mentions if _counts_nothing(sentence.text, m))),
            known.units,
        ),
        conceded=conceded,
        own=own,
        unasked="" if named or own or strength < _STATED
        else unasked(sentence.text, masked, reading.hits, sentence.lang,
                     names=known.outcome_names, breaks=BREAKS[sentence.lang]),
    )  # fmt: skip


#: Names of outcomes that are also words of the lexicon ("good safety"): read, not masked.
_PLAIN = frozenset({"safety", "安全性", "efficacy", "疗效"})


def _plain(text: str, mention: Mention) -> bool:
    return text[mention.start : mention.end].casefold() in _PLAIN


def _counts_nothing(text: str, mention: Mention) -> bool:
    """Tell whether digits in a name count nothing: "Smith 2014", "FEV1"; a month in a name does."""
    if mention.kind in _WORKS:
        return True
    words = text[mention.start : mention.end]
    return mention.kind == "outcome" and bool(_IN_A_NAME.search(words))


def _distinct(found: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.id for m in found))


def _voice(
    sentence: Sentence,
    mentions: Sequence[Mention],
    known: Knowledge,
    part: Study | None,
    reading: Reading,
) -> tuple[Study | None, str, str]:
    """Return the study that speaks (or ``None``), the subject, and the voice.

    "The trial" speaks for itself where it tells of no difference; what is made of it else is ours.
    """
    named = [known.evidence.study(m.id) for m in mentions if m.kind == "study"]
    spoken = [s for s in dict.fromkeys(named) if s is not None]
    if len(spoken) == 1 and spoken[0].role != "published-review":
        return spoken[0], spoken[0].id, "study"
    if _SYNTHESIS.search(sentence.text):
        return None, "review", "synthesis"
    claiming = reading.strength >= _STATED and (
        reading.value_word or reading.sense in ("good", "cause")
    )
    author = (
        None
        if spoken
        else author_of(sentence.text, sentence.lang, known.evidence, claiming=claiming)
    )
    speaker = author or part
    if speaker is not None and speaker.role != "published-review":
        return speaker, speaker.id, "study"
    if not spoken and speaker is None and reading.sense == "same":
        trial = only_trial(sentence.text, sentence.lang, known.evidence)
        if trial is not None:
            return None, trial.id, "study"
    return None, "review", "synthesis"


def _outcomes(
    mentions: Iterable[Mention], known: Knowledge, study: Study | None
) -> tuple[Mention, ...]:
    """Return outcome mentions; where one name means several, those the evidence knows of."""
    by_place: dict[tuple[int, int], list[Mention]] = {}
    for mention in mentions:
        if mention.kind == "outcome":
            by_place.setdefault((mention.start, mention.end), []).append(mention)
    kept: list[Mention] = []
    for slots in by_place.values():
        of_study = [m for m in slots if study is not None and _has_value(known, study.id, m.id)]
        rated = [m for m in slots if known.bodies_for(m.id, study)]
        kept += (of_study or rated or slots)[:1] if len(slots) > 1 else slots
    return tuple(kept)


def _has_value(known: Knowledge, study: str, outcome: str) -> bool:
    return any(f.study == study and f.outcome == outcome for f in known.facts)


def _in_clause(
    named: Sequence[Mention], reading: Reading, sentence: Sentence, masked: str
) -> tuple[Mention, ...]:
    if reading.verb is None:
        return ()
    for start, end in clauses(masked, BREAKS[sentence.lang]):
        if start <= reading.verb.start < end:
            return tuple(m for m in named if start <= m.start < end)
    return ()


def _valued(
    named: Sequence[Mention], reading: Reading, sentence: Sentence, masked: str
) -> tuple[Mention, ...]:
    """Return the outcomes of the clauses in which a word of value stands."""
    good = [hit.start for hit in reading.hits if hit.sense == "good"]
    return tuple(
        mention
        for start, end in clauses(masked, BREAKS[sentence.lang])
        if any(start <= at < end for at in good)
        for mention in named
        if start <= mention.start < end
    )
