from __future__ import annotations

import pytest

from tamis.certainty.claims.lexicon import CEILING, ROWS, inflect, lexicon_for
from tamis.certainty.claims.reading import read_sentence, said_certainty

#: Fixtures of the method: nothing is claimed or recommended.
NOTHING_ZH = (
    "剂量相应下降", "不良反应", "移植后的免疫反应", "治疗应答", "适应证", "不构成任何临床诊断建议",
    "专业建议", "温馨提示", "经活检证实", "病理证实", "概念证明", "统计学上显著", "缓解率",
    "应开展随机对照试验研究", "建议开展研究", "支持开展随机试验", "对常规疗法无效",
)  # fmt: skip

RECOMMEND_ZH = ("应使用", "应当尽早接受", "建议使用", "建议患者接受")

NOTHING_EN = (
    "confirmed by biopsy", "proof of concept", "how effective it is", "needed to establish whether",
    "supports a randomised trial", "more research should be done", "statistically significant",
    "the lower limit", "any cause of death", "benefits and harms",
    "results should be interpreted with caution", "pain fell from 6 to 4 points",
)  # fmt: skip


@pytest.mark.parametrize("text", NOTHING_ZH)
def test_chinese_traps(text: str) -> None:
    found = read_sentence(text, "zh")
    assert (found.strength, found.recommends) == (0, ())


@pytest.mark.parametrize("text", RECOMMEND_ZH)
def test_chinese_recommendations(text: str) -> None:
    assert read_sentence(text, "zh").recommends


@pytest.mark.parametrize("text", NOTHING_EN)
def test_english_traps(text: str) -> None:
    found = read_sentence(text, "en")
    assert (found.strength, found.recommends) == (0, ())


@pytest.mark.parametrize(
    ("lang", "text", "strength", "sense"),
    [
        ("en", "It is not established that it works", 1, ""),
        ("en", "It may reduce pain and improve sleep", 2, "down"),
        ("en", "It may reduce pain, improve sleep, and prevent falls", 2, "down"),
        ("en", "It may reduce pain, but it prevents falls", 4, "good"),
        ("en", "The results suggest that it cures people", 2, "good"),
        ("en", "Studies show that it reduces pain", 4, "down"),
        ("en", "Studies show that it may reduce pain", 2, "down"),
        ("en", "It did not reduce pain", 4, "same"),
        ("en", "It is unlikely to reduce pain", 3, "same"),
        ("en", "There was little to no difference", 4, "same"),
        ("en", "Perhaps it works", 2, "good"),
        ("en", "In all likelihood, it reduces pain", 3, "down"),
        ("zh", "研究表明其降低血压", 4, "down"),
        ("zh", "研究表明其具有潜力", 2, "good"),
        ("zh", "结果提示其降低血压", 2, "down"),
        ("zh", "未能证实其有效", 1, ""),
        ("zh", "可能降低血压，并改善睡眠", 2, "down"),
        ("zh", "两组疗效相似", 4, "same"),
        ("zh", "在降低血压方面具有潜在作用", 2, "down"),
        ("zh", "能否降低血压尚不清楚", 1, ""),
    ],
)
def test_composition(lang: str, text: str, strength: int, sense: str) -> None:
    found = read_sentence(text, lang)
    assert (found.strength, found.sense) == (strength, sense)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "This confirms it as a potential treatment"),
        ("en", "We demonstrate that it may help"),
        ("zh", "证实其可作为潜在治疗方法"),
        ("zh", "成功地证明其具有潜力"),
    ],
)
def test_proof_over_a_hedge_is_mixed(lang: str, text: str) -> None:
    assert read_sentence(text, lang).mixed


def test_certainty_as_it_is_said() -> None:
    assert said_certainty("very low certainty, ⊕◯◯◯", "en") == 1
    assert said_certainty("low-certainty evidence", "en") == 2
    assert said_certainty("（中等确定性，⊕⊕⊕◯）", "zh") == 3
    assert said_certainty("nothing of the kind", "en") is None


def test_ceilings() -> None:
    assert [CEILING[level] for level in (4, 3, 2, 1, None)] == [4, 3, 2, 1, 1]


def test_the_tables_can_be_read_aloud() -> None:
    for lang, rows in ROWS.items():
        words = [word for row in rows for word in row[3].split(" | ")]
        assert len(words) == len(set(words)), f"a word stands twice in the same rows of {lang}"
        assert all(0 <= row[1] <= 5 for row in rows)


def test_inflection() -> None:
    assert inflect("prevent") == ("prevent", "prevents", "prevented", "preventing")
    assert "led" in inflect("lead")


def test_a_pair_of_verbs_of_the_protocol_counts() -> None:
    extra = (("assert", 4, "down", "quash"),)
    assert lexicon_for("en", extra).match("it quashed pain")[0].sense == "down"
    assert not lexicon_for("en").match("it quashed pain")
