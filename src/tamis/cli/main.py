"""The ``tamis`` program: puts the commands together and turns errors into exit codes.

Exit codes: 0 done, 1 a check found something, 2 bad input or usage.
"""

from __future__ import annotations

import sys

import typer

from tamis import __version__
from tamis.cli import (
    build,
    changes,
    check,
    convert,
    dedupe,
    demo,
    import_,
    init,
    merge,
    meta,
    pack,
    record,
    redact,
    seal,
    serve,
    sheet,
    status,
    unpack,
    verify,
)
from tamis.cli.output import complain
from tamis.domain.errors import TamisError

__all__ = ["app", "main"]

app = typer.Typer(
    name="tamis",
    help="A whole systematic review, whose conclusion cannot say more than the evidence does.",
    epilog="Start with 'tamis demo'. In a review folder, 'tamis status' says the next step.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

#: Command name -> its function, in the order a review goes through them.
COMMANDS = (
    ("demo", demo.command),
    ("init", init.command),
    ("status", status.command),
    ("changes", changes.command),
    ("serve", serve.command),
    ("import", import_.command),
    ("convert", convert.command),
    ("sheet", sheet.command),
    ("record", record.command),
    ("build", build.command),
    ("check", check.command),
    ("verify", verify.command),
    ("seal", seal.command),
    ("pack", pack.command),
    ("unpack", unpack.command),
    ("merge", merge.command),
    ("redact", redact.command),
    ("dedupe", dedupe.command),
    ("meta", meta.command),
)

for _name, _command in COMMANDS:
    app.command(_name)(_command)


def _version(value: bool) -> None:
    if value:
        print(f"tamis {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the program; every error Tamis raises on purpose becomes one message and code 2."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # Windows consoles are not UTF-8 by default
            reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except TamisError as error:
        complain(error, as_json="--json" in sys.argv)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped; nothing that was not acknowledged is kept", file=sys.stderr)
        sys.exit(2)
