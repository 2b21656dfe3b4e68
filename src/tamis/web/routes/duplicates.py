"""Duplicates: pairs that need a person, merged reports, merging by hand, what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from tamis.app.duplicates.duplicates import Duplicates
from tamis.app.duplicates.related_desk import RelatedDesk
from tamis.app.duplicates.views import Done, PairView
from tamis.dedupe import reads_of
from tamis.domain.errors import BadInput, Conflict, TamisError
from tamis.web.visit import AReviewVisit, ReviewVisit, is_fragment

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/duplicates")

Text = Annotated[str, Form()]

#: What a form tells of the event that was seen: nothing, and that there was none.
_SEEN: Mapping[str, str | None] = {"": None, "none": ""}

#: Decisions of people that one page shows; related reports on a page.
SHOWN, ON_A_PAGE = 100, 20


@router.get("")
def next_pair(visit: AReviewVisit, a: str = "", b: str = "") -> Response:
    """Show the next pair that needs a person, after the one that was passed over."""
    desk = visit.live.part(Duplicates)
    return _show(visit, desk.next(visit.person, after=(a, b)))


@router.get("/merged")
def merged(visit: AReviewVisit, q: str = "", page: int = 1) -> Response:
    """List the reports with several records."""
    return _merged(visit, q, page)


def _merged(
    visit: ReviewVisit, q: str = "", page: int = 1, *, error: TamisError | None = None
) -> Response:
    desk = visit.live.part(Duplicates)
    with visit.live.locked():
        reports, page, last = desk.merged(q, page=page)
        return visit.page(
            "duplicates/merged.html.j2", code=422 if error else 200, error=error, tab="merged",
            overview=desk.overview(), q=q,
            rule_words=_rule_words(visit), reports=reports, page=page, last=last,
            may_decide=visit.may("vote"),
        )  # fmt: skip


@router.post("/merged/{cluster}/split")
def split(
    visit: AReviewVisit,
    cluster: str,
    record: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI's
    reason: Text = "",
) -> Response:
    """Say that the chosen records are another report."""
    visit.require("vote")
    try:
        visit.live.part(Duplicates).split(visit.person, cluster, record, reason=reason)
    except (BadInput, Conflict) as error:
        return _merged(visit, error=error)
    return visit.goto(visit.url("duplicates", "decided"))


@router.get("/by-hand")
def by_hand(visit: AReviewVisit, q: str = "") -> Response:
    """Search records, to hold any two of them side by side."""
    return _by_hand(visit, q)


def _by_hand(
    visit: ReviewVisit,
    q: str,
    *,
    error: TamisError | None = None,
    chosen: Sequence[str] = (),
) -> Response:
    desk = visit.live.part(Duplicates)
    with visit.live.locked():
        return visit.page(
            "duplicates/by_hand.html.j2", code=422 if error else 200, error=error,
            chosen=chosen, tab="by-hand", overview=desk.overview(), q=q,
            found=desk.search(q),
        )  # fmt: skip


@router.get("/compare")
def compare(
    visit: AReviewVisit,
    record: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI's
    q: str = "",
) -> Response:
    """Go to the two records that were chosen."""
    if len(record) != 2:
        error = BadInput(f"{len(record)} records were chosen", "choose exactly two")
        return _by_hand(visit, q, error=error, chosen=record)
    pair = visit.live.part(Duplicates).pair(visit.person, *record)
    return visit.goto(visit.url("duplicates", "pair", pair.a.id, pair.b.id))


@router.get("/decided")
def decided(visit: AReviewVisit, skip: Annotated[int, Query(ge=0)] = 0) -> Response:
    """List what people decided, the newest first."""
    desk = visit.live.part(Duplicates)
    with visit.live.locked():
        deeds = desk.history()
        shown = deeds[skip : skip + SHOWN]
        return visit.page(
            "duplicates/decided.html.j2", tab="decided", overview=desk.overview(), deeds=shown,
            titles=desk.titles(deed for deed, _ in shown), skip=skip,
            more=len(deeds) > skip + SHOWN, step=SHOWN, may_decide=visit.may("vote"),
        )  # fmt: skip


@router.get("/related")
def related(visit: AReviewVisit, kind: str = "", page: int = 1) -> Response:
    """List the reports that are kept apart and are something to each other."""
    with visit.live.locked():
        found = visit.live.part(RelatedDesk).related(kind)
        last = max(-(-len(found.items) // ON_A_PAGE), 1)
        page = min(max(page, 1), last)
        return visit.page(
            "duplicates/related.html.j2", tab="related",
            overview=visit.live.part(Duplicates).overview(), rule_words=_rule_words(visit),
            found=found, shown=found.items[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
            kind=kind if kind in found.kinds else "", page=page, last=last,
        )  # fmt: skip


@router.get("/rules")
def rules(visit: AReviewVisit) -> Response:
    """Show how often each rule of the engine spoke."""
    overview = visit.live.part(Duplicates).overview()
    return visit.page(
        "duplicates/rules.html.j2", tab="rules", rule_words=_rule_words(visit), overview=overview
    )


@router.get("/pair/{a}/{b}")
def pair(visit: AReviewVisit, a: str, b: str) -> Response:
    """Show two records side by side."""
    return _show(visit, visit.live.part(Duplicates).pair(visit.person, a, b))


@router.post("/pair/{a}/{b}")
def decide(
    visit: AReviewVisit, a: str, b: str, *, decision: Text = "", seen: Text = "", reason: Text = ""
) -> Response:
    """Record a decision and show the next pair."""
    visit.require("vote")
    desk = visit.live.part(Duplicates)
    with visit.live.locked():
        following = desk.following((min(a, b), max(a, b)))
        try:
            done = desk.decide(
                visit.person, a, b, decision, reason=reason, seen=_SEEN.get(seen, seen)
            )
        except (BadInput, Conflict) as error:
            return _show(
                visit, desk.pair(visit.person, a, b), code=422,
                error=error, reason=reason,
            )  # fmt: skip
        coming = _following(desk, following, done)
        if coming and not done.because and not is_fragment(visit.request):
            return visit.goto(visit.url("duplicates", "pair", *coming))
        card = desk.pair(visit.person, *coming) if coming else None
    said = visit.t(f"duplicates.said_{decision}") if is_fragment(visit.request) else ""
    return _show(visit, card, said=said, done=done)


@router.post("/undo")
def undo(visit: AReviewVisit) -> Response:
    """Take back one's last decision and show its pair again."""
    visit.require("vote")
    desk = visit.live.part(Duplicates)
    with visit.live.locked():
        taken = desk.undo(visit.person)
        if taken is None:
            return _show(visit, desk.next(visit.person), said=visit.t("duplicates.nothing_back"))
        card = desk.pair(visit.person, *taken.pairs[0])
    if is_fragment(visit.request):
        return _show(visit, card, said=visit.t("duplicates.taken_back"))
    return visit.goto(visit.url("duplicates", "pair", card.a.id, card.b.id))


def _rule_words(visit: ReviewVisit) -> Callable[[str], str]:
    """Return how a rule is said; one that is not known is said by its name."""
    return partial(reads_of, language=visit.language)


def _following(
    desk: Duplicates, following: tuple[str, str] | None, done: Done
) -> tuple[str, str] | None:
    """Return the pair to show next: the one that followed, if it waits still."""
    if following and following != done.pair and desk.needs_a_person(following):
        return following
    return desk.following()


def _show(
    visit: ReviewVisit,
    card: PairView | None,
    *,
    code: int = 200,
    said: str = "",
    done: Done | None = None,
    error: BadInput | Conflict | None = None,
    reason: str = "",
) -> Response:
    template = (
        "duplicates/desk.html.j2" if is_fragment(visit.request) else "duplicates/page.html.j2"
    )
    return visit.page(
        template, code=code, tab="waiting",
        rule_words=_rule_words(visit), overview=visit.live.part(Duplicates).overview(),
        card=card, said=said, done=done, error=error, reason=reason,
        may_decide=visit.may("vote"),
    )  # fmt: skip
