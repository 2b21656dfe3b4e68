"""Long work of a server, one at a time for each review, with the step it is at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tamis.domain.errors import TamisError

__all__ = ["Job", "Jobs"]

Tell = Callable[[str], None]


@dataclass(slots=True)
class Job:
    """One piece of work: how many steps it has, which it is at, how it ended."""

    steps: int
    at: int = 0
    doing: str = ""
    done: bool = False
    failed: TamisError | None = None
    said: tuple[str, ...] = ()
    thread: threading.Thread | None = field(default=None, repr=False)


class Jobs:
    """The jobs of a server by name; a second one of a name waits for nobody, it is the first."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> Job | None:
        """Return the newest job of a name."""
        with self._lock:
            return self._jobs.get(name)

    def start(self, name: str, work: Callable[[Tell], tuple[str, ...]], *, steps: int) -> Job:
        """Start work in a thread of its own, unless it is running already.

        ``work`` is called with ``tell(step)`` and returns what is to be said at the end.
        """
        with self._lock:
            running = self._jobs.get(name)
            if running is not None and not running.done:
                return running
            job = self._jobs[name] = Job(steps=steps)
            job.thread = threading.Thread(target=_run, args=(job, work), daemon=True)
            job.thread.start()
            return job


def _run(job: Job, work: Callable[[Tell], tuple[str, ...]]) -> None:
    def tell(step: str) -> None:
        job.at += 1
        job.doing = step

    try:
        job.said = work(tell)
    except TamisError as error:
        job.failed = error
    finally:
        job.done = True
