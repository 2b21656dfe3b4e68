"""The desk over a real folder: other processes, many people at once, what stays on the disk."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean

import pytest

from tamis.app.apart import run_apart
from tamis.app.desk.desk import Desk
from tamis.app.desk.floor import Floor
from tamis.app.desk.ranked import STEP, decided, order_of, run_ranking
from tamis.app.imports import import_files
from tamis.app.init import init_review
from tamis.app.live import LiveReview
from tamis.app.review import check_log, open_review
from tamis.domain.errors import BadInput, RuleBroken
from tamis.screening import screen

TITLES = "title-abstract"
PROTOCOL = """
[review]
id = "demo"
title = "A question"
[question]
population = "people"
intervention = "a drug"
comparator = "placebo"
outcomes = "remission"
designs = "trials"
[[criterion]]
id = "design"
version = 1
stage = "both"
kind = "include"
text = "a trial"
order = 1
[[source]]
id = "invented"
database = "Invented"
platform = "none"
[screening]
seed = 5
"""
SUBJECTS = ("ants", "bees", "cats", "dogs", "eels", "foxes", "goats", "hares", "ibis", "jays",
            "kites", "larks", "mice", "newts", "owls")  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a review folder with 45 records that are all different."""
    records = "".join(
        f"TY  - JOUR\nTI  - {place} {subject} and their drug\nAU  - {subject.title()}, {place[0]}\n"
        f"PY  - {2000 + n}\nDO  - 10.9999/{place}.{subject}\nAB  - About {subject}.\nER  - \n\n"
        for place in ("northern", "southern", "western")
        for n, subject in enumerate(SUBJECTS)
    )
    source = tmp_path / "invented.ris"
    source.write_text(records, encoding="utf-8")
    folder = tmp_path / "review"
    init_review(folder, title="A question", by="p-owner")
    (folder / "review.toml").write_text(PROTOCOL, encoding="utf-8")
    import_files(LiveReview(folder).review, [source], source="invented", by="p-owner")
    return folder


def test_what_another_process_does_is_seen_at_once(root: Path) -> None:
    one, other = Desk(LiveReview(root)), Desk(LiveReview(root))
    card = one.next("p-a", TITLES)
    assert card is not None
    one.vote("p-a", TITLES, card.cluster, "exclude", reason="design", note="seen")
    assert other.card("p-b", TITLES, card.cluster).others == ()
    assert other.vote("p-b", TITLES, card.cluster, "include").state == "conflict"
    assert [view.cluster for view in one.conflicts("p-c")] == [card.cluster]
    one.settle("p-c", TITLES, card.cluster, "include", reason="the abstract says so")
    assert other.card("p-b", TITLES, card.cluster).state == "in"
    other.withdraw("p-b", TITLES, card.cluster)
    assert one.conflicts("p-a")[0].reopened
    assert one.listing("p-a", TITLES, query="northern").found == 15
    assert not check_log(root)


def test_a_protocol_that_changes_changes_the_desk(root: Path) -> None:
    desk = Desk(LiveReview(root))
    card = desk.next("p-a", TITLES)
    assert card is not None
    assert desk.vote("p-a", TITLES, card.cluster, "include").state == "waiting"
    text = (root / "review.toml").read_text("utf-8")
    (root / "review.toml").write_text(f"{text}reviewers_per_record = 1\n", encoding="utf-8")
    assert desk.card("p-a", TITLES, card.cluster).state == "in"
    assert desk.progress("p-a", TITLES).mine == {"in": 1, "to-do": 44}


def test_people_at_once_never_screen_a_record_more_than_needed(root: Path) -> None:
    live = LiveReview(root)
    desk = Desk(live)

    def screen_all(person: str) -> list[str]:
        done = []
        while (card := desk.next(person, TITLES)) is not None:
            desk.vote(person, TITLES, card.cluster, "include" if len(done) % 2 else "maybe")
            done.append(card.cluster)
        return done

    people = [f"p-{letter}" for letter in "abcdefgh"]
    with ThreadPoolExecutor(len(people)) as pool:
        done = list(pool.map(screen_all, people))
    assert Counter(cluster for some in done for cluster in some) == dict.fromkeys(live.clusters, 2)
    rules, criteria = live.protocol.screening, live.protocol.criteria
    votes = list(LiveReview(root).state.votes.values())
    found = screen(list(live.clusters.values()), votes, [], rules=rules, criteria=criteria)
    assert (len(votes), found.extra) == (90, ())
    assert {state.state for state in found.at(TITLES)} == {"in"}
    assert not check_log(root)


