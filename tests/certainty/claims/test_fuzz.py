"""Any text is checked without a crash, its offsets hold, and it gives the same answer twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.certainty.claims.invented import review

from tamis.certainty.claims import RULES, check_text

EVIDENCE = review()

WORDS = (
    "velatrin", "pain", "relapse", "may", "reduces", "proves", "not", "significantly",
    "all studies", "Corley 2020", "Birch et al. (2018)", "60 %", "9 of 12", "2×10 8",
    "RR 0.6 (95% CI 0.4 to 0.9)", "death", "Merrow disease", "should use", "especially in",
    "Results:", "References", "\n", "\n\n", ".", ",", "(", ")", "《", "》", "维拉曲林", "降低",
    "可能", "证实", "潜在", "疼痛", "。", "，", "结论:", "所有研究", "应使用", "复发",
    "2022 年 5 月", "检索", "期刊", "1e400", "0/0", "NaN", "∞", "-5", "\x00", "\u202e", "é", "😀",
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(
    st.one_of(
        st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
        st.lists(st.sampled_from(WORDS), max_size=30).map("".join),
        st.text(max_size=200),
    ),
    st.sampled_from([None, "en", "zh"]),
    st.booleans(),
)
def test_any_text(text: str, lang: str | None, own: bool) -> None:
    done = check_text(text, name="any", evidence=EVIDENCE, lang=lang, own=own)
    for claim in done.claims:
        assert text[claim.start : claim.end] == claim.text
        assert 0 <= claim.strength <= 5
        assert claim.number in ("faithful", "contradicted", "cannot-tell", "none")
        assert claim.reading in ("ok", "flag", "cannot-tell")
    assert all(finding.rule in RULES for finding in done.findings)
    assert done == check_text(text, name="any", evidence=EVIDENCE, lang=lang, own=own)


@pytest.mark.slow
def test_a_long_text_is_checked_in_time() -> None:
    text = "Velatrin may reduce relapse in adults (12 of 60 against 20 of 60). " * 2000
    done = check_text(text, name="long", evidence=EVIDENCE)
    assert len(done.claims) >= 2000
