"""Law 6: no sentence about an outcome in a generated report is stronger than its certainty allows.

Random bodies of evidence are put into words by the room that states them and read back by the
claim check, which shares no table with it: each statement must parse to its own strength, and
nothing may be found against it, in either language.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.certainty.claims import ClaimEvidence, check_text
from tamis.certainty.statements import no_evidence, not_estimable, statement, words_for
from tamis.domain.claims import CheckedText
from tamis.domain.grading import FindingsRow, Statement
from tamis.domain.question import (
    BodyPlan,
    Concept,
    Outcome,
    Protocol,
    Question,
    ReviewHead,
    Threshold,
)
from tamis.domain.results import Interval
from tamis.domain.summaries import DomainSummary, RatingSummary

#: Names that hold words of the lexicon, so that masking is put to the test.
NAMES = (
    ("pain", "疼痛"),
    ("safety", "安全性"),
    ("effective arterial elastance", "有效动脉弹性"),
    ("improvement of sleep", "睡眠改善"),
    ("renal remission, complete or partial", "肾脏缓解率"),
    ("death from any cause", "全因死亡"),
    ("proven infection", "经证实的感染"),
    ("time to relapse", "复发时间"),
    ("need for potential rescue drugs", "潜在补救药物的需要"),
    ("reduced mobility", "活动减少"),
)
INTERVENTIONS = (("velatrin", "维拉曲林"), ("MSC", "MSC"), ("the improved regimen", "改良方案"))
SIZES = ("large", "moderate", "small", "trivial", "unsized")
VERBS = {
    "en": ("increase/reduce", "increase/decrease", "raise/lower", "prolong/shorten"),
    "zh": ("增加/减少", "提高/降低", "升高/降低", "延长/缩短", "上升/下降"),
}
CELLS = [(lang, level, size) for lang in VERBS for level in (1, 2, 3, 4) for size in SIZES]


def evidence(
    outcome: Outcome,
    said: Statement,
    *,
    low: float,
    estimate: float,
    high: float,
    imprecision: int,
    names: tuple[str, str],
) -> ClaimEvidence:
    """Return a review with one body of evidence and its row."""
    level = said.level or 1
    concept = Concept(id="x", kind="intervention", names=(("en", (names[0],)), ("zh", (names[1],))))
    row = FindingsRow(
        outcome=outcome.id,
        body="b",
        measure="MD",
        estimate=estimate,
        design="randomised",
        interval=Interval(low=low, high=high, method="t"),
        level=level,
        statements=(said,),
        studies=("s",),
    )
    domain = DomainSummary(domain="imprecision", label="imprecision", change=imprecision)
    return ClaimEvidence(
        protocol=Protocol(
            head=ReviewHead(id="r", title="A review"),
            question=Question(population="people", intervention=names[0], comparator="placebo",
                              outcomes=outcome.name, designs="trials",
                              concepts=(("intervention", "x"),)),
            outcomes=(outcome,),
            concepts=(concept,),
            bodies=(BodyPlan(id="b", outcome=outcome.id, designs=("randomised",), start_level=4),),
        ),
        ratings=(RatingSummary(body="b", outcome=outcome.id, start=4, domains=(domain,),
                               level=level, label="", symbols="", status="confirmed"),),
        findings_rows=(row,),
    )  # fmt: skip


def loud(done: CheckedText) -> list[str]:
    """Return what was found, notes left out."""
    return [f"{f.rule}: {f.message}" for f in done.findings if f.severity != "note"]


def worded(
    lang: str,
    level: int,
    size: str,
    *,
    upward: bool,
    excludes: bool,
    directed: bool,
    outcome: Outcome,
    names: tuple[str, str],
) -> Statement:
    x = names[0] if lang == "en" else names[1]
    c = "placebo" if lang == "en" else "安慰剂"
    return statement(
        words_for(outcome, lang, intervention=x, comparator=c), level=level, size=size,
        upward=upward, excludes_null=excludes, direction_at_very_low=directed,
    )  # fmt: skip


def an_outcome(index: int, *, better: str, sized: bool, verbs: tuple[str, str] = ("", ""),
               harm: bool = False, surrogate: str = "") -> Outcome:  # fmt: skip
    en, zh = NAMES[index]
    return Outcome(
        id="o", name=en, importance="critical", kind="continuous", better=better,
        thresholds=(Threshold(size="small", value="1", unit="", source="here"),) if sized else (),
        names=(("en", (en,)), ("zh", (zh,))),
        verbs=tuple((lang, v) for lang, v in zip(("en", "zh"), verbs, strict=True) if v),
        harm=harm, surrogate_for=surrogate,
    )  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    lang=st.sampled_from(["en", "zh"]),
    level=st.integers(1, 4),
    size=st.sampled_from(SIZES),
    upward=st.booleans(),
    excludes=st.booleans(),
    directed=st.booleans(),
    better=st.sampled_from(["higher", "lower"]),
    index=st.integers(0, len(NAMES) - 1),
    who=st.sampled_from(INTERVENTIONS),
    en=st.sampled_from(VERBS["en"]),
    zh=st.sampled_from(VERBS["zh"]),
    imprecision=st.integers(-3, 0),
    harm=st.booleans(),
    surrogate=st.sampled_from(["", "death"]),
    centre=st.floats(0.5, 50, allow_nan=False),
    own=st.booleans(),
)
def test_law_6_nothing_is_found_against_what_we_state(
    lang: str, level: int, size: str, upward: bool, excludes: bool, directed: bool, better: str,
    index: int, who: tuple[str, str], en: str, zh: str, imprecision: int, harm: bool,
    surrogate: str, centre: float, own: bool,
) -> None:  # fmt: skip
    sized = size != "unsized"
    outcome = an_outcome(index, better=better, sized=sized, verbs=(en, zh), harm=harm,
                         surrogate=surrogate)  # fmt: skip
    said = worded(lang, level, size, upward=upward, excludes=excludes, directed=directed,
                  outcome=outcome, names=who)  # fmt: skip
    estimate = centre if upward else -centre
    half = centre * (0.5 if excludes else 3)
    known = evidence(outcome, said, low=estimate - half, estimate=estimate, high=estimate + half,
                     imprecision=imprecision, names=who)  # fmt: skip
    done = check_text(said.text, name="report", evidence=known, own=own)
    assert loud(done) == [], said.text
    assert max(claim.strength for claim in done.claims) == said.strength, said.text


@pytest.mark.parametrize(("lang", "level", "size"), CELLS)
def test_every_cell_of_the_matrix_parses_back_to_its_own_strength(
    lang: str, level: int, size: str
) -> None:
    outcome = an_outcome(0, better="lower", sized=size != "unsized")
    for excludes in (False, True):
        for directed in (False, True):
            said = worded(lang, level, size, upward=False, excludes=excludes, directed=directed,
                          outcome=outcome, names=("velatrin", "维拉曲林"))  # fmt: skip
            known = evidence(outcome, said, low=-9, estimate=-5, high=-1, imprecision=-1,
                             names=("velatrin", "维拉曲林"))  # fmt: skip
            done = check_text(said.text, name="cell", evidence=known, own=True)
            assert [claim.strength for claim in done.claims] == [said.strength], said.text


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("make", [no_evidence, not_estimable])
def test_the_two_sentences_without_certainty_claim_nothing(lang: str, make: object) -> None:
    outcome = an_outcome(0, better="lower", sized=False)
    words = words_for(outcome, lang, intervention="velatrin")
    said = make(words)  # type: ignore[operator]
    known = evidence(outcome, said, low=-9, estimate=-5, high=-1, imprecision=-1,
                     names=("velatrin", "维拉曲林"))  # fmt: skip
    done = check_text(said.text, name="bare", evidence=known, own=True)
    assert [claim.strength for claim in done.claims] == [0]
    assert loud(done) == []


@settings(max_examples=150, deadline=None)
@given(lang=st.sampled_from(["en", "zh"]), level=st.integers(1, 3), more=st.integers(1, 3),
       size=st.sampled_from(["large", "moderate", "small"]))  # fmt: skip
def test_a_statement_of_a_higher_level_than_the_evidence_is_found(
    lang: str, level: int, more: int, size: str
) -> None:
    """The law can be broken: the words of a higher level over lower certainty are an error."""
    outcome = an_outcome(0, better="lower", sized=True)
    stated = min(4, level + more)
    said = worded(lang, stated, size, upward=False, excludes=True, directed=False, outcome=outcome,
                  names=("velatrin", "维拉曲林"))  # fmt: skip
    known = evidence(outcome, said, low=-9, estimate=-5, high=-1, imprecision=-1,
                     names=("velatrin", "维拉曲林"))  # fmt: skip
    lower = replace(known, ratings=(replace(known.ratings[0], level=level),))
    done = check_text(said.text, name="too strong", evidence=lower, own=True)
    rules = {finding.rule for finding in done.findings if finding.severity != "note"}
    assert rules & {"verb-too-strong", "caveat-missing"}, said.text
