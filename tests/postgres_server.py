"""A PostgreSQL server of the test run's own: a fresh cluster on loopback, gone at the end.

``initdb`` refuses to run as root, so under root everything runs as the user ``postgres`` (or
``nobody``), in a folder that belongs to that user. ``fsync`` is off: processes are killed in these
tests, and no test cuts this machine's power.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url, text

__all__ = ["fresh_schema", "postgres_url"]

_PATIENCE = 600.0


class Server:
    """One cluster in a temporary folder."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.user = _user()
        self.folder = Path(tempfile.mkdtemp(prefix="tamis-pg-"))
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self._run("initdb", "-D", self._data, "-U", "tamis", "-A", "trust", "-E", "UTF8", "-N")
        self.port, self.process = self._start()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://tamis@127.0.0.1:{self.port}/postgres"

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=60)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> tuple[int, subprocess.Popen[bytes]]:
        """Start on a free port; on another one when somebody takes it at the same moment."""
        for _ in range(10):
            port = _free_port()
            process = self._start_on(port)
            if self._ready(process):
                return port, process
        said = (self.folder / "log").read_text(errors="replace")
        return pytest.fail(f"PostgreSQL did not start:\n{said}", pytrace=False)

    def _start_on(self, port: int) -> subprocess.Popen[bytes]:
        command = [
            str(self.binaries / "postgres"), "-D", self._data, "-p", str(port),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "max_connections=30", "-c", "shared_buffers=16MB", "-c", "fsync=off",
        ]  # fmt: skip
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, **self._who())

    def _ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until this very server says so in its folder: a port may be another's."""
        told = self.folder / "data" / "postmaster.pid"
        deadline = time.monotonic() + _PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            try:
                words = told.read_text().split()
            except FileNotFoundError:  # not yet there, or gone with a server that gives up
                words = []
            if words[:1] == [str(process.pid)] and words[-1] == "ready":
                return True
            time.sleep(0.05)
        process.kill()
        process.wait()
        return False

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        done = subprocess.run(command, capture_output=True, check=False, **self._who())
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace")
            pytest.fail(f"{program} failed:\n{said}", pytrace=False)

    def _who(self) -> dict[str, object]:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        shared: dict[str, object] = {"cwd": self.folder, "env": environment}
        if self.user:
            groups: Sequence[int] = []
            shared |= {
                "user": self.user.pw_uid,
                "group": self.user.pw_gid,
                "extra_groups": groups,
            }
        return shared


_running: list[Server] = []


@pytest.fixture(scope="session")
def postgres_url(postgres_bin: Path) -> Iterator[str]:
    """Give the address of the run's own server; it is shared by all folders that import this."""
    first = not _running
    if first:
        _running.append(Server(postgres_bin))
    yield _running[0].url
    if first:
        _running.pop().stop()


def fresh_schema(url: str) -> URL:
    """Make an empty schema and return the address that leads into it."""
    name = f"fresh_{next(_schemas)}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return make_url(url).update_query_dict({"options": f"-csearch_path={name}"})


_schemas = itertools.count()


def _user() -> Any:
    """The user that the server runs as, when we are root."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return pytest.skip("PostgreSQL refuses root, and there is no other user here")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
