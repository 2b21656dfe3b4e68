"""Engine runs: one event a run, never written twice for the same engine, settings and inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tamis.app.review import Review
from tamis.domain.canonical import sha256_hex
from tamis.domain.decisions import EngineRun
from tamis.domain.errors import NotFound
from tamis.domain.events import Draft
from tamis.domain.results import Finding
from tamis.domain.state import ReviewState

__all__ = ["EngineKey", "check_decisions", "find_run", "inputs_hash", "kept_output", "run_once"]

#: Stages whose output people decide on: it is kept in the review's folder, under its hash.
DECIDING = ("dedupe",)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineKey:
    """What makes a run the same run: engine, version, settings, hashes of what went in.

    ``decides`` says that people's decisions rest on the output: it is then kept in the review.
    """

    engine: str
    version: str
    stage: str
    settings: Mapping[str, str]
    inputs: tuple[str, ...]
    decides: bool = False

    @property
    def actor(self) -> str:
        """``e-<name>-<version>``."""
        return f"e-{self.engine}-{self.version}"

    def matches(self, run: EngineRun) -> bool:
        """Tell whether a logged run is this one."""
        return (
            run.engine == self.engine
            and run.version == self.version
            and run.settings == tuple(sorted(self.settings.items()))
            and run.inputs == self.inputs
        )


def find_run(state: ReviewState, key: EngineKey) -> EngineRun | None:
    """Return the logged run with this key, or ``None``."""
    return next((run for run in state.engine_runs.values() if key.matches(run)), None)


def run_once(
    review: Review,
    key: EngineKey,
    compute: Callable[[], bytes],
    *,
    write: bool = True,
    summary: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return the output of a run: from its artifact when it was run before, else computed now.

    With ``write`` false (``verify``) nothing is recorded and the output is always computed.
    """
    kept = kept_output(review, key) if write else None
    if kept is not None:
        return kept
    output = compute()
    if not write:
        return output
    keep = review.artifacts.keep if key.decides else review.artifacts.put
    digest = keep(output)
    if find_run(review.state, key) is not None:  # it was logged, and its output is not here
        return output
    body = {
        "engine": key.engine,
        "version": key.version,
        "stage": key.stage,
        "settings": dict(key.settings),
        "inputs": list(key.inputs),
        "output": digest,
        "summary": dict(summary),
    }
    with review.exclusively(key.engine):
        if find_run(review.state, key) is None:  # nobody else was faster
            draft = Draft(actor=key.actor, kind="engine_ran.v1", subject=key.stage, body=body)
            review.record([draft])
    return output


def kept_output(review: Review, key: EngineKey) -> bytes | None:
    """Return the output of a logged run; ``None`` when it has not run, or its output is gone."""
    done = find_run(review.state, key)
    return None if done is None else review.artifacts.get(done.output)


def inputs_hash(*parts: bytes) -> str:
    """Return one hash for parts that go into an engine together."""
    return sha256_hex(b"\n".join(parts))


def check_decisions(review: Review) -> tuple[Finding, ...]:
    """Return the outputs that decisions rest on and that are gone or changed."""
    findings = []
    for run in review.state.engine_runs.values():
        if run.stage not in DECIDING:
            continue
        name = f"decisions/{run.output}.csv"
        try:
            same = sha256_hex(review.read_bytes(name)) == run.output
            rule = "" if same else "decision-changed"
        except NotFound:
            rule = "decision-absent"
        if rule:
            findings.append(
                Finding(
                    rule=rule,
                    severity="error",
                    subject=name,
                    message=f"the output of {run.engine} {run.version} on which decisions rest is "
                    + ("not in the folder" if rule == "decision-absent" else "not what it was"),
                    suggestion="put the original file back, from a pack or a copy of the review",
                )
            )
    return tuple(findings)
