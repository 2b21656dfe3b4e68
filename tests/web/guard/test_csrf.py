"""Forged requests: every change needs the token of its own session, wherever it stands."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI, Form, UploadFile
from hypothesis import given
from hypothesis import strategies as st
from tests.web.guard.wire import echo, jar, send

from tamis.web.guard import Cookie, Csrf, Sessions, Site, holds, issue, visit_of
from tamis.web.guard.csrf import LONGEST_BEGINNING, LONGEST_FORM

COOKIE = Cookie.of(Site.local(8765))
URLENCODED = "application/x-www-form-urlencoded"


def app_of(inner: Any = echo) -> Any:
    return Sessions(Csrf(inner), cookie=COOKIE, find=lambda _: None, find_bearer=lambda _: None)


APP = app_of()


def secret() -> str:
    return secrets.token_urlsafe(32)


def asked(own: str, **more: str) -> list[tuple[str, str]]:
    return [
        ("cookie", f"{COOKIE.name}={own}"),
        *((k.replace("_", "-"), v) for k, v in more.items()),
    ]


# ------------------------------------------------------------ the token
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_token_holds_for_its_own_session_only(one: bytes, two: bytes) -> None:
    token = issue(one.hex())
    assert holds(one.hex(), token)
    assert holds(two.hex(), token) == (one == two)


def test_each_page_gets_another_text_and_the_session_cannot_be_read_from_it() -> None:
    own = secret()
    tokens = {issue(own) for _ in range(50)}
    assert len(tokens) == 50
    assert all(holds(own, token) for token in tokens)
    assert not any(own in token for token in tokens)


@given(st.text())
def test_no_made_up_token_holds(text: str) -> None:
    assert not holds("x" * 43, text)


@pytest.mark.parametrize("change", [0, 20, 43, 44, 70, -1])
def test_a_token_that_was_altered_holds_no_more(change: int) -> None:
    own = secret()
    token = issue(own)
    other = "A" if token[change] != "A" else "B"
    altered = token[:change] + other + (token[change + 1 :] if change != -1 else "")
    assert not holds(own, altered)
    assert not holds("", issue(""))


# ------------------------------------------------------------ where it stands
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "FOO"])
def test_without_the_token_nothing_changes(method: str) -> None:
    own = secret()
    assert send(APP, method, headers=asked(own)).status == 403
    assert send(APP, method, headers=asked(own, x_csrf_token="")).status == 403
    assert send(APP, method, headers=asked(own, x_csrf_token=issue(secret()))).status == 403
    assert send(APP, method, headers=asked(own, x_csrf_token=issue(own)), body=b"x").body == b"x"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_needs_none(method: str) -> None:
    assert send(APP, method).status == 200


def test_without_a_cookie_no_token_helps() -> None:
    assert send(APP, "POST", headers=[("x-csrf-token", issue(""))]).status == 403
    first = send(APP)
    again = [("cookie", jar(first)), ("x-csrf-token", issue(secret()))]
    assert send(APP, "POST", headers=again).status == 403


def test_a_wrong_header_is_not_mended_by_the_form() -> None:
    own = secret()
    body = urlencode({"csrf": issue(own)}).encode()
    headers = asked(own, x_csrf_token="wrong", content_type=URLENCODED)
    assert send(APP, "POST", headers=headers, body=body).status == 403


@given(
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=6), st.integers(1, 40)
)
def test_a_plain_form_is_handed_on_as_it_came(fields: list[tuple[str, str]], size: int) -> None:
    own = secret()
    rest = [(k, v) for k, v in fields if k != "csrf" and max(k + v + "a") < "\ud800"]
    body = urlencode([*rest, ("csrf", issue(own)), ("last", "x")], errors="replace").encode()
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    reply = send(APP, "POST", headers=asked(own, content_type=URLENCODED), body=pieces)
    assert (reply.status, reply.body) == (200, body)


@pytest.mark.parametrize(
    "body",
    [b"", b"csrf=", b"csrf=x", b"a=1&b=2", b"\xff\xfe=1", b"&&&=&", b"csrf[]=1", b"CSRF=%s"],
)
def test_a_plain_form_without_it_is_refused(body: bytes) -> None:
    own = secret()
    body = body.replace(b"%s", issue(own).encode())
    assert send(APP, "POST", headers=asked(own, content_type=URLENCODED), body=body).status == 403


def test_a_plain_form_is_read_only_so_far() -> None:
    own = secret()
    body = b"a=" + b"x" * (LONGEST_FORM + 1) + b"&csrf=" + issue(own).encode()
    pieces = [body[at : at + 65536] for at in range(0, len(body), 65536)]
    assert send(APP, "POST", headers=asked(own, content_type=URLENCODED), body=pieces).status == 403


@pytest.mark.parametrize(
    "kind",
    ["application/json", "text/plain", "", "multipart/form-data", "multipart/form-data; boundary=",
     "application/x-www-form"],
)  # fmt: skip
def test_other_bodies_need_the_header(kind: str) -> None:
    """A form of another site can be of type text/plain; its text is not searched."""
    own = secret()
    body = b'csrf=%s&{"csrf":"%s"}' % (issue(own).encode(), issue(own).encode())
    assert send(APP, "POST", headers=asked(own, content_type=kind), body=body).status == 403


# ------------------------------------------------------------ uploads
def upload(*parts: tuple[str, str, bytes]) -> bytes:
    made = b""
    for name, filename, data in parts:
        told = f'; filename="{filename}"' if filename else ""
        head = f'--B\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'
        made += head.encode() + data + b"\r\n"
    return made + b"--B--\r\n"


async def counted(app: Any, own: str, body: bytes, begun: list[int]) -> None:
    """Send an upload in pieces; the application must begin before most of them were fetched."""
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
    early = 0

    async def receive() -> dict[str, Any]:
        nonlocal early
        early += not begun
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def ignore(_: Any) -> None:
        pass

    kind = b"multipart/form-data; boundary=B"
    headers = [(b"content-type", kind), (b"cookie", f"{COOKIE.name}={own}".encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "state": {}}
    await app(scope, receive, ignore)
    assert early < 10
    assert begun[0] > 90, "and gets all of it"


def posted(own: str, body: bytes, size: int = 65536) -> Any:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    headers = asked(own, content_type="multipart/form-data; boundary=B")
    return send(APP, "POST", headers=headers, body=pieces)


@pytest.mark.parametrize("size", [1, 7, 100, 65536])
def test_an_upload_with_the_token_first_is_handed_on_as_it_came(size: int) -> None:
    own = secret()
    data = secrets.token_bytes(3_000 if size < 100 else 300_000)
    body = upload(("csrf", "", issue(own).encode()), ("files", "a.ris", data))
    reply = posted(own, body, size)
    assert (reply.status, reply.body == body) == (200, True)


def test_an_upload_is_not_read_further_than_its_first_part() -> None:
    """The bytes of a large file must not be gathered in memory to look for a token."""
    own = secret()
    body = upload(("files", "a.ris", b"x" * LONGEST_BEGINNING), ("csrf", "", issue(own).encode()))
    assert posted(own, body).status == 403
    read: list[int] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        read.append(0)
        while (await receive()).get("more_body"):
            read[0] += 1

    body = upload(("csrf", "", issue(own).encode()), ("files", "a.ris", b"x" * 10_000))
    asyncio.run(counted(app_of(inner), own, body, read))
    hidden = upload(("csrf", "a.txt", issue(own).encode()), ("files", "a.ris", b"x"))
    assert posted(own, hidden).status == 403, "a file of that name is no field"
    named = upload(("other", "", issue(own).encode()))
    assert posted(own, named).status == 403


@given(st.binary(max_size=300), st.integers(1, 50))
def test_no_broken_upload_passes_or_ends_in_an_error(body: bytes, size: int) -> None:
    assert posted("x" * 43, body or b"-", size).status == 403
    assert posted("x" * 43, b"--B\r\n" + body, size).status == 403


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=80))
def test_no_content_type_ends_in_an_error(kind: str) -> None:
    own = "x" * 43
    for prefix in ("", "multipart/form-data; ", "multipart/form-data; boundary="):
        assert send(APP, "POST", headers=asked(own, content_type=prefix + kind)).status == 403


# ------------------------------------------------------------ programs, and the framework behind it
def test_a_program_with_a_token_of_its_own_needs_none() -> None:
    seen = {}

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen["via"] = visit_of(scope).via
        await echo(scope, receive, send)

    app = Sessions(Csrf(inner), cookie=COOKIE, find=lambda _: "cookie", find_bearer=lambda t: t)
    headers = [("authorization", "Bearer tamis_x"), *asked(secret())]
    assert send(app, "POST", headers=headers, body=b"x").body == b"x"
    assert seen == {"via": "bearer"}
    for other in ("Basic abc", "bearerx y", ""):
        assert send(app, "POST", headers=[("authorization", other), *asked(secret())]).status == 403


def test_the_framework_reads_the_form_behind_the_guard() -> None:
    api = FastAPI()

    @api.post("/import")
    def bring_in(files: list[UploadFile], csrf: str = Form()) -> dict[str, Any]:
        return {"names": [f.filename for f in files], "sizes": [f.size for f in files]}

    own = secret()
    body = upload(("csrf", "", issue(own).encode()), ("files", "a.ris", b"x" * 200_000),
                  ("files", "b.ris", b"yy"))  # fmt: skip
    headers = asked(own, content_type="multipart/form-data; boundary=B")
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    reply = send(app_of(api), "POST", "/import", headers=headers, body=pieces)
    assert reply.text == '{"names":["a.ris","b.ris"],"sizes":[200000,2]}'
