"""Rules 3, 8 and 10 on the part of a text about one study: what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tamis.certainty.claims.caveats import (
    DESIGNS,
    SAID,
    STOPPED,
    Read,
    caveat,
    either,
    joined,
    text_of,
)
from tamis.certainty.claims.context import Knowledge
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.rule_numbers import FAITHFUL
from tamis.certainty.claims.suggest import named, say
from tamis.domain.claims import ClaimFinding
from tamis.domain.question import Outcome
from tamis.domain.records import Study
from tamis.domain.results import Finding
from tamis.domain.values import Value

__all__ = ["of_study"]


def of_study(
    study: Study, members: Sequence[Read], known: Knowledge, lang: str
) -> Iterator[ClaimFinding]:
    """Yield what the part of a text about a study leaves out."""
    text = text_of(members)
    yield from _harms(study, members, known, lang)
    yield from _estimand(study, members, known, lang)
    for check in (_stopped, _accounts, _registered, _overlap):
        yield from check(study, text, known, lang)


def _is_harm(outcome: Outcome) -> bool:
    event = outcome.kind == "binary" and outcome.better == "lower"
    return outcome.harm or (event and outcome.importance in ("critical", "important"))


def _harms(
    study: Study, members: Sequence[Read], known: Knowledge, lang: str
) -> Iterator[ClaimFinding]:
    """Rule 3: events that went against people, recorded for the study and not mentioned."""
    mentioned = {name for one in members for name in one.context.all_outcomes}
    missed: dict[str, list[Fact]] = {}
    for fact in known.facts:
        outcome = known.outcomes.get(fact.outcome)
        if fact.study != study.id or outcome is None or fact.kind != "part" or not fact.sure:
            continue
        happened = fact.value > 0 and fact.estimand == "ever"
        if happened and _is_harm(outcome) and outcome.id not in mentioned:
            missed.setdefault(outcome.id, []).append(fact)
    order = list(known.outcomes)
    by_number = _without_repeats(
        dict(sorted(missed.items(), key=lambda item: order.index(item[0]))), known
    )
    if not by_number:
        return
    shown = joined((_events(known.outcomes[name], facts, lang) for name, facts in by_number), lang)
    severe = any(known.outcomes[name].harm or known.outcomes[name].importance == "critical"
                 for name, _ in by_number)  # fmt: skip
    yield ClaimFinding(
        rule="selective-outcomes",
        severity="error" if severe else "warning",
        message="what went against people is left out: " + "; ".join(
            _events(known.outcomes[name], facts, "en") for name, facts in by_number),
        because=tuple(dict.fromkeys(i for _, facts in by_number for f in facts for i in f.ids)),
        suggestion=say("harms", lang, n=shown),
        subject=study.id,
    )  # fmt: skip


def _without_repeats(
    missed: Mapping[str, Sequence[Fact]], known: Knowledge
) -> list[tuple[str, Sequence[Fact]]]:
    """Leave out an outcome that only counts the same events over other people."""
    kept: list[tuple[str, Sequence[Fact]]] = []
    for name, facts in missed.items():
        first = known.outcomes[name].name.partition(",")[0]
        repeated = any(known.outcomes[k].name.partition(",")[0] == first for k, _ in kept)
        if not repeated:
            kept.append((name, facts))
    return kept


def _events(outcome: Outcome, facts: Sequence[Fact], lang: str) -> str:
    numbers = ", ".join(f"{f.value:f}/{f.whole:f}" for f in facts if f.whole is not None)
    return f"{named(outcome, lang)} {numbers}"


def _estimand(
    study: Study, members: Sequence[Read], known: Knowledge, lang: str
) -> Iterator[ClaimFinding]:
    """Rule 10: an "ever" or "best-by" figure not said to be one, beside lower point values."""
    for one in members:
        facts = [
            fact
            for answer in one.answers
            if answer.answer == FAITHFUL
            for fact in answer.facts
            if fact.estimand in ("ever", "best-by") and fact.kind in ("percent", "part")
        ]
        if not facts or not _higher_better(known, facts[0].outcome):
            continue
        fact = facts[0]
        if any(_point_too(one, f) for f in facts):
            continue
        points = _points(known, study.id, fact)
        if not points or SAID[fact.estimand].search(one.context.sentence.text):
            continue
        shown = ", ".join(f"{p.value:f} %" for p in points)
        yield ClaimFinding(
            rule="number-differs",
            severity="warning",
            message=f"'{fact.estimand}' is not said of {_share(fact):.1f} % although the values at"
            f" the visits are lower: {shown}",
            because=tuple(dict.fromkeys(i for f in (fact, *points) for i in f.ids)),
            suggestion=say(
                "estimand" if fact.estimand == "ever" else "best-by",
                lang,
                n=f"{_share(fact):.1f} %",
                m=shown,
            ),
            subject=study.id,
        )
        return


def _higher_better(known: Knowledge, outcome: str) -> bool:
    found = known.outcomes.get(outcome)
    return found is not None and found.better == "higher"


def _point_too(one: Read, fact: Fact) -> bool:
    return any(
        f.estimand == "point" and f.kind in ("percent", "part")
        for answer in one.answers
        for f in answer.facts
        if f.study == fact.study
    )


def _share(fact: Fact) -> float:
    return float(100 * fact.value / fact.whole) if fact.whole else float(fact.value)


def _points(known: Knowledge, study: str, fact: Fact) -> tuple[Fact, ...]:
    found = [
        f
        for f in known.facts
        if f.study == study
        and f.outcome == fact.outcome
        and f.estimand == "point"
        and f.kind == "percent"
        and float(f.value) < _share(fact) - 0.5
    ]
    return tuple(sorted(found, key=lambda f: known.months.get(f.visit, 0.0)))


def _stopped(study: Study, text: str, known: Knowledge, lang: str) -> Iterator[ClaimFinding]:
    """Rule 8: a study that was stopped, and a text that does not say so."""
    if SAID["stopping"].search(text):
        return
    described = [
        v for v in _texts(known, study.id, "design-as-stated") if STOPPED.search(v.printed)
    ]
    trusted = _trusted(known, study.id, "stopped.")
    if described or trusted:
        people = _people(known, study.id)
        yield caveat(
            study.id,
            f"{study.label} was stopped early{people}, and this is not said",
            [v.id for v in described] + [b for f in trusted for b in f.because],
            say("say", lang, n=either(lang, f"the trial was stopped early{people}",
                                      f"该试验提前终止{_people_zh(known, study.id)}")),
        )  # fmt: skip


def _people(known: Knowledge, study: str) -> str:
    total = _participants(known, study)
    return f" (after {total} people)" if total else ""


def _people_zh(known: Knowledge, study: str) -> str:
    total = _participants(known, study)
    return f"（共 {total} 人）" if total else ""


def _participants(known: Knowledge, study: str) -> str:
    found = [f.value for f in known.facts if f.study == study and f.outcome == "participants"]
    return f"{max(found):f}" if found else ""


def _trusted(known: Knowledge, study: str, rules: str) -> list[Finding]:
    """Return what its sources say against a study, by the beginning of the rules' names."""
    return [
        finding
        for finding in known.evidence.trust_findings
        if finding.rule.startswith(rules)
        and finding.severity != "note"
        and finding.subject.partition("/")[0] == study
    ]


