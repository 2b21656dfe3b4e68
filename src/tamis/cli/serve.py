"""``tamis serve``: the workbench in the browser."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import ByOption

__all__ = ["command"]

#: The room of the browser. It and this one do not import each other: the program joins them here.
_WEB = "tamis.web"


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="[REVIEW|DIR]", help="A review, or a folder of reviews.")
    ] = Path(),
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8765,
    by: Annotated[str, ByOption] = "",
    team: Annotated[bool, typer.Option("--team", help="People log in, with roles.")] = False,
    database: Annotated[
        str,
        typer.Option(
            envvar="TAMIS_DATABASE",
            help="Where the logs are kept, and with --team the people too: "
            "postgresql+psycopg://… or sqlite:///file. Default: files in DIR.",
            show_default=False,
        ),
    ] = "",
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    address: Annotated[
        str, typer.Option(help="The address people type, for example https://review.example.org.")
    ] = "",
    proxy: Annotated[
        str,
        typer.Option(
            help="Address of the proxy in front of it, whose X-Forwarded-For is believed.",
            show_default=False,
        ),
    ] = "",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Do the review in a browser: on this machine without an account, or with --team for many.

    A team's logs stay in the folders of its reviews unless --database names PostgreSQL.
    """
    from tamis.app.identity import person

    web = importlib.import_module(_WEB)
    settings = web.WebSettings(
        folder=folder, port=port, host=host, address=address, person=person(by),
        team=team, database=database, proxy=proxy,
    )  # fmt: skip
    web.serve(
        settings,
        show=not no_browser,
        ready=lambda address: print(f"Tamis is at {address}  (Ctrl+C stops it)", flush=True),
    )
