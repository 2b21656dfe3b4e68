"""The practice review done in a real browser, by keys alone, by two people and an arbiter.

From the exports to the report, in English and again in Chinese. What is decided is what
``examples/practice/inputs`` holds; at the end the log says the same, and the command line goes on.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web import practice_run as run
from tests.web.conftest import INPUTS, Look
from tests.web.hands import Hands

from tamis.app.grading.claims_edit import ABSTRACT
from tamis.app.init import init_review
from tamis.app.live import LiveReview
from tamis.domain.decisions import STAGES
from tamis.domain.values import PassageAnchor

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

REVIEWERS = ("p-rev-a", "p-rev-b")

#: With the 33 reports of the practice set these make 60.
MORE = 27

REGISTER = """
[[source]]
id = "register"
database = "Register of pebbles (invented)"
platform = "by hand"
kind = "register"
searched_on = "2026-01-02"
hits = 27
"""

#: What anybody may look at when all is done, for axe to look at too.
PAGES = (
    "", "/protocol", "/protocol/history", "/imports", "/duplicates", "/duplicates/merged",
    "/screen/title-abstract", "/screen/title-abstract/list", "/screen/full-text/history",
    "/conflicts/full-text", "/full-texts", "/agreement", "/studies", "/extraction",
    "/extraction/alder2019?sheet=results", "/extraction/alder2019/compare",
    "/extraction/agreement", "/appraisal", run.BIAS, f"{run.BIAS}/compare",
    "/appraisal/agreement", "/certainty", "/certainty/response-rct", "/claims",
    "/claims/declared", "/results", "/activity",
)  # fmt: skip

Decisions = dict[str, tuple[str, str]]


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """The folder of the practice review with its protocol, and nothing else."""
    folder = tmp_path / "screening"
    init_review(folder, by="p-rev-a", title="practice")
    protocol = (INPUTS / "review.toml").read_text(encoding="utf-8")
    (folder / "review.toml").write_text(protocol + REGISTER, encoding="utf-8", newline="\n")
    shutil.copytree(INPUTS / "search", folder / "search", dirs_exist_ok=True)
    return folder


@pytest.fixture
def hands(look: Callable[..., Look], serve_folder: Callable[..., str], begun: Path
          ) -> Callable[[str], tuple[Hands, Hands, Hands]]:  # fmt: skip
    """Return a maker of three people, each at a keyboard of their own."""
    address = serve_folder(begun.parent)

    def sit(language: str) -> tuple[Hands, Hands, Hands]:
        a, b, c = (
            Hands(look(address, language=language), name) for name in (*REVIEWERS, "p-rev-c")
        )
        return a, b, c

    return sit


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_two_people_and_an_arbiter_do_the_practice_review_by_keys_alone(
    begun: Path, hands: Callable[[str], tuple[Hands, Hands, Hands]], language: str
) -> None:
    a, b, c = hands(language)
    exports = sorted((INPUTS / "imports").iterdir())
    run.import_all(a, [*exports, run.more_records(begun.parent, MORE)], source="register")
    live = LiveReview(begun)
    assert len(live.clusters) == 33 + MORE
    _screen(live, a, b, c)
    _extract(live, a, b, c)
    _appraise(live, a, b, c)
    _conclude(live, a)
    bundle = run.report(a, begun.parent)
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        assert {"review.toml", "report.html"} <= {Path(one).name for one in archive.namelist()}
    if language == "en":  # the command line knows no language of a page
        _tamis("verify", str(begun))
        _goes_on(begun, a)
        assert _axe(a) == []
    for one in (a, b, c):
        assert one.complaints == []


def _screen(live: LiveReview, a: Hands, b: Hands, c: Hands) -> None:
    """Both stages: 60 reports by two people, then 12 with 6 papers, and what they differ on."""
    records, cluster_of = live.library.records, live.cluster_of
    missing = "fe46269b30ad:10441"
    for stage in STAGES:
        if stage == STAGES[1]:
            titles = {
                "alder2019-abstract.pdf": records["fe46269b30ad:9007"].title,
                "birch2020-erratum.pdf": records["d97f7b6b325c:923"].title,
            }
            run.bring_papers(a, run.papers(live.root.parent, titles))
            run.not_got(a, records[missing].title, "asked the library and the authors")
        for one in (a, b):
            votes = _decisions(live, f"votes-{stage}", one.person)
            done = run.screen(one, stage, votes)
            here = len(votes) + (MORE if stage == STAGES[0] else 0)
            assert done == here - (stage == STAGES[1] and one is a)
        run.settle_conflicts(c, stage, _decisions(live, f"consensus-{stage}"))
    live.refresh()
    wrote = {
        (vote.stage, vote.reviewer, cluster_of[vote.records[0]].id, vote.decision,
         vote.reason if vote.decision == "exclude" else "")
        for vote in live.state.votes.values()
    }  # fmt: skip
    planned = {
        (stage, row["reviewer"], cluster_of[row["record_id"]].id, row["decision"],
         row["reason"] if row["decision"] == "exclude" else "")
        for stage in STAGES
        for row in run.rows(f"votes-{stage}")
    }  # fmt: skip
    assert planned <= wrote
    assert len(wrote - planned) == 2 * MORE
    assert len(live.state.settlements) == sum(
        1 for stage in STAGES for _ in run.rows(f"consensus-{stage}")
    )
    assert len(live.state.documents) == 6


def _decisions(live: LiveReview, table: str, person: str = "") -> Decisions:
    return {
        live.cluster_of[row["record_id"]].id: (row["decision"], row["reason"])
        for row in run.rows(table)
        if not person or row["reviewer"] == person
    }


def _extract(live: LiveReview, a: Hands, b: Hands, c: Hands) -> None:
    """Two people read four studies, sealed from each other; the third settles one slip."""
    for study, cells in run.READ.items():
        run.extract(a, study, cells)
        run.extract(b, study, cells, slip="26" if study == "alder2019" else "")
    differed = {s: run.settle_values(c, s, "the paper says 27") for s in run.READ}
    assert differed == {"alder2019": 1, "birch2020": 0, "cedar2022": 0, "dogwood2018": 0}
    live.refresh()
    for person in REVIEWERS:
        anchored = [v for v in live.state.values.values()
                    if v.extractor == person and isinstance(v.source, PassageAnchor)]  # fmt: skip
        assert len(anchored) >= 20
    (settled,) = live.state.value_settlements.values()
    chosen = next(v for v in live.state.values.values() if v.event == settled.chosen)
    assert (chosen.printed, settled.by) == ("27", "p-rev-c")


def _appraise(live: LiveReview, a: Hands, b: Hands, c: Hands) -> None:
    """RoB 2 of one result by two people, and their consensus; GRADE of every outcome with data."""
    result = run.BIAS.partition("rob2:assignment/")[2]
    for one in (a, b):
        answers = {
            row["question"]: row["answer"]
            for row in run.rows("appraisals")
            if (row["result"], row["assessor"]) == (result, one.person) and row["answer"]
        }
        run.appraise(one, answers)
    words = {
        row["question"]: (row["answer"] or row["judgement"], row["reason"])
        for row in run.rows("appraisal-consensus")
        if row["result"] == result
    }
    assert run.settle_bias(c, words) == len(words)
    for body in ("response-rct", "death-rct", "response-single-arm"):
        assert run.grade(a, body) == 8
    live.refresh()
    assert {j.body for j in live.state.certainty.values()} == {
        "response-rct", "death-rct", "response-single-arm",
    }  # fmt: skip
    assert len(live.state.certainty) == 24


def _conclude(live: LiveReview, a: Hands) -> None:
    """Say in the abstract what the evidence allows, and no more."""
    run.conclude(a)
    live.refresh()
    written = [n for n in live.state.notes.values() if n.topic == ABSTRACT]
    assert written
    assert run.OVERSTATED not in str(written[-1].fields)


def _goes_on(folder: Path, a: Hands) -> None:
    """Take a vote back in the browser, cast it on the command line, see it in the browser."""
    stage = STAGES[1]
    a.go(f"{run.AT}/screen/{stage}")
    assert not a.count("form.record")
    with a.swapping():
        a.press("z")
    cluster = run.cluster_shown(a)
    assert cluster
    live = LiveReview(folder)
    rows = [
        row
        for row in run.rows(f"votes-{stage}")
        if row["reviewer"] == "p-rev-a" and live.cluster_of[row["record_id"]].id == cluster
    ]
    table = folder.parent / "votes.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "at": ""} for row in rows)
    _tamis("record", "votes", str(table), str(folder), "--by", "p-rev-a")
    a.go(f"{run.AT}/screen/{stage}")
    assert not a.count("form.record")


def _axe(hands: Hands) -> list[str]:
    """Return what axe-core finds on any page, in both themes, at both widths."""
    found = []
    for path in PAGES:
        hands.go(run.AT + path)
        found += hands.violations()
    return found


def _tamis(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tamis", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
