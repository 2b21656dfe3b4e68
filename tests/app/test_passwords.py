"""What a password may be, and how it is kept."""

from __future__ import annotations

import threading
import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from argon2.profiles import CHEAPEST
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.app.people import passwords
from tamis.app.people.passwords import LONGEST, SHORTEST, Passwords, check_password
from tamis.domain.errors import BadInput, Conflict


def cheap() -> Passwords:
    return Passwords(PasswordHasher.from_parameters(CHEAPEST))


def test_the_hash_is_argon2id_with_the_recommended_parameters() -> None:
    stored = Passwords().hash("seven green sieves")
    found = extract_parameters(stored)
    assert found.type is Type.ID
    assert (found.memory_cost, found.time_cost) == (65536, 3)
    assert "sieves" not in stored


@given(st.text(min_size=1), st.text(min_size=1))
@settings(max_examples=40)
def test_a_password_matches_itself_and_no_other(one: str, two: str) -> None:
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", two)
    kept = cheap()
    stored = kept.hash(one)
    assert kept.matches(stored, one)
    assert kept.matches(stored, two) == same
    assert stored != kept.hash(one), "each hash has a salt of its own"


@pytest.mark.parametrize("odd", ["\ud800" * 12, "a\0" * 8, "é" * 12, "密码" * 6, " " + "x" * 10])
def test_odd_characters_are_no_error(odd: str) -> None:
    kept = cheap()
    assert kept.matches(kept.hash(odd), odd)
    assert kept.matches(kept.hash(odd), unicodedata.normalize("NFD", odd))


@pytest.mark.parametrize("stored", ["", "no hash at all", "$argon2id$v=19$broken"])
def test_where_there_is_no_hash_nothing_matches(stored: str) -> None:
    assert not cheap().matches(stored, "the password of nobody")
    assert not cheap().matches(stored, "")


def test_hashes_of_older_parameters_are_seen() -> None:
    old, new = cheap(), Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert new.is_outdated(old.hash("seven green sieves"))
    assert not new.is_outdated(new.hash("seven green sieves"))
    assert new.matches(old.hash("seven green sieves"), "seven green sieves")


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=SHORTEST, max_size=60))
def test_there_are_no_rules_of_composition(password: str) -> None:
    long_enough = len(unicodedata.normalize("NFKC", password)) >= SHORTEST
    if long_enough and not password.isspace():
        check_password(password, "p-rev-a", "Rev A")


@pytest.mark.parametrize(
    "password",
    ["", "too short", "x" * (LONGEST + 1), "p-wang-fang", "Wang Fang!", "WANG-FANG.....", " " * 12],
)
def test_what_no_password_is(password: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_password(password, "p-wang-fang", "wang-fang", "Wang Fang")
    assert not password.strip() or password not in str(caught.value)


def test_only_so_many_hashes_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    kept = cheap()
    for _ in range(passwords.AT_ONCE):
        kept._turns.acquire()
    with pytest.raises(Conflict, match="too many people"):
        kept.matches("", "x")
    kept._turns.release()
    done = threading.Thread(target=kept.hash, args=("seven green sieves",))
    done.start()
    done.join()
    assert not kept.matches("", "x"), "the turn was given back"
