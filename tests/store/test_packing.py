"""Archives: what goes in, what stays out, and what is refused on the way back."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.store.making import created, folder_log, vote

from tamis.domain.canonical import canonical, sha256_hex
from tamis.domain.errors import BadInput, Conflict, NotFound, StorageFailed, TamisError
from tamis.store import Fault, FaultyFiles, Limits, pack, unpack
from tamis.store.names import check_name
from tamis.store.packing import MANIFEST


@pytest.fixture
def review(tmp_path: Path) -> Path:
    root = tmp_path / "review"
    folder_log(root).append([created(), vote(1), vote(1, actor="p-rev-b")])
    contents = {
        "review.toml": b"[review]\n",
        "imports/2026-01-05-pubmed.nbib": b"PMID- 1\r\n",
        "search/pubmed.txt": b"lupus",
        "notes/Gespräch.md": b"x",
        "documents/deng2017.pdf": b"%PDF-1",
        "report/index.html": b"<html>",
        ".tamis/index.sqlite": b"cache",
        ".git/config": b"git",
        "notes/.git/config": b"git",
        ".gitignore": b".tamis/\n",
        "review.toml~": b"an editor's",
        ".DS_Store": b"a system's",
    }
    for name, data in contents.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_what_is_packed_and_what_is_left_out_by_name(review: Path, tmp_path: Path) -> None:
    done = pack(review, tmp_path / "a.zip")
    assert done.files == (
        ".gitignore",
        "imports/2026-01-05-pubmed.nbib",
        "log/p-chair.9f3c12ab.jsonl",
        "log/p-rev-a.9f3c12ab.jsonl",
        "log/p-rev-b.9f3c12ab.jsonl",
        "notes/Gespräch.md",
        "review.toml",
        "search/pubmed.txt",
    )
    assert done.left_out == ("documents/deng2017.pdf", "report/index.html")
    assert done.sha256 == sha256_hex((tmp_path / "a.zip").read_bytes())
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = archive.namelist()
        told = json.loads(archive.read(MANIFEST))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == [MANIFEST, *done.files]
    assert told["left_out"][0]["sha256"] == sha256_hex(b"%PDF-1")
    assert set(told["left_out_folders"]) == {"documents", "wording", "report", ".tamis", ".git"}


def test_the_same_review_gives_the_same_bytes(review: Path, tmp_path: Path) -> None:
    first = pack(review, tmp_path / "a.zip").sha256
    os.utime(review / "review.toml", (1, 1))
    (review / "review.toml").chmod(0o600)
    (review / ".tamis" / "index.sqlite").write_bytes(b"another cache")
    (review / "empty").mkdir()
    assert pack(review, tmp_path / "b.zip").sha256 == first
    assert pack(review, tmp_path / "a.zip").sha256 == first
    (review / "review.toml").write_bytes(b"[review]\nid = 'x'\n")
    assert pack(review, tmp_path / "c.zip").sha256 != first


def test_a_review_comes_back(review: Path, tmp_path: Path) -> None:
    pack(review, tmp_path / "a.zip")
    done = unpack(tmp_path / "a.zip", tmp_path / "there" / "copy")
    here, there = tree(review), tree(tmp_path / "there" / "copy")
    assert there == {name: here[name] for name in done.files}
    assert done.left_out == (
        ("documents/deng2017.pdf", sha256_hex(b"%PDF-1")),
        ("report/index.html", sha256_hex(b"<html>")),
    )
    assert folder_log(done.folder).verify() == ()
    assert [p.name for p in (tmp_path / "there").iterdir()] == ["copy"]


def test_an_empty_folder_may_be_there(review: Path, tmp_path: Path) -> None:
    pack(review, tmp_path / "a.zip")
    (tmp_path / "copy").mkdir()
    unpack(tmp_path / "a.zip", tmp_path / "copy")
    assert (tmp_path / "copy" / "review.toml").is_file()


def test_a_line_that_was_never_acknowledged_is_not_packed(review: Path, tmp_path: Path) -> None:
    first = pack(review, tmp_path / "a.zip").sha256
    with (review / "log" / "p-rev-a.9f3c12ab.jsonl").open("ab") as handle:
        handle.write(b'{"actor":"p-rev')
    assert pack(review, tmp_path / "b.zip").sha256 == first


def test_a_target_inside_the_review_is_refused(review: Path) -> None:
    with pytest.raises(BadInput, match="lie in the review"):
        pack(review, review / "a.zip")
    with pytest.raises(BadInput, match="lie in the review"):
        pack(review, review / "sub" / "a.zip")


def test_a_link_is_refused(review: Path, tmp_path: Path) -> None:
    (review / "search" / "link.txt").symlink_to(tmp_path)
    with pytest.raises(BadInput, match="link"):
        pack(review, tmp_path / "a.zip")


@pytest.mark.parametrize("name", ["search/a:b.txt", "con.txt", "search/end.", MANIFEST])
def test_a_name_that_not_every_system_has_is_refused(
    review: Path, tmp_path: Path, name: str
) -> None:
    (review / name).write_bytes(b"x")
    with pytest.raises(BadInput):
        pack(review, tmp_path / "a.zip")


def test_names_that_differ_only_by_case_are_refused(review: Path, tmp_path: Path) -> None:
    (review / "Review.toml").write_bytes(b"x")
    if len(list(review.glob("*eview.toml"))) == 1:
        pytest.skip("this file system ignores case")
    with pytest.raises(BadInput, match="one file on some systems"):
        pack(review, tmp_path / "a.zip")


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        pack(tmp_path / "none", tmp_path / "a.zip")


def test_a_full_disk_leaves_the_older_archive(review: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"older")
    layer = FaultyFiles([Fault(op="write", nth=1, kind="short")])
    with pytest.raises(StorageFailed):
        pack(review, tmp_path / "a.zip", files=layer)
    assert (tmp_path / "a.zip").read_bytes() == b"older"


# ---------------------------------------------------------------- archives from anybody
def archive(
    tmp_path: Path,
    content: dict[str, bytes],
    *,
    listed: dict[str, bytes] | None = None,
    change: Callable[[zipfile.ZipInfo], None] = lambda entry: None,
) -> Path:
    """Write an archive that says of itself what ``listed`` says."""
    told = {
        "format": "tamis-pack/1",
        "files": [
            {"path": name, "sha256": sha256_hex(data), "size": len(data)}
            for name, data in (content if listed is None else listed).items()
        ],
        "left_out": [],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(MANIFEST, canonical(told))
        for name, data in content.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            change(entry)
            made.writestr(entry, data)
    path = tmp_path / "given.zip"
    path.write_bytes(buffer.getvalue())
    return path


def refuse(path: Path, tmp_path: Path, kind: type[TamisError], match: str, **given: Limits) -> None:
    before = tree(tmp_path)
    with pytest.raises(kind, match=match):
        unpack(path, tmp_path / "out" / "copy", **given)
    assert tree(tmp_path) == before
    assert not (tmp_path / "out" / "copy").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "a/../../evil", "/etc/evil", "//evil", "C:/evil", "C:evil", "..\\evil", "a//b",
        "a/./b", "a/", "nul", "aux.txt", "COM1", "a\x00b", "a\nb", "end ", "what?", "x" * 300,
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path, {name: b"x"})
    refuse(path, tmp_path, BadInput, ".")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    "name",
    [".git/hooks/x", "notes/.git/config", ".GIT/config", "GIT~1/config", ".tamis/index.sqlite"],
)
def test_a_file_where_none_is_packed_is_refused(tmp_path: Path, name: str) -> None:
    refuse(archive(tmp_path, {name: b"x"}), tmp_path, BadInput, "never packs")


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    def link(entry: zipfile.ZipInfo) -> None:
        entry.create_system = 3
        entry.external_attr = 0o120777 << 16

    refuse(archive(tmp_path, {"log": b"/etc"}, change=link), tmp_path, BadInput, "is a link")


def test_two_names_that_are_one_file_are_refused(tmp_path: Path) -> None:
    refuse(archive(tmp_path, {"a": b"x", "A": b"y"}), tmp_path, BadInput, "one file")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a": b"x"})
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("a", b"y")
    refuse(path, tmp_path, BadInput, "one file")


def test_traps_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"zeros": b"\0" * 2**20})
    refuse(path, tmp_path, BadInput, "more than", limits=Limits(small=2**16))
    refuse(path, tmp_path, BadInput, "more than", limits=Limits(size=1000))
    refuse(path, tmp_path, BadInput, "more than", limits=Limits(files=1))
    assert unpack(path, tmp_path / "fine").files == ("zeros",)


def test_a_size_that_lies_is_refused(tmp_path: Path) -> None:
    """The directory says 10 bytes; what comes out is more."""
    path = archive(tmp_path, {"zeros": b"\0" * 100_000}, listed={"zeros": b"\0" * 10})
    data = path.read_bytes()
    size = (100_000).to_bytes(4, "little")
    path.write_bytes(data.replace(size, (10).to_bytes(4, "little")))
    refuse(path, tmp_path, BadInput, "damaged")


def test_an_archive_that_says_other_than_it_holds_is_refused(tmp_path: Path) -> None:
    refuse(archive(tmp_path, {"a": b"x"}, listed={}), tmp_path, BadInput, "not listed")
    refuse(archive(tmp_path, {}, listed={"a": b"x"}), tmp_path, BadInput, "absent")
    refuse(archive(tmp_path, {"a": b"x"}, listed={"a": b"y"}), tmp_path, BadInput, "not what was")
    refuse(archive(tmp_path, {"a": b"x"}, listed={"a": b"xy"}), tmp_path, BadInput, "size")


@pytest.mark.parametrize(
    "told",
    [b"", b"[]", b"{}", b'{"format":1,"files":[],"left_out":[]}', b'{"format":"tamis-pack/1"}',
     b'{"format":"tamis-pack/1","files":[{"path":"a"}],"left_out":[]}',
     b'{"format":"tamis-pack/1","files":[{"path":"a","sha256":"","size":"1"}],"left_out":[]}',
     b"\xff", b"[" * 100_000],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, told: bytes) -> None:
    path = tmp_path / "given.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(MANIFEST, told)
    refuse(path, tmp_path, BadInput, "damaged")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "given.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(MANIFEST, b'{"format":"tamis-pack/9","files":[],"left_out":[]}')
    refuse(path, tmp_path, BadInput, "does not know")


def test_other_archives_and_no_archives_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "given.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a", b"x")
    refuse(path, tmp_path, BadInput, "not made by")
    path.write_bytes(b"no archive")
    refuse(path, tmp_path, BadInput, "damaged")
    refuse(tmp_path / "none.zip", tmp_path, NotFound, "there is no file")


def test_a_folder_that_holds_something_is_refused(review: Path, tmp_path: Path) -> None:
    pack(review, tmp_path / "a.zip")
    with pytest.raises(Conflict, match="holds something"):
        unpack(tmp_path / "a.zip", review)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Conflict):
        unpack(tmp_path / "a.zip", tmp_path / "file")


def test_an_archive_cut_short_or_with_a_changed_byte_never_unpacks_as_another_review(
    review: Path, tmp_path: Path
) -> None:
    pack(review, tmp_path / "a.zip")
    whole = (tmp_path / "a.zip").read_bytes()
    unpack(tmp_path / "a.zip", tmp_path / "right")
    right = tree(tmp_path / "right")
    tried = [whole[:length] for length in range(0, len(whole), 97)]
    for at in range(0, len(whole), 23):
        changed = bytearray(whole)
        changed[at] ^= 0x20
        tried.append(bytes(changed))
    for number, data in enumerate(tried):
        (tmp_path / "b.zip").write_bytes(data)
        try:
            done = unpack(tmp_path / "b.zip", tmp_path / f"copy-{number}")
        except BadInput:
            assert not (tmp_path / f"copy-{number}").exists()
        else:  # a byte that means nothing, such as a time
            assert tree(done.folder) == right


@pytest.mark.parametrize(
    "fault",
    [Fault(op="write", nth=2, kind="short"), Fault(op="replace", nth=1, kind="full")],
    ids=lambda fault: fault.op,
)
def test_a_full_disk_leaves_nothing_behind(review: Path, tmp_path: Path, fault: Fault) -> None:
    pack(review, tmp_path / "a.zip")
    before = tree(tmp_path)
    with pytest.raises(StorageFailed):
        unpack(tmp_path / "a.zip", tmp_path / "copy", files=FaultyFiles([fault]))
    assert tree(tmp_path) == before
    assert not (tmp_path / "copy").exists()


def test_names_that_are_fine() -> None:
    for name in ("a", "a.b/c-d_e (1).txt", "log/p-rev-a.9f3c12ab.jsonl", "consent.txt", "中文.md"):
        assert check_name(name) == name
