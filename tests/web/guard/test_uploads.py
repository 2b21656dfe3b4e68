"""What comes in: too long, badly named, packed as a trap."""

from __future__ import annotations

import contextlib
import gzip
import io
import unicodedata
import zipfile
from typing import Any

import pytest
from fastapi import FastAPI, UploadFile
from hypothesis import given
from hypothesis import strategies as st
from tests.web.guard.wire import echo, send

from tamis.domain.errors import BadInput
from tamis.web.guard import BodyLimit, Bounds, Upload, unpacked, upload_name

MIB = 2**20


# ------------------------------------------------------------ length
def limited(inner: Any = echo) -> BodyLimit:
    return BodyLimit(inner, most=100, at={r"/imports": 1000, r"/exact/[a-z]+": 10})


@pytest.mark.parametrize(("path", "most"), [("/", 100), ("/imports", 1000), ("/exact/a", 10),
                                            ("/imports/x", 100), ("/x/imports", 100)])  # fmt: skip
@pytest.mark.parametrize("told", [True, False])
def test_a_body_is_taken_up_to_the_limit_of_its_path(path: str, most: int, *, told: bool) -> None:
    for size, status in ((most, 200), (most + 1, 413)):
        headers = [("content-length", str(size))] if told else [("transfer-encoding", "chunked")]
        body = b"x" * size
        pieces = [body[at : at + 7] for at in range(0, size, 7)]
        assert send(limited(), "POST", path, headers=headers, body=pieces).status == status


def test_a_body_that_says_it_is_too_long_is_not_begun() -> None:
    begun = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        begun.append(scope["path"])

    headers = [("content-length", "101")]
    reply = send(limited(app), "POST", headers=headers)
    assert (reply.status, begun) == (413, [])
    assert "smaller files" in reply.text


@pytest.mark.parametrize("lie", ["0", "5", "-1", "nonsense", "", "1e9", "٣"])
def test_a_length_that_lies_is_counted(lie: str) -> None:
    lying = [("content-length", lie)] if lie.isascii() else []
    reply = send(limited(), "POST", headers=lying, body=[b"x" * 60, b"x" * 60])
    assert reply.status == 413


def test_two_lengths_count_as_the_longer() -> None:
    two = [("content-length", "1"), ("content-length", "999999")]
    assert send(limited(), "POST", headers=two, body=b"x").status == 413


def test_the_framework_stops_in_the_middle_of_an_upload() -> None:
    api = FastAPI()
    seen = []

    @api.post("/imports")
    def bring_in(file: UploadFile) -> None:
        seen.append(file.size)

    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    pieces = [head, *(b"x" * 100 for _ in range(50)), b"\r\n--B--\r\n"]
    headers = [("content-type", "multipart/form-data; boundary=B")]
    reply = send(limited(api), "POST", "/imports", headers=headers, body=pieces)
    assert (reply.status, seen) == (413, [])


