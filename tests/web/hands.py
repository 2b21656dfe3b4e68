"""Two hands on a keyboard: all that a person does in a browser who has no mouse.

There is no click here and nothing that gives an element the focus: keys alone, a file chosen for a
field, an address typed. A page that is told of a pointer nevertheless complains to the console.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Download, Page
from tests.web.conftest import Look

#: A press of Enter on a button makes a click too, which has no pointer and counts no clicks.
_NO_POINTER = """for (const name of ["pointerdown", "mousedown", "touchstart", "click"]) {
  addEventListener(name, (event) => {
    const pressed = name === "click" && event.detail === 0;
    if (event.isTrusted && !pressed) console.error("a pointer: " + name);
  }, true);
}"""

#: More presses of Tab than any page has places to go to.
_LONGEST = 600


class Hands:
    """One person at a keyboard, in a browser of their own."""

    def __init__(self, look: Look, person: str) -> None:
        self._look, self._page, self.person = look, look.page, person
        look.page.context.add_cookies(
            [{"name": "tamis-person", "value": person, "url": look.address}]
        )
        look.page.context.add_init_script(_NO_POINTER)

    @property
    def complaints(self) -> list[str]:
        """What the console said so far."""
        return self._look.complaints

    def go(self, path: str) -> None:
        """Type an address."""
        self._look.go(path)

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self._page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type over what the field holds that has the focus."""
        self._page.keyboard.press("Control+A")
        self._page.keyboard.insert_text(text)

    def to(self, place: str, *, back: bool = False) -> None:
        """Press Tab until the focus is where ``place`` (a selector) says."""
        key = "Shift+Tab" if back else "Tab"
        for _ in range(_LONGEST):
            if self._page.evaluate("place => document.activeElement.matches(place)", place):
                return
            self._page.keyboard.press(key)
        raise AssertionError(f"Tab does not come to {place} on {self.address}")

    def fill(self, place: str, text: str) -> None:
        """Go to a field and type."""
        self.to(place)
        self.write(text)

    def choose(self, place: str, value: str) -> None:
        """Go to a list and press the arrow down until it says ``value``."""
        self.to(place)
        self.press("Home")
        for _ in range(60):
            if self._page.evaluate("() => document.activeElement.value") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"the list {place} has no {value!r}")

    def files(self, place: str, *paths: Path) -> None:
        """Choose files for a field (what the dialog of the system does)."""
        self._page.set_input_files(place, [str(path) for path in paths])

    def sees(self, script: str, told: Any = None) -> None:
        """Wait until something holds of the page: ``script`` is a function of JavaScript."""
        self._page.wait_for_function(script, arg=told)

    def asked(self, script: str, told: Any) -> Any:
        """Wait until a function of JavaScript has an answer, and return it."""
        return self._page.wait_for_function(script, arg=told).json_value()

    def shown(self, place: str) -> None:
        """Wait until there is such a thing on the page."""
        self._page.wait_for_selector(place)

    @contextmanager
    def turning(self) -> Iterator[None]:
        """Press keys that lead to another page, and wait for it."""
        self._page.evaluate("() => { window.before = true; }")
        yield
        self.sees("() => !window.before && document.readyState === 'complete'")

    @contextmanager
    def swapping(self) -> Iterator[None]:
        """Press keys that change a part of the page, and wait until that is done."""
        self._page.evaluate("""() => {
            window.swapped = false;
            const done = () => { window.swapped = true; };
            document.addEventListener("htmx:after:swap", done, { once: true });
        }""")
        yield
        self.sees("() => window.swapped")

    @contextmanager
    def saving(self) -> Iterator[list[Download]]:
        """Press keys that download a file."""
        made: list[Download] = []
        with self._page.expect_download() as got:
            yield made
        made.append(got.value)

    @contextmanager
    def opening(self) -> Iterator[list[Page]]:
        """Press keys that open another tab."""
        made: list[Page] = []
        with self._page.context.expect_page() as got:
            yield made
        made.append(got.value)

    @property
    def address(self) -> str:
        """The address that the browser shows."""
        return self._page.url

    def text(self, place: str) -> str:
        """Read what stands at a place."""
        return self._page.locator(place).first.inner_text()

    def count(self, place: str) -> int:
        """Count things."""
        return self._page.locator(place).count()

    def read(self, place: str, name: str) -> str:
        """Read an attribute."""
        return self._page.locator(place).first.get_attribute(name) or ""

    def offer(self, phrase: str) -> str:
        """Read the key of the first offered number whose passage holds ``phrase``."""
        offers = self._page.locator("[name=offer][data-key]")
        wanted = "".join(phrase.split())
        for one in offers.all():
            if wanted in "".join(one.inner_text().split()):
                return one.get_attribute("data-key") or ""
        raise AssertionError(f"no number offered for {phrase!r}: {offers.all_inner_texts()}")

    def ids(self, place: str) -> list[str]:
        """Read the ids of things, in the order of the page."""
        found = self._page.locator(place).all()
        return [one.get_attribute("id") or "" for one in found]

    def value(self, place: str) -> str:
        """Read what a field holds."""
        return self._page.locator(place).first.input_value()

    def violations(self) -> list[str]:
        """Return what axe-core finds on the page, in light and in dark, on a screen and a phone."""
        found = []
        themes: tuple[Literal["dark", "light"], ...] = ("dark", "light")
        for width in (390, 1440):
            self._page.set_viewport_size({"width": width, "height": 900})
            for scheme in themes:
                self._page.emulate_media(color_scheme=scheme)
                seen = f"{scheme} {width} {self.address}"
                found += [f"{seen}: {one}" for one in self._look.violations()]
        return found
