"""Serve the workbench: one process, on this machine unless told otherwise."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import replace

import uvicorn

from tamis.domain.errors import Conflict
from tamis.web.application import create_app
from tamis.web.settings import WebSettings

__all__ = ["serve"]


def serve(
    settings: WebSettings, *, show: bool = True, ready: Callable[[str], None] = lambda _: None
) -> None:
    """Serve until somebody stops it; ``ready`` is called with the address once it listens.

    With port 0 the system chooses a free one.

    Raises
    ------
    Conflict
        When something else listens on the port.
    """
    listener = _listen(settings)
    port = listener.getsockname()[1]
    settings = replace(settings, port=port)
    address = f"{settings.public}/"
    app = create_app(settings)
    first = app.team.people.open_setup() if app.team else None
    if first is not None:  # nobody has an account yet: who reads the console becomes the owner
        address += f"invitation/{first.token}"
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False,
        proxy_headers=bool(settings.proxy), forwarded_allow_ips=settings.proxy or None,
    )  # fmt: skip
    server = uvicorn.Server(config)
    threading.Thread(target=_announce, args=(server, address, show, ready), daemon=True).start()
    try:
        server.run(sockets=[listener])
    finally:
        app.close()


def _listen(settings: WebSettings) -> socket.socket:
    # The protocol is named: asyncio sends at once only on what it knows to be TCP. Else an answer
    # of two parts waits 40 ms for the other side to acknowledge the first (Nagle's algorithm).
    listener = socket.socket(
        socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
        socket.SOCK_STREAM,
        socket.IPPROTO_TCP,
    )
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Conflict(
            f"something else listens on port {settings.port}: {error.strerror}",
            "choose another one with --port, or stop the other program",
        ) from error
    return listener


def _announce(
    server: uvicorn.Server, address: str, show: bool, ready: Callable[[str], None]
) -> None:
    wait = threading.Event()
    while not server.started:
        if server.should_exit:
            return
        wait.wait(0.05)
    ready(address)
    if show:
        webbrowser.open(address)
