"""What is doubtful in a table of appraisals is told with its line, and recorded all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.appraisal.making import LOW
from tests.cli.conftest import PROTOCOL, Ran, Tamis

from tamis.app.judgement.doubts import Places, Results
from tamis.app.protocol.protocol import parse_protocol
from tamis.domain.records import Study
from tamis.domain.state import DocumentLink

RESULT = "writer2020/remission/m6"
HEAD = "tool,version,result,assessor,question,answer,support,anchor,judgement,reason\n"


def row(question: str, answer: str = "", *, support: str = "", anchor: str = "",
        judgement: str = "", result: str = RESULT) -> str:  # fmt: skip
    reason = "because" if judgement else ""
    return (
        f'rob2:assignment,2019-08-22,{result},p-ann,{question},{answer},{support},"{anchor}",'
        f"{judgement},{reason}\n"
    )


def record(tamis: Tamis, root: Path, *rows: str) -> Ran:
    file = root.parent / "tables" / "appraisals.csv"
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    return tamis("record", "appraisals", file, root, "--json")


def told(ran: Ran) -> list[tuple[str, str]]:
    """Return rule and line of every finding."""
    assert ran.code == 0, ran.err
    return [
        (f["rule"], f["subject"].partition("appraisals.csv:")[2].partition(":")[0])
        for f in ran.json["findings"]
    ]


def test_an_answer_that_rests_on_nothing_is_told_and_recorded(tamis: Tamis, small: Path) -> None:
    done = record(
        tamis, small, row("1.1", "Y"), row("1.2", "PY", support="sealed envelopes"),
        row("1.3", "N", anchor="Methods"), row("3.1", "NI"),
    )  # fmt: skip
    assert told(done) == [("answer-without-support", "2")]
    assert done.json["recorded"] == 4
    built = tamis("build", small, "--only", "html", "--json")
    found = [f for f in built.json["findings"] if f["rule"] == "answer-without-support"]
    assert [f["severity"] for f in found] == ["warning"]
    assert "answered 1.1 of rob2:assignment" in found[0]["message"]


def test_a_tool_that_does_not_ask_for_support_gets_no_doubt(tamis: Tamis, small: Path) -> None:
    line = row("1", "yes").replace("rob2:assignment,2019-08-22", "jbi-case-series,2020")
    assert told(record(tamis, small, line)) == []


def test_a_place_in_a_document_that_nobody_attached_is_nowhere(tamis: Tamis, small: Path) -> None:
    done = record(tamis, small, row("1.1", "Y", anchor="page 99 of nothing"))
    assert told(done) == [("anchor-nowhere", "2")]
    assert "no document of writer2020 is attached" in done.json["findings"][0]["message"]


def test_a_judgement_before_any_answer_is_told_with_its_line(tamis: Tamis, small: Path) -> None:
    done = record(
        tamis, small, row("1.1", "Y", support="a list"), row("D1", judgement="L"),
        row("D3", judgement="L"), row("overall", judgement="L"),
    )  # fmt: skip
    assert told(done) == [("judged-before-answered", "4")]
    alone = record(tamis, small, row("overall", judgement="H").replace("p-ann", "p-bob"))
    assert told(alone) == [("judged-before-answered", "2")]


def test_answers_of_the_same_table_count_wherever_they_stand(tamis: Tamis, small: Path) -> None:
    rows = [row(question, answer, support="read") for question, answer in LOW.items()]
    assert told(record(tamis, small, row("D1", judgement="L"), *rows)) == []


def test_a_result_that_was_mistaken_for_another_is_told_once_with_its_line(
    tamis: Tamis, small: Path
) -> None:
    other = "writer2020/remission/m6.best-by"
    done = record(
        tamis, small, row("1.1", "Y", support="a list"),
        row("1.1", "Y", support="a list", result=other),
        row("1.2", "Y", support="a list", result=other),
    )  # fmt: skip
    assert told(done) == [("result-not-used", "3")]
    assert f"did you mean '{RESULT}'?" in done.json["findings"][0]["message"]


# ------------------------------------------------------------------ parts
STUDY = Study(id="writer2020", label="W", design="randomised", role="included", reports=())


def results(*valued: str, begun: str = "") -> Results:
    protocol = parse_protocol(PROTOCOL)
    return Results(protocol, {STUDY.id: STUDY}, frozenset(valued), frozenset({begun} - {""}))


def test_a_result_with_values_that_no_synthesis_uses_is_doubted() -> None:
    other = "writer2020/remission/m6.ever"
    assert results().check(RESULT) == ""
    assert results(other).check(other) == (f"no synthesis uses {other}; did you mean '{RESULT}'?")
    assert results(begun=other).check(other) == ""
    assert results().check(other) == (
        f"no synthesis uses {other} and no value is recorded for it; did you mean '{RESULT}'?"
    )


def test_a_result_about_which_nothing_is_known_yet_is_taken() -> None:
    assert results().check("writer2020/death/m6.ever") == ""
    assert results().check("other2021/remission/m6") == ""
    assert results().check("writer2020") == ""


@pytest.mark.parametrize(
    ("anchor", "says"),
    [
        ("page 2, Table 1", ""),
        ("page 1, Table 1; page 2, Flares", ""),
        ("a.pdf, page 3", "a.pdf has 2 pages"),
        ("b.pdf, page 3", ""),
        ("c.pdf, page 1", "has no document c.pdf"),
        ("page 9", "the longest document of writer2020 has 4 pages"),
        ("page 0", "4 pages"),
        ("pp. 3-9", "4 pages"),
        ("第 9 页", "4 pages"),
        ("Methods", ""),
        ("https://example.org/page/99", ""),
        ("v:writer2020/remission/m6/drug/n", ""),
        ("v:writer2020/remission/m6/drug/sd", "there is no value"),
        ("", ""),
    ],
)
def test_places_that_are_nowhere(anchor: str, says: str) -> None:
    attached = tuple(
        DocumentLink(event="", report="r", sha256=name, file=f"documents/{name}", pages=pages)
        for name, pages in (("a.pdf", 2), ("b.pdf", 4))
    )
    places = Places({"writer2020": attached}, frozenset({"v:writer2020/remission/m6/drug/n"}))
    found = places.nowhere("writer2020", anchor)
    assert says in found
    assert bool(found) == bool(says)
