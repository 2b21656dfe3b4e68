"""The mark of an installation: one per installation and folder, and always eight hex digits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tamis.store import Fault, FaultyFiles, replica_of


def test_it_is_drawn_once(tmp_path: Path) -> None:
    review, home = tmp_path / "review", tmp_path / "home"
    first = replica_of(review, home=home)
    assert re.fullmatch(r"[0-9a-f]{8}", first)
    assert replica_of(review, home=home) == first


def test_another_machine_and_another_copy_have_another(tmp_path: Path) -> None:
    here = replica_of(tmp_path / "review", home=tmp_path / "home")
    there = replica_of(tmp_path / "review", home=tmp_path / "other home")
    copied = replica_of(tmp_path / "copy", home=tmp_path / "home")
    assert len({here, there, copied}) == 3


def test_the_way_to_the_folder_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "review").mkdir()
    monkeypatch.chdir(tmp_path)
    assert replica_of(Path("review"), home=tmp_path) == replica_of(
        tmp_path / "review" / ".." / "review", home=tmp_path
    )


def test_the_environment_names_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAMIS_HOME", str(tmp_path / "there"))
    replica_of(tmp_path / "review")
    assert (tmp_path / "there" / "installation").is_file()


def test_the_settings_folder_is_this_persons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAMIS_HOME", raising=False)
    for variable in ("HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path))
    replica_of(tmp_path / "review")
    assert list(tmp_path.rglob("installation"))


def test_a_spoilt_id_is_drawn_again(tmp_path: Path) -> None:
    (tmp_path / "installation").write_bytes(b"not hex")
    first = replica_of(tmp_path / "review", home=tmp_path)
    assert replica_of(tmp_path / "review", home=tmp_path) == first


def test_where_nothing_can_be_kept_every_command_has_its_own(tmp_path: Path) -> None:
    layer = FaultyFiles([Fault(op="write", nth=n, kind="read-only") for n in (1, 2)])
    first = replica_of(tmp_path / "review", home=tmp_path / "home", files=layer)
    second = replica_of(tmp_path / "review", home=tmp_path / "home", files=layer)
    assert first != second
