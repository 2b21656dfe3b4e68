"""What rules say on a Chinese page: proposals of certainty, findings on values, conversions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.conftest import Workbench

import tamis
from tamis.extraction.conversions import CONVERSIONS
from tamis.web.retelling import retelling, retold
from tamis.web.words import words

ROOT = Path(tamis.__file__).parent

#: Words that stand for what is put in: names, numbers, and a sentence that is said elsewhere.
PUT_IN = "7"

#: Holes that hold words: with one of those that they may hold.
FILLED = {
    "to 7 %7": "to 7 %", "on the 7": "on the log scale", "7 7 of ten": "7 powers of ten",
    "7 7 could": "What nobody judged could", "(7).": "(small to large).",
    "size 7: 7 7;": "size by rule of thumb: 7 people;", "7 7: asym": "7 studies: asym",
    "7 Nothing": "Nothing", "7: not above": "Ratio 7 from 7 studies: not above",
    "7: above": "Ratio 7 from 7 studies: above", "7: at": "Ratio 7 from 7 studies: at",
    "7: the estimates": "Ratio 7 from 7 studies: the estimates",
}  # fmt: skip

PROSE = re.compile(r"[A-Za-z]{2,}[ ,;:]+[a-z]{2,}")

CERTAINTY = ("bias", "imprecision", "inconsistency", "indirectness", "publication", "upgrade")
PLAUSIBILITY = ("count", "estimand", "field", "interval", "source", "spread")


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(one) if isinstance(one, ast.Constant) else PUT_IN
                       for one in node.values)  # fmt: skip
    return ""


def _sentences(module: str) -> Iterator[str]:
    """Yield the whole sentences that a module of rules writes, its docstrings left out."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Expr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        text = _text(node).strip() if id(node) not in inside else ""
        if re.fullmatch(r"[A-Z7][^\n]* [^\n]*\.", text) and not text.startswith("I²"):
            yield _filled(text)


def _findings(module: str) -> Iterator[str]:
    """Yield message, expectation and suggestion of every finding that a module makes."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "finding":
            told = [*node.args, *(one.value for one in node.keywords)]
            yield from (_filled(text) for one in told if PROSE.search(text := _text(one)))


def _filled(text: str) -> str:
    for hole, words_there in FILLED.items():
        text = text.replace(hole, words_there)
    return text


@pytest.mark.parametrize("rule", CERTAINTY)
def test_a_proposal_is_said_in_chinese(rule: str) -> None:
    sentences = list(_sentences(f"certainty/{rule}_rule{'s' * (rule == 'upgrade')}.py"))
    assert sentences
    assert [one for one in sentences if PROSE.search(retold(one, "zh"))] == []


@pytest.mark.parametrize("rule", PLAUSIBILITY)
def test_a_finding_is_said_in_chinese(rule: str) -> None:
    told = list(_findings(f"extraction/{rule}_rules.py"))
    assert len(told) > 4
    assert [one for one in told if PROSE.search(retold(one, "zh"))] == []


def test_what_a_conversion_does_is_said_in_chinese() -> None:
    says = [one.says for one in CONVERSIONS if PROSE.search(one.says)]
    assert says
    assert [one for one in says if PROSE.search(retold(one, "zh"))] == []


def test_every_sentence_is_found_with_its_names_in_their_places() -> None:
    english, chinese = words("en"), words("zh")
    for key in (one for one in english if one.startswith("rules.")):
        told, said = (t.format(*"甲乙丙丁戊己庚") for t in (english[key], chinese[key]))
        assert retold(told, "zh") == said, key


def test_a_message_keeps_its_numbers_and_lists() -> None:
    told = (
        "Weight by judgement: low risk 60 % (a and b); not judged 40 % (c). More than 33.3 % of "
        "the weight has some concerns."
    )
    assert retold(told, "zh") == (
        "按判断汇总的权重：低风险 60 %（a、b）；未判断 40 %（c）。超过 33.3 % 的权重有一定顾虑。"
    )
    assert retold(told, "en") == told


def test_what_no_table_holds_is_marked_as_english() -> None:
    said = retelling("zh")
    assert said("Somebody <b>wrote this") == '<span lang="en">Somebody &lt;b&gt;wrote this</span>'
    assert said("bao2023") == "bao2023"
    assert "<" not in retelling("en")("Nothing is proposed.")


@pytest.mark.parametrize("body", ["response-rct", "death-rct", "response-single-arm"])
def test_the_page_of_a_body_says_its_proposals_in_chinese(practice: Workbench, body: str) -> None:
    page = practice.get(f"/certainty/{body}", headers={"accept-language": "zh"}).text
    assert re.findall(r'<span lang="en">[^<]*', page) == []
    assert "median of the control groups" not in page
