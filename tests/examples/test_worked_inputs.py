"""The tables of the worked review: readable, consistent, honest about what is not known."""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict

import pytest
from tests.examples.worked import (
    INPUTS,
    WHO,
    cluster_of,
    papers,
    protocol,
    records,
    rows,
    values,
)

from tamis.app.words import is_characteristic
from tamis.domain.decisions import STAGES
from tamis.domain.values import CitationAnchor, Derivation, LookedFor, Value

AT = re.compile(r"2026-01-\d\dT\d\d:\d\d:00\.000Z")
INCLUDED = ("gu2014", "deng2017", "barbado2018", "ranjbar2022")
EXCLUDING = {c.id: c.order for c in protocol().criteria if c.kind == "exclude"}


# ------------------------------------------------------------------ protocol
def test_the_report_will_say_that_it_is_a_demonstration() -> None:
    head = protocol().head
    assert head.as_of == "2025-12-31"
    words = ("Demonstration", "abstracts", "reconstructed or assumed", "rendered and not run")
    assert all(word in head.banner for word in words)
    question = protocol().question
    picos = (question.population, question.intervention, question.comparator, question.outcomes,
             question.designs)  # fmt: skip
    assert all("reconstructed" in part for part in picos)
    assert "registered" in head.registration.lower()


@pytest.mark.parametrize("source", protocol().sources, ids=lambda s: s.id)
def test_a_rendered_strategy_claims_no_search(source) -> None:
    assert (source.run, source.hits, source.searched_on) == ("rendered-not-run", None, "")
    text = (INPUTS / source.strategy_file).read_text("utf-8")
    assert "mesenchymal" in text
    assert not re.search(r"^\s*(//|/\*|;|# )", text), "a strategy holds only what would be run"


def test_one_reconstruction_stands_in_for_all_people() -> None:
    assert [member.id for member in protocol().team] == [WHO]
    assert protocol().screening.reviewers_per_record == 1
    tables = {"votes": "reviewer", "values": "extractor", "appraisals": "assessor", "grades": "by",
              "notes": "by"}  # fmt: skip
    for table, column in tables.items():
        assert {row[column] for row in rows(table)} == {WHO}


def test_thresholds_say_where_they_come_from() -> None:
    found = [t for outcome in protocol().outcomes for t in outcome.thresholds]
    assert len(found) == 30
    own = [t for t in found if t.source.startswith("set for the demonstration, not sourced")]
    sourced = [t for t in found if re.search(r"doi 10\.|https?://|KDIGO", t.source)]
    assert len(own) + len(sourced) == len(found)
    assert len(own) == 14


def test_every_synthesis_names_studies_of_one_design_and_gives_its_reason() -> None:
    design = {row["study"]: row["design"] for row in rows("links")}
    role = {row["study"]: row["role"] for row in rows("links")}
    for plan in protocol().syntheses:
        assert plan.reason, plan.id
        assert plan.studies, plan.id
        assert {design[study] for study in plan.studies} == set(plan.designs), plan.id
        assert (plan.kind == "controlled") <= (plan.designs == ("randomised",)), plan.id
        roles = {role[study] for study in plan.studies}
        assert plan.layer == "sensitivity" or roles == {"included"}, plan.id
        arms = {v.cell.arm for v in values().values() if v.cell.study in plan.studies}
        assert {arm for arm in plan.arms if arm} <= arms, plan.id
    pooled = [
        plan.id for plan in protocol().syntheses if plan.method not in ("one-study", "series")
    ]
    assert pooled == ["wider-death-12-months"]


@pytest.mark.parametrize("plan", protocol().syntheses, ids=lambda p: p.id)
def test_every_synthesis_has_values(plan) -> None:
    found = [
        v
        for v in values().values()
        if v.cell.study in plan.studies
        and (v.cell.outcome, v.cell.estimand) == (plan.outcome, plan.estimand)
        and plan.visit in ("", v.cell.visit)
        and isinstance(v, Value)
    ]
    assert {v.cell.study for v in found} == set(plan.studies)


def test_uncontrolled_bodies_start_at_the_lowest_level() -> None:
    plans = {plan.id: plan for plan in protocol().syntheses}
    for body in protocol().bodies:
        assert body.start_level == (4 if body.designs == ("randomised",) else 1)
        assert not body.synthesis or plans[body.synthesis].outcome == body.outcome


