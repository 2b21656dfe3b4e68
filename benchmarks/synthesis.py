"""How long a pool takes, beside the peers, with the same numbers on both sides.

``python benchmarks/synthesis.py [--quick] [--peers DIR] [--json FILE]`` fits REML with the
Hartung-Knapp interval at k = 10, 100 and 1,000, and 200 replicates at k = 10; then says how cost
and memory grow with k, and how long a multiverse of 5,000 specifications takes.

Peers are no dependency of the project. ``--peers DIR`` names a virtual environment that holds
pimeta, PyMARE, PyMetaAnalysis and statsmodels; it is made and filled from the registry when it is
not there. metafor (GPL, Debian's r-cran-metafor) is run as a program when ``Rscript`` has it. A
peer that is absent is said to be. Each peer is a process of its own that starts before anything is
timed (R's start is no part of any time) and answers in turn with us, a round each.

Before a time counts, the answers must agree: estimate, standard error and limits within 0.001 of
the standard error, tau2 within 0.001 of its value or of the mean variance. A peer that differs or
raises is marked, and its time is not judged. statsmodels has no REML: there both sides fit
Paule-Mandel. Ours also gives the Q-profile interval of tau2, I², H² and the prediction interval,
which most peers' times leave out. Times are CPU milliseconds a fit: median of the rounds (least to
most).

One line a metric: ``metric ours peer ratio target holds|short|-``; exit 1 when one falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tamis.domain.results import BinaryRow
from tamis.synthesis.fit import fit
from tamis.synthesis.many import fit_many
from tamis.synthesis.multiverse import DataSet, Options, Thresholds, multiverse
from tamis.synthesis.settings import PoolSettings

FOLDER = Path(__file__).resolve().parent / "peers"
REGISTRY = ("pimeta==1.1.0", "PyMARE==0.0.13", "PyMetaAnalysis==0.9.0", "statsmodels==0.15.0")
PYTHON_PEERS = ("pimeta", "PyMARE", "PyMetaAnalysis", "statsmodels")
SIZES = (10, 100, 1000)
REPLICATES, REPLICATE_K, BATCH = 200, 10, 10_000

#: How many times faster than metafor one fit must be, by k, and one replicate of a batch.
METAFOR_TARGETS = {10: None, 100: 20.0, 1000: 100.0}
METAFOR_REPLICATE = 300.0
SPECIFICATIONS, SPECIFICATION_SECONDS = 5_000, 10.0

#: Agreement that is asked before a time counts.
TOLERANCE = 1e-3

#: One thread for everybody: CPU time counts all.
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

#: CPU seconds that a round should last, so that the clock's steps do not matter.
ROUND = 0.1

Json = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """Data sets of one size, in memory and in a file that peers read."""

    path: Path
    y: Any
    v: Any
    method: str

    @property
    def k(self) -> int:
        """Studies in a data set."""
        return int(self.y.shape[1])


@dataclass
class Answer:
    """CPU seconds a data set in each round, and what was found (R, 5)."""

    seconds: list[float]
    found: Any

    def shown(self) -> str:
        """Return median (least to most) in milliseconds."""
        least, most = min(self.seconds), max(self.seconds)
        return f"{1e3 * median(self.seconds):.4g} ms ({1e3 * least:.4g} to {1e3 * most:.4g})"


class Peer:
    """A process that answers jobs; ``said`` is its error, if any."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        ready = self._line().split()
        self.name = " ".join(ready[1:3])
        self.said = ""

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a peer ended before it answered")
        return line.strip()

    def round(self, job: Job, times: int) -> tuple[float, Any] | None:
        """Fit a job and return CPU seconds and what was found; ``None`` when it raised."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{job.path} {job.k} {job.method} {times}\n")
        self._process.stdin.flush()
        line = self._line()
        if line.startswith("error"):
            self.said = line
            return None
        numbers = [float(x) for x in line.split()]
        return numbers[0], np.array(numbers[1:]).reshape(-1, 5)


@contextmanager
def running(command: Sequence[str]) -> Iterator[Peer]:
    """Run a peer."""
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | ALONE,
    ) as process:
        try:
            yield Peer(process)
        finally:
            process.kill()


def ours(job: Job, times: int) -> tuple[float, Any]:
    """Fit a job one data set at a time, with everything a ``Fit`` has."""
    settings = PoolSettings(method=job.method, test="knha")
    start = time.process_time()
    for _ in range(times):
        made = [fit(y, v, settings) for y, v in zip(job.y, job.v, strict=True)]
    used = time.process_time() - start
    return used, np.array([(one.mu, one.se, one.low, one.high, one.tau2) for one in made])


def ours_batched(job: Job, times: int) -> tuple[float, Any]:
    """Fit a job in one call."""
    settings = PoolSettings(method=job.method, test="knha")
    start = time.process_time()
    for _ in range(times):
        one = fit_many(job.y, job.v, settings)
    used = time.process_time() - start
    return used, np.stack([one.mu, one.se, one.low, one.high, one.tau2], axis=1)


Fitter = Callable[[Job, int], "tuple[float, Any] | None"]


def in_turn(job: Job, fitters: Sequence[Fitter], rounds: int) -> list[Answer | None]:
    """Time fitters in turn; each fits so often in a round that the round lasts."""
    told = [fitter(job, 1) for fitter in fitters]
    times = [1 if one is None else max(1, round(ROUND / max(one[0], 1e-4))) for one in told]
    answers = [None if one is None else Answer([], one[1]) for one in told]
    for _ in range(rounds):
        for fitter, many, answer in zip(fitters, times, answers, strict=True):
            if answer is not None:
                done = fitter(job, many)
                assert done is not None
                answer.seconds.append(done[0] / many / len(job.y))
    return answers


def largest_difference(job: Job, one: Any, other: Any) -> float:
    """Return the largest difference in units of what is tolerated (1 is just tolerated)."""
    se = np.maximum(one[:, 1], 1e-300)[:, None]
    effect = np.abs(one[:, :4] - other[:, :4]) / (TOLERANCE * se)
    unit = TOLERANCE * np.maximum(one[:, 4], job.v.mean(axis=1))
    tau2 = np.abs(one[:, 4] - other[:, 4]) / unit
    worst = np.concatenate([effect, tau2[:, None]], axis=1)
    return float(np.nan_to_num(worst, nan=np.inf).max())


def invented(folder: Path, *, sets: int, k: int, method: str) -> Job:
    """Make effects about a mean of 0.3 with tau2 0.1 and variances from 0.01 to about 0.4."""
    chance = np.random.default_rng(1000 * sets + k)
    v = np.round(chance.gamma(2.0, 0.05, (sets, k)) + 0.01, 12)
    y = np.round(chance.normal(0.3, np.sqrt(v + 0.1)), 12)
    path = folder / f"{sets}x{k}.txt"
    np.savetxt(path, np.stack([y, v], axis=-1).reshape(-1, 2), fmt="%.12f")
    return Job(path, y, v, method)


def row(
    metric: str, sides: tuple[str, str], ratio: float | None, target: float | None, note: str = ""
) -> Json:
    """Return one line; without a target or a ratio nothing is judged."""
    judged = ratio is not None and target is not None
    return {
        "metric": metric,
        "ours": sides[0],
        "peer": sides[1],
        "ratio": "-" if ratio is None else f"{ratio:.3g}x",
        "target": "-" if target is None else f">= {target:g}x",
        "holds": (ratio >= target) if judged else None,
        "note": note,
    }


def beside(metric: str, job: Job, mine: Answer, peer: Peer, theirs: Answer | None) -> Json:
    """Compare one peer's answers with ours, and its time when they agree."""
    name = f"{metric}, {peer.name}"
    if theirs is None:
        return row(name, (mine.shown(), "raises"), None, None, peer.said)
    ratio = median(theirs.seconds) / median(mine.seconds)
    apart = largest_difference(job, mine.found, theirs.found)
    if apart > 1:
        note = f"DIFFERS, {apart:.3g} times the tolerance: not judged"
        return row(name, (mine.shown(), theirs.shown()), ratio, None, note)
    return row(name, (mine.shown(), theirs.shown()), ratio, target_for(peer, job), "same numbers")


