"""The named traps through both doors: ``tamis meta`` and ``meta_analyse`` agree, and are right.

The numbers and who fails on what: ``tests/synthesis/test_traps.py`` and ``validation/README.md``.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Tamis

from tamis.synthesis import meta_analyse
from tamis.synthesis.meta_settings import MetaSettings

SHIPPED = Path(__file__).parents[2] / "validation" / "metafor" / "reference.json"

Rows = list[dict[str, Any]]


def effects(y: list[float], v: list[float]) -> Rows:
    return [
        {"study": f"s{at}", "yi": a, "vi": b} for at, (a, b) in enumerate(zip(y, v, strict=True))
    ]


def tables(*counts: tuple[int, int, int, int]) -> Rows:
    names = ("events1", "n1", "events2", "n2")
    return [
        {"study": f"s{at}", **dict(zip(names, row, strict=True))} for at, row in enumerate(counts)
    ]


def shares(*counts: tuple[int, int]) -> Rows:
    return [{"study": f"s{at}", "events": x, "n": n} for at, (x, n) in enumerate(counts)]


def shipped(name: str) -> Rows:
    cases = json.loads(SHIPPED.read_text("utf-8"))["cases"]
    held = next(c["inputs"] for c in cases if c["id"].startswith(name) and "yi" in c["inputs"])
    return effects(held["yi"], held["vi"])


ZEROS = tables((0, 20, 2, 20), (0, 15, 0, 15), (3, 40, 5, 41), (1, 25, 0, 24), (0, 30, 4, 60))
FULL = tables((20, 20, 19, 19), (18, 18, 18, 18), (10, 12, 6, 12))
WIDE = effects([0.1, 0.5, -0.3, 2.0], [1e-6, 0.1, 0.2, 10.0])

#: Trap -> rows, measure, method, test, and what must come (keys of ``--json``).
TRAPS: dict[str, tuple[Rows, str, str, str, dict[str, float | None]]] = {
    "two modes": (shipped("gibson2002/MD/"), "MD", "REML", "z",
                  {"tau2": 9.67921, "estimate": -2.45703, "ci_low": -4.54249}),
    "no convergence elsewhere": (shipped("normand1999/MD/"), "MD", "REML", "auto",
                                 {"tau2": 684.6462}),
    "profile limits": (shares((36, 81), (9, 12), (3, 3), (7, 9)), "PR", "REML", "auto",
                       {"estimate": 0.67433, "ci_low": 0.43297, "ci_high": 0.92888}),
    "one study": (effects([0.3], [0.02]), "GEN", "REML", "auto",
                  {"k": 1, "tau2": None, "estimate": 0.3}),
    "one table": (tables((9, 12, 5, 6)), "RD", "REML", "auto",
                  {"k": 1, "tau2": None, "ci_low": -0.396957, "ci_high": 0.344941}),
    "two studies": (effects([0.1, 0.9], [0.02, 0.03]), "GEN", "REML", "knha",
                    {"estimate": 0.49375, "tau2": 0.295, "ci_low": -4.58811}),
    "no heterogeneity": (effects([0.20, 0.21, 0.19, 0.205], [0.04, 0.05, 0.06, 0.03]), "GEN",
                         "REML", "auto", {"tau2": 0.0, "ci_low": -0.12441, "ci_high": 0.52862}),
    "equal effects": (effects([0.5] * 4, [0.01, 0.02, 0.03, 0.04]), "GEN", "REML", "auto",
                      {"estimate": 0.5, "ci_low": 0.27951, "ci_high": 0.72049}),
    "double zeros, MH": (ZEROS, "OR", "MH", "auto", {"log_estimate": -0.92925}),
    "double zeros, Peto": (ZEROS, "OR", "PETO", "auto", {"log_estimate": -0.81683}),
    "double zeros, model": (ZEROS, "OR", "GLMM", "auto", {}),
    "double zeros, REML": (ZEROS, "RR", "REML", "auto", {}),
    "everybody, MH": (FULL, "RR", "MH", "auto", {}),
    "everybody, REML": (FULL, "OR", "REML", "auto", {}),
    "variance ratio 1e7": (WIDE, "GEN", "REML", "z", {"estimate": 0.1, "ci_low": 0.09804}),
    "variance ratio 1e7, floor": (WIDE, "GEN", "REML", "adhoc", {"ci_low": 0.09682}),
}  # fmt: skip

#: Data that say nothing: rows, measure, method, and the rule of the refusal.
NOTHING: dict[str, tuple[Rows, str, str, str]] = {
    "only double zeros": (tables((0, 20, 0, 20), (0, 15, 0, 15)), "OR", "MH", "no-information"),
    "only full shares": (shares((8, 8), (12, 12)), "PR", "GLMM", "nothing-to-model"),
}


def written(rows: Rows, folder: Path) -> Path:
    file = folder / "trap.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


def numbers(found: object) -> Iterator[float]:
    if isinstance(found, Mapping):
        for value in found.values():
            yield from numbers(value)
    elif isinstance(found, list):
        for value in found:
            yield from numbers(value)
    elif isinstance(found, float):
        yield found


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_through_both_doors(tamis: Tamis, tmp_path: Path, trap: str) -> None:
    rows, measure, method, test, expected = TRAPS[trap]
    file = written(rows, tmp_path)
    done = tamis("meta", file, "--measure", measure, "--method", method, "--test", test, "--json")
    assert done.code == 0, done.err
    assert "NaN" not in done.out
    assert "Infinity" not in done.out
    assert all(math.isfinite(one) for one in numbers(done.json))
    for name, value in expected.items():
        near = value if value is None else pytest.approx(value, rel=1e-6, abs=2e-5)
        assert done.json[name] == near, name
    own = meta_analyse(rows, measure=measure, settings=MetaSettings(method=method, test=test))
    direct = json.loads(json.dumps(own.to_dict()))
    for name in ("k", "estimate", "ci_low", "ci_high", "tau2", "i2"):
        assert done.json.get(name) == direct.get(name), name
    told = tamis("meta", file, "--measure", measure, "--method", method, "--test", test)
    assert told.code == 0
    assert "nan" not in told.out.lower().split()
    if len(rows) == 1:
        assert "othing is pooled" in told.out


@pytest.mark.parametrize("trap", NOTHING)
def test_data_that_say_nothing_are_refused_in_words(
    tamis: Tamis, tmp_path: Path, trap: str
) -> None:
    rows, measure, method, rule = NOTHING[trap]
    own = meta_analyse(rows, measure=measure, settings=MetaSettings(method=method))
    assert own.pooled is None
    assert own.refused is not None
    assert own.refused.rule == rule
    file = written(rows, tmp_path)
    done = tamis("meta", file, "--measure", measure, "--method", method)
    assert own.refused.message in done.out + done.err
    assert "Traceback" not in done.err
    asked = tamis("meta", file, "--measure", measure, "--method", method, "--json")
    assert "NaN" not in asked.out
    assert not {"ci_low", "estimate"} & {k for k, v in asked.json.items() if v is not None}


#: One wrong cell a table: measure, header, good row, bad row, and the column that is named.
BAD = {
    "not a number": ("RR", "study,events1,n1,events2,n2", "a,5,9,3,9", "b,five,9,3,9", "events1"),
    "more events than people": ("OR", "study,events1,n1,events2,n2", "a,5,9,3,9", "b,2,9,10,9",
                                "events2"),
    "negative events": ("OR", "study,events1,n1,events2,n2", "a,5,9,3,9", "b,-1,9,3,9", "events1"),
    "negative SD": ("MD", "study,mean1,sd1,n1,mean2,sd2,n2", "a,5,2,9,4,2,9", "b,5,2,9,4,-2,9",
                    "sd2"),
    "lower above upper": ("HR", "study,estimate,lower,upper", "a,0.8,0.6,1.1", "b,0.8,1.1,0.6",
                          "lower"),
    "no variance": ("GEN", "study,yi,vi", "a,0.1,0.02", "b,0.1,", "vi"),
    "negative variance": ("GEN", "study,yi,vi", "a,0.1,0.02", "b,0.1,-0.02", "vi"),
    "a study twice": ("GEN", "study,yi,vi", "a,0.1,0.02", "a,0.3,0.04", "study"),
    "no people": ("PR", "study,events,n", "a,1,9", "b,0,0", "events"),
    "not finite": ("GEN", "study,yi,vi", "a,0.1,0.02", "b,inf,0.02", "yi"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", BAD)
def test_a_bad_row_is_one_message_with_line_and_column(
    tamis: Tamis, tmp_path: Path, wrong: str
) -> None:
    measure, header, good, bad, column = BAD[wrong]
    file = tmp_path / "bad.csv"
    file.write_text("\n".join((header, good, bad)) + "\n", "utf-8")
    done = tamis("meta", file, "--measure", measure)
    assert done.code == 2
    assert len(done.err.splitlines()) == 1, done.err
    assert f"bad.csv:3 [{column}]" in done.err
    assert done.out == ""
    asked = tamis("meta", file, "--measure", measure, "--json")
    assert asked.code == 2
    assert [one["where"].endswith(f"bad.csv:3 [{column}]") for one in asked.json["errors"]] == [
        True
    ]
