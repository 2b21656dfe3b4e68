"""The door: log-in, delays, sessions, tokens; each attack tried and refused."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from tests.app.servers import GOOD, OTHER, CountingPasswords, Server
from tests.postgres_server import postgres_url
from tests.store.accounts import accounts, everything_in

from tamis.app.people.attempts import FORGET, RATES, Rate, Waiting, subjects
from tamis.app.people.permissions import ACTIONS
from tamis.app.people.sign_in import SignIn, SignInSettings, log_in_name
from tamis.domain.errors import BadInput, Conflict, NotFound, RuleBroken
from tamis.domain.ids import SLUG
from tamis.store import Accounts, Attempt, Person, SessionRow

__all__ = ["accounts", "postgres_url"]  # fixtures


@pytest.fixture
def server(accounts: Accounts) -> Server:
    """Give a server with an owner."""
    made = Server(accounts)
    made.people.set_up("The Owner", GOOD, log_in="owner")
    return made


def refused(server: Server, name: str, password: str, address: str = "192.0.2.9") -> str:
    with pytest.raises(RuleBroken) as caught:
        server.sign_in.log_in(name, password, address=address)
    return f"{caught.value.rule}: {caught.value}"


# ------------------------------------------------------------ log in
@pytest.mark.parametrize("name", ["owner", "p-owner", " Owner ", "P-OWNER"])
def test_a_person_logs_in_and_is_known_by_the_token(server: Server, name: str) -> None:
    opened = server.open(name)
    assert opened.person == "p-owner"
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", opened.token)
    assert opened.token not in repr(opened)
    found = server.sign_in.visitor(opened.token)
    assert found
    assert (found.person, found.name, found.roles) == ("p-owner", "The Owner", {"*": "owner"})
    assert found.may("any-review", "manage-people")


def test_every_log_in_opens_a_session_of_its_own(server: Server) -> None:
    tokens = {server.open("owner").token for _ in range(5)}
    assert len(tokens) == 5
    assert all(server.sign_in.visitor(token) for token in tokens)


def test_logging_in_again_ends_the_session_that_the_browser_had(server: Server) -> None:
    first = server.open("owner").token
    other = server.open("owner").token
    second = server.sign_in.log_in("owner", GOOD, replacing=first).token
    assert server.sign_in.visitor(first) is None
    assert server.sign_in.visitor(other)
    assert server.sign_in.visitor(second)
    with pytest.raises(RuleBroken):
        server.sign_in.log_in("owner", "not the password", replacing=second)
    assert server.sign_in.visitor(second), "a failure ends nothing"


@pytest.mark.parametrize("token", ["", "x" * 43, "' OR 1=1 --", "\ud800", "p-owner"])
def test_a_made_up_token_opens_nothing(server: Server, token: str) -> None:
    server.open("owner")
    assert server.sign_in.visitor(token) is None
    assert server.sign_in.bearer(token) is None


def test_the_hash_in_the_database_opens_nothing(server: Server) -> None:
    """Whoever reads the database cannot log in with what stands there."""
    server.open("owner")
    with server.accounts.read() as rows:
        (row,) = rows.all(SessionRow)
    assert server.sign_in.visitor(row.token) is None


def test_nothing_secret_stands_in_the_database(server: Server) -> None:
    opened = server.open("owner")
    visitor = server.enter("owner")
    api = server.sign_in.make_token(visitor, "laptop", ["read"])
    invited = server.people.invite(visitor, "r", "reviewer")
    refused(server, "my secret pass phrase", "typed in the wrong field")
    stored = everything_in(server.accounts)
    for secret in (GOOD, opened.token, api, invited.token, "secret pass phrase", "wrong field"):
        assert secret not in stored


@pytest.mark.parametrize(
    "name", ["owner", "nobody", "gone", "'; DROP TABLE x", "\ud800", "x" * 999]
)
def test_a_wrong_name_and_a_wrong_password_take_the_same_steps(server: Server, name: str) -> None:
    """The same words, the same number of comparisons, the same rows: nothing tells them apart."""
    owner = server.enter("owner")
    server.join(owner, "gone", "guest")
    server.people.disable(owner, "p-gone")
    server.passwords.compared.clear()
    said = refused(server, name, "not the password at all")
    assert said == (
        "log-in: the name or the password is not right."
        " To do: try again, or ask an owner for a new invitation."
    )
    assert len(server.passwords.compared) == 1
    with server.accounts.read() as rows:
        counted = rows.all(Attempt)
    assert sorted(row.failures for row in counted) == [1, 1]
    assert all(re.fullmatch(r"person:[0-9a-f]{5}|address:192\.0\.2\.9", row.subject)
               for row in counted)  # fmt: skip


def test_a_closed_account_is_refused_with_the_right_password_too(server: Server) -> None:
    owner = server.enter("owner")
    gone = server.join(owner, "gone", "reviewer")
    opened, api = server.open("gone"), server.sign_in.make_token(gone, "x", ["vote"])
    server.people.disable(owner, "p-gone")
    assert refused(server, "gone", GOOD).startswith("log-in:")
    assert server.sign_in.visitor(opened.token) is None
    assert server.sign_in.bearer(api) is None


def test_a_hash_of_older_parameters_is_renewed_at_log_in(server: Server) -> None:
    newer = CountingPasswords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    door = SignIn(server.accounts, clock=server.clock, passwords=newer)
    with server.accounts.read() as rows:
        before = rows.get(Person, "p-owner")
    door.log_in("owner", GOOD)
    with server.accounts.read() as rows:
        after = rows.get(Person, "p-owner")
    assert before
    assert after
    assert before.password != after.password
    assert not newer.is_outdated(after.password)
    hashed = newer.hashed
    door.log_in("owner", GOOD)
    assert newer.hashed == hashed, "renewed once"


@given(st.text(max_size=80))
def test_a_log_in_name_is_a_slug_or_nobodys(typed: str) -> None:
    slug = log_in_name(typed)
    assert slug == "p-" or (SLUG.match(slug) and len(slug) <= 64)
    assert log_in_name(slug) == slug


# ------------------------------------------------------------ delays
def test_after_some_failures_one_has_to_wait_longer_and_longer(server: Server) -> None:
    waits = []
    for _ in range(RATES["person"].free + 2 * 9):
        with pytest.raises(RuleBroken) as caught:
            server.sign_in.log_in("owner", "wrong password", address="")
        if isinstance(caught.value, Waiting):
            waits.append(caught.value.seconds)
            server.clock.move(caught.value.seconds)
    assert waits == sorted(waits)
    assert waits[:3] == [2, 4, 8]
    assert waits[-1] == RATES["person"].longest


def test_while_one_waits_nothing_is_compared_and_nothing_counted(server: Server) -> None:
    for _ in range(RATES["person"].free):
        refused(server, "owner", "wrong password")
    compared = len(server.passwords.compared)
    for _ in range(20):
        assert refused(server, "owner", GOOD).startswith("log-in-wait:"), "even the right one waits"
    assert len(server.passwords.compared) == compared
    server.clock.move(2)
    assert server.open("owner").person == "p-owner", "refused attempts made it no longer"


@pytest.mark.parametrize("name", ["owner", "nobody"])
def test_the_delay_is_the_same_for_somebody_and_nobody(server: Server, name: str) -> None:
    said = [refused(server, name, "wrong password") for _ in range(8)]
    assert said[:5] == [said[0]] * 5
    assert (
        said[5:]
        == [
            "log-in-wait: there were too many attempts to log in."
            " To do: wait 2 seconds and try again."
        ]
        * 3
    )


def test_one_address_that_tries_many_names_waits_too(server: Server) -> None:
    for n in range(RATES["address"].free):
        assert refused(server, f"name{n}", "x").startswith("log-in:")
    assert refused(server, "yet-another", "x").startswith("log-in-wait:")
    other = server.sign_in.log_in("owner", GOOD, address="198.51.100.7")
    assert other.person == "p-owner", "other addresses do not wait"


def test_without_an_address_people_do_not_wait_for_one_another(server: Server) -> None:
    for n in range(2 * RATES["address"].free):
        assert refused(server, f"name{n}", "x", address="").startswith("log-in:")
    assert server.sign_in.log_in("owner", GOOD).person == "p-owner"


def test_a_success_does_not_wash_an_address_clean(server: Server) -> None:
    """Somebody with an account cannot guess others' passwords in between."""
    address = "192.0.2.9"
    for n in range(RATES["address"].free - 1):
        refused(server, f"name{n}", "x", address)
        if n % 4 == 0:
            server.sign_in.log_in("owner", GOOD, address=address)
    refused(server, "one-more", "x", address)
    assert refused(server, "and-again", "x", address).startswith("log-in-wait:")