def _texts(known: Knowledge, study: str, outcome: str) -> list[Value]:
    return [
        v
        for v in known.evidence.extraction.values
        if v.cell.study == study and v.cell.outcome == outcome and v.statistic == "text"
    ]


def _accounts(study: Study, text: str, known: Knowledge, lang: str) -> Iterator[ClaimFinding]:
    """Rule 8: reports of one study that call its design by different names."""
    accounts = _texts(known, study.id, "design-as-stated")
    if len(accounts) < 2:
        return
    first, *others = accounts
    held = {word for word, (_, p) in DESIGNS.items() if p.search(first.printed)}
    for other in others:
        differing = {word for word, (_, p) in DESIGNS.items() if p.search(other.printed)} - held
        if differing and not any(DESIGNS[word][1].search(text) for word in differing):
            shown = ", ".join(sorted(differing))
            chinese = "、".join(DESIGNS[word][0] for word in sorted(differing))
            yield caveat(
                study.id,
                f"another report calls {study.label} {shown}; the text gives one account",
                (first.id, other.id),
                say("say", lang, n=either(
                    lang, f"another report of this study calls it {shown}",
                    f"该研究的另一份报告称其为{chinese}研究，两处表述不一致")),
            )  # fmt: skip
            return


def _registered(study: Study, text: str, known: Knowledge, lang: str) -> Iterator[ClaimFinding]:
    """Rule 8: a registration that planned something else than was published."""
    if SAID["registration"].search(text):
        return
    planned = [v for v in _texts(known, study.id, "registration") if "planned" in v.printed.lower()]
    trusted = _trusted(known, study.id, "registry.")
    if planned or trusted:
        yield caveat(
            study.id,
            f"the registration of {study.label} differs from what was published: "
            + (planned[0].printed.rstrip(".") if planned else trusted[0].message),
            [v.id for v in planned] + [b for f in trusted for b in f.because],
            say("say", lang, n=either(lang, "the registration planned something else than was"
                                      " published", "试验注册方案与发表内容不一致")),
        )  # fmt: skip


def _overlap(study: Study, text: str, known: Knowledge, lang: str) -> Iterator[ClaimFinding]:
    """Rule 8: patients who are probably counted in other studies too."""
    if SAID["overlap"].search(text):
        return
    for note in known.evidence.notes:
        fields = dict(note.fields)
        shared = [s.strip() for s in fields.get("studies", "").split(";") if s.strip()]
        if note.topic == "overlap" and study.id in shared:
            others = ", ".join(s for s in shared if s != study.id)
            yield caveat(
                study.id,
                f"patients of {study.label} probably overlap with those of {others}",
                (f"note:{note.subject}",),
                say("say", lang, n=either(lang, f"patients may overlap with {others}",
                                          f"患者可能与 {others} 重叠")),
            )  # fmt: skip
            return
