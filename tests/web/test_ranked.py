"""Screening by relevance in the workbench: a vote that makes a ranking due starts one, apart."""

from __future__ import annotations

from typing import Any

from tests.web.conftest import Workbench

from tamis.app.desk.desk import Desk
from tamis.app.desk.ranked import learnt_from
from tamis.web.jobs import Jobs

TITLES = "title-abstract"


def test_votes_that_agree_bring_a_new_order(screening: Workbench) -> None:
    path = screening.folder / "review.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("[screening]", '[screening]\norder = "ranked"', 1), "utf-8")
    desk = screening.live.part(Desk)
    first = [row.cluster for row in desk.listing("p-rev-a", TITLES).rows]
    app: Any = screening.client.app
    jobs: Jobs = app.framework.state.jobs
    name = f"ranking {screening.name}"
    for person in ("p-rev-a", "p-rev-b"):
        screening.become(person)
        for cluster, decision in ((first[0], "include"), (first[-1], "exclude")):
            assert jobs.get(name) is None
            told = {"decision": decision, "reason": "not-human"}
            done = screening.post(f"/screen/{TITLES}/{cluster}/vote", told)
            assert done.status_code < 400, done.text
    job = jobs.get(name)
    assert job is not None
    assert job.thread is not None
    job.thread.join()
    assert job.failed is None
    order = [row.cluster for row in desk.listing("p-rev-a", TITLES).rows]
    assert learnt_from(screening.live.state) == 2
    assert order[:2] == [first[0], first[-1]]
    assert sorted(order) == sorted(first)
    assert order != [first[0], first[-1], *first[1:-1]]
    page = screening.get(f"/screen/{TITLES}").text
    assert "desk" in page
