"""Rules 3, 8 and 10 on a text as a whole: what it leaves out or sets side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tamis.certainty.claims.caveats import (
    ADVERSE,
    SAID,
    UNFAVOURABLE,
    Read,
    caveat,
    either,
    joined,
    tells,
    text_of,
)
from tamis.certainty.claims.context import Knowledge, direction
from tamis.certainty.claims.evidence import COMPARATIVE
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.suggest import named, say
from tamis.domain.claims import ClaimFinding
from tamis.domain.question import Outcome

__all__ = ["of_text"]

_STOP_WORDS = frozenset({"serum", "renal", "complete", "partial", "patients", "score", "clinical",
                         "disease", "among", "everyone", "treated"})  # fmt: skip


def of_text(read: Sequence[Read], known: Knowledge, lang: str) -> Iterator[ClaimFinding]:
    """Yield what a text as a whole leaves out."""
    text = text_of(read)
    yield from _conclusion_harms(read, known, lang)
    yield from _published_findings(read, known, lang)
    yield from _definitions(read, text, known, lang)
    yield from _left_out(read, text, known, lang)


def _synthesis(read: Iterable[Read]) -> list[Read]:
    return [one for one in read if one.context.voice == "synthesis" and one.context.checked]


def _conclusion_harms(read: Sequence[Read], known: Knowledge, lang: str) -> Iterator[ClaimFinding]:
    """Rule 3: a conclusion of benefit beside which no harm of the review is named."""
    if len(read) < 3:
        return
    concluding = _synthesis(read)
    benefit = any(
        one.context.strength >= 2
        and (
            direction(one.context.reading.sense, _first(one, known)) == "good"
            or one.context.reading.mixed
        )
        for one in concluding
    )
    mentioned = {name for one in concluding for name in one.context.all_outcomes}
    harms = [o for o in map(known.outcomes.__getitem__, known.harms()) if _seen(known, o)]
    if not benefit or not harms or mentioned & {o.id for o in harms}:
        return
    shown = joined((named(o, lang) for o in harms), lang)
    yield ClaimFinding(
        rule="selective-outcomes",
        severity="error",
        message="the conclusion names what is favourable and none of the harms of the review: "
        + ", ".join(o.name for o in harms),
        because=tuple(f"outcome:{o.id}" for o in harms),
        suggestion=say("harms", lang, n=shown),
        subject="review",
    )


def _first(one: Read, known: Knowledge) -> Outcome | None:
    return known.outcomes[one.context.outcomes[0]] if one.context.outcomes else None


def _seen(known: Knowledge, outcome: Outcome) -> bool:
    return any(f.outcome == outcome.id and f.value > 0 and f.sure for f in known.facts)


def _published_findings(
    read: Sequence[Read], known: Knowledge, lang: str
) -> Iterator[ClaimFinding]:
    """Rule 3: unfavourable results of the published review that a text about it does not name."""
    published = known.evidence.published
    if published is None or not any(one.part_study == published.id and tells(one) for one in read):
        return
    missed = []
    for note in known.evidence.notes:
        words = dict(note.fields).get("text", "")
        if note.topic != "published-review" or not UNFAVOURABLE.search(words):
            continue
        outcomes = {m.id for m in known.names.find(words) if m.kind == "outcome"}
        if not any(_admits(one, outcomes) for one in read):
            missed.append((words, outcomes))
    if missed:
        concerned = [o for o in known.outcomes.values() if any(o.id in ids for _, ids in missed)]
        yield ClaimFinding(
            rule="selective-outcomes",
            severity="warning",
            message="unfavourable results of the published review are left out: "
            + "; ".join(words for words, _ in missed),
            because=(f"note:{published.id}",),
            suggestion=say("say", lang, n=either(
                lang, "; ".join(words for words, _ in missed),
                "综述本身报告的不利或不一致的结果："
                + joined((named(o, lang) for o in concerned), lang))),
            subject="review",
        )  # fmt: skip


def _admits(one: Read, outcomes: set[str]) -> bool:
    """Tell whether a sentence of the whole review says something unfavourable of an outcome."""
    context = one.context
    if context.voice != "synthesis" or not ADVERSE.search(context.sentence.text):
        return False
    return not outcomes or bool(outcomes & set(context.all_outcomes))


def _definitions(
    read: Sequence[Read], text: str, known: Knowledge, lang: str
) -> Iterator[ClaimFinding]:
    """Rules 8 and 10: figures of one family side by side, defined or counted differently."""
    if SAID["definition"].search(text):
        return
    for family, facts in _families(read, known).items():
        studies = {f.study for f in facts}
        definitions = {f.definition for f in facts if f.definition != "not-stated"}
        estimands = {f.estimand for f in facts}
        unsaid = any(_counted_otherwise(one, f) for one in read for f in facts)
        if len(studies) < 2:
            continue
        because = tuple(dict.fromkeys(i for f in facts for i in f.ids))
        several = len({d.partition(".")[0] for d in definitions}) > 1
        if several:
            yield ClaimFinding(
                rule="caveat-missing",
                severity="warning",
                message=f"{family} of {len(studies)} studies stands side by side under"
                f" {len(definitions)} definitions",
                because=because,
                suggestion=say("say", lang, n=either(lang, "the studies define it differently",
                                                     "各研究对该结局的定义不同")),
                subject="review",
            )  # fmt: skip
        if len(estimands) > 1 and unsaid:
            yield ClaimFinding(
                rule="number-differs",
                severity="warning",
                message=f"{family} of {len(studies)} studies stands side by side as "
                + ", ".join(sorted(estimands)),
                because=because,
                suggestion=say("say", lang, n=either(
                    lang, "which figure is ever, best so far or at a visit",
                    "各数字分别是曾达到、期间最佳还是某一时间点的结果")),
                subject="review",
            )  # fmt: skip


def _counted_otherwise(one: Read, fact: Fact) -> bool:
    """Tell whether a sentence gives an "ever" or "best so far" figure without saying so."""
    given = any(fact in answer.facts for answer in one.answers)
    words = SAID.get(fact.estimand)
    return given and words is not None and not words.search(one.context.sentence.text)


def _families(read: Sequence[Read], known: Knowledge) -> Mapping[str, list[Fact]]:
    """Return the quoted figures of favourable binary outcomes that share a word of their name."""
    found: dict[str, list[Fact]] = {}
    for one in read:
        for answer in one.answers:
            for fact in answer.facts:
                outcome = known.outcomes.get(fact.outcome)
                if outcome is None or outcome.kind != "binary" or outcome.better != "higher":
                    continue
                if fact.outcome not in one.context.all_outcomes:
                    continue
                if fact.kind not in ("percent", "part", "people") or not fact.estimand:
                    continue
                for word in _content(outcome.name):
                    found.setdefault(word, []).append(fact)
    return found


def _content(name: str) -> tuple[str, ...]:
    return tuple(w for w in re.findall(r"[a-z]{5,}", name.lower()) if w not in _STOP_WORDS)


def _left_out(
    read: Sequence[Read], text: str, known: Knowledge, lang: str
) -> Iterator[ClaimFinding]:
    """Rule 8: comparative studies that are known and not among those of the published review."""
    published = known.evidence.published
    if published is None or SAID["others"].search(text):
        return
    if not any(one.part_study == published.id and tells(one) for one in read):
        return
    others = [s for s in known.evidence.studies if s.role == "wider" and s.design in COMPARATIVE]
    if others:
        names = ", ".join(s.label for s in others)
        yield caveat(
            "review",
            f"comparative studies are known and not among those of the review: {names}",
            [f"study:{s.id}" for s in others],
            say("say", lang, n=either(lang, f"other comparative studies are known: {names}",
                                      f"另有已知的对照研究未被纳入：{names}")),
        )  # fmt: skip