def target_for(peer: Peer, job: Job) -> float | None:
    """Return how many times faster than a peer a job of single fits must be."""
    if not peer.name.startswith("metafor"):
        return 1.0
    return METAFOR_TARGETS.get(job.k) if len(job.y) == 1 else METAFOR_REPLICATE


def against_peers(folder: Path, peers: Sequence[Peer], rounds: int) -> Iterator[Json]:
    """Time single fits at each size, then replicates."""
    for method, some in (
        ("REML", [one for one in peers if not one.name.startswith("statsmodels")]),
        ("PM", [one for one in peers if one.name.startswith("statsmodels")]),
    ):
        if not some and method == "PM":
            continue
        for k in SIZES:
            job = invented(folder, sets=1, k=k, method=method)
            mine, *theirs = in_turn(job, [ours, *(one.round for one in some)], rounds)
            yield from lines(f"{method}+HK, k = {k}", job, mine, some, theirs)
        job = invented(folder, sets=REPLICATES, k=REPLICATE_K, method=method)
        mine, *theirs = in_turn(job, [ours_batched, *(one.round for one in some)], rounds)
        yield from lines(f"{method}+HK, a replicate of {REPLICATES}", job, mine, some, theirs)


def lines(
    metric: str, job: Job, mine: Answer | None, peers: Sequence[Peer], theirs: Sequence[Any]
) -> Iterator[Json]:
    """Yield a line a peer, or one line alone."""
    assert mine is not None
    if not peers:
        yield row(metric, (mine.shown(), "no peer here"), None, None)
    for peer, answer in zip(peers, theirs, strict=True):
        yield beside(metric, job, mine, peer, answer)


