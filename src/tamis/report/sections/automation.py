"""Statement of automation, written from the runs of engines in the log."""

from __future__ import annotations

from tamis.domain.decisions import EngineRun
from tamis.report.book import Book
from tamis.report.phrase import Phrase, counted, join, say
from tamis.report.view import Column, Table, columns, row

__all__ = ["automation", "automation_table"]

LANGUAGE_MODEL = "language model"


def automation(book: Book) -> tuple[Phrase, ...]:
    """Return the sentences of the statement."""
    runs = book.content.engine_runs
    lines = []
    if runs:
        number = book.count(
            "engines:runs",
            [run.event for run in runs],
            "set of engine runs in the log",
            "runs of engines",
        )
        lines.append(
            say(
                "The log has {n}; appendix G gives each with its settings, inputs and output.",
                n=counted(number, "run of an engine", "runs of engines"),
            )
        )
    else:
        lines.append(say("The log has no run of an engine: no step was automated."))
    models = sorted({run.engine for run in runs if _kind(run) == LANGUAGE_MODEL})
    if models:
        names = join([book.lit(name, "identifier") for name in models])
        lines.append(say("A language model was used: {m}.", m=names))
    else:
        lines.append(say("No language model was used."))
    return tuple(lines)


def _kind(run: EngineRun) -> str:
    return dict(run.settings).get("kind", "rule")


def automation_table(book: Book) -> Table | None:
    """Return one row a run (appendix G)."""
    runs = book.content.engine_runs
    if not runs:
        return None
    rows = [
        row(
            say("{e} {v}", e=book.lit(r.engine, "identifier"), v=book.lit(r.version, "setting")),
            book.text(r.stage, "label"),
            book.text(_kind(r), "setting"),
            join([say("{k} = {v}", k=book.lit(k, "identifier"), v=book.text(v, "setting", "–"))
                  for k, v in r.settings], "; ") if r.settings else "none",
            book.number(f"engine:{r.event}#inputs", len(r.inputs), digits=0, inputs=(r.event,),
                        rule="number of inputs the run names", what="inputs of an engine run"),
            book.lit(r.output[:12], "identifier") if r.output else "–",
            book.day(r.at) if r.at else "–",
        )
        for r in runs
    ]  # fmt: skip
    return Table(
        id="table-automation",
        caption="Runs of engines",
        columns=columns(
            "Engine", "Stage", "Kind", "Settings", Column(piece="Inputs", number=True),
            "Output", "On",
        ),
        rows=tuple(rows),
    )  # fmt: skip