# ------------------------------------------------------------------ the order by relevance
def wanted(desk: Desk, cluster: str) -> str:
    """Decide by the title, as the list shows it: who opens a report takes a place at it."""
    rows = desk.listing("p-z", TITLES, per_page=200).rows
    title = next(row.title for row in rows if row.cluster == cluster)
    return "include" if "western" in title else "exclude"


def vote_on(desk: Desk, people: str, clusters: list[str]) -> None:
    for cluster in clusters:
        decision = wanted(desk, cluster)
        for person in people:
            desk.vote(f"p-{person}", TITLES, cluster, decision, reason="design")


@pytest.fixture
def ranked(root: Path) -> tuple[LiveReview, Desk]:
    """Return a review that is read by relevance, ten of its reports decided by two people."""
    text = (root / "review.toml").read_text("utf-8")
    (root / "review.toml").write_text(f'{text}order = "ranked"\n', encoding="utf-8")
    live = LiveReview(root)
    desk = Desk(live)
    order = listed(desk)
    assert not desk.ranking_is_due()
    vote_on(desk, "ab", [cluster for cluster in order if cluster[-1] in "05"])
    return live, desk


def listed(desk: Desk) -> list[str]:
    return [card.cluster for card in desk.listing("p-z", TITLES, per_page=200).rows]


def test_what_reads_like_the_inclusions_comes_next(ranked: tuple[LiveReview, Desk]) -> None:
    live, desk = ranked
    before = listed(desk)
    assert desk.ranking_is_due()
    run_apart("ranking", live.root, by="p-a")
    order = listed(desk)
    assert sorted(order) == sorted(before)
    assert not desk.ranking_is_due()
    done = [c for c in before if c[-1] in "05"]
    assert order[: len(done)] == done
    soon = [c for c in before if c not in done][:STEP]
    assert order[len(done) : len(done) + STEP] == soon
    places: dict[str, list[int]] = {"include": [], "exclude": []}
    for place, cluster in enumerate(order[len(done) + STEP :]):
        places[wanted(desk, cluster)].append(place)
    assert mean(places["include"]) < mean(places["exclude"]) - 2
    assert listed(Desk(LiveReview(live.root))) == order
    runs = len(live.state.engine_runs)
    with open_review(live.root) as review:
        run_ranking(review)
        assert len(review.state.engine_runs) == runs + 1  # the order it starts from is another one
        assert order_of(review)[: len(done)] == tuple(done)
    assert not check_log(live.root)


def test_a_sealed_vote_changes_no_order(ranked: tuple[LiveReview, Desk]) -> None:
    live, desk = ranked
    run_apart("ranking", live.root, by="p-a")
    before = listed(desk)
    told = dict(decided(Floor(live)))
    vote_on(desk, "a", [cluster for cluster in before if cluster not in told])
    assert decided(Floor(live)) == told
    assert not desk.ranking_is_due()
    with open_review(live.root) as review:
        run_ranking(review)
        again = order_of(review)
    done = len(told) + STEP
    assert list(again[:done]) == before[:done]
    assert sorted(again) == sorted(before)
    withdrawn = [cluster for cluster in before if cluster not in told]
    for cluster in withdrawn:
        desk.withdraw("p-a", TITLES, cluster)
    with open_review(live.root) as review:
        run_ranking(review)
        assert order_of(review) == again


def test_without_both_kinds_of_decision_nothing_is_ranked(root: Path) -> None:
    with open_review(root) as review, pytest.raises(RuleBroken, match="by relevance"):
        run_ranking(review)
    text = (root / "review.toml").read_text("utf-8")
    (root / "review.toml").write_text(f'{text}order = "ranked"\n', encoding="utf-8")
    desk = Desk(LiveReview(root))
    vote_on(desk, "ab", [c for c in listed(desk) if wanted(desk, c) == "include"][:4])
    assert not desk.ranking_is_due()
    with open_review(root) as review:
        runs = len(review.state.engine_runs)
        with pytest.raises(BadInput, match="at least one inclusion and one exclusion"):
            run_ranking(review)
        assert len(review.state.engine_runs) == runs