def batch(folder: Path, peers: Sequence[Peer], rounds: int) -> Iterator[Json]:
    """Time 10,000 replicates in one call; peers' times are extrapolated from 200."""
    job = invented(folder, sets=BATCH, k=REPLICATE_K, method="REML")
    few = invented(folder, sets=REPLICATES, k=REPLICATE_K, method="REML")
    (mine,) = in_turn(job, [ours_batched], rounds)
    assert mine is not None
    whole = f"{median(mine.seconds) * BATCH:.3g} s"
    yield row(f"REML+HK, {BATCH} replicates", (whole, "-"), 1 / (median(mine.seconds) * BATCH), 1.0,
              "target: 1 CPU second")  # fmt: skip
    for peer in peers:
        if not peer.name.startswith("metafor"):
            continue
        (theirs,) = in_turn(few, [peer.round], 1)
        if theirs is not None:
            took = median(theirs.seconds)
            yield row(
                f"REML+HK, {BATCH} replicates, {peer.name}",
                (whole, f"{took * BATCH:.3g} s (extrapolated from {REPLICATES})"),
                took / median(mine.seconds), METAFOR_REPLICATE,
            )  # fmt: skip


def growth(folder: Path, rounds: int, sizes: Sequence[int]) -> Iterator[Json]:
    """Say how CPU time and the highest use of memory grow from one k to the next."""
    jobs = [invented(folder, sets=1, k=k, method="REML") for k in sizes]
    took, peak = [], []
    for job in jobs:
        (answer,) = in_turn(job, [ours], rounds)
        assert answer is not None
        took.append(min(answer.seconds))
        tracemalloc.start()
        ours(job, 1)
        peak.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    for at in range(1, len(jobs)):
        step = sizes[at] / sizes[at - 1]
        name = f"k = {sizes[at]} against {sizes[at - 1]}"
        for what, values, unit in (("time", took, 1e3), ("memory", peak, 2**-20)):
            grew = values[at] / values[at - 1]
            label = "ms" if what == "time" else "MiB"
            yield {
                "metric": f"{what}, {name}",
                "ours": f"{values[at] * unit:.4g} {label}",
                "peer": f"{values[at - 1] * unit:.4g} {label}",
                "ratio": f"{grew:.3g}x",
                "target": f"<= {1.5 * step:g}x",
                "holds": grew <= 1.5 * step,
                "note": f"{values[at] / sizes[at] * (1e6 if what == 'time' else 1):.3g} "
                + ("µs a study" if what == "time" else "bytes a study"),
            }


