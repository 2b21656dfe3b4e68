"""Write docs/reference/cli.md from the program itself.

Run ``python tools/make_cli_reference.py`` after a command has changed; a test fails until the page
says what the program does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from tamis.cli.main import app

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "cli.md"

HEAD = """\
# Commands

*Made from the program by `tools/make_cli_reference.py`. Do not edit: change the command.*

REVIEW is the folder of a review. Where it may be left out, it is the folder you stand in.

Every command takes `--help`. Every command but `serve` takes `--json` and then prints one JSON
object on standard output; its shape is in [contracts](contracts.md#json-output). Errors go to
standard error and say three things: the file and line, what is wrong, and what to do.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a check found something |
| 2 | bad input or wrong usage; nothing was changed |

| variable | meaning |
|---|---|
| `TAMIS_ACTOR` | who you are, as `p-name`, when a command is not told with `--by` |

"""

#: A line or two that people can copy, for each command.
EXAMPLES: Mapping[str, str] = {
    "demo": "tamis demo\ntamis demo practice --practice",
    "init": 'tamis init my-review --title "Drug A for disease B" --by p-ann',
    "status": "tamis status\ntamis status my-review --by p-ann --json",
    "convert": "tamis convert scopus.csv embase.ris together.ris\n"
    "tamis convert export.ris for-asreview.csv --to asreview\n"
    "tamis convert refs.bib refs.xlsx --json",
    "dedupe": "tamis dedupe pubmed.nbib embase.ris scopus.csv --out deduplicated\n"
    "tamis dedupe records.csv --out deduplicated --policy versions-are-duplicates --json",
    "changes": "tamis changes --since 2026-01-16",
    "serve": "tamis serve\ntamis serve my-review --port 8765 --by p-ann\n"
    "tamis serve reviews --team --address https://review.example.org",
    "import": "tamis import imports/2026-01-31-pubmed.nbib --source pubmed",
    "sheet": "tamis sheet --to votes.csv\ntamis sheet grades --to grades.csv\n"
    "tamis sheet votes my-review --stage full-text --by p-ann",
    "record": "tamis record votes votes.csv\ntamis record values values.csv my-review --by p-ann",
    "build": "tamis build",
    "check": "tamis check\ntamis check my-review --text abstract.txt --json",
    "verify": "tamis verify\ntamis verify my-review --json",
    "seal": 'tamis seal --deposit "registry entry, 31 January 2026"',
    "pack": "tamis pack --to my-review.tamis.zip",
    "unpack": "tamis unpack my-review.tamis.zip copy-of-my-review",
    "merge": "tamis merge ../copy-of-my-review my-review",
    "redact": 'tamis redact p-ann.9f3c12ab/17 --why "names a patient"',
    "meta": "tamis meta trials.csv --measure RR\n"
    "tamis meta trials.csv --measure RR --subgroup design --leave-one-out --json\n"
    'tamis meta trials.csv --measure RR --formula "~ dose * design" --r trials.R',
}

#: Where to read on.
SEE: Mapping[str, str] = {
    "convert": "[Convert citation files](../how-to/convert.md)",
    "demo": "[The worked review](../tutorial/worked-review.md), "
    "[the practice set](../tutorial/practice-set.md)",
    "init": "[Bring your own review](../how-to/bring-your-own-review.md)",
    "import": "[Bring your own review](../how-to/bring-your-own-review.md)",
    "sheet": "[Bring your own review](../how-to/bring-your-own-review.md)",
    "record": "[Tables that people edit](contracts.md#tables-that-people-edit)",
    "check": "[Check a text](../how-to/check-a-text.md)",
    "meta": "[Meta-analysis of a table](../how-to/meta-analysis.md)",
    "verify": "[The laws](../explanation/the-laws.md)",
    "seal": "[Seal and deposit](../how-to/seal-and-deposit.md)",
    "pack": "[Restore from a pack](../how-to/restore-from-a-pack.md)",
    "unpack": "[Restore from a pack](../how-to/restore-from-a-pack.md)",
    "redact": "[Redact](../how-to/redact.md)",
    "serve": "[Work in the browser](../how-to/workbench.md)",
    "merge": "[Work in the browser](../how-to/workbench.md#together-with-the-command-line)",
}


def commands() -> Mapping[str, Any]:
    """Return the commands by name, in the order in which a review goes through them."""
    group: Any = typer.main.get_command(app)
    found: Mapping[str, Any] = group.commands
    return found


def render() -> str:
    """Return the whole page."""
    table = ["| command | what it does |", "|---|---|"]
    table += [f"| [`{name}`](#tamis-{name}) | {item.help} |" for name, item in commands().items()]
    sections = ["\n".join(_section(name, item)) for name, item in commands().items()]
    return HEAD + "\n".join(table) + "\n\n" + "\n\n".join(sections) + "\n"


def _section(name: str, command: Any) -> Iterator[str]:
    yield f"## `tamis {name}`"
    yield ""
    yield command.help
    yield ""
    yield f"    {_usage(name, command)}"
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    for title, params in (("argument", arguments), ("option", options)):
        if params:
            yield ""
            yield f"| {title} | meaning |"
            yield "|---|---|"
            yield from (f"| {_names(p)} | {_meaning(p)} |" for p in params)
    yield ""
    yield "```"
    yield EXAMPLES[name]
    yield "```"
    if name in SEE:
        yield ""
        yield f"See: {SEE[name]}."


def _usage(name: str, command: Any) -> str:
    words = ["tamis", name]
    for param in command.params:
        if param.param_type_name == "argument":
            word = param.name.upper() + ("..." if param.nargs != 1 else "")
            words.append(word if param.required else f"[{word}]")
        elif param.required:
            words.append(f"{param.opts[0]} {_holder(param)}")
    return " ".join([*words, "[OPTIONS]"])


def _names(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.name.upper()}`"
    flag = isinstance(param.default, bool)
    return ", ".join(f"`{name}`" if flag else f"`{name} {_holder(param)}`" for name in param.opts)


def _holder(param: Any) -> str:
    return str(param.name.removeprefix("as_").upper())


def _meaning(param: Any) -> str:
    text = (param.help or "").rstrip(".") + "."
    if param.required and param.param_type_name == "option":
        return f"{text} Required."
    shown = param.default
    if isinstance(param.show_default, str):
        shown = param.show_default
    elif isinstance(shown, Path) and shown == Path():
        shown = "this folder"
    default = "" if shown in (None, "", False) or "Default" in text else f" Default: {shown}."
    return f"{text}{default}".replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE}")
