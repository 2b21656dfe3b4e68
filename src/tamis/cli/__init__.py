"""The command line: one module a step."""

from tamis.cli.main import main

__all__ = ["main"]
