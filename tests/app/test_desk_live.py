"""The desk over a real folder: other processes, many people at once, what stays on the disk."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tamis.app.desk.desk import Desk
from tamis.app.imports import import_files
from tamis.app.init import init_review
from tamis.app.live import LiveReview
from tamis.app.review import check_log
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
