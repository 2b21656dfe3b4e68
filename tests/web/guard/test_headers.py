"""Headers: every response carries them, whatever the application says."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.guard.wire import send

from tamis.web.guard import PAGE_POLICY, SecureHeaders, report_policy, source_of


def saying(status: int = 200, **headers: str) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        told = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": b""})

    return app


def test_every_response_carries_them() -> None:
    reply = send(SecureHeaders(saying(404), https=False))
    assert (
        reply.one("content-security-policy")
        == PAGE_POLICY
        == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
            " base-uri 'none'"
        )
    )
    assert reply.one("x-content-type-options") == "nosniff"
    assert reply.one("x-frame-options") == "DENY"
    assert reply.one("referrer-policy") == "same-origin"
    assert "camera=()" in reply.one("permissions-policy")
    assert reply.one("cross-origin-opener-policy") == "same-origin"
    assert reply.one("cross-origin-resource-policy") == "same-origin"
    assert reply.one("cache-control") == "no-store"
    assert reply.all("strict-transport-security") == []


def test_an_encrypted_server_insists_on_it() -> None:
    reply = send(SecureHeaders(saying(), https=True))
    assert reply.one("strict-transport-security") == "max-age=31536000"


def test_no_route_can_loosen_them() -> None:
    loose = saying(
        content_security_policy="default-src *", x_frame_options="ALLOWALL",
        cache_control="public, max-age=9", referrer_policy="unsafe-url",
    )  # fmt: skip
    reply = send(SecureHeaders(loose, https=False, cached=["/static"]), path="/page")
    assert reply.one("content-security-policy") == PAGE_POLICY
    assert reply.one("x-frame-options") == "DENY"
    assert reply.one("referrer-policy") == "same-origin"
    assert reply.one("cache-control") == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [("/static/a.js", 200, True), ("/static/a.js", 304, True), ("/static/a.js", 404, False),
     ("/statics/a.js", 200, False), ("/", 200, False)],
)  # fmt: skip
def test_only_files_that_are_the_same_for_all_may_be_kept(
    path: str, status: int, *, kept: bool
) -> None:
    app = SecureHeaders(saying(status, cache_control="max-age=9"), https=False, cached=["/static"])
    assert send(app, path=path).one("cache-control") == ("max-age=9" if kept else "no-store")
    silent = SecureHeaders(saying(status), https=False, cached=["/static"])
    assert send(silent, path=path).one("cache-control") == "no-store"


def test_the_report_has_a_policy_of_its_own_on_its_path_alone() -> None:
    policies = {r"/reviews/[^/]+/report": report_policy()}
    app = SecureHeaders(saying(), https=False, policies=policies)
    assert "sandbox" in send(app, path="/reviews/r/report").one("content-security-policy")
    for path in ("/reviews/r/report/x", "/x/reviews/r/report", "/reviews/r/reports",
                 "/reviews/a/b/report", "/reviews/r/report\n"):  # fmt: skip
        assert send(app, path=path).one("content-security-policy") == PAGE_POLICY


def test_the_report_is_in_a_sandbox_and_runs_named_scripts_only() -> None:
    plain = report_policy()
    assert "script-src 'none'" in plain
    assert "allow-scripts" not in plain
    named = report_policy(scripts=[source_of("let a = 1;")])
    assert f"script-src {source_of('let a = 1;')}" in named
    assert "allow-scripts" in named
    for policy in (plain, named):
        directives = dict(part.partition(" ")[::2] for part in policy.split("; "))
        assert directives["default-src"] == "'none'"
        assert "connect-src" not in directives
        assert directives["form-action"] == "'none'"
        assert "allow-same-origin" not in directives["sandbox"]
        assert "'unsafe-inline'" not in directives["script-src"]
