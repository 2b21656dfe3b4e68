"""The merged view: each field from the best record, and which that is."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from tamis.dedupe.merging import PREFERENCES, merged
from tamis.domain.records import Record


def record(name: str, **values: object) -> Record:
    return Record(id=name, raw=(), **values)  # type: ignore[arg-type]


def test_every_field_has_one_preference() -> None:
    taken = [name for row in PREFERENCES for name in row.fields]
    assert sorted([*taken, "id", "raw"]) == sorted(f.name for f in fields(Record))


def test_an_abstract_that_is_cut_short_never_beats_a_whole_one() -> None:
    cut = record("a", abstract="A long beginning of an abstract that was cut…")
    whole = record("b", abstract="Whole.")
    assert merged([cut, whole]).record.abstract == "Whole."
    assert merged([cut]).record.abstract == cut.abstract


def test_volume_issue_and_pages_are_never_mixed_from_two_records() -> None:
    early = record("a", year=2019, volume="1", pages="1-2")
    issue = record("b", year=2020, volume="4", issue="2", pages="436-439")
    view = merged([early, issue])
    assert (view.record.year, view.record.volume, view.record.issue) == (2020, "4", "2")
    assert {view.origins[name] for name in ("year", "volume", "issue", "pages")} == {"b"}
    part = record("c", volume="9", issue="1")
    assert merged([part, record("d", pages="5")]).record.pages == ""


def test_a_doi_that_most_records_give_wins() -> None:
    found = merged(
        [record("a", doi="10.1/x"), record("b", doi="10.1/y"), record("c", doi="10.1/y")]
    )
    assert (found.record.doi, found.origins["doi"]) == ("10.1/y", "b")


def test_the_fullest_names_win() -> None:
    short = record("a", authors=("Mouse, M", "Duck, D"))
    full = record("b", authors=("Mouse, Minnie", "Duck, Donald"))
    assert merged([short, full]).record.authors == full.authors


TEXTS = st.sampled_from(["", "A", "a longer text", "SHOUTED", "[translated]"])
RECORDS = st.lists(
    st.tuples(TEXTS, TEXTS, st.sampled_from([None, 2001, 2002]), st.sampled_from(["", "1", "2"])),
    min_size=1, max_size=5,
).map(
    lambda rows: [
        record(f"x:{at}", title=t, abstract=a, year=y, volume=v, pages=v)
        for at, (t, a, y, v) in enumerate(rows)
    ]
)  # fmt: skip


@given(records=RECORDS, seed=st.randoms(use_true_random=False))
def test_nothing_is_made_up_and_order_does_not_matter(records: list[Record], seed: object) -> None:
    view = merged(records)
    by_id = {r.id: r for r in records}
    for name, origin in view.origins.items():
        assert getattr(view.record, name) == getattr(by_id[origin], name)
    for name in ("title", "abstract", "year"):
        assert bool(getattr(view.record, name)) == any(getattr(r, name) for r in records)
    shuffled = list(records)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merged(shuffled) == view