# ------------------------------------------------------------------ screening
def test_each_paper_has_exactly_one_vote_a_stage() -> None:
    found = defaultdict(list)
    for row in rows("votes"):
        cluster = cluster_of(row["record_id"])
        assert row["record_id"] == min(cluster), "the record that stands for its report"
        found[row["stage"], cluster].append(row["decision"])
    assert all(len(votes) == 1 for votes in found.values())
    titles = {cluster for stage, cluster in found if stage == STAGES[0]}
    assert titles == set(papers().values())
    through = {c for (s, c), votes in found.items() if s == STAGES[0] and votes == ["include"]}
    assert {c for s, c in found if s == STAGES[1]} == through
    assert Counter(row["stage"] for row in rows("votes")) == {STAGES[0]: 103, STAGES[1]: 24}


def test_an_exclusion_gives_the_first_criterion_that_decides() -> None:
    for row in rows("votes"):
        met = json.loads(row["criteria"] or "{}")
        assert (row["decision"] == "exclude") == bool(row["reason"]) == bool(met)
        if met:
            assert set(met.values()) == {"met"}
            assert row["reason"] == min(met, key=EXCLUDING.__getitem__)


def test_the_included_reports_are_those_of_the_four_studies() -> None:
    kept = {
        row["record_id"]
        for row in rows("votes")
        if (row["stage"], row["decision"]) == (STAGES[1], "include")
    }
    linked = {}
    for row in rows("links"):
        for record in filter(None, row["record_ids"].split(";")):
            assert record in records()
            assert record not in linked
            linked[record] = row
    assert {linked[record]["study"] for record in kept} == set(INCLUDED)
    assert {linked[record]["role"] for record in kept} == {"included"}
    assert len(kept) == 6, "four articles and two conference abstracts of Gu 2014"
    for row in rows("links"):
        names = frozenset(filter(None, row["record_ids"].split(";")))
        assert not names or names == cluster_of(min(names))


def test_roles_and_reports() -> None:
    roles = {row["study"]: row["role"] for row in rows("links")}
    assert Counter(roles.values()) == {"included": 4, "wider": 19, "published-review": 1}
    reports = [row["report"] for row in rows("links")]
    assert len(reports) == len(set(reports))
    of_gu = sorted(row["kind"] for row in rows("links") if row["study"] == "gu2014")
    assert of_gu == ["article", "conference-abstract", "conference-abstract"]


# ------------------------------------------------------------------ values
def number(name: str) -> str:
    found = values()[name]
    assert isinstance(found, Value)
    return found.printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("deng2017/renal-remission/m6.best-by/msc/events", "9"),
        ("deng2017/renal-remission/m6.best-by/msc/n", "12"),
        ("deng2017/renal-remission/m6.best-by/placebo/events", "5"),
        ("deng2017/renal-remission/m6.best-by/placebo/n", "6"),
        ("deng2017/death/m6.ever/msc/events", "1"),
        ("deng2017/death/m6.ever/placebo/events", "0"),
        ("deng2017/serious-adverse-events/m6.ever/msc/events", "2"),
        ("deng2017/serious-infection/m6.ever/msc/events", "2"),
        ("deng2017/serious-infection/m6.ever/placebo/events", "0"),
        ("deng2017/proteinuria/m6.change/msc/mean", "-2.1"),
        ("deng2017/proteinuria/m6/placebo/sd", "2.7"),
        ("deng2017/proteinuria/baseline/placebo/mean", "4.5"),
        ("gu2014/renal-remission/m12.ever/all/events", "49"),
        ("gu2014/renal-remission/m12.ever/all/n", "81"),
        ("gu2014/renal-remission/m3/all/percent", "41"),
        ("gu2014/renal-remission/m6/all/percent", "45"),
        ("gu2014/renal-remission/m12/all/percent", "44"),
        ("gu2014/renal-flare/m12.ever/all/n", "49"),
        ("gu2014/renal-flare-everyone/m12.ever/all/n", "81"),
        ("gu2014/death/m12.ever/all/events", "4"),
        ("barbado2018/disease-remission/m9.best-by/all/events", "3"),
        ("barbado2018/tidier-dose-total/baseline/all/n", "9e7"),
        ("barbado2018/tidier-dose-total/baseline/all/n#2", "9e8"),
        ("ranjbar2022/renal-remission/m3.best-by/all/events", "7"),
        ("ranjbar2022/proteinuria/baseline/all/median", "1800"),
        ("ranjbar2022/proteinuria/m1/all/median", "1020"),
        ("ranjbar2022/sledai/m6/all/median", "6"),
        ("deng2017/tidier-dose-per-kg/baseline/all/n", "3.33e6"),
        ("ranjbar2022/tidier-dose-total/baseline/all/n", "1.2e8"),
        ("wang2018/clinical-remission/m60/all/n#2", "68"),
        ("parlindungan2023/flow-identified/baseline/all/n", "397"),
        ("parlindungan2023/flow-included/baseline/all/n", "4"),
        ("parlindungan2023/participants/baseline/all/n", "111"),
    ],
)  # fmt: skip
def test_the_numbers_everything_rests_on(name: str, printed: str) -> None:
    assert number(f"v:{name}") == printed