def test_many_attempts_at_once_are_counted_one_by_one(server: Server) -> None:
    def attempt(_: int) -> str:
        try:
            server.sign_in.log_in("owner", "wrong password", address="")
        except RuleBroken as error:
            return error.rule
        return "in"

    with ThreadPoolExecutor(12) as pool:
        rules = list(pool.map(attempt, range(24)))
    assert rules.count("log-in") == RATES["person"].free
    assert rules.count("log-in-wait") == 24 - RATES["person"].free


def test_delays_survive_a_restart_and_are_forgotten_after_a_day(server: Server) -> None:
    for _ in range(RATES["person"].free):
        refused(server, "owner", "wrong password")
    again = SignIn(server.accounts, clock=server.clock, passwords=server.passwords)
    with pytest.raises(Waiting):
        again.log_in("owner", GOOD, address="198.51.100.7")
    server.clock.move(FORGET + 1)
    again.log_in("owner", GOOD)
    with server.accounts.read() as rows:
        assert rows.count(Attempt) == 0


@given(st.integers(0, 10_000), st.integers(0, 9), st.integers(1, 60), st.integers(60, 4000))
def test_a_delay_never_shrinks_and_has_an_end(
    failures: int, free: int, first: int, end: int
) -> None:
    rate = Rate(free=free, first=first, longest=end)
    assert 0 <= rate.delay(failures) <= rate.delay(failures + 1) <= end
    assert (rate.delay(failures) == 0) == (failures < free)


