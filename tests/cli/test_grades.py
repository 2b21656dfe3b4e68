"""Decisions on certainty from a table: refused with their line, and older logs that hold worse."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import PROTOCOL, Tamis

from tamis.app.review import open_review
from tamis.domain import process
from tamis.domain.events import Draft

HEAD = "outcome,body,domain,decision,reason,by,at\n"
BODY = """
[[body]]
id = "remission-rct"
outcome = "remission"
designs = ["randomised"]
start_level = 4
synthesis = "remission"
"""


@pytest.fixture
def rated(small: Path) -> Path:
    """Return a small review that plans one body of evidence."""
    (small / "review.toml").write_text(PROTOCOL + BODY, encoding="utf-8")
    return small


def record(tamis: Tamis, root: Path, rows: str):
    """Record rows of grades.csv."""
    table = root.parent / "tables" / "grades.csv"
    lines = "".join(f"{row},p-tester,\n" for row in rows.splitlines())
    table.write_text(HEAD + lines, encoding="utf-8")
    return tamis("record", "grades", table, root)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("remission,remission-rct,imprecision,-1,", "no reason"),
        ("remission,remission-rct,imprecision,-1,  ", "no reason"),
        ("remission,nobody,imprecision,0,", "its bodies are remission-rct (remission)"),
        ("remission,remission-rtc,imprecision,0,", "did you mean 'remission-rct'?"),
        ("death,remission-rct,imprecision,0,mispaired", "is of the outcome 'remission'"),
        ("remission,remission-rct,large-effect,2,a large one", "may_rate_up = true"),
        ("remission,remission-rct,bias,-1,because", "no GRADE domain"),
    ],
)
def test_a_decision_that_cannot_count_is_refused_with_its_line(
    tamis: Tamis, rated: Path, row: str, says: str
) -> None:
    done = record(tamis, rated, "remission,remission-rct,inconsistency,0,one study\n" + row + "\n")
    assert done.code == 2
    assert "grades.csv:3: " in done.err
    assert says in done.err
    with open_review(rated) as after:
        assert after.state.certainty == {}


def test_a_randomised_body_is_rated_up_where_the_protocol_lets_it(
    tamis: Tamis, rated: Path
) -> None:
    (rated / "review.toml").write_text(PROTOCOL + BODY + "may_rate_up = true\n", encoding="utf-8")
    done = record(tamis, rated, "remission,remission-rct,large-effect,2,five times as many\n")
    assert done.code == 0, done.err


def test_an_older_log_that_holds_such_decisions_is_still_read(
    tamis: Tamis, rated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier versions wrote them; what happened happened, and a finding names the event."""
    said = {"outcome": "remission", "body": "remission-rct", "domain": "imprecision", "change": -1}
    rows = [
        {**said, "reason": ""},
        {**said, "domain": "indirectness", "change": 0, "outcome": "death", "reason": "mispaired"},
        {**said, "body": "nobody", "reason": "no such body"},
    ]
    monkeypatch.setattr(process, "TRANSITIONS", ())
    with open_review(rated) as review:
        events = review.record(
            [
                Draft(actor="p-tester", kind="certainty_judged.v1", subject=row["body"], body=row)
                for row in rows
            ]
        )
    monkeypatch.undo()
    monkeypatch.setenv("TAMIS_ACTOR", "p-tester")
    built = tamis("build", rated, "--only", "html", "--json")
    assert built.code in (0, 1), built.err
    found = {f["rule"]: f for f in built.json["findings"]}
    for rule, event, severity in (
        ("grade-without-reason", events[0].id, "error"),
        ("grade-of-another-outcome", events[1].id, "error"),
        ("grade-of-no-body", events[2].id, "warning"),
    ):
        assert event in found[rule]["message"]
        assert found[rule]["severity"] == severity
    assert "grade-without-reason" in tamis("verify", rated, "--json").out
