"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["WebSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """How the workbench is served.

    Parameters
    ----------
    folder
        A review, or a folder whose sub-folders are reviews.
    host, port
        Where it listens; a team server behind a proxy listens on the loopback too.
    person
        Who works here when nobody has chosen a name yet (local mode), as ``p-…``.
    team
        Whether people log in. Without it everybody on this machine may do everything.
    database
        Address of the database that holds a team's people and the logs of its reviews. Empty: the
        people are kept in a file of the folder, and the logs in the folders of the reviews.
    address
        The address people type, for example ``https://review.example.org``; empty is the loopback.
    proxy
        Addresses of the proxies in front of it, with commas; only theirs are believed when they
        say where a visitor comes from. Empty: nobody is.
    upload_limit
        Largest upload in bytes.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8765
    person: str = "p-me"
    team: bool = False
    database: str = ""
    address: str = ""
    proxy: str = ""
    upload_limit: int = 200 * 1024 * 1024

    @property
    def accounts(self) -> str:
        """Address of the database of a team's people."""
        return self.database or f"sqlite:///{self.folder.resolve() / '.tamis-people.sqlite'}"

    @property
    def secure(self) -> bool:
        """Whether people reach it over https."""
        return self.address.startswith("https://")

    @property
    def public(self) -> str:
        """The address people type, without a slash at its end."""
        return (self.address or f"http://{self.host}:{self.port}").rstrip("/")
