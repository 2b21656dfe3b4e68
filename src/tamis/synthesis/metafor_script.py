"""The same analysis as a script for R's metafor, for who wants to see it elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from tamis.synthesis.meta import MetaResult, MetaSettings
from tamis.synthesis.regression.formula import read_formula
from tamis.synthesis.requested import read_labels, read_moderators
from tamis.synthesis.strata import METHODS
from tamis.synthesis.table import CountedRow, read_rows
from tamis.synthesis.tabular import rows_of

__all__ = ["metafor_script"]

#: Our names of numbers -> the arguments of metafor's ``escalc``, by the kind of row.
_ARGUMENTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "BinaryRow": {"events_1": "ai", "n_1": "n1i", "events_2": "ci", "n_2": "n2i"},
        "MeansRow": {"mean_1": "m1i", "sd_1": "sd1i", "n_1": "n1i",
                     "mean_2": "m2i", "sd_2": "sd2i", "n_2": "n2i"},
        "ProportionRow": {"events": "xi", "n": "ni"},
        "RateRow": {"events_1": "x1i", "time_1": "t1i", "events_2": "x2i", "time_2": "t2i"},
        "SingleRateRow": {"events": "xi", "time": "ti"},
        "CorrelationRow": {"r": "ri", "n": "ni"},
        "PairedRow": {"mean_1": "m1i", "sd_1": "sd1i", "mean_2": "m2i", "sd_2": "sd2i",
                      "n": "ni", "correlation": "ri"},
        "EffectRow": {"y": "yi", "v": "vi"},
    }
)  # fmt: skip

#: What was asked for -> the line that does it.
_ALSO: Mapping[str, str] = MappingProxyType(
    {
        "leave-one-out": "print(leave1out(beside))",
        "cumulative": "print(cumul(beside))",
        "influence": "print(influence(beside))",
        "asymmetry": 'print(regtest(beside, model = "lm", predictor = "sei"))',
        "bayes": "# Bayes: bayesmeta(dat$yi, sqrt(dat$vi), "
        "tau.prior = function(t) dhalfnormal(t, scale = 0.5))",
    }
)

#: Ratios of means, which metafor corrects as we do from 5.0 on.
_CORRECTED = ("ROM", "CVR", "ROMC", "CVRC")
_OLDER = (
    'if (packageVersion("metafor") < "5.0") '
    'message("metafor before 5.0 does not correct the means of a ratio: effects differ a little")'
)


def metafor_script(
    rows: object,
    *,
    measure: str,
    settings: MetaSettings,
    done: MetaResult,
    moderators: Sequence[str] | str = (),
    subgroups: str = "",
    also: Sequence[str] = (),
) -> str:
    """Return the script; it holds the data and needs no file.

    Parameters
    ----------
    rows, measure, settings, moderators, subgroups, also
        As they were given to ``meta_analyse``.
    done
        What it returned; its estimate stands in the last line as a comment.

    Examples
    --------
    >>> from tamis.synthesis.meta import meta_analyse
    >>> rows = [{"yi": 0.1, "vi": 0.02}, {"yi": 0.3, "vi": 0.05}]
    >>> made = metafor_script(rows, measure="MD", settings=MetaSettings(),
    ...                       done=meta_analyse(rows, measure="MD"))
    >>> 'rma(yi, vi, data = dat, method = "REML", test = "adhoc", level = 95)' in made
    True
    """
    table = rows_of(rows, {})
    found = read_rows(table, measure=measure)
    lines = ["library(metafor)", *_data(found)]
    asked = read_moderators(moderators, table, name="table") if moderators else None
    groups = subgroups or ("subgroup" if table and "subgroup" in table[0] else "")
    columns = dict(asked.columns) if asked else {}
    if groups:
        columns[groups] = list(read_labels(groups, table, name="table"))
    lines += [f"dat[[{_text(name)}]] <- {_vector(cells)}" for name, cells in columns.items()]
    lines += _pool(found, measure, settings)
    beside = settings.beside()
    usual = (
        f"data = dat, method = {_text(beside.method)}, "
        f"test = {_text(beside.resolved_test)}, level = {_percent(settings.level)}"
    )
    if moderators or groups or also:
        lines.append(f"beside <- rma(yi, vi, {usual})")
    if moderators:
        lines.append(f"print(rma(yi, vi, mods = {_formula(moderators)}, {usual}))")
    lines += _between(groups, usual)
    lines += [_ALSO[name] for name in also if name in _ALSO]
    if done.pooled is not None:
        lines.append(f"# Tamis: {done.pooled.y!r} on the analysis scale, {done.pooled.method}")
    return "\n".join(lines) + "\n"


def _data(found: Sequence[CountedRow]) -> Iterator[str]:
    kind = _ARGUMENTS[type(found[0]).__name__] if found else {}
    yield f"dat <- data.frame(study = {_vector([row.study for row in found])})"
    for ours, theirs in kind.items():
        yield f"dat${theirs} <- {_vector([getattr(row, ours) for row in found])}"


def _pool(found: Sequence[CountedRow], measure: str, settings: MetaSettings) -> Iterator[str]:
    if not found:
        return
    kind = type(found[0]).__name__
    arguments = ", ".join(f"{one} = {one}" for one in _ARGUMENTS[kind].values())
    by_model = settings.method == "GLMM" or (measure == "PR" and kind == "ProportionRow")
    asked = "PLO" if measure == "PR" and by_model else measure
    if measure in _CORRECTED:
        yield _OLDER
    if kind != "EffectRow":
        yield f"dat <- escalc(measure = {_text(asked)}, {arguments}, data = dat, slab = study)"
    level = f"level = {_percent(settings.level)}"
    if settings.method in METHODS:
        name = "mh" if settings.method == "MH" else "peto"
        chosen = f"measure = {_text(measure)}, " if name == "mh" else ""
        yield f"res <- rma.{name}({chosen}{arguments}, data = dat, {level})"
    elif by_model:
        model = f", model = {_text(settings.model)}" if settings.model else ""
        yield f"res <- rma.glmm(measure = {_text(asked)}, {arguments}, data = dat{model}, {level})"
    else:
        pooling = settings.pooling()
        yield (
            f"res <- rma(yi, vi, data = dat, method = {_text(pooling.method)}, "
            f"test = {_text(pooling.resolved_test)}, {level})"
        )
    yield "print(res)"


def _between(groups: str, usual: str) -> Iterator[str]:
    """Yield the pools of the subgroups and the test between them, each with its own tau2."""
    if not groups:
        return
    split = f"split(dat, dat[[{_text(groups)}]])"
    one = usual.replace("data = dat", "data = one")
    normal = re.sub(r'test = "\w+"', 'test = "z"', one)
    yield f"print(lapply({split}, function(one) rma(yi, vi, {one})))"
    yield f"wald <- lapply({split}, function(one) rma(yi, vi, {normal}))"
    yield "between <- data.frame(name = names(wald), yi = sapply(wald, coef), "
    yield "                      vi = sapply(wald, vcov))"
    yield 'print(rma(yi, vi, mods = ~ name, data = between, method = "FE"))'


def _formula(moderators: Sequence[str] | str) -> str:
    if not isinstance(moderators, str):
        return "~ " + " + ".join(":".join(f"`{n}`" for n in one.split(":")) for one in moderators)
    read = read_formula(moderators)
    terms = [":".join(f"`{name}`" for name in term) for term in read.terms]
    return "~ " + " + ".join([*([] if read.intercept else ["0"]), *terms])


def _vector(cells: Sequence[object]) -> str:
    return "c(" + ", ".join(_text(c) if isinstance(c, str) else repr(c) for c in cells) + ")"


def _text(value: str) -> str:
    """Return a text as R reads it, whatever quotes it holds."""
    return json.dumps(value, ensure_ascii=False)


def _percent(level: str) -> str:
    return f"{100 * float(level):g}"
