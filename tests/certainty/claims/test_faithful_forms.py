"""Two values side by side, changes, absent harms, designs: one facet made wrong is never faithful.

The sentences hold two arms, two visits or a denominator at a time; the numbers of the invented
trials are drawn. A true sentence is faithful; with arm, denominator, count, study, visit, direction
or unit made wrong it is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.certainty.claims.invented import names, review

from tamis.certainty.claims import ClaimEvidence, check, check_text
from tamis.certainty.claims.context import Knowledge
from tamis.domain.question import Outcome, Visit
from tamis.domain.values import Cell, CitationAnchor, Extraction, Value

ARMS = ("velatrin", "placebo")
SPOKEN = {"en": ARMS, "zh": ("维拉曲林", "安慰剂")}
TRIALS = ("ashdown2015", "birch2018")
LABELS = {"ashdown2015": "Ashdown 2015", "birch2018": "Birch 2018"}
MONTHS = (0, 6, 12)

#: Counts of both arms; the second arm may lean on what was said of the first.
COUNTED = {
    "en": (
        "In {s}, relapse was seen in {x} of {n} given velatrin against {y} of {m} given placebo.",
        "In {s}, relapse was seen in {x} of the {n} treated patients and in {y} of the {m}"
        " controls.",
        "In {s}, relapse was seen in {x} of the {n} patients who got velatrin and in {y} of the {m}"
        " who got the dummy tablets.",
        "Of the {n} patients on velatrin in {s}, {x} had a relapse.",
    ),
    "zh": (
        "在{s}中，维拉曲林组{n}人里有{x}人复发，安慰剂组{m}人里有{y}人。",
        "{s}中，治疗组{n}例中{x}例复发，对照组{m}例中{y}例复发。",
        "{s}中，维拉曲林组和安慰剂组分别有{x}例和{y}例复发。",
        "{s}中，维拉曲林组{n}例患者中，{x}例复发。",
    ),
}
#: Levels of both arms or both visits; ``fell`` and ``g`` are the words that are made wrong.
LEVELS = {
    "en": (
        "In {s}, mean urinary protein {fell} from {b} {g}/24 h at baseline to {f} {g}/24 h at {v}"
        " months with velatrin.",
        "In {s}, urinary protein was {f} {g} a day on velatrin and {h} {g} a day on placebo at {v}"
        " months.",
        "In {s}, urinary protein {fell} by {c} {g}/24 h with velatrin and by {d} {g}/24 h with"
        " placebo over 12 months.",
        "In {s}, urinary protein {fell} from {b} to {f} {g} a day after {v} months on velatrin.",
    ),
    "zh": (
        "{s}中，维拉曲林组尿蛋白由{b}{g}{fell}至{v}个月时的{f}{g}。",
        "{s}中，{v}个月时维拉曲林组的尿蛋白为{f}{g}，安慰剂组为{h}{g}。",
        "{s}中，12个月内尿蛋白在维拉曲林组{fell}{c}{g}，在安慰剂组{fell}{d}{g}。",
        "{s}中，{v}个月后维拉曲林组尿蛋白从{b}{fell}到{f}{g}/24小时。",
    ),
}
WORDS = {"en": ("fell", "rose", "g", "mg"), "zh": ("下降", "上升", "克", "毫克")}
ABSENT = {
    "en": (
        "No patient on {arm} died in {s}.",
        "Not one of the {n} patients given {arm} in {s} died.",
        "{s}: there were no deaths with {arm}.",
        "{s} was completed without a single death on {arm}.",
    ),
    "zh": (
        "{s}的{arm}组无一例死亡。",
        "{s}的{arm}组{n}人中没有一人死亡。",
        "{s}中，{arm}组未出现死亡病例。",
        "{s}的{arm}组没有患者死亡。",
    ),
}
DESIGNS = {
    "en": ("{k} of the three included studies were randomised.",
           "Of the three included studies, {k} were randomised.",
           "{k} of the three studies had a comparison group."),
    "zh": ("纳入的三项研究中有{k}项是随机试验。", "3项研究中只有{k}项设有对照组。"),
}  # fmt: skip
NUMERALS = {"en": ("No", "One", "Two", "Three"), "zh": ("零", "一", "两", "三")}

LOSS = Outcome(id="loss", name="urinary protein", importance="important", kind="continuous",
               better="lower", unit="g/24h", names=names("urinary protein", "尿蛋白"))  # fmt: skip

Pair = tuple[int, int]


@dataclass(frozen=True)
class Trial:
    """What an invented trial found: people, events and levels of both arms."""

    people: Pair
    events: Pair
    levels: tuple[tuple[Decimal, Decimal, Decimal], tuple[Decimal, Decimal, Decimal]]


def _value(study: str, name: str, visit: str, estimand: str, arm: str, statistic: str,
           number: Decimal | int, unit: str) -> Value:  # fmt: skip
    return Value(
        id=f"v:{study}/{name}/{visit}.{estimand}/{arm}/{statistic}",
        cell=Cell(study=study, outcome=name, visit=visit, arm=arm, estimand=estimand),
        statistic=statistic, printed=str(number), number=Decimal(number), unit=unit,
        source=CitationAnchor(citation="invented", location="Table 1",
                              status="abstract or table read"),
        status="abstract or table read",
    )  # fmt: skip


def evidence(trials: dict[str, Trial]) -> ClaimEvidence:
    plain = review()
    values = [v for v in plain.extraction.values if v.cell.study not in TRIALS]
    for study, trial in trials.items():
        for i, arm in enumerate(ARMS):
            n, x = trial.people[i], trial.events[i]
            values.append(_value(study, "participants", "baseline", "point", arm, "n", n,
                                 "patients"))  # fmt: skip
            for name, events in (("relapse", x), ("death", 3 if (study, i) == (TRIALS[0], 0)
                                                  or study == TRIALS[1] else 0)):  # fmt: skip
                values += [_value(study, name, "m12", "ever", arm, "n", n, "patients"),
                           _value(study, name, "m12", "ever", arm, "events", events,
                                  "patients")]  # fmt: skip
            levels = trial.levels[i]
            for month, level in zip(MONTHS, levels, strict=True):
                visit = f"m{month}" if month else "baseline"
                values.append(_value(study, "loss", visit, "follow-up", arm, "mean", level,
                                     "g/24h"))  # fmt: skip
            values.append(_value(study, "loss", "m12", "change", arm, "mean",
                                 levels[2] - levels[0], "g/24h"))  # fmt: skip
    start = Visit(id="baseline", label="baseline", months="0")
    visits = (start, *(Visit(id=f"m{m}", label=f"month {m}", months=str(m)) for m in MONTHS[1:]))
    protocol = replace(plain.protocol, visits=visits, outcomes=(*plain.protocol.outcomes, LOSS))
    syntheses = tuple(replace(s, rows=(), pooled=None) for s in plain.syntheses)
    return replace(plain, extraction=Extraction(values=tuple(values)), syntheses=syntheses,
                   protocol=protocol, findings_rows=())  # fmt: skip


def answer(text: str, lang: str, held: ClaimEvidence | Knowledge) -> str:
    known = held if isinstance(held, Knowledge) else Knowledge(held)
    with patch.object(check, "Knowledge", lambda _: known):  # prepared once a review
        done = check_text(text, name="one", evidence=known.evidence, lang=lang)
    given = {claim.number for claim in done.claims}
    return next(a for a in ("contradicted", "faithful", "cannot-tell", "none") if a in given)


@st.composite
def pairs_of_trials(draw: st.DrawFn) -> dict[str, Trial]:
    """Draw two trials no two of whose numbers are alike."""
    people = draw(st.lists(st.integers(31, 97), min_size=4, max_size=4, unique=True))
    events = draw(st.lists(st.integers(2, 30), min_size=4, max_size=4, unique=True))
    tenths = draw(st.lists(st.integers(11, 79), min_size=12, max_size=12, unique=True))
    levels = [sorted((Decimal(t) / 10 for t in tenths[i : i + 3]), reverse=True)
              for i in (0, 3, 6, 9)]  # fmt: skip
    changes = {series[0] - series[2] for series in levels}
    assume(len(changes) == 4 and not changes & {x for series in levels for x in series})
    return {
        study: Trial(
            people=(people[i], people[i + 1]), events=(events[i], events[i + 1]),
            levels=(tuple(levels[i]), tuple(levels[i + 1])),  # type: ignore[arg-type]
        )
        for i, study in zip((0, 2), TRIALS, strict=True)
    }  # fmt: skip


def _of(rows: dict[str, tuple[str, ...]]) -> st.SearchStrategy[tuple[str, str]]:
    return st.sampled_from([(lang, t) for lang, templates in rows.items() for t in templates])


def counted(template: str, study: str, people: Pair, events: Pair) -> str:
    return template.format(s=LABELS[study], n=people[0], m=people[1], x=events[0], y=events[1])


@settings(max_examples=40, deadline=None)
@given(pairs_of_trials(), _of(COUNTED))
def test_counts_of_two_arms(trials: dict[str, Trial], said: tuple[str, str]) -> None:
    lang, template = said
    held, one = Knowledge(evidence(trials)), trials[TRIALS[0]]
    (n, m), (x, y) = one.people, one.events
    true = counted(template, TRIALS[0], one.people, one.events)
    assert answer(true, lang, held) == "faithful", true
    for people, events in (
        ((m, n), (y, x)),  # arm
        ((n, m), (y, x)),  # events of the other arm
        ((m, n), (x, y)),  # denominator of the other arm
        ((n, m), (x + 1, y)), ((n + 1, m), (x, y)), ((n, m), (x - 1, y)),
    ):  # fmt: skip
        wrong = counted(template, TRIALS[0], people, events)
        if wrong != true:
            assert answer(wrong, lang, held) != "faithful", wrong
    other = counted(template, TRIALS[1], one.people, one.events)
    assert answer(other, lang, held) != "faithful", other


def levels(template: str, lang: str, study: str, trial: Trial, **wrong: object) -> str:
    fell, _, gram, _ = WORDS[lang]
    first, second = trial.levels
    told = {
        "s": LABELS[study], "fell": fell, "g": gram, "v": 12, "b": first[0], "f": first[2],
        "h": second[2], "c": first[0] - first[2], "d": second[0] - second[2],
    }  # fmt: skip
    return template.format(**{**told, **wrong})


@settings(max_examples=40, deadline=None)
@given(pairs_of_trials(), _of(LEVELS))
def test_levels_of_two_arms_and_two_visits(trials: dict[str, Trial], said: tuple[str, str]) -> None:
    lang, template = said
    held, one = Knowledge(evidence(trials)), trials[TRIALS[0]]
    first, second = one.levels
    _, rose, _, milli = WORDS[lang]
    true = levels(template, lang, TRIALS[0], one)
    assert answer(true, lang, held) == "faithful", true
    facets: tuple[dict[str, object], ...] = (
        {"fell": rose}, {"g": milli}, {"v": 6}, {"b": first[2], "f": first[0]},
        {"b": first[2], "f": first[0], "fell": rose}, {"f": first[1]},
        {"b": second[0], "f": second[2], "h": first[2], "c": second[0] - second[2],
         "d": first[0] - first[2]},
        {"f": first[2] + Decimal("0.1"), "c": first[0] - first[2] + Decimal("0.1")},
    )  # fmt: skip
    for facet in facets:
        wrong = levels(template, lang, TRIALS[0], one, **facet)
        if wrong != true:
            assert answer(wrong, lang, held) != "faithful", wrong
    other = levels(template, lang, TRIALS[1], one)
    assert answer(other, lang, held) != "faithful", other


@settings(max_examples=20, deadline=None)
@given(pairs_of_trials(), _of(ABSENT))
def test_a_harm_is_absent_only_where_it_was(
    trials: dict[str, Trial], said: tuple[str, str]
) -> None:
    lang, template = said
    held = Knowledge(evidence(trials))

    def told(study: str, arm: int) -> str:
        words = {"s": LABELS[study], "arm": SPOKEN[lang][arm], "n": trials[study].people[arm]}
        return answer(template.format(**words), lang, held)

    assert told(TRIALS[0], 1) == "faithful"
    assert {told(TRIALS[0], 0), told(TRIALS[1], 0), told(TRIALS[1], 1)} == {"contradicted"}


@pytest.mark.parametrize(
    ("lang", "template"), [(lang, t) for lang, rows in DESIGNS.items() for t in rows]
)
def test_designs_are_counted(lang: str, template: str) -> None:
    held = review()
    told = [answer(template.format(k=NUMERALS[lang][k]), lang, held) for k in (1, 2, 3)]
    assert told == ["contradicted", "faithful", "contradicted"]
