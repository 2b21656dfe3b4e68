"""Inputs of a case as rows of the product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from validation.families.cases import (
    Inputs,
)

from tamis.domain.results import (
    BinaryRow,
    CorrelationRow,
    EffectRow,
    MeansRow,
    PairedRow,
    ProportionRow,
    RateRow,
    SingleRateRow,
)


def tables(inputs: Inputs) -> list[BinaryRow]:
    columns = (inputs["ai"], inputs["n1i"], inputs["ci"], inputs["n2i"])
    return [
        BinaryRow(study=str(at), events_1=a, n_1=n1, events_2=c, n_2=n2)
        for at, (a, n1, c, n2) in enumerate(zip(*columns, strict=True), start=1)
    ]


def means(inputs: Inputs) -> list[MeansRow]:
    names = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
    return [
        MeansRow(study=str(at), mean_1=m1, sd_1=s1, n_1=n1, mean_2=m2, sd_2=s2, n_2=n2)
        for at, (m1, s1, n1, m2, s2, n2) in enumerate(
            zip(*(inputs[name] for name in names), strict=True), start=1
        )
    ]


def shares(inputs: Inputs) -> list[ProportionRow]:
    pairs = zip(inputs["xi"], inputs["ni"], strict=True)
    return [ProportionRow(study=str(at), events=x, n=n) for at, (x, n) in enumerate(pairs, start=1)]


def as_effects(inputs: Inputs) -> list[EffectRow]:
    pairs = zip(inputs["yi"], inputs["vi"], strict=True)
    return [EffectRow(study=str(at), y=y, v=v) for at, (y, v) in enumerate(pairs, start=1)]


def rates(inputs: Inputs) -> list[RateRow]:
    columns = (inputs["x1i"], inputs["t1i"], inputs["x2i"], inputs["t2i"])
    return [
        RateRow(study=str(at), events_1=x1, time_1=t1, events_2=x2, time_2=t2)
        for at, (x1, t1, x2, t2) in enumerate(zip(*columns, strict=True), start=1)
    ]


def single_rates(inputs: Inputs) -> list[SingleRateRow]:
    pairs = zip(inputs["xi"], inputs["ti"], strict=True)
    return [SingleRateRow(study=str(at), events=x, time=t) for at, (x, t) in enumerate(pairs, 1)]


def correlations(inputs: Inputs) -> list[CorrelationRow]:
    pairs = zip(inputs["ri"], inputs["ni"], strict=True)
    return [CorrelationRow(study=str(at), r=r, n=n) for at, (r, n) in enumerate(pairs, start=1)]


def pairs(inputs: Inputs) -> list[PairedRow]:
    names = ("m1i", "sd1i", "m2i", "sd2i", "ni", "ri")
    return [
        PairedRow(study=str(at), mean_1=m1, sd_1=s1, mean_2=m2, sd_2=s2, n=n, correlation=r)
        for at, (m1, s1, m2, s2, n, r) in enumerate(
            zip(*(inputs[name] for name in names), strict=True), start=1
        )
    ]


ROWS: Mapping[str, Callable[[Inputs], list[Any]]] = {
    "binary": tables,
    "means": means,
    "proportion": shares,
    "rates": rates,
    "rate": single_rates,
    "correlation": correlations,
    "paired": pairs,
}