def test_every_cell_stands_in_the_protocol() -> None:
    outcomes = {o.id: set(o.visits) for o in protocol().outcomes}
    visits = {v.id for v in protocol().visits}
    for found in values().values():
        cell = found.cell
        described = is_characteristic(cell.outcome)
        assert described or cell.visit in outcomes[cell.outcome], found.id
        assert cell.visit in visits
    used = {v.cell.outcome for v in values().values()}
    assert set(outcomes) <= used


def test_every_value_can_be_followed() -> None:
    definitions = {row["subject"] for row in rows("notes") if row["topic"] == "definition"}
    for found in values().values():
        assert found.cell.definition in {*definitions, "not-stated"}
        match found:
            case Value(source=CitationAnchor(citation=citation, location=location)):
                assert location or "memory" in citation, found.id
            case Value(source=Derivation(inputs=inputs)):
                assert set(inputs) <= values().keys(), found.id
                assert found.status == "derived"
            case LookedFor(where=where, note=note):
                assert where or note, found.id
            case _:
                pytest.fail(found.id)


def test_derivations_give_the_numbers_they_stand_for() -> None:
    names = {"ln": math.log, "exp": math.exp, "sqrt": math.sqrt}
    checked = 0
    for found in values().values():
        if not isinstance(found, Value) or not isinstance(found.source, Derivation):
            continue
        formula = re.split(r"[;:]", found.source.formula)[0].replace("^", "**")
        if found.number is None or re.search(
            r"[a-z]{2,}", re.sub(r"\b(ln|exp|sqrt)\b", "", formula)
        ):
            continue
        shown = -int(found.number.as_tuple().exponent)
        got = eval(formula, {"__builtins__": {}}, names)
        assert abs(got - float(found.number)) <= 0.51 * 10.0**-shown, found.id
        checked += 1
    assert checked == 27


def test_converted_doses_print_the_assumed_weight() -> None:
    for found in values().values():
        if (
            isinstance(found, Value)
            and isinstance(found.source, Derivation)
            and "60 kg" in found.source.formula
        ):
            assert "assumed" in found.source.formula
            assert found.note == "Assumed weight: 60 kg"
    named = {v.cell.study for v in values().values() if v.cell.outcome == "tidier-dose-per-kg"}
    assert set(INCLUDED) <= named


def test_unverified_and_lay_figures_never_reach_a_primary_synthesis() -> None:
    weak = {
        v.cell.study + "/" + v.cell.outcome
        for v in values().values()
        if isinstance(v, Value) and not v.primary
    }
    assert "gu2014/sledai" in weak
    assert "parlindungan2023/flow-identified" in weak
    for plan in protocol().syntheses:
        if plan.layer == "primary":
            assert not {f"{study}/{plan.outcome}" for study in plan.studies} & weak, plan.id


@pytest.mark.parametrize(
    "name",
    [
        "gu2014/renal-remission/m12/all/events",
        "gu2014/gfr/m12/all/n",
        "gu2014/anti-dsdna/m12/all/mean",
        "deng2017/baseline-table/baseline/msc/text",
        "deng2017/renal-flare/m6.ever/placebo/events",
        "barbado2018/proteinuria/m9/all/mean",
        "barbado2018/death/m9.ever/all/events",
        "ranjbar2022/proteinuria/m12/all/median",
        "ranjbar2022/egfr/m12/all/mean",
        "parlindungan2023/flow-duplicates/baseline/all/n",
        "parlindungan2023/flow-excluded-full-text/baseline/all/n",
        "gu2014/tidier-provider/baseline/all/text",
    ],
)
def test_what_is_not_known_stays_unknown(name: str) -> None:
    assert isinstance(values()[f"v:{name}"], LookedFor)


def test_words_stay_words() -> None:
    for visit in ("m1", "m3", "m6", "m9"):
        assert re.search("[a-z]", number(f"v:barbado2018/proteinuria/{visit}/all/text"))
    assert "rises" in number("v:ranjbar2022/proteinuria/m3/all/text")


# ------------------------------------------------------------------ judgements and notes
def appraised(tool: str) -> list[dict[str, str]]:
    return [row for row in rows("appraisals") if row["tool"] == tool]


