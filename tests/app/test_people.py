"""People and roles: who comes in, who manages whom, and that an owner is always left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.app.servers import GOOD, OTHER, Server
from tests.postgres_server import postgres_url
from tests.store.accounts import accounts, everything_in

from tamis.app.people.people import INVITATION, RESET, RoleChange
from tamis.app.people.permissions import ROLES
from tamis.domain.errors import BadInput, Conflict, NotFound, RuleBroken
from tamis.domain.kinds import KINDS
from tamis.store import Accounts, Invitation, Membership, Person
from tamis.store.dialects import memory_engine

__all__ = ["accounts", "postgres_url"]  # fixtures


@pytest.fixture
def server(accounts: Accounts) -> Server:
    return Server(accounts)


def rule_of(caught: pytest.ExceptionInfo[RuleBroken]) -> str:
    return caught.value.rule


# ------------------------------------------------------------ the first owner
def test_the_first_owner_is_made_once(server: Server) -> None:
    assert server.people.set_up("Dr Ada Lovelace", GOOD) == "p-dr-ada-lovelace"
    with pytest.raises(RuleBroken) as caught:
        server.people.set_up("Somebody Else", GOOD)
    assert rule_of(caught) == "set-up-once"
    assert server.people.open_setup() is None


def test_of_many_who_set_up_at_once_one_becomes_owner(server: Server) -> None:
    def attempt(n: int) -> bool:
        try:
            server.people.set_up(f"Person {n}", GOOD)
        except RuleBroken:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
    with server.accounts.read() as rows:
        assert rows.count(Person) == rows.count(Membership) == 1


def test_the_link_on_the_console_makes_the_first_owner(server: Server) -> None:
    first, second = server.people.open_setup(), server.people.open_setup()
    assert first
    assert second
    with pytest.raises(NotFound):
        server.people.accept(first.token, name="Stranger", password=GOOD)
    person, changes = server.people.accept(second.token, name="Owner", password=GOOD)
    assert (person, changes) == ("p-owner", ())
    assert server.enter("owner").keeps_server


@pytest.mark.parametrize(
    ("name", "log_in"),
    [("", ""), ("   ", "x1"), ("a\0b", "x1"), ("evil\u202etxt", "x1"), ("x" * 81, "x1"),
     ("王芳", ""), ("A", ""), ("Ok", "x" * 41), ("Ok", "王芳"), ("\ud800", "x1")],
)  # fmt: skip
def test_names_that_cannot_be_seen_or_typed_are_refused(
    server: Server, name: str, log_in: str
) -> None:
    with pytest.raises(BadInput):
        server.people.set_up(name, GOOD, log_in=log_in)


def test_a_chinese_name_takes_a_log_in_name_beside_it(server: Server) -> None:
    assert server.people.set_up("王芳", GOOD, log_in="Wang Fang") == "p-wang-fang"
    assert server.enter("wang-fang").name == "王芳"


# ------------------------------------------------------------ invitations
def test_somebody_is_invited_joins_and_the_log_is_told(server: Server) -> None:
    owner = server.owner()
    invited = server.people.invite(owner, "r", "reviewer")
    assert server.people.invitation(invited.token) == invited
    assert invited.token not in repr(invited)
    person, changes = server.people.accept(invited.token, name="Rev A", password=GOOD)
    assert changes == (RoleChange(review="r", member=person, roles=("reviewer",), by=person),)
    draft = changes[0].draft()
    KINDS.check(draft.kind, draft.body)
    assert (draft.actor, draft.subject) == ("p-rev-a", "p-rev-a")
    assert draft.body == {"member": "p-rev-a", "roles": ["reviewer"]}
    assert server.enter("rev-a").roles == {"r": "reviewer"}


def test_an_invitation_is_used_once(server: Server) -> None:
    invited = server.people.invite(server.owner(), "r", "reviewer")
    server.people.accept(invited.token, name="Rev A", password=GOOD)
    with pytest.raises(NotFound):
        server.people.accept(invited.token, name="Rev B", password=GOOD)
    with pytest.raises(NotFound):
        server.people.invitation(invited.token)


def test_of_many_who_use_an_invitation_at_once_one_comes_in(server: Server) -> None:
    token = server.people.invite(server.owner(), "r", "reviewer").token

    def attempt(n: int) -> bool:
        try:
            server.people.accept(token, name=f"Rev {n}", password=GOOD)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
    with server.accounts.read() as rows:
        assert rows.count(Person) == 2


def test_an_invitation_expires(server: Server) -> None:
    invited = server.people.invite(server.owner(), "r", "reviewer")
    server.clock.move(INVITATION - 1)
    server.people.invitation(invited.token)
    server.clock.move(1)
    with pytest.raises(NotFound):
        server.people.accept(invited.token, name="Rev A", password=GOOD)


@pytest.mark.parametrize("token", ["", "x" * 43, "' OR '1'='1", "\ud800"])
def test_a_made_up_invitation_is_refused_before_a_hash_is_computed(
    server: Server, token: str
) -> None:
    server.people.invite(server.owner(), "r", "reviewer")
    hashed = server.passwords.hashed
    with pytest.raises(NotFound):
        server.people.accept(token, name="Rev A", password=GOOD)
    assert server.passwords.hashed == hashed


def test_the_stored_hash_of_an_invitation_is_no_invitation(server: Server) -> None:
    owner = server.owner()
    server.people.invite(owner, "r", "reviewer")
    (row,) = server.people.invitations(owner, "r")
    with pytest.raises(NotFound):
        server.people.invitation(row.token)


def test_an_invitation_falls_with_its_maker(server: Server) -> None:
    owner = server.owner()
    second = server.join(owner, "second", "owner")
    invited = server.people.invite(second, "r", "owner")
    server.join(owner, "third", "owner")
    server.people.change_role(owner, "p-second", "r", "guest")
    with pytest.raises(NotFound):
        server.people.accept(invited.token, name="Accomplice", password=GOOD)


def test_an_invitation_can_be_withdrawn(server: Server) -> None:
    owner = server.owner()
    invited = server.people.invite(owner, "r", "reviewer")
    (row,) = server.people.invitations(owner, "r")
    with pytest.raises(NotFound):
        server.people.withdraw(owner, "other-review", row.token)
    server.people.withdraw(owner, "r", row.token)
    assert server.people.invitations(owner, "r") == ()
    with pytest.raises(NotFound):
        server.people.invitation(invited.token)


def test_a_log_in_name_is_given_once_and_the_invitation_stays_good(server: Server) -> None:
    owner = server.owner()
    invited = server.people.invite(owner, "r", "reviewer")
    with pytest.raises(Conflict):
        server.people.accept(invited.token, name="Owner", password=GOOD)
    with pytest.raises(BadInput):
        server.people.accept(invited.token, name="Rev A", password="short")
    assert server.people.accept(invited.token, name="Rev A", password=GOOD)[0] == "p-rev-a"


def test_one_account_joins_a_further_review(server: Server) -> None:
    owner = server.owner()
    rev = server.join(owner, "rev-a", "reviewer")
    invited = server.people.invite(owner, "s", "methodologist")
    changes = server.people.accept_as(invited.token, rev)
    assert changes[0].review == "s"
    assert server.enter("rev-a").roles == {"r": "reviewer", "s": "methodologist"}
    reset = server.people.reset(owner, "p-owner")
    with pytest.raises(NotFound):
        server.people.accept_as(reset.token, rev)


@pytest.mark.parametrize("review", ["", "../other", "A B", "x'--"])
def test_a_review_that_can_be_none_is_refused(server: Server, review: str) -> None:
    owner = server.owner()
    with pytest.raises(BadInput):
        server.people.invite(owner, review, "reviewer")
    with pytest.raises(BadInput):
        server.people.invite(owner, "r", "admin")


# ------------------------------------------------------------ resets
def test_a_reset_sets_a_password_and_ends_sessions_and_tokens(server: Server) -> None:
    owner = server.owner()
    rev = server.join(owner, "rev-a", "reviewer")
    session, token = server.open("rev-a").token, server.sign_in.make_token(rev, "x", ["vote"])
    first = server.people.reset(owner, "p-rev-a")
    second = server.people.reset(owner, "p-rev-a")
    with pytest.raises(NotFound):
        server.people.accept(first.token, password=OTHER)
    assert server.people.accept(second.token, password=OTHER) == ("p-rev-a", ())
    assert server.sign_in.visitor(session) is None
    assert server.sign_in.bearer(token) is None
    assert server.enter("rev-a", OTHER).roles == {"r": "reviewer"}
    with pytest.raises(NotFound):
        server.people.accept(second.token, password=GOOD)


def test_a_reset_expires_sooner(server: Server) -> None:
    owner = server.owner()
    asked = server.people.reset(owner, "p-owner")
    server.clock.move(RESET)
    with pytest.raises(NotFound):
        server.people.accept(asked.token, password=OTHER)


def test_the_console_resets_the_only_owner(server: Server) -> None:
    server.owner()
    asked = server.people.reset(None, "p-owner")
    server.people.accept(asked.token, password=OTHER)
    assert server.enter("owner", OTHER).keeps_server
    with pytest.raises(NotFound):
        server.people.reset(None, "p-nobody")


def test_an_owner_of_one_review_takes_over_no_account_of_another(server: Server) -> None:
    """Else a reset link would be a way into reviews that its maker has nothing to do with."""
    owner = server.owner()
    local = server.join(owner, "local", "owner", review="r")
    server.join(owner, "rev-a", "reviewer", review="r")
    asked = server.people.reset(local, "p-rev-a")
    server.people.change_role(owner, "p-rev-a", "secret-review", "reviewer")
    for person in ("p-rev-a", "p-owner"):
        for act in (server.people.reset, server.people.disable):
            with pytest.raises(RuleBroken) as caught:
                act(local, person)
            assert rule_of(caught) == "may-manage-people"
    with pytest.raises(NotFound):  # made when it was right, and no longer
        server.people.accept(asked.token, password=OTHER)
    assert server.enter("rev-a")


# ------------------------------------------------------------ roles
@pytest.mark.parametrize("role", ["methodologist", "reviewer", "guest", ""])
def test_only_owners_manage_people(server: Server, role: str) -> None:
    owner = server.owner()
    other = server.join(owner, "other", role or "guest", review="r" if role else "elsewhere")
    server.join(owner, "victim", "guest")
    acts = (
        lambda: server.people.invite(other, "r", "guest"),
        lambda: server.people.invite(other, "*", "owner"),
        lambda: server.people.invitations(other, "r"),
        lambda: server.people.withdraw(other, "r", "x"),
        lambda: server.people.change_role(other, "p-other", "r", "owner"),
        lambda: server.people.change_role(other, "p-other", "*", "owner"),
        lambda: server.people.reset(other, "p-victim"),
        lambda: server.people.disable(other, "p-victim"),
        lambda: server.people.members(other, "*"),
        lambda: server.people.export(other),
    )
    for act in acts:
        with pytest.raises(RuleBroken) as caught:
            act()
        assert rule_of(caught) == "may-manage-people"


def test_the_owner_of_a_review_manages_no_other(server: Server) -> None:
    owner = server.owner()
    local = server.join(owner, "local", "owner", review="r")
    server.people.invite(local, "r", "reviewer")
    for review in ("s", "*"):
        with pytest.raises(RuleBroken):
            server.people.invite(local, review, "guest")
        with pytest.raises(RuleBroken):
            server.people.change_role(local, "p-local", review, "owner")


def test_a_right_that_was_lost_a_moment_ago_counts_no_more(server: Server) -> None:
    """The visitor of a request is a picture; what changes people looks again."""
    owner = server.owner()
    second = server.join(owner, "second", "owner", review="*")
    server.people.change_role(owner, "p-second", "*", "guest")
    server.join(owner, "third", "owner", review="*")
    with pytest.raises(RuleBroken) as caught:
        server.people.change_role(second, "p-owner", "*", "guest")
    assert rule_of(caught) == "may-manage-people"


def test_a_changed_role_counts_at_once_and_is_told_to_the_log(server: Server) -> None:
    owner = server.owner()
    server.join(owner, "rev-a", "reviewer")
    token = server.open("rev-a").token
    changes = server.people.change_role(owner, "p-rev-a", "r", "methodologist")
    assert changes == (
        RoleChange(review="r", member="p-rev-a", roles=("methodologist",), by="p-owner"),
    )
    visitor = server.sign_in.visitor(token)
    assert visitor
    assert visitor.may("r", "settle")
    assert server.people.change_role(owner, "p-rev-a", "r", "methodologist") == ()
    assert server.people.change_role(owner, "p-rev-a", "r", "")[0].roles == ()
    visitor = server.sign_in.visitor(token)
    assert visitor
    assert not visitor.may("r", "read-report")
    with pytest.raises(RuleBroken) as caught:
        visitor.require("r", "vote")
    assert rule_of(caught) == "may-vote"
    with pytest.raises(NotFound):
        server.people.change_role(owner, "p-nobody", "r", "guest")


def test_a_token_manages_people_only_with_that_scope(server: Server) -> None:
    owner = server.owner()
    weak = server.sign_in.bearer(server.sign_in.make_token(owner, "weak", ["read", "export"]))
    strong = server.sign_in.bearer(server.sign_in.make_token(owner, "strong", ["manage-people"]))
    assert weak
    assert strong
    with pytest.raises(RuleBroken):
        server.people.invite(weak, "r", "owner")
    assert not weak.keeps_server
    assert strong.keeps_server
    server.people.invite(strong, "r", "guest")


def test_the_last_owner_stays(server: Server) -> None:
    owner = server.owner()
    local = server.join(owner, "local", "owner", review="r")
    acts = (
        lambda: server.people.change_role(owner, "p-owner", "*", "guest"),
        lambda: server.people.change_role(owner, "p-owner", "*", ""),
        lambda: server.people.disable(owner, "p-owner"),
        lambda: server.people.change_role(local, "p-local", "r", "reviewer"),
        lambda: server.people.change_role(owner, "p-local", "r", ""),
        lambda: server.people.disable(owner, "p-local"),
        lambda: server.people.disable(local, "p-local"),
    )
    for act in acts:
        with pytest.raises(RuleBroken) as caught:
            act()
        assert rule_of(caught) == "last-owner"


def test_two_owners_who_remove_each_other_at_once_leave_one(server: Server) -> None:
    one = server.owner()
    two = server.join(one, "two", "owner", review="*")

    def attempt(pair: tuple[object, str]) -> bool:
        by, person = pair
        try:
            server.people.disable(by, person)  # type: ignore[arg-type]
        except RuleBroken:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(attempt, [(one, "p-two"), (two, "p-owner")]))
    assert sorted(done) == [False, True]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["role", "disable", "reset"]),
        st.sampled_from(["p-owner", "p-aa", "p-bb", "p-cc"]),
        st.sampled_from(["p-owner", "p-aa", "p-bb", "p-cc"]),
        st.sampled_from(["*", "r", "s"]),
        st.sampled_from([*ROLES, "owner", ""]),
    ),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(ACTS)
def test_law_whatever_owners_do_an_owner_is_left(
    acts: list[tuple[str, str, str, str, str]],
) -> None:
    """The server always has an owner who can log in, and so has every review that ever had one."""
    server = Server(Accounts(memory_engine()))
    people = {"p-owner": server.owner()}
    for slug, review in (("p-aa", "*"), ("p-bb", "r"), ("p-cc", "r")):
        people[slug] = server.join(people["p-owner"], slug, "owner", review)
    owned = {"*", "r"}
    for what, by, person, review, role in acts:
        try:
            if what == "role":
                server.people.change_role(people[by], person, review, role)
            elif what == "disable":
                server.people.disable(people[by], person)
            else:
                asked = server.people.reset(people[by], person)
                server.people.accept(asked.token, password=GOOD)
        except (RuleBroken, NotFound):
            continue
        with server.accounts.read() as rows:
            owners = rows.all(Membership, role="owner")
            closed = {row.slug for row in rows.all(Person) if row.disabled}
        assert not closed & {row.person for row in owners}
        assert owned <= {row.review for row in owners}
        owned |= {row.review for row in owners}


# ------------------------------------------------------------ closing, listing, exporting
def test_a_closed_account_is_out_everywhere_and_its_name_stays_taken(server: Server) -> None:
    owner = server.owner()
    server.join(owner, "rev-a", "reviewer")
    server.people.change_role(owner, "p-rev-a", "s", "guest")
    changes = server.people.disable(owner, "p-rev-a")
    assert [(c.review, c.roles) for c in changes] == [("r", ()), ("s", ())]
    with pytest.raises(NotFound):
        server.people.disable(owner, "p-rev-a")
    with pytest.raises(NotFound):
        server.people.change_role(owner, "p-rev-a", "r", "reviewer")
    invited = server.people.invite(owner, "r", "reviewer")
    with pytest.raises(Conflict):
        server.people.accept(invited.token, name="rev-a", password=GOOD)
    asked = server.people.reset(owner, "p-rev-a")
    server.people.accept(asked.token, password=OTHER)
    assert server.enter("rev-a", OTHER).roles == {}, "opened again, without roles"


def test_the_people_of_a_review_are_listed_for_its_people(server: Server) -> None:
    owner = server.owner()
    guest = server.join(owner, "guest", "guest")
    server.join(owner, "rev-a", "reviewer")
    server.join(owner, "elsewhere", "reviewer", review="s")
    listed = server.people.members(guest, "r")
    assert [(m.person, m.role) for m in listed] == [("p-rev-a", "reviewer"), ("p-guest", "guest")]
    with pytest.raises(RuleBroken):
        server.people.members(guest, "s")
    everybody = server.people.members(owner, "*")
    assert [m.person for m in everybody] == ["p-owner", "p-elsewhere", "p-guest", "p-rev-a"]


def test_an_export_has_everything_but_secrets(server: Server) -> None:
    owner = server.owner()
    server.join(owner, "rev-a", "reviewer")
    server.sign_in.make_token(owner, "x", ["read"])
    server.people.invite(owner, "r", "guest")
    with pytest.raises(RuleBroken):
        server.sign_in.log_in("nobody", "x")
    exported = server.people.export(owner)
    assert {name: len(rows) for name, rows in exported.items()} == {
        "person": 2, "membership": 2, "invitation": 2, "sessionrow": 2, "apitoken": 1, "attempt": 1,
    }  # fmt: skip
    with server.accounts.read() as rows:
        secrets = {row.password for row in rows.all(Person)}
        secrets |= {row.token for row in rows.all(Invitation)}
    assert len(secrets) == 4
    assert all(secret in everything_in(server.accounts) for secret in secrets)
    assert not [secret for secret in secrets if secret in str(exported)]
    assert "argon2" not in str(exported)
