"""Reading and drawing PDFs in a separate process: a hostile file can end it, and nothing else.

A PDF comes from anywhere, and what opens it is a large C++ program. So it is opened in a child
process that holds no review, with a limit on the time for each page, and, where the system has
such a limit (not on Windows), on memory. A child that takes too long or dies is replaced, and the
caller gets one clear error. The child is this module run as a program; the two talk over pipes, a
line of JSON and then bytes. Nothing that comes back is ever executed.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from tamis.domain.errors import BadInput, Place, StorageFailed, TamisError
from tamis.extraction import Layer, Picture, read_layer, render_page
from tamis.extraction.document_facts import metadata_texts
from tamis.extraction.layer_file import layer_from_bytes, layer_to_bytes

__all__ = ["Limits", "PageProcesses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a child may use: seconds for one page, bytes of memory (not on Windows), pages.

    ``answer`` is the largest answer in bytes that is taken from it.
    """

    seconds: float = 20.0
    memory: int = 2_000_000_000
    pages: int = 2000
    answer: int = 500_000_000


class PageProcesses:
    """A few children that read and draw pages; started when first needed, used again after.

    Parameters
    ----------
    limits
        What each of them may use.
    size
        How many there are at most; further callers wait.
    """

    def __init__(self, limits: Limits | None = None, *, size: int = 2) -> None:
        self.limits = limits or Limits()
        self._free: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(size):
            self._free.put(None)
        self._size = size

    def read_layer(self, pdf: bytes, *, name: str = "the document") -> Layer:
        """Read the text layer of a PDF (see ``tamis.extraction.read_layer``).

        Raises
        ------
        BadInput
            For a file that cannot be read, or that used up the time or the memory it was given.
        """
        _, data = self._ask({"do": "layer", "name": name, "most": self.limits.pages}, pdf, name)
        return layer_from_bytes(data)

    def render_page(
        self, pdf: bytes, number: int, *, scale: str = "1", name: str = "the document"
    ) -> Picture:
        """Draw a page (see ``tamis.extraction.render_page``).

        Raises
        ------
        BadInput
            As ``read_layer``.
        """
        asked = {"do": "page", "name": name, "number": number, "scale": scale}
        told, data = self._ask(asked, pdf, name)
        return Picture(png=data, width=int(told["width"]), height=int(told["height"]))

    def metadata(self, pdf: bytes, *, name: str = "the document") -> tuple[str, ...]:
        """Return the texts of a PDF's metadata.

        Raises
        ------
        BadInput
            As ``read_layer``.
        """
        told, _ = self._ask({"do": "metadata", "name": name}, pdf, name)
        return tuple(str(text) for text in told["texts"])

    def warm_up(self) -> None:
        """Start a child ahead of the first question; a machine without room has none yet."""
        child = self._free.get()
        try:
            if child is None:
                child = _Child(self.limits)
        except StorageFailed:
            child = None
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End the children; a closed object starts new ones when it is asked again."""
        held = [self._free.get() for _ in range(self._size)]
        for child in held:
            if child is not None:
                child.end()
            self._free.put(None)

    def _ask(self, asked: Mapping[str, Any], pdf: bytes, name: str) -> tuple[dict[str, Any], bytes]:
        child = self._free.get()
        try:
            if child is not None and not child.alive:
                child.end()
                child = None
            if child is None:
                child = _Child(self.limits)
            told, data = child.ask(asked, pdf)
        except _Ended as error:
            if child is not None:
                child.end()
            child = None
            raise BadInput(
                f"this PDF could not be read: {error}",
                "download it again, or print it to a new PDF; it may be damaged or made to do harm",
                where=Place(file=name),
            ) from error
        finally:
            self._free.put(child)
        if "problem" in told:
            raise BadInput(
                str(told["problem"]), str(told.get("remedy", "")), where=Place(file=name)
            )
        return told, data


#: Seconds that a child may take to start: a slow disk is not the document's fault.
_START = 30


class _Ended(Exception):
    """The child was stopped or stopped by itself."""


class _Child:
    """One running child."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        settings = [str(limits.memory), str(limits.seconds)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "tamis.app.full_text.page_process", *settings],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise StorageFailed(
                f"the process that reads PDFs cannot be started: {error.strerror}",
                "free memory or processes of this machine, then try again",
            ) from error
        self._started = False
        self._told: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()
        listening = threading.Thread(target=self._listen, daemon=True)
        listening.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, asked: Mapping[str, Any], pdf: bytes) -> tuple[dict[str, Any], bytes]:
        """Return the answer; each page that the child tells of gives it its seconds again."""
        threading.Thread(target=self._say, args=(asked, pdf), daemon=True).start()
        page = 0
        while True:
            patience = self._limits.seconds + (0 if self._started else _START)
            try:
                told = self._told.get(timeout=patience)
            except queue.Empty:
                where = f"page {page}" if page else "it"
                raise _Ended(f"{where} took longer than {self._limits.seconds:g} seconds") from None
            if told is None:
                where = f" on page {page}" if page else ""
                raise _Ended(f"the reading process broke down{where}")
            if "page" not in told[0]:
                return told
            self._started, page = True, int(told[0]["page"])

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _say(self, asked: Mapping[str, Any], pdf: bytes) -> None:
        pipe = self._process.stdin
        with contextlib.suppress(OSError, ValueError):  # a dead child is told by its silence
            if pipe is not None:
                _send(pipe, asked, pdf)

    def _listen(self) -> None:
        pipe = self._process.stdout
        with contextlib.suppress(OSError, ValueError, KeyError):
            while pipe is not None:
                got = _receive(pipe, most=self._limits.answer)
                if got is None:
                    break
                self._told.put(got)
        self._told.put(None)