def test_names_share_buckets_so_that_they_cannot_be_found_again() -> None:
    buckets = {subjects(f"p-{n}", "")[0] for n in range(3_000)}
    assert all(re.fullmatch(r"person:[0-9a-f]{5}", each) for each in buckets)
    assert len(buckets) > 2_900, "few share one"


# ------------------------------------------------------------ sessions
def test_a_session_ends_when_nobody_uses_it(server: Server) -> None:
    token = server.open("owner").token
    for _ in range(3):
        server.clock.move(server.settings.idle - 1)
        assert server.sign_in.visitor(token), "each use begins the time anew"
    server.clock.move(server.settings.idle)
    assert server.sign_in.visitor(token) is None


def test_a_session_ends_after_some_days_even_when_used(server: Server) -> None:
    opened = server.open("owner")
    passed = 0
    while passed + 3600 < server.settings.absolute:
        server.clock.move(3600)
        passed += 3600
        assert server.sign_in.visitor(opened.token)
    server.clock.move(3600)
    assert server.sign_in.visitor(opened.token) is None
    assert opened.seconds == server.settings.absolute
    server.clock.move(1)
    server.open("owner")
    with server.accounts.read() as rows:
        assert rows.count(SessionRow) == 1, "the ended one is swept away"


def test_the_last_use_is_written_only_now_and_then(server: Server) -> None:
    token = server.open("owner").token

    def seen() -> str:
        with server.accounts.read() as rows:
            return rows.all(SessionRow)[0].seen

    before = seen()
    server.clock.move(30)
    server.sign_in.visitor(token)
    assert seen() == before
    server.clock.move(31)
    server.sign_in.visitor(token)
    assert seen() == server.clock.now()


def test_log_out_ends_this_session_and_no_other(server: Server) -> None:
    one, two = server.open("owner").token, server.open("owner").token
    server.sign_in.log_out(one)
    server.sign_in.log_out(one)
    assert server.sign_in.visitor(one) is None
    assert server.sign_in.visitor(two)


def test_log_out_everywhere_ends_all_of_one_person(server: Server) -> None:
    owner = server.enter("owner")
    guest = server.join(owner, "guest", "guest")
    tokens = [server.open("owner").token for _ in range(3)]
    other = server.open("guest").token
    assert server.sign_in.log_out_everywhere(owner) == 4
    assert not any(server.sign_in.visitor(token) for token in tokens)
    assert server.sign_in.visitor(other) == replace(
        guest, session=server.sign_in.visitor(other).session  # type: ignore[union-attr]
    )  # fmt: skip


def test_the_list_of_sessions_shows_browsers_and_opens_none(server: Server) -> None:
    server.sign_in.log_in("owner", GOOD, agent="Firefox\r\nSet-Cookie: x=1\0 é" + "y" * 500)
    visitor = server.enter("owner")
    shown = server.sign_in.sessions(visitor)
    assert len(shown) == 2
    assert {row.token for row in shown} == {""}
    agents = {row.agent for row in shown}
    assert all(len(agent) <= 100 and agent.isprintable() for agent in agents)
    server.clock.move(server.settings.absolute)
    assert server.sign_in.sessions(visitor) == ()


def test_a_changed_password_ends_the_other_sessions(server: Server) -> None:
    stolen = server.open("owner").token
    mine = server.enter("owner")
    opened = server.sign_in.change_password(mine, GOOD, OTHER)
    assert server.sign_in.visitor(stolen) is None
    assert server.sign_in.visitor(opened.token)
    assert refused(server, "owner", GOOD).startswith("log-in:")
    assert server.enter("owner", OTHER)


def test_a_stolen_session_cannot_guess_the_old_password(server: Server) -> None:
    mine = server.enter("owner")
    rules = []
    for _ in range(7):
        with pytest.raises(RuleBroken) as caught:
            server.sign_in.change_password(mine, "a guess of it", OTHER)
        rules.append(caught.value.rule)
    assert rules == ["log-in"] * 5 + ["log-in-wait"] * 2


