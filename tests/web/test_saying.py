"""Errors in the page's language: the table against what the program can raise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.conftest import Workbench

import tamis
from tamis.extraction.document_kind import OTHERS
from tamis.formats.decoding import BINARIES, decode
from tamis.formats.foreign import FOREIGN
from tamis.formats.lexed import REFUSALS, REPAIRS
from tamis.web.saying import in_words, reading, telling
from tamis.web.words import words

ROOT = Path(tamis.__file__).parent

RAISED = {"BadInput", "NotFound", "RuleBroken", "Conflict", "StorageFailed", "Waiting"}

#: What a browser leads to. Sentences about the lines of files that one writes by hand, and of
#: commands, are said in English: these modules are left out.
REACHED = (
    "app", "web/routes", "web/visit.py", "web/visitors.py", "web/guard", "store/unpacking.py",
    "formats", "extraction/document_kind.py", "extraction/pdf_pages.py", "extraction/layer.py",
    "extraction/locating.py", "extraction/conversions", "appraisal/tool.py",
    "appraisal/appraise.py",
)  # fmt: skip
BY_HAND = (
    "app/sheet", "app/record", "app/building", "app/protocol", "app/judgement", "app/tables.py",
    "app/meta.py", "app/meta_plot.py", "app/init.py", "app/demo.py", "app/check.py",
    "app/tools.py", "app/runs.py", "app/convert.py", "app/dedupe_files",
    "app/review.py", "app/imports.py", "app/clusters.py", "app/identity.py", "app/slots.py",
    "app/sharing/sealed.py", "app/sharing/redact.py", "web/guard/origin.py",
)  # fmt: skip

#: Sentences that the table lacks, counted: the number may fall, never rise.
LACKING = 0


def _text(node: ast.expr) -> str | None:
    """Return a sentence with an ``x`` for what is put in; ``None`` if it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "'x'" for p in node.values)
        return "".join(str(part) for part in parts)
    return None


def _raised() -> Iterator[tuple[str, str]]:
    """Yield module and sentence of every error that is made with its words in place."""
    for start in REACHED:
        place = ROOT / start
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith(BY_HAND):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                called = getattr(node, "func", None)
                if isinstance(node, ast.Call) and getattr(called, "id", "") in RAISED:
                    yield from ((name, t) for arg in node.args[:2] if (t := _text(arg)))


def test_what_can_be_raised_is_in_the_table() -> None:
    every = dict.fromkeys(_raised())
    assert len(every) > 250
    lacking = [(name, text) for name, text in every if in_words(text, "zh") is None]
    assert len(lacking) <= LACKING, "\n".join(f"{name}: {text}" for name, text in lacking)


def test_what_a_file_is_instead_is_in_the_table() -> None:
    told = [
        text
        for table in (FOREIGN, BINARIES, OTHERS)
        for _, *said in table
        for text in said
        if text.islower() or " " in text
    ]
    assert len(told) > 30
    assert [one for one in dict.fromkeys(told) if in_words(one, "zh") is None] == []


def test_the_table_holds_no_sentence_twice_and_keeps_every_hole() -> None:
    english = {k: t for k, t in words("en").items() if k.startswith("errors.")}
    assert len(set(english.values())) == len(english)
    for key, text in english.items():
        said = words("zh")[key]
        assert sorted(re.findall(r"\{\d\}", said)) == sorted(re.findall(r"\{\d\}", text)), key
        assert re.search(r"[\u4e00-\u9fff]", said), key


def test_each_sentence_is_found_with_its_names_in_their_places() -> None:
    for key, text in words("en").items():
        if key.startswith("errors."):
            raised, said = (t.format("甲0", "乙1", "丙2", "丁3") for t in (text, words("zh")[key]))
            assert in_words(raised, "zh") == said, key


def test_a_sentence_within_a_sentence_is_said_too() -> None:
    whole = "this conflict is not yours to settle: it is settled by one of those who voted"
    assert telling("zh")(whole) == "这个分歧不由您解决：由投过票的人之一解决。"
    assert telling("en")("no such words") == telling("zh")("no such words") == "no such words."


@pytest.mark.parametrize(
    ("path", "said"),
    [("/screen/title-abstract/nothing:1", "返回题录列表"), ("/screen/third/list", "不是筛选阶段")],
)
def test_a_page_says_an_error_in_its_language(screening: Workbench, path: str, said: str) -> None:
    assert said in screening.get(path, headers={"accept-language": "zh"}).text
    assert said not in screening.get(path).text


def test_a_name_in_an_error_is_text_on_the_page(screening: Workbench) -> None:
    page = screening.get("/screen/%3Cscript%3Ex/list", headers={"accept-language": "zh"}).text
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page


def test_programs_are_told_as_it_was_raised(screening: Workbench) -> None:
    path = "/api/v1/reviews/screening/screening/title-abstract/records/nothing:1"
    told = screening.client.get(path, headers={"accept-language": "zh"}).json()["error"]
    assert told["problem"] == "there is no record nothing:1 in this review"


@pytest.mark.parametrize("code", [*REPAIRS, *REFUSALS])
def test_what_reading_a_file_finds_is_said_in_both_languages(code: str) -> None:
    template = {**REPAIRS, **REFUSALS}[code]
    key = f"readings.{code.replace('-', '_')}"
    assert re.sub(r"\{\d\}", "{}", words("en")[key]) == template
    told = template.format(*("7", "<x> of 3\nlines")[: template.count("{}")])
    said = reading("zh")(told)
    assert re.search("[\u4e00-\u9fff]", said), said
    assert "7" in said or "{}" not in template
    assert reading("en")(told) == told
    assert telling("zh")(told).startswith(said)


@pytest.mark.parametrize(
    "data",
    [
        b"TY  - JOUR\nTI  - Ren\xe9e\nER  - \n",
        "TY  - JOUR\nTI  - 随机对照试验\n".encode("gb18030"),
        "TI  - Müller é\n".encode() + b"TI  - \x96\n", "TY  - JOUR\n".encode("utf-16-le"),
        b"TY  - JOUR\nTI  - a\x81b\x81\nER  - \n", b"TY  - JOUR\nTI  - a\x01b\n",
        b"\xff\xfe" + "TY  - JOUR\nTI  - A\n".encode("utf-16-le") + b"\0",
        b"\xff\xfe" + "TI  - A".encode("utf-16-le") + b"\x00\xd8\n\0",
    ],
)  # fmt: skip
def test_what_decoding_finds_is_said_in_chinese(data: bytes) -> None:
    found = decode(data, name="a").repaired
    assert found
    for one in found:
        assert re.search("[\u4e00-\u9fff]", reading("zh")(one.message)), one.message
