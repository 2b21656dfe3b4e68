"""``tamis meta``: meta-analysis of a table, without a review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import JsonOption, emit

__all__ = ["command"]


def command(
    table: Annotated[Path, typer.Argument(help="CSV: study, events1, n1, events2, n2, and so on.")],
    measure: Annotated[
        str,
        typer.Option("--measure", help="RR, OR, RD, MD, SMD, PR (proportions) or GEN (yi, vi)."),
    ],
    method: Annotated[str, typer.Option("--method", help="Estimator of tau2, or FE.")] = "REML",
    test: Annotated[
        str,
        typer.Option("--test", help="Interval: auto, adhoc (Hartung-Knapp with floor), knha or z."),
    ] = "auto",
    model: Annotated[
        str, typer.Option("--model", help="With --method GLMM: UM.FS, UM.RS, CM.EL or CM.AL.")
    ] = "",
    stopping: Annotated[
        str,
        typer.Option(
            "--stopping",
            help="end, or metafor: stop searches where metafor does, to reproduce its digits.",
        ),
    ] = "end",
    moderators: Annotated[
        str, typer.Option("--moderators", help="Columns of a meta-regression, with commas.")
    ] = "",
    formula: Annotated[
        str, typer.Option("--formula", help="The same as a formula: '~ dose * design'.")
    ] = "",
    subgroup: Annotated[
        str, typer.Option("--subgroup", help="Column of subgroups; 'subgroup' needs no naming.")
    ] = "",
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Pool without each study in turn.")
    ] = False,
    cumulative: Annotated[
        bool, typer.Option("--cumulative", help="Add the studies one by one, as they stand.")
    ] = False,
    influence: Annotated[
        bool, typer.Option("--influence", help="Say what each study does to the pool.")
    ] = False,
    asymmetry: Annotated[
        bool, typer.Option("--asymmetry", help="Egger's test, from ten studies on.")
    ] = False,
    bayes: Annotated[
        bool, typer.Option("--bayes", help="The Bayesian model with a half-normal(0.5) prior.")
    ] = False,
    heterogeneity: Annotated[
        bool, typer.Option("--heterogeneity", help="tau2, I2 and H2 with each kind of interval.")
    ] = False,
    bootstrap: Annotated[
        bool,
        typer.Option("--bootstrap", help="Bootstrap prediction interval (Nagashima 2019)."),
    ] = False,
    script: Annotated[
        Path | None, typer.Option("--r", help="Write the same analysis as a metafor script.")
    ] = None,
    plot: Annotated[
        list[Path] | None,
        typer.Option("--plot", help="Draw the result: FILE.pdf, .svg or .png; may be repeated."),
    ] = None,
    plot_kind: Annotated[
        str,
        typer.Option(
            "--plot-kind",
            help="forest, funnel, baujat, cumulative, leave-one-out, influence, bubble, labbe, "
            "radial.",
        ),
    ] = "forest",
    favours: Annotated[
        str, typer.Option("--favours", help="Sides of a forest plot: 'favours A|favours B'.")
    ] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Pool the studies of a table, or analyse its single study by small-sample methods."""
    from tamis.app.meta import MetaFiles, MetaSettings, meta_table
    from tamis.domain.errors import BadInput

    if moderators and formula:
        raise BadInput("--moderators and --formula are two ways to say the same", "give one")
    if model and method != "GLMM":
        raise BadInput(f"--model {model} says nothing to the method {method}", "add --method GLMM")
    if not plot and (favours or plot_kind != "forest"):
        raise BadInput("there is no file for the figure", "add --plot FILE.pdf")
    asked = (
        ("leave-one-out", leave_one_out),
        ("cumulative", cumulative),
        ("influence", influence),
        ("asymmetry", asymmetry),
        ("bayes", bayes),
        ("heterogeneity", heterogeneity),
        ("bootstrap", bootstrap),
    )
    done = meta_table(
        table,
        measure=measure,
        settings=MetaSettings(method=method, test=test, model=model, stopping=stopping),
        moderators=formula or [one.strip() for one in moderators.split(",") if one.strip()],
        subgroups=subgroup,
        also=[name for name, wanted in asked if wanted],
        files=MetaFiles(script=script, plots=tuple(plot or ()), kind=plot_kind, favours=favours),
    )
    emit(done.payload, done.lines, as_json=as_json, ok=not done.refused)
