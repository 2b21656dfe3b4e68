"""Statement of automation, written from the runs of engines in the log (after RAISE).

Basis: Flemyng E et al. Campbell Syst Rev 2025;21:e70074. Every use is a row: ranking, stopping and
de-duplication count as automation too. That no language model was used is printed because the log
says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.decisions import EngineRun
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, counted, distinct, join, say
from tamis.report.sections.engines import ENGINES
from tamis.report.view import Column, Table, columns, row

__all__ = ["automation", "automation_table", "raise_tables"]

LANGUAGE_MODEL = "language model"

NOT_STATED = "not stated"


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
                "The log has {n}; appendix G says of each engine what it did, by which rules and "
                "who looked at it, and gives each run with its settings, inputs and output.",
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
    lines.append(say("People are responsible for every decision in this review."))
    return tuple(lines)


def _kind(run: EngineRun) -> str:
    return dict(run.settings).get("kind", "rule")


def raise_tables(book: Book) -> tuple[Table, ...]:
    """Return one table an engine: the items of RAISE as rows (appendix G)."""
    uses: dict[tuple[str, str], list[EngineRun]] = {}
    for run in book.content.engine_runs:
        uses.setdefault((run.engine, run.version), []).append(run)
    return tuple(_use(book, runs) for _, runs in sorted(uses.items()))


def _use(book: Book, runs: Sequence[EngineRun]) -> Table:
    first = runs[0]
    facts = ENGINES.get(first.engine)

    def known(name: str) -> Piece:
        return getattr(facts, name) if facts else NOT_STATED

    setting = dict(first.settings)
    days = distinct(book.day(r.at) for r in runs if r.at)
    lines: list[tuple[str, Piece]] = [
        ("Tool and version", _tool(book, first)),
        ("Developer", book.text(setting.get("developer", ""), "setting",
                                "the makers of Tamis" if facts else NOT_STATED)),
        ("Kind", book.text(_kind(first), "setting")),
        ("Where it ran", book.text(setting.get("place", ""), "setting",
                                   "on the reviewer’s own computer; nothing left it" if facts
                                   else NOT_STATED)),
        ("Dates", join(days, "; ") if days else NOT_STATED),
        ("Stage", join(distinct(book.text(r.stage, "label") for r in runs))),
        ("Task", known("task")),
        ("Role", known("role")),
        ("What it was given", known("inputs")),
        ("Rules or prompts", known("rules")),
        ("Learnt from", known("learnt")),
        ("Evidence that it works", known("validation")),
        ("Human oversight", known("oversight")),
        ("Accepted, changed, rejected", _fate(book, first.engine)),
        ("Effect on the flow", _effect(first.engine)),
        ("Limits", known("limits")),
        ("Conflicts of interest", "none declared" if facts else NOT_STATED),
        ("Code", "open source, with this program" if facts else NOT_STATED),
    ]  # fmt: skip
    return Table(
        id=f"table-raise-{first.engine}-{first.version}",
        caption=say("Use of {e}", e=_tool(book, first)),
        columns=columns("What is asked", "Answer"),
        rows=tuple(row(name, words) for name, words in lines),
    )


def _tool(book: Book, run: EngineRun) -> Phrase:
    return say("{e} {v}", e=book.lit(run.engine, "identifier"), v=book.lit(run.version, "setting"))


def _fate(book: Book, engine: str) -> Piece:
    """Return what people made of it, where the log tells."""
    if engine != "dedupe":
        return "the log keeps every decision of a person beside it; none is counted here"
    human = book.content.pairs_by_hand
    number = book.number(
        "engine:dedupe#by-people", len(human), digits=0,
        inputs=sorted({name for p in human for name in (p.a, p.b)})
        or (book.content.protocol.head.id,),
        rule="number of pairs that a person decided", what="pairs that a person decided",
    )  # fmt: skip
    return say("pairs decided by a person: {n}", n=number)


def _effect(engine: str) -> str:
    if engine == "dedupe":
        return "records that repeat another were not screened a second time; none was deleted"
    return "none: no record was left out by it"


def automation_table(book: Book) -> Table | None:
    """Return one row a run (appendix G)."""
    runs = book.content.engine_runs
    if not runs:
        return None
    rows = [
        row(
            _tool(book, r),
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
