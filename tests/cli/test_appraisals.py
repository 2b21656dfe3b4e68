"""Appraisals from a table: what is refused and where, two assessors, a tool of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.appraisal.making import LOW, OWN
from tests.cli.conftest import Ran, Tamis

from tamis.app.building.assemble import studies_of
from tamis.app.judgement.bias import appraisal_agreement, appraisal_findings, appraisal_summaries
from tamis.app.protocol.protocol import parse_protocol
from tamis.app.review import open_review
from tamis.app.tools import tools_of, wording_of
from tamis.domain.summaries import AppraisalSummary

RESULT = "writer2020/remission/m6"
HEAD = "tool,version,result,assessor,question,answer,judgement,reason\n"
SETTLED = "tool,version,result,question,answer,judgement,reason,by\n"


PLACES = ("D1", "D2a", "D3", "D4", "D5", "overall")


def line(question: str, answer: str = "", *, judgement: str = "", reason: str = "",
         who: str = "p-ann", result: str = RESULT, tool: str = "rob2:assignment",
         version: str = "2019-08-22") -> str:  # fmt: skip
    return f"{tool},{version},{result},{who},{question},{answer},{judgement},{reason}\n"


def table(answers: Mapping[str, str], *more: str, who: str = "p-ann") -> str:
    return HEAD + "".join(line(q, a, who=who) for q, a in answers.items()) + "".join(more)


class Desk:
    """A small review, and tables recorded in it."""

    def __init__(self, tamis: Tamis, root: Path) -> None:
        self.tamis, self.root = tamis, root

    def record(self, text: str, name: str = "appraisals") -> Ran:
        file = self.root.parent / "tables" / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        return self.tamis("record", name, file, self.root)

    def done(self, text: str, name: str = "appraisals") -> None:
        ran = self.record(text, name)
        assert ran.code == 0, ran.err

    def refused(self, text: str, name: str = "appraisals") -> str:
        before = open_review(self.root).state.count
        ran = self.record(text, name)
        assert ran.code == 2, ran.out
        assert open_review(self.root).state.count == before
        return ran.err

    def summaries(self) -> tuple[AppraisalSummary, ...]:
        review = open_review(self.root)
        tools = tools_of(review)
        return appraisal_summaries(review.state, tools=tools, wordings=wording_of(review, tools))


@pytest.fixture
def desk(tamis: Tamis, small: Path) -> Desk:
    return Desk(tamis, small)


#: A table, and what its refusal says.
BAD_ROWS = [
    (HEAD + line("1.1", "yes"), r"appraisals\.csv:2: 'yes' is no answer.*did you mean 'Y'"),
    (HEAD + line("1.7", "Y"), r"no question '1\.7'"),
    (HEAD + line("1.1", "Y") + line("D1", judgement="M", reason="x"), ":3: 'M' is no judgement"),
    (HEAD + line("D1", judgement="L"), "judged without a reason"),
    (HEAD + line("several-some-concerns", "yes"), "said without a reason"),
    (HEAD + line("1.1"), "either an answer or a judgement"),
    (HEAD + line("1.1", "Y", judgement="L"), "either an answer or a judgement"),
    (HEAD + line("1.1", "Y", tool="rob2"), "say which: rob2:assignment, rob2:adherence"),
    (HEAD + line("1.1", "Y", version="2016"), "edition '2016'"),
    (HEAD + line("1.1", "Y", result="writer2020/remision/m6"), "did you mean 'remission'"),
    (HEAD + line("1.1", "Y", result="writer2020/remission/m7"), "'m7' is no visit.*one of m6"),
    (HEAD + line("1.1", "Y", result="writer2020"), "write study/outcome/visit"),
    (HEAD + line("1.1", "Y", result="writer2020/remission/m6.never"), "no estimand"),
    (HEAD + line("1.1", "Y", result="reader2021/remission/m6"), "not linked to any report"),
    (HEAD + line("3.1", "Y") + line("3.2", "N"), ":3: question 3.2 .* not reached.*3.1 is no"),
]


def test_a_bad_row_is_refused_with_its_line_and_nothing_is_recorded(desk: Desk) -> None:
    for text, says in BAD_ROWS:
        assert re.search(says, desk.refused(text)), says


def test_the_order_of_rows_does_not_matter_and_recording_twice_changes_nothing(desk: Desk) -> None:
    text = HEAD + line("3.2", "N") + line("3.3", "N") + line("3.1", "N")
    desk.done(text)
    count = open_review(desk.root).state.count
    desk.done(text)
    assert open_review(desk.root).state.count == count


def test_a_later_table_may_lead_on_and_may_set_aside(desk: Desk) -> None:
    desk.done(HEAD + line("3.1", "N"))
    desk.done(HEAD + line("3.2", "Y"))
    desk.done(HEAD + line("3.1", "Y"))
    (one,) = desk.summaries()
    shown = {item.question: item.answer for item in one.items}
    assert (shown["3.1"], shown["3.2"], shown["3.3"]) == ("yes", "not reached", "not reached")
    assert "3.2" in desk.refused(HEAD + line("3.2", "PY"))


def test_proposal_judgement_and_override_come_out_as_words(desk: Desk) -> None:
    judged = line("D1", judgement="S", reason="stopped early") + line(
        "overall", judgement="S", reason="one domain"
    )
    desk.done(table(LOW, judged))
    (one,) = desk.summaries()
    assert (one.tool, one.variant, one.status, one.role) == (
        "rob2", "assignment", "verified", "single",
    )  # fmt: skip
    first = one.domains[0]
    assert (first.proposal.symbol, first.judgement.symbol) == ("+", "–")
    assert first.judgement.tone == "fair"
    assert first.overridden
    assert [d.id for d in one.domains] == ["D1", "D2a", "D3", "D4", "D5"]
    assert (one.overall.proposal.id, one.overall.judgement.label) == ("S", "some concerns")
    assert not one.overall.overridden
    assert first.because == (("1.1", "Y"), ("1.2", "Y"), ("1.3", "N"))


def test_what_is_unfinished_or_not_planned_is_found(desk: Desk) -> None:
    desk.done(HEAD + line("1.1", "Y"))
    review = open_review(desk.root)
    protocol = parse_protocol(review.read_text("review.toml"))
    studies = studies_of(review.state)
    (found,) = appraisal_findings(desk.summaries(), studies, protocol)
    assert found.rule == "appraisal-unfinished"
    assert "1.2, 1.3, 2.1" in found.message
    planned = parse_protocol(
        review.read_text("review.toml") + '\n[tools]\nrandomised = "jbi-rct:2023"\n'
    )
    rules = [f.rule for f in appraisal_findings(desk.summaries(), studies, planned)]
    assert rules == ["tool-not-planned", "appraisal-unfinished"]


# ------------------------------------------------------------------ two assessors
def settled(question: str, answer: str = "", *, judgement: str = "", reason: str = "as read",
            by: str = "p-cem") -> str:  # fmt: skip
    return f"rob2:assignment,2019-08-22,{RESULT},{question},{answer},{judgement},{reason},{by}\n"


@pytest.fixture
def two(desk: Desk) -> Desk:
    desk.done(table(LOW))
    desk.done(table(LOW | {"1.1": "NI", "5.1": "N"}, who="p-bob"))
    return desk


def test_a_consensus_settles_what_stands_and_the_records_stay(two: Desk) -> None:
    two.done(SETTLED + settled("1.1", "PY") + settled("5.1", "PY"), "appraisal-consensus")
    first, second, third = two.summaries()
    assert [one.role for one in (first, second, third)] == ["assessor", "assessor", "consensus"]
    assert third.assessor == "p-cem"
    assert len(third.settles) == 4
    assert (third.open, third.reopened) == ((), ())
    assert [i.answer for i in second.items if i.question == "1.1"] == ["no information"]
    assert {d.proposal.id for d in third.domains} == {"L"}


def test_a_changed_answer_reopens_the_consensus_and_it_is_found(two: Desk) -> None:
    two.done(SETTLED + settled("1.1", "PY") + settled("5.1", "PY"), "appraisal-consensus")
    two.done(HEAD + line("1.1", "N", who="p-bob"))
    assert two.summaries()[2].reopened == ("1.1",)
    text = (two.root / "review.toml").read_text("utf-8")
    rules = [f.rule for f in appraisal_findings(two.summaries(), (), parse_protocol(text))]
    assert "consensus-open" in rules
    two.done(SETTLED + settled("1.1", "PN"), "appraisal-consensus")
    assert two.summaries()[2].reopened == ()


def test_a_bad_settlement_is_refused(two: Desk) -> None:
    bad = {
        "did you mean 'Y'": settled("1.1", "yes"),
        "without a reason": settled("D1", judgement="L", reason=""),
        "does not reach it": settled("3.2", "Y"),
    }
    for says, text in bad.items():
        assert says in two.refused(SETTLED + text, "appraisal-consensus")


def test_one_assessor_alone_has_nothing_to_settle(desk: Desk) -> None:
    desk.done(table(LOW))
    assert "only one person" in desk.refused(SETTLED + settled("1.1", "PY"), "appraisal-consensus")


def test_agreement_is_counted_place_by_place(two: Desk) -> None:
    for who, word in (("p-ann", "L"), ("p-bob", "S")):
        two.done(HEAD + line("D1", judgement=word, reason="r", who=who))
    found = {r.subject: r for r in appraisal_agreement(open_review(two.root).state)}
    assert found["rob2:assignment/1.1"].percent == 0
    assert found["rob2:assignment/1.2"].percent == 1
    assert (found["rob2:assignment/D1"].rater_1, found["rob2:assignment/D1"].n) == ("p-ann", 1)
    assert found["rob2:assignment/D1"].kappa_weighted is None, "one result tells no kappa"
    for who, word in (("p-ann", "S"), ("p-bob", "S")):
        other = f"{RESULT}.ever"
        two.done(
            HEAD
            + line("1.1", "N", who=who, result=other)
            + line("D1", judgement=word, reason="r", who=who, result=other)
        )
    found = {r.subject: r for r in appraisal_agreement(open_review(two.root).state)}
    assert found["rob2:assignment/D1"].n == found["rob2:assignment/1.1"].n == 2
    assert found["rob2:assignment/D1"].kappa_weighted == 0
    assert found["rob2:assignment/1.1"].kappa_weighted is None


def test_assessors_who_agree_are_one_summary_without_a_settlement(desk: Desk) -> None:
    judged = "".join(line(p, judgement="L", reason="r") for p in PLACES)
    other = "".join(line(p, judgement="L", reason="r", who="p-bob") for p in PLACES)
    desk.done(table(LOW, judged))
    desk.done(table(LOW, other, who="p-bob"))
    *_, agreed = desk.summaries()
    assert (agreed.role, agreed.agreed, agreed.assessor) == ("consensus", ("p-ann", "p-bob"), "")
    assert agreed.overall.judgement.label == "low"


def test_whoever_types_the_rows_of_another_is_noted_once(desk: Desk) -> None:
    desk.done(table(LOW, who="p-bob"))
    desk.done(table(LOW, who="p-bob"))
    notes = [n for n in open_review(desk.root).state.notes.values() if n.topic == "recorded-for"]
    assert [(n.by, n.subject, dict(n.fields)) for n in notes] == [
        (
            "p-tester",
            "appraisals",
            {"table": "appraisals", "people": "p-bob", "rows": str(len(LOW))},
        )
    ]


# ------------------------------------------------------------------ tools of one's own, wording
def test_a_tool_of_ones_own_is_one_file_that_enters_the_log(desk: Desk) -> None:
    (desk.root / "tools").mkdir()
    own = desk.root / "tools" / "site-check.toml"
    own.write_text(OWN, encoding="utf-8")
    rows = line("1", "no", tool="site-check", version="1", result="writer2020")
    desk.done(HEAD + rows)
    (one,) = desk.summaries()
    assert (one.tool, one.study, one.status) == ("site-check", "writer2020", "provisional")
    assert one.domains[0].undecided == "nobody looked"
    files = [a.file for a in open_review(desk.root).state.amendments]
    assert files == ["review.toml", "tools/site-check.toml"]
    assert desk.tamis("build", desk.root, "--only", "html").code == 0
    own.unlink()
    assert desk.summaries()[0].tool_name == "Our check of sites", "the log still has it"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.replace('then = "fine"', 'then = "fien"'), "tools/mine.toml: 'fien' is no judgement"),
        (OWN.replace('"site-check"', '"rob2"'), "the tool 'rob2' ships with the program"),
    ],
)
def test_a_bad_tool_is_refused_before_anything_is_recorded(
    desk: Desk, text: str, says: str
) -> None:
    (desk.root / "tools").mkdir()
    (desk.root / "tools" / "mine.toml").write_text(text, encoding="utf-8")
    assert says in desk.refused(HEAD + line("1.1", "Y"))


def test_a_tool_that_there_is_not_is_refused_in_the_protocol(desk: Desk) -> None:
    file = desk.root / "review.toml"
    file.write_text(file.read_text("utf-8") + '\n[tools]\nrandomised = "rob2"\n', "utf-8")
    said = desk.refused(HEAD + line("1.1", "Y"))
    assert "[tools] randomised: there is no appraisal tool 'rob2'" in said


WORDING = """
tool = "rob2:assignment"
version = "2019-08-22"
lang = "en"
licence = "CC-BY-NC-ND-4.0"
source = "https://www.riskofbias.info"
[q]
"1.1" = "(official words)"
"""


def test_official_wording_is_printed_only_where_its_owner_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    desk.done(HEAD + line("1.1", "Y"))
    (desk.root / "wording").mkdir()
    file = desk.root / "wording" / "rob2-assignment-2019-08-22-en.toml"
    file.write_text(WORDING, encoding="utf-8")
    assert {item.wording for item in desk.summaries()[0].items} == {""}
    file.write_text(f"print_in_reports = true\n{WORDING}", encoding="utf-8")
    shown = [item.wording for item in desk.summaries()[0].items if item.wording]
    assert shown == ["(official words)"]
    assert desk.tamis("pack", desk.root, "--to", tmp_path / "x.zip").code == 0
    assert b"official words" not in (tmp_path / "x.zip").read_bytes()
    assert "wording/" in desk.tamis("pack", desk.root, "--to", tmp_path / "y.zip", "--json").out
