"""What is marked, and that no pattern runs away."""

from __future__ import annotations

import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.yardstick import cpu_seconds

from tamis.domain.errors import BadInput
from tamis.screening.highlight import Group, check_terms, highlight

TEXTS = st.text(alphabet=st.sampled_from("abAB éÉß ¨ﬁ狼疮肾炎 -.\u0301\U00020000١ａ"), max_size=40)
TERMS = st.text(alphabet=st.sampled_from('abAéß狼疮*é "/.'), min_size=1, max_size=6)


def marked(text: str, *terms: str) -> list[str]:
    return [text[s:e] for s, e, _ in highlight(text, [Group(name="own", terms=terms)])]


@pytest.mark.parametrize(
    ("text", "term", "wanted"),
    [
        ("Lupus and lupus-like; lupuses", "lupus", ["Lupus", "lupus"]),
        ("Lupuses", '"lupus"', ["Lupus"]),
        ("immunity, immune, nonimmune", "immun*", ["immunity", "immune"]),
        ("nonimmune immune", "*immune", ["nonimmune", "immune"]),
        ("systemic  lupus\nerythematosus", "systemic lupus", ["systemic  lupus"]),
        ("Néphrite NEPHRITE", "nephrite", ["Néphrite", "NEPHRITE"]),
        ("Ne\u0301phrite", "néphrite", ["Ne\u0301phrite"]),
        ("cafe\u0301", "cafe", ["cafe\u0301"]),
        ("狼疮性肾炎患者", "肾炎", ["肾炎"]),
        ("狼疮性肾炎", "狼疮*肾炎", ["狼疮性肾炎"]),
        ("MSC治疗狼疮", "msc", ["MSC"]),
        ("UC-MSC and UCMSC", "msc", ["MSC"]),
        ("Straße STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("ＳＬＥ", "sle", ["ＳＬＥ"]),
        ("in 2019 and 2020", r"/\b20\d\d\b/", ["2019", "2020"]),
        ("stem cell, stem-cells", "/stem[ -]cells?/", ["stem cell", "stem-cells"]),
        ("IL-6", "il-6", ["IL-6"]),
        ("a.b", "a.b", ["a.b"]),
        ("acb", "a.b", []),
    ],
)
def test_a_term_marks(text: str, term: str, wanted: list[str]) -> None:
    assert marked(text, term) == wanted


def test_the_longest_wins_and_ties_go_to_the_earlier_group() -> None:
    groups = [Group(name="P", terms=("lupus",)), Group(name="I", terms=("lupus nephritis", "drug")),
              Group(name="O", terms=("drug",))]  # fmt: skip
    found = highlight("lupus nephritis, lupus, drug", groups)
    assert found == ((0, 15, "I"), (17, 22, "P"), (24, 28, "I"))


@given(TEXTS, st.lists(st.lists(TERMS, max_size=3), max_size=3))
def test_spans_lie_in_the_text_in_order_and_apart(text: str, groups: list[list[str]]) -> None:
    kept = []
    for number, terms in enumerate(groups):
        good = []
        for term in terms:
            try:
                check_terms([term])
            except BadInput:
                continue
            good.append(term)
        kept.append(Group(name=str(number), terms=tuple(good)))
    found = highlight(text, kept)
    end_before = 0
    for start, end, name in found:
        assert end_before <= start < end <= len(text)
        assert name in {group.name for group in kept}
        end_before = end
    assert highlight(text, kept) == found


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["zyx", "Éclat", "狼疮"]))
def test_a_term_is_found_wherever_it_stands(before: str, after: str, term: str) -> None:
    for form in ("NFC", "NFD"):
        text = f"{before} {unicodedata.normalize(form, term.upper())} {after}"
        hits = [text[s:e] for s, e, _ in highlight(text, [Group(name="x", terms=(f'"{term}"',))])]
        assert any(unicodedata.normalize("NFC", hit).casefold().startswith(term.casefold())
                   for hit in hits)  # fmt: skip


@pytest.mark.parametrize(
    "term",
    ["/(a+)+b/", "/(a|aa)+$/", "/a{2,90}/", r"/(a)\1/", "/(?=a)b/", "/a**/", "/[a/", "/(a/", "/a)/",
     "/.*.*.*x/", "/" + "(a|b)" * 30 + "/", "*", "   ", '""', "a*b*c*d", "x" * 201, "/+/", r"/\p/",
     "/a{3,2}/", "/" + "(" * 30 + "a" + ")" * 30 + "/"],
)  # fmt: skip
def test_terms_that_run_away_or_say_nothing_are_refused(term: str) -> None:
    with pytest.raises(BadInput):
        check_terms([term])


@given(st.text(alphabet="ab.*+?()[]{}|\\dwbs01,^$-", max_size=24))
def test_any_pattern_is_refused_or_matches_in_bounded_time(pattern: str) -> None:
    try:
        check_terms([f"/{pattern}/"])
    except BadInput:
        return
    highlight("a" * 300 + "b" * 20, [Group(name="x", terms=(f"/{pattern}/",))])


def test_the_slowest_pattern_that_is_allowed_ends() -> None:
    text = "a" * 2000

    def measure() -> float:
        started = process_time()
        highlight(text, [Group(name="x", terms=("/a*a*b/", "a*a*b"))])
        return process_time() - started

    assert cpu_seconds(measure, limit=1.0) <= 1.0
