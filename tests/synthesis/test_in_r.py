"""The scripts of ``tamis meta --r`` run in R: no error, and metafor prints what we print.

One R process runs them all; on a machine without Rscript and metafor the test is skipped, visibly.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import demand

from tamis.domain.results import PooledResult
from tamis.synthesis import EffectSettings, meta_analyse, metafor_script
from tamis.synthesis.meta_settings import MetaSettings

TABLES = [
    {"study": s, "ai": a, "n1i": m, "ci": c, "n2i": n, "dose": d, "design": w}
    for s, a, m, c, n, d, w in (
        ("Ada 2001", 4, 123, 11, 139, 1.0, "cross"),
        ("Bo 2003", 6, 306, 29, 303, 2.0, "cross"),
        ("O'Neil 2004", 3, 231, 11, 220, 3.5, "parallel"),
        ("Dee 2006", 62, 1359, 24, 1286, 1.5, "parallel"),
        ("Eve 2009", 0, 50, 4, 58, 2.5, "cross"),
        ("Fay 2010", 18, 154, 37, 145, 3.0, "parallel"),
    )
]
MEANS = [
    {"study": s, "m1i": a, "sd1i": 2.0 + a / 9, "n1i": n, "m2i": c, "sd2i": 2.4, "n2i": n + 3}
    for s, a, c, n in (("A", 9.1, 10.4, 20), ("B", 8.0, 11.1, 34), ("C", 9.7, 9.9, 12))
]
SHARES = [{"study": s, "xi": x, "ni": n} for s, x, n in (("A", 36, 81), ("B", 9, 12), ("C", 3, 3))]
RATES = [
    {"study": s, "x1i": a, "t1i": t, "x2i": c, "t2i": u}
    for s, a, t, c, u in (("A", 5, 90.5, 9, 88), ("B", 12, 210, 14, 190), ("C", 2, 40, 7, 44))
]
PLAIN = [
    {"study": s, "yi": y, "vi": v}
    for s, y, v in (("A", 0.1, 0.02), ("B", 0.7, 0.03), ("C", 0.3, 0.05), ("D", -0.2, 0.04))
]

#: Name -> rows, measure, settings, what else is asked.
ASKED: dict[str, tuple[list[dict[str, Any]], str, dict[str, str], dict[str, Any]]] = {
    "rr": (TABLES, "RR", {}, {"also": ("leave-one-out", "cumulative", "influence", "asymmetry")}),
    "or-moderators": (TABLES, "OR", {"test": "knha"}, {"moderators": "~ dose + design"}),
    "rd-subgroups": (TABLES, "RD", {"method": "DL", "test": "z"}, {"subgroups": "design"}),
    "mh": (TABLES, "RR", {"method": "MH"}, {}),
    "peto": (TABLES, "OR", {"method": "PETO"}, {}),
    "md": (MEANS, "MD", {}, {}),
    "smd": (MEANS, "SMD", {"method": "PM"}, {}),
    "rom": (MEANS, "ROM", {"method": "FE"}, {}),
    "pr-model": (SHARES, "PR", {}, {}),
    "irr": (RATES, "IRR", {"method": "ML", "level": "0.90"}, {}),
    "effects": (PLAIN, "MD", {"method": "SJ"}, {"also": ("bayes",)}),
}

#: Before 5.0 metafor corrected the spread of ratios of means only; the script says so.
CORRECTS = {True: "sd", False: "full"}

#: Fields of the fit, as JSON; the script calls it ``res``.
TELL = (
    "write(jsonlite::toJSON(list(y = as.vector(res$beta), se = res$se, low = res$ci.lb, "
    "high = res$ci.ub, tau2 = res$tau2), digits = NA), file = {target})"
)

R = shutil.which("Rscript")


def version() -> str:
    """Return the version of metafor, empty where R, metafor or jsonlite is absent."""
    if R is None:
        return ""
    asked = "library(jsonlite); cat(as.character(packageVersion('metafor')))"
    return subprocess.run([R, "-e", asked], capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, dict[str, list[float]]]]:
    demand("r")
    found = version()
    folder = tmp_path_factory.mktemp("r")
    lines, done = ["options(warn = 1)"], {}
    for name, (rows, measure, chosen, more) in ASKED.items():
        settings = MetaSettings(**chosen, effects=EffectSettings(correction=CORRECTS[found < "5"]))
        result = meta_analyse(rows, measure=measure, settings=settings, **more)
        made = metafor_script(rows, measure=measure, settings=settings, done=result, **more)
        tell = TELL.format(target=json.dumps(str(folder / f"{name}.json")))
        lines.append(f"local({{\n{made}\n{tell}\n}})")
        done[name] = result
    script = folder / "all.R"
    script.write_text("\n".join(lines), "utf-8")
    ran = subprocess.run([str(R), str(script)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return {
        name: (one, json.loads(Path(folder, f"{name}.json").read_text("utf-8")))
        for name, one in done.items()
    }


@pytest.mark.parametrize("name", ASKED)
def test_metafor_prints_what_we_print(told: dict[str, Any], name: str) -> None:
    result, theirs = told[name]
    pooled = result.pooled
    assert isinstance(pooled, PooledResult)
    # Default control in the script: iterations of the engine end at 1e-5 of tau2, models at 2e-3.
    near = 5e-3 if name == "pr-model" else 2e-4
    assert pooled.y == pytest.approx(theirs["y"][0], rel=near, abs=1e-5)
    assert pooled.se == pytest.approx(theirs["se"][0], rel=near)
    if name != "pr-model":  # the interval shown there is the profile's
        assert (pooled.y_low, pooled.y_high) == pytest.approx(
            (theirs["low"][0], theirs["high"][0]), rel=near, abs=1e-4
        )
    if pooled.tau2 is not None:
        assert pooled.tau2 == pytest.approx(theirs["tau2"][0], rel=5e-3, abs=2e-5)


def test_the_script_says_which_metafor_corrects_ratios() -> None:
    """Needs no R: the line stands where a ratio of means is pooled, and nowhere else."""
    for measure, rows in (("ROM", MEANS), ("MD", MEANS)):
        done = meta_analyse(rows, measure=measure)
        made = metafor_script(rows, measure=measure, settings=MetaSettings(), done=done)
        assert ('packageVersion("metafor") < "5.0"' in made) == (measure == "ROM")
