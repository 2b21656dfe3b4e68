"""Names of the server and origins of requests: rebinding and cross-site requests are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.guard.wire import LOCAL, echo, send

from tamis.domain.errors import BadInput
from tamis.web.guard import HostGuard, OriginGuard, Site, local_path

SITE = Site.local(8765)
HOSTS = HostGuard(echo, site=SITE)
ORIGINS = OriginGuard(echo, site=SITE)


@pytest.mark.parametrize(
    "host", ["localhost:8765", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST:8765"]
)
def test_this_machine_is_answered(host: str) -> None:
    assert send(HOSTS, headers=[("host", host)]).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8765", "localhost", "localhost:80", "127.0.0.1:8766",
        "localhost:8765.evil.example", "localhost:8765@evil.example", "evil.example#localhost:8765",
        "0.0.0.0:8765", "127.1:8765", "[::ffff:127.0.0.1]:8765", "localhost.:8765", "", "(none)",
        "localhost:8765, evil.example", " localhost:8765",
    ],
)  # fmt: skip
def test_another_name_is_refused(host: str) -> None:
    """A stranger's name that leads to this machine (DNS rebinding), or a trick with the header."""
    reply = send(HOSTS, headers=[("host", host)])
    assert (reply.status, reply.text[:36]) == (400, "this server does not answer to that ")


def test_two_names_are_refused_and_forwarded_ones_are_not_believed() -> None:
    two = [("host", "localhost:8765"), ("host", "evil.example")]
    assert send(HOSTS, headers=two).status == 400
    forged = [("host", "evil.example"), ("x-forwarded-host", "localhost:8765"),
              ("forwarded", "host=localhost:8765")]  # fmt: skip
    assert send(HOSTS, headers=forged).status == 400


@pytest.mark.parametrize("guard", [HOSTS, ORIGINS])
def test_a_websocket_is_guarded_too(guard: object) -> None:
    good = [("origin", LOCAL)]
    assert send(guard, kind="websocket", headers=good).status == 101
    bad = [("host", "evil.example:8765"), ("origin", "http://evil.example:8765")]
    assert send(guard, kind="websocket", headers=bad).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": LOCAL},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "null"},  # our own form, without a referrer
        {"origin": LOCAL},
        {},  # no browser: the token of the session decides
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_from_our_own_pages_passes(headers: dict[str, str], method: str) -> None:
    assert send(ORIGINS, method, headers=list(headers.items()), body=b"x").body == b"x"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://localhost:9999"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"sec-fetch-site": "none", "origin": "null"},
        {"sec-fetch-site": ""},
        {"origin": "null"},  # a frame in a sandbox, or a file
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "https://localhost:8765"},
        {"origin": "http://localhost:8765.evil.example"},
        {"origin": "http://127.0.0.1:8765"},  # another name of ours is another origin
        {"origin": ""},
        {
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "navigate",
            "sec-fetch-dest": "document",
        },
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "FOO"])
def test_a_change_that_another_site_sends_is_refused(headers: dict[str, str], method: str) -> None:
    assert send(ORIGINS, method, headers=list(headers.items())).status == 403


def test_two_origins_must_both_be_ours() -> None:
    both = [("origin", LOCAL), ("origin", "https://evil.example")]
    assert send(ORIGINS, "POST", headers=both).status == 403


def test_a_link_from_elsewhere_opens_a_page_and_nothing_else_is_loaded_there() -> None:
    link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document")]  # fmt: skip
    assert send(ORIGINS, headers=link).status == 200
    modes = {"image": "no-cors", "script": "no-cors", "style": "no-cors", "iframe": "navigate",
             "object": "navigate", "empty": "cors"}  # fmt: skip
    for dest, mode in modes.items():
        loaded = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode),
                  ("sec-fetch-dest", dest)]  # fmt: skip
        assert send(ORIGINS, headers=loaded).status == 403, dest


@given(st.text(st.characters(codec="latin-1"), max_size=30))
def test_no_origin_passes_but_ours(text: str) -> None:
    expected = 200 if text == LOCAL else 403
    assert send(ORIGINS, "POST", headers=[("origin", text)]).status == expected


# ------------------------------------------------------------ the site
def test_a_public_site_is_read_from_its_address() -> None:
    site = Site.at("https://Review.Example.org/", "https://other.example.org:8443")
    assert site.origins == ("https://review.example.org", "https://other.example.org:8443")
    assert site.hosts == {"review.example.org", "other.example.org:8443"}
    assert site.https
    assert not SITE.https
    assert Site.at("https://übersicht.example").origins == ("https://xn--bersicht-55a.example",)
    assert Site.local(80).origins[0] == "http://localhost"
    assert Site.at("http://[2001:db8::1]:8000").hosts == {"[2001:db8::1]:8000"}


@pytest.mark.parametrize(
    "address",
    ["", "review.example.org", "ftp://x", "https://", "https://x/path", "https://u@x", "http://x:y",
     "http://[::1", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput):
        Site.at(address)


def test_addresses_are_of_one_kind() -> None:
    with pytest.raises(BadInput, match="one kind"):
        Site.at("https://a.example", "http://b.example")


# ------------------------------------------------------------ where to go after log-in
@pytest.mark.parametrize(
    "text",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "/\t/evil.example",
     "javascript:alert(1)", "", "evil", "/ /evil", "/\r\nSet-Cookie: a=b", "\u2028/"],
)  # fmt: skip
def test_nobody_is_led_elsewhere_after_log_in(text: str) -> None:
    assert local_path(text) == "/"


@given(st.text())
def test_a_way_on_is_a_path_of_this_site(text: str) -> None:
    from urllib.parse import urljoin, urlsplit

    assert urlsplit(urljoin(LOCAL, local_path(text))).netloc == "localhost:8765"