def every_choice() -> Json:
    """Time a multiverse: 14 trials, leave-one-out sets, measures, estimators, intervals, zeros."""
    chance = np.random.default_rng(7)
    trials = tuple(
        BinaryRow(
            study=f"s{at}",
            events_1=int(chance.binomial(n, 0.06)),
            n_1=n,
            events_2=int(chance.binomial(n, 0.12)),
            n_2=n,
        )
        for at, n in enumerate(int(x) for x in chance.integers(18, 90, 14))
    )
    sets = [DataSet(rows=trials, options={"set": "all"})]
    sets += [
        DataSet(rows=trials[:at] + trials[at + 1 :], options={"set": f"without {at}"})
        for at in range(len(trials))
    ]
    sets += [
        DataSet(rows=trials[:at] + trials[at + 2 :], options={"set": f"without {at}, {at + 1}"})
        for at in range(len(trials) - 1)
    ]
    options = Options(
        measures=("RR", "OR", "RD"),
        estimators=("REML", "ML", "PM", "DL", "HE", "HS", "SJ", "FE", "MH"),
        intervals=("z", "knha", "adhoc", "adhoc-ci", "bayes"),
        zero_cells=("only0", "all"),
    )
    primary = {
        "set": "all", "measure": "RR", "estimator": "REML", "interval": "adhoc",
        "zero cells": "only0",
    }  # fmt: skip
    start = time.process_time()
    found = multiverse(sets, options, Thresholds(better="lower"), primary=primary)
    used = time.process_time() - start
    each = used / found.asked
    return row(
        f"multiverse, {SPECIFICATIONS} specifications", (f"{each * SPECIFICATIONS:.3g} s",
        f"{SPECIFICATION_SECONDS:g} s"), SPECIFICATION_SECONDS / (each * SPECIFICATIONS), 1.0,
        f"{found.asked} asked, {found.distinct} distinct, {found.refused} refused: {used:.3g} s",
    )  # fmt: skip


def environment(folder: Path) -> Path | None:
    """Return the interpreter of the peers' environment, made when there is no such folder.

    A folder that exists and is no virtual environment ends the run: nothing in it is touched.
    ``None``, and a line that says so, when the registry does not give the peers.
    """
    python = folder / "bin" / "python"
    if python.exists() and (folder / "pyvenv.cfg").exists():
        return python
    if folder.exists():
        raise SystemExit(
            f"{folder} exists and is no virtual environment; it is left as it is. "
            "Name a folder that does not exist yet, or an environment that holds the peers."
        )
    print(f"making {folder} with {', '.join(REGISTRY)}")
    venv.create(folder, with_pip=True)
    filled = subprocess.run([python, "-m", "pip", "install", "-q", *REGISTRY], check=False)
    if filled.returncode:
        shutil.rmtree(folder)
        print(f"not to be installed: {', '.join(PYTHON_PEERS)} are left out")
        return None
    return python


def commands(folder: Path | None) -> Iterator[list[str]]:
    """Yield the command of every peer that is here, and say which are not."""
    if folder is None:
        print("no --peers DIR: pimeta, PyMARE, PyMetaAnalysis and statsmodels are left out")
    elif python := environment(folder):
        yield from ([str(python), str(FOLDER / "pools.py"), name] for name in PYTHON_PEERS)
    has = (
        shutil.which("Rscript")
        and not subprocess.run(
            ["Rscript", "-e", "library(metafor)"], capture_output=True, check=False
        ).returncode
    )
    if has:
        yield ["Rscript", str(FOLDER / "pools.R")]
    else:
        print("no Rscript with metafor here: metafor is left out (Debian: r-cran-metafor)")


def main() -> int:
    """Run, print, and tell by the exit code whether every target holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, k up to 10,000")
    parser.add_argument("--peers", type=Path, help="virtual environment of the peers")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rounds = 3 if asked.quick else 7
    sizes = (1000, 10_000) if asked.quick else (1000, 10_000, 100_000, 1_000_000)
    rows: list[Json] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        peers = [stack.enter_context(running(command)) for command in commands(asked.peers)]
        for source in (
            against_peers(folder, peers, rounds),
            batch(folder, peers, rounds),
            growth(folder, rounds, sizes),
            iter([every_choice()]),
        ):
            for one in source:
                rows.append(one)
                show(one)
    if asked.json:
        asked.json.write_text(json.dumps({"unit": "CPU time", "rows": rows}, indent=1) + "\n")
    return 1 if any(one["holds"] is False for one in rows) else 0


def show(one: Json) -> None:
    """Print one line."""
    holds = {True: "holds", False: "short", None: "-"}[one["holds"]]
    print(*(one[key] for key in ("metric", "ours", "peer", "ratio", "target")), holds, one["note"],
          sep="  ", flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