@pytest.mark.parametrize("new", ["short", "The  Owner", "p-owner", "OWNER"])
def test_a_bad_new_password_changes_nothing(server: Server, new: str) -> None:
    mine = server.enter("owner")
    with pytest.raises(BadInput):
        server.sign_in.change_password(mine, GOOD, new)
    assert server.enter("owner")


def test_a_session_of_a_password_that_was_changed_meanwhile_is_not_opened(server: Server) -> None:
    """Between proof and opening somebody else changes the password: the proof is void."""
    visitor = server.enter("owner")
    plain = server.passwords.matches

    def slow(stored: str, password: str) -> bool:
        same = plain(stored, password)
        server.passwords.matches = plain  # type: ignore[method-assign]
        server.sign_in.change_password(visitor, GOOD, OTHER)
        return same

    server.passwords.matches = slow  # type: ignore[method-assign]
    assert refused(server, "owner", GOOD).startswith("log-in:")


# ------------------------------------------------------------ tokens for programs
def test_a_token_speaks_for_its_person_within_its_scopes(server: Server) -> None:
    owner = server.enter("owner")
    reviewer = server.join(owner, "rev-a", "reviewer")
    token = server.sign_in.make_token(reviewer, "my  script", ["vote", "export"])
    assert token.startswith("tamis_")
    found = server.sign_in.bearer(token)
    assert found
    assert found.person == "p-rev-a"
    allowed = {action for action in ACTIONS if found.may("r", action)}
    assert allowed == {"vote"}, "neither more than the role, nor more than the scopes"
    assert not any(found.may("other", action) for action in ACTIONS)
    assert server.sign_in.visitor(token) is None, "it is no cookie"
    (shown,) = server.sign_in.tokens(reviewer)
    assert (shown.name, shown.token, shown.used) == ("my script", "", server.clock.now())


def test_a_session_is_no_token_for_programs(server: Server) -> None:
    assert server.sign_in.bearer(server.open("owner").token) is None


def test_a_revoked_or_expired_token_opens_nothing(server: Server) -> None:
    owner = server.enter("owner")
    one = server.sign_in.make_token(owner, "one", ["read"], days=1)
    two = server.sign_in.make_token(owner, "two", ["read"], days=2)
    server.sign_in.revoke_token(owner, "two")
    assert server.sign_in.bearer(one)
    assert server.sign_in.bearer(two) is None
    server.clock.move(24 * 3600)
    assert server.sign_in.bearer(one) is None
    with pytest.raises(NotFound):
        server.sign_in.revoke_token(owner, "two")


def test_nobody_revokes_the_token_of_another(server: Server) -> None:
    owner = server.enter("owner")
    token = server.sign_in.make_token(owner, "one", ["read"])
    guest = server.join(owner, "guest", "guest")
    with pytest.raises(NotFound):
        server.sign_in.revoke_token(guest, "one")
    assert server.sign_in.bearer(token)


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("x", [], 9), ("x", ["everything"], 9), ("", ["read"], 9), ("x", ["read"], 0),
     ("x", ["read"], 366), ("a\0b", ["read"], 9)],
)  # fmt: skip
def test_a_token_without_name_scope_or_end_is_refused(
    server: Server, name: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(BadInput):
        server.sign_in.make_token(server.enter("owner"), name, scopes, days=days)


def test_tokens_have_names_of_their_own_and_are_few(server: Server) -> None:
    owner = server.enter("owner")
    server.sign_in.make_token(owner, "0", ["read"])
    with pytest.raises(Conflict):
        server.sign_in.make_token(owner, "0", ["read"])
    for n in range(1, server.settings.tokens):
        server.sign_in.make_token(owner, str(n), ["read"])
    with pytest.raises(Conflict):
        server.sign_in.make_token(owner, "one too many", ["read"])


def test_a_token_never_makes_tokens_nor_locks_its_person_out(server: Server) -> None:
    owner = server.enter("owner")
    program = server.sign_in.bearer(server.sign_in.make_token(owner, "all", ACTIONS))
    assert program
    forbidden = (
        lambda: server.sign_in.make_token(program, "more", ["read"]),
        lambda: server.sign_in.revoke_token(program, "all"),
        lambda: server.sign_in.change_password(program, GOOD, OTHER),
        lambda: server.sign_in.log_out_everywhere(program),
        lambda: server.people.accept_as("x", program),
    )
    for act in forbidden:
        with pytest.raises(RuleBroken, match="a token cannot do this"):
            act()


def test_settings_are_a_value() -> None:
    assert SignInSettings() == SignInSettings()
    assert SignInSettings().idle < SignInSettings().absolute