#: Bytes of the longest line of JSON that is taken.
_LONGEST_LINE = 4_000_000


def _send(pipe: IO[bytes], told: Mapping[str, Any], data: bytes = b"") -> None:
    pipe.write(json.dumps({**told, "bytes": len(data)}).encode() + b"\n" + data)
    pipe.flush()


def _receive(pipe: IO[bytes], *, most: int) -> tuple[dict[str, Any], bytes] | None:
    line = pipe.readline(_LONGEST_LINE)
    if not line:
        return None
    told = json.loads(line)
    size = int(told["bytes"])
    if not 0 <= size <= most:
        raise ValueError(f"{size} bytes are announced")
    data = pipe.read(size)
    return None if len(data) < size else (told, data)


# ------------------------------------------------------------------ in the child
def _serve(source: IO[bytes], sink: IO[bytes], *, memory: int, seconds: float) -> None:
    """Answer until the pipe is closed."""
    _limit_memory(memory)
    _send(sink, {"page": 0})
    while (got := _receive(source, most=sys.maxsize)) is not None:
        asked, pdf = got

        def tell(number: int) -> None:
            faulthandler.dump_traceback_later(seconds + 60, exit=True)  # should the parent be gone
            _send(sink, {"page": number})

        try:
            told, data = _answer(asked, pdf, tell)
        except TamisError as error:
            told, data = {"problem": error.problem, "remedy": error.remedy}, b""
        except MemoryError:
            told = {"problem": "this PDF needs more memory than it may use", "remedy": _SMALLER}
            data = b""
        faulthandler.cancel_dump_traceback_later()
        _send(sink, told, data)


_SMALLER = "print it to a new PDF with smaller pictures"


def _answer(
    asked: Mapping[str, Any], pdf: bytes, tell: Callable[[int], None]
) -> tuple[dict[str, Any], bytes]:
    name = str(asked["name"])
    if asked["do"] == "layer":
        layer = read_layer(pdf, name=name, max_pages=int(asked["most"]), tell=tell)
        return {"done": "layer"}, layer_to_bytes(layer)
    if asked["do"] == "metadata":
        return {"done": "metadata", "texts": metadata_texts(pdf, name=name)}, b""
    number = int(asked["number"])
    tell(number)
    drawn = render_page(pdf, number, scale=str(asked["scale"]), name=name)
    return {"done": "page", "width": drawn.width, "height": drawn.height}, drawn.png


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # some systems refuse any limit
        resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer, memory=int(sys.argv[1]), seconds=float(sys.argv[2]))