def test_ten_answers_for_each_uncontrolled_study() -> None:
    cells = {(v.cell.study, v.cell.outcome, v.cell.visit) for v in values().values()}
    answers = [row for row in appraised("jbi-case-series") if row["answer"]]
    assert {tuple(row["result"].split("/")) for row in answers} <= cells
    assert len(answers) == 30
    assert all(row["support"] and row["anchor"].startswith("https://") for row in answers)
    unclear = [row for row in answers if row["answer"] == "unclear"]
    assert len([row for row in unclear if "no information" in row["support"]]) >= 12
    judged = [row for row in appraised("jbi-case-series") if row["judgement"]]
    assert [row["question"] for row in judged] == ["overall"] * 3
    assert all(row["reason"] for row in judged)


def test_the_trial_is_appraised_result_by_result_from_what_was_read() -> None:
    """Every rated body of the trial has its result, and each answer says what it rests on."""
    cells = {
        (v.cell.study, v.cell.outcome, f"{v.cell.visit}.{v.cell.estimand}")
        for v in values().values()
    }
    found = appraised("rob2:assignment")
    results = {tuple(row["result"].split("/")) for row in found}
    assert results <= cells
    bodies = {b.outcome for b in protocol().bodies if b.id.endswith("-rct") and b.id != "flare-rct"}
    assert {outcome for _, outcome, _ in results} == bodies
    answers = [row for row in found if row["answer"]]
    assert all(row["support"] and row["anchor"].startswith("https://") for row in answers)
    unread = [row for row in answers if row["answer"] == "NI"]
    assert len(unread) > len(answers) / 3
    assert all(re.search("read|stated|plan|rule|stands", row["support"]) for row in unread)
    judged = [row for row in found if row["judgement"]]
    assert {row["question"] for row in judged} == {"D1", "D2a", "D3", "D4", "D5", "overall"}
    assert all(row["reason"] for row in judged)


def test_every_graded_body_has_eight_reasoned_decisions_and_ends_very_low() -> None:
    bodies = {body.id: body for body in protocol().bodies}
    changes = defaultdict(dict)
    for row in rows("grades"):
        assert bodies[row["body"]].outcome == row["outcome"]
        assert row["reason"]
        changes[row["body"]][row["domain"]] = int(row["decision"])
    for name, domains in changes.items():
        assert len(domains) == 8, name
        assert max(1, min(4, bodies[name].start_level + sum(domains.values()))) == 1, name
        if name.endswith("-rct"):
            assert domains["imprecision"] <= -2
    assert set(bodies) - set(changes) == {"flare-rct"}, "no study reported it where read"


def test_risk_of_bias_of_the_trial_is_judged_from_what_was_read() -> None:
    found = [
        row
        for row in rows("grades")
        if row["domain"] == "risk-of-bias" and row["body"].endswith("-rct")
    ]
    whole = {
        row["result"].split("/")[1]: row["judgement"]
        for row in rows("appraisals")
        if row["question"] == "overall" and row["result"].startswith("deng2017/")
    }
    assert set(whole.values()) == {"S", "H"}
    for row in found:
        if whole.get(row["outcome"]) == "H":
            assert row["decision"] == "-2"
            assert "at high risk of bias" in row["reason"]
        else:
            assert row["decision"] == "-1"
            assert "what was not read" in row["reason"]
    assert len({row["reason"] for row in found if row["decision"] == "-2"}) == 1


def test_notes_hold_mechanisms_conflicts_overlaps_and_unknowns() -> None:
    topics = Counter(row["topic"] for row in rows("notes"))
    assert topics["mechanism"] == 17
    assert topics["unknown"] == 11
    assert topics["overlap"] == 2
    assert topics["registration"] == 13
    assert topics["conflict"] >= 11
    needed = {"edge", "source", "relation", "target", "claim", "evidence_kind", "citation",
              "location", "status"}  # fmt: skip
    for row in rows("notes"):
        fields = json.loads(row["fields"])
        assert all(isinstance(text, str) and text for text in fields.values())
        assert row["topic"] != "mechanism" or needed <= fields.keys()


@pytest.mark.parametrize("table", ["votes", "grades", "notes"])
def test_times_are_fixed_and_follow_each_other(table: str) -> None:
    for stage in {row.cells.get("stage", "") for row in rows(table)}:
        at = [row["at"] for row in rows(table) if row.cells.get("stage", "") == stage]
        assert all(AT.fullmatch(moment) for moment in at)
        assert at == sorted(set(at))


def test_every_file_is_accounted_for_in_sources() -> None:
    text = (INPUTS / "SOURCES.md").read_text("utf-8")
    for path in INPUTS.iterdir():
        if path.name not in ("SOURCES.md", ".gitattributes"):
            assert f"`{path.name}" in text, path.name
