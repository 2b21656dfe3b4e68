from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.certainty.claims.document import language_of, section_named, sentences_of

TEXT = """# Drug X for Y

Abstract
Aim: To assess X. Methods: We searched.
Results: Pain fell by 2.5 points (95% CI 1.0 to 4.0), vs. placebo. It was safe.
- one item of a list
Conclusions
X may help, e.g. in adults. Nobody knows.

References
Doe J. A trial of X. J Pain 2001.
Disclaimer: no medical advice.
"""

ZH = """导语:某药有效。它安全!
目的:评估疗效。
结果:复发率为 12.5%。
总结
某药可能有效。
参考资料:
A trial of something. https://example.org/x.y
免责声明:仅供参考。"""


def told(text: str) -> list[tuple[str, str]]:
    return [(s.section, s.text) for s in sentences_of(text)]


def test_sections_and_sentences_in_english() -> None:
    found = told(TEXT)
    assert ("title", "Drug X for Y") in found
    assert ("results", "Pain fell by 2.5 points (95% CI 1.0 to 4.0), vs. placebo.") in found
    assert ("results", "It was safe.") in found
    assert ("conclusion", "X may help, e.g. in adults.") in found
    assert ("conclusion", "Nobody knows.") in found
    assert ("references", "Doe J. A trial of X. J Pain 2001.") in found
    assert ("disclaimer", "no medical advice.") in found


def test_sections_and_sentences_in_chinese() -> None:
    assert told(ZH) == [
        ("lead", "某药有效。"), ("lead", "它安全!"), ("aims", "评估疗效。"),
        ("results", "复发率为 12.5%。"), ("summary", "总结"), ("summary", "某药可能有效。"),
        ("references", "参考资料:"),
        ("references", "A trial of something. https://example.org/x.y"),
        ("disclaimer", "仅供参考。"),
    ]  # fmt: skip


def test_items_of_a_list_are_told() -> None:
    assert [s.text for s in sentences_of(TEXT) if s.item] == ["- one item of a list"]


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Smith et al. showed this. It holds.", 2),
        ("The p value was .05. Done.", 2),
        ("See Fig. 2 for more.", 1),
        ("“It works.” They said so.", 2),
        ("第一句。第二句！第三句？", 3),
        ("他说“有效。”然后离开。", 2),
        ("", 0),
        ("   \n\n", 0),
    ],
)
def test_where_sentences_end(text: str, n: int) -> None:
    assert len(sentences_of(text)) == n


def test_one_line_alone_is_a_sentence_and_no_heading() -> None:
    assert told("X cures Y") == [("body", "X cures Y")]


def test_words_that_open_sections() -> None:
    assert section_named("Authors’ conclusions") == "conclusion"
    assert section_named("方法") == "methods"
    assert section_named("https://example.org") == "body"


def test_languages() -> None:
    assert language_of("MSC 移植治疗 LN") == "zh"
    assert language_of("Mesenchymal cells (间充质) were given to patients") == "en"


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("aB1 .。!？,，：:\n#-《》(）“”…e.g研究目的有效\t\r\u2028"),
        max_size=120,
    )
)
def test_offsets_point_into_any_text_and_sentences_do_not_overlap(text: str) -> None:
    found = sentences_of(text)
    for s in found:
        assert text[s.start : s.end] == s.text
        assert s.text == s.text.strip()
        assert s.text
    assert all(a.end <= b.start for a, b in pairwise(found))
