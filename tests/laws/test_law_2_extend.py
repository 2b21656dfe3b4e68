"""Law 2, live: taking events one by one gives the state that ``fold`` makes of them all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.making import BODIES, Chains

from tamis.domain.events import Draft
from tamis.domain.ordering import all_behind
from tamis.domain.state import ReviewState, extend, fold

KINDS = (
    "screened.v1", "conflict_settled.v1", "value_recorded.v1", "appraised.v1", "note_added.v1",
    "document_attached.v1", "sealed.v1", "reports_linked.v1", "member_changed.v1",
)  # fmt: skip


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.sampled_from(["p-ann", "p-bo", "p-cy"]),
            st.sampled_from(["include", "exclude"]),
            st.integers(0, 5),
        ),
        max_size=24,
    )
)
def test_taking_events_one_by_one_is_folding_them(
    steps: list[tuple[str, str, str, int]],
) -> None:
    chains = Chains()
    state = ReviewState()
    for kind, actor, decision, back in steps:
        body = dict(BODIES[kind])
        if "decision" in body:
            body["decision"] = decision
        earlier = [e.id for e in chains.events if e.actor == actor][-back:] if back > 3 else []
        draft = Draft(actor=actor, kind=kind, subject="x", body=body, supersedes=tuple(earlier[:1]))
        event = chains.write(draft)
        assert all_behind(state.heads, [event])
        if not extend(state, event):
            state = fold(chains.events)
        assert state == fold(chains.events)


def test_an_event_that_has_not_seen_another_is_not_behind_it() -> None:
    chains = Chains()
    first = chains.write(Draft(actor="p-ann", kind="note_added.v1", subject="x",
                               body=BODIES["note_added.v1"]))  # fmt: skip
    blind = chains.write(
        Draft(actor="p-bo", kind="note_added.v1", subject="x", body=BODIES["note_added.v1"]),
        seen={},
    )
    assert not all_behind(fold([first]).heads, [blind])