# ------------------------------------------------------------ names
@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("export.ris", "export.ris"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/cron.d/x", "x"),
        ("a/b\\c.ris", "c.ris"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        (None, "file"),
        ("dir/", "file"),
        ("a\0b.ris", "ab.ris"),
        ("a\r\nSet-Cookie: x=1.ris", "aSet-Cookie_ x=1.ris"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("<img src=x onerror=alert(1)>.ris", "_img src=x onerror=alert(1)_.ris"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("name. . .", "name"),
        (".htaccess", "htaccess"),
        ("e\u0301tude.ris", "étude.ris"),
        ("狼疮.ris", "狼疮.ris"),
        ("a  \t b.ris", "a b.ris"),
    ],
)
def test_the_name_of_a_file_is_shown_without_its_tricks(told: str | None, shown: str) -> None:
    assert upload_name(told) == shown


@given(
    st.one_of(st.text(), st.text("./\\:\0\u202e CONnul1é\u0301", max_size=40)), st.integers(16, 200)
)
def test_law_a_name_is_never_a_path_and_always_a_name(told: str, longest: int) -> None:
    name = upload_name(told, longest=longest)
    assert name == unicodedata.normalize("NFC", name)
    assert 1 <= len(name.encode()) <= longest + 8
    assert not set(name) & set('/\\<>:"|?*')
    assert name not in (".", "..")
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert not [c for c in name if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert upload_name(name, longest=longest + 8) == name


def test_a_long_name_keeps_its_ending() -> None:
    name = upload_name("狼" * 500 + ".ris", longest=60)
    assert name.endswith("狼.ris")
    assert len(name.encode()) <= 60
    assert len(upload_name("x" * 500).encode()) <= 120
    assert len(upload_name("a." + "x" * 500).encode()) <= 120


# ------------------------------------------------------------ packed files
def zipped(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


PACKED = st.tuples(st.sampled_from(["a.ris", "b/c.nbib", "../../x.csv"]), st.binary(max_size=200))


@given(st.lists(PACKED, max_size=4, unique_by=lambda file: file[0]))
def test_what_was_packed_comes_out(files: list[tuple[str, bytes]]) -> None:
    expected = tuple(Upload(name=upload_name(name), data=data) for name, data in files)
    for how in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        assert unpacked("x.zip", zipped(*files, how=how)) == expected


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4), st.integers(0, 3))
def test_members_of_gzip_come_out_one_after_another(parts: list[bytes], padding: int) -> None:
    data = b"".join(gzip.compress(part) for part in parts) + b"\0" * padding
    assert unpacked("x.ris.GZ", data) == (Upload(name="x.ris", data=b"".join(parts)),)


def test_a_file_without_a_name_gets_one_and_folders_are_left_out() -> None:
    data = zipped(("?hidden", b"y"), ("folder/", b"")).replace(b"?hidden", b"\0hidden")
    assert unpacked("x.zip", data) == (Upload(name="file", data=b"y"),)


def test_what_is_not_packed_stays_as_it_is() -> None:
    assert unpacked("../a.ris", b"TY  - JOUR") == (Upload(name="a.ris", data=b"TY  - JOUR"),)
    word = zipped(("word/document.xml", b"<x/>"))
    assert unpacked("paper.docx", word) == (Upload(name="paper.docx", data=word),)
    inner = zipped(("a.ris", b"x"))
    assert unpacked("x.zip", zipped(("inner.zip", inner))) == (
        Upload(name="inner.zip", data=inner),
    )


def test_a_gzip_bomb_is_stopped_early() -> None:
    data = gzip.compress(b"\0" * (64 * MIB))
    assert len(data) < MIB // 10
    with pytest.raises(BadInput, match="far more than was sent"):
        unpacked("x.gz", data)
    spread = gzip.compress(b"\0" * (3 * MIB)) * 40  # many harmless members
    with pytest.raises(BadInput, match="far more"):
        unpacked("x.gz", spread)
    with pytest.raises(BadInput, match="far more"):
        unpacked("x.gz", gzip.compress(bytes(range(256)) * 40), bounds=Bounds(size=10_000))


def test_a_zip_bomb_is_stopped_early() -> None:
    with pytest.raises(BadInput, match="far more"):
        unpacked("x.zip", zipped(("a", b"\0" * (64 * MIB))))
    many = zipped(*((f"{n}", b"\0" * (3 * MIB)) for n in range(12)))
    with pytest.raises(BadInput, match="far more"):
        unpacked("x.zip", many)
    with pytest.raises(BadInput, match="far more"):
        unpacked("x.zip", zipped(*((f"{n}", b"") for n in range(11))), bounds=Bounds(files=10))


def test_a_list_of_contents_without_end_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(*((f"{n}", b"") for n in range(300)))
    monkeypatch.delattr("tamis.web.guard.uploads.zipfile.ZipFile")
    with pytest.raises(BadInput, match="far more"):
        unpacked("x.zip", data, bounds=Bounds(files=20))


def test_files_that_share_their_bytes_are_counted_each() -> None:
    """The bomb without nesting: many entries point to the same packed bytes."""
    data = bytearray(zipped(*((f"{n:02}", b"\0" * (5 * MIB)) for n in range(30))))
    archive = zipfile.ZipFile(io.BytesIO(data))
    at = archive.start_dir
    for _ in archive.infolist():  # let every entry point to the first file
        data[at + 42 : at + 46] = (0).to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 4)
    with pytest.raises(BadInput):
        unpacked("x.zip", bytes(data))


def test_a_size_that_lies_is_not_believed() -> None:
    data = bytearray(zipped(("a", b"\0" * (64 * MIB))))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(BadInput):
        unpacked("x.zip", bytes(data))


def test_links_passwords_and_unusual_packing_are_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BadInput, match="no plain file"):
        unpacked("x.zip", made.getvalue())
    locked = bytearray(zipped(("a", b"x")))
    locked[6] |= 1
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadInput, match="encrypted"):
        unpacked("x.zip", bytes(locked))
    with pytest.raises(BadInput, match="unusual way"):
        unpacked("x.zip", zipped(("a", b"x" * 99), how=zipfile.ZIP_LZMA))


@pytest.mark.parametrize("cut", [1, 5, 11, 20, -1, -9])
def test_what_is_damaged_is_said_so(cut: int) -> None:
    for name, data in (("x.gz", gzip.compress(b"abc" * 99)), ("x.zip", zipped(("a", b"abc" * 99)))):
        if cut < 4 and cut > 0:
            continue  # too little to tell what it is
        with pytest.raises(BadInput, match="damaged"):
            unpacked(name, data[:cut])


def test_what_follows_a_packed_file_is_not_dropped_in_silence() -> None:
    with pytest.raises(BadInput, match="damaged"):
        unpacked("x.gz", gzip.compress(b"abc") + b"TY  - JOUR")


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 255))
def test_no_broken_archive_ends_in_another_error(tail: bytes, at: int, byte: int) -> None:
    good = zipped(("a.ris", b"TY  - JOUR\n" * 20), ("b.ris", b"x"))
    for data in (b"PK\x03\x04" + tail, b"\x1f\x8b" + tail, b"PK\x05\x06" + tail,
                 good[: at % len(good)] + bytes([byte]) + good[at % len(good) + 1 :]):  # fmt: skip
        with contextlib.suppress(BadInput):
            unpacked("x", data)


def test_a_large_file_comes_out_in_linear_time() -> None:
    """Feeding the rest of the input again for each piece would copy terabytes."""
    import random

    noise = random.Random(1).randbytes(24 * MIB)
    packed = gzip.compress(noise, 1)
    assert unpacked("x.gz", packed)[0].data == noise
