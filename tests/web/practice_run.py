"""What two people and an arbiter do to the practice review, step by step, with their hands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import typst
from tests.web.conftest import INPUTS
from tests.web.hands import Hands

#: Address of the review.
AT = "/r/screening"
KEYS = {"include": "i", "maybe": "u", "exclude": "e", "not-retrieved": "r"}


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read a table of the practice set."""
    with (INPUTS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


# ------------------------------------------------------------------ records
def more_records(folder: Path, count: int) -> Path:
    """Write an export of invented records, each another report that nobody wants."""
    entries = [
        f"TY  - JOUR\nTI  - Pebble number {word} and the colour of its shade\n"
        f"AU  - {word.title()}, Q.\nPY  - {1990 + n % 30}\nJO  - Journal of {word.title()}\n"
        f"VL  - {n}\nSP  - {n * 13}\nAB  - A pebble called {word} was looked at. "
        "Invented for practice, not a real study.\nER  - \n"
        for n, word in enumerate((_word(n) for n in range(count)), 1)
    ]  # fmt: skip
    path = folder / "2026-01-02-register.ris"
    path.write_text("".join(entries), encoding="utf-8")
    return path


def _word(n: int) -> str:
    first, second, third = "bdfgklmnp", "aeiou", "rstvz"
    return (
        (first[n % 9] + second[n % 5] + third[n // 9 % 5]) * 2 + second[n // 5 % 5] + first[n % 7]
    )


def import_all(hands: Hands, paths: list[Path], *, source: str) -> None:
    """Send files, say where each comes from, import them, look at the doubtful pairs."""
    hands.go(f"{AT}/imports")
    hands.files("#files", *paths)
    hands.shown("#waiting-title")
    assert hands.count("#waiting select") == len(paths)
    for n in range(len(paths)):
        field = f"#waiting li:nth-child({n + 1}) select"
        if not hands.value(field):
            hands.choose(field, source)
    hands.press("Escape")
    with hands.turning():
        hands.to("#waiting [data-action=import-all]")
        hands.press("Enter")
    with hands.turning():
        hands.press("d")
    assert hands.address.endswith("/duplicates")


# ------------------------------------------------------------------ screening
def cluster_shown(hands: Hands) -> str:
    """Return the report that is on the screen; empty when nothing waits."""
    if not hands.count("form.record"):
        return ""
    found = re.search(r"/screen/[^/]+/([^/]+)/vote", hands.read("form.record", "action"))
    assert found
    return unquote(found[1])


def screen(hands: Hands, stage: str, votes: Mapping[str, tuple[str, str]]) -> int:
    """Vote on all that waits; return how many reports there were."""
    hands.go(f"{AT}/screen/{stage}")
    count = 0
    while cluster := cluster_shown(hands):
        _vote(hands, cluster, *votes.get(cluster, ("exclude", "")))
        count += 1
    return count


def _vote(hands: Hands, before: str, decision: str, reason: str) -> None:
    key = KEYS[decision]
    if reason:
        button = f'button[name=reason][value="{reason}"]'
        key = hands.read(button, "data-key")
        if not key:  # the tenth reason has no key of its own
            hands.to(button)
            key = "Enter"
    hands.press(key)
    hands.sees(
        """before => {
            const form = document.querySelector("form.record");
            return !form || !decodeURIComponent(form.action).includes(before);
        }""",
        before,
    )


def settle_conflicts(hands: Hands, stage: str, wanted: dict[str, tuple[str, str]]) -> None:
    """Settle every conflict of a stage."""
    while wanted:
        hands.go(f"{AT}/conflicts/{stage}")
        assert hands.count("tbody tr") == len(wanted)
        with hands.turning():
            hands.press("Enter")
        decision, reason = wanted.pop(unquote(hands.address.rpartition("/")[2]))
        listed = f'button[name=reason][value="{reason}"]'
        if decision == "exclude":
            key = hands.read(listed, "data-key")
            if not key:  # the tenth reason has no key of its own
                hands.to(listed)
                key = "Enter"
        else:
            key = KEYS[decision]
            hands.press("c")
            hands.write(reason)
            hands.press("Tab")
        with hands.turning():
            hands.press(key)
        assert not hands.count("[role=alert]"), hands.text("main")


# ------------------------------------------------------------------ full texts
#: Six papers: report, study, label, design, kind.
PAPERS = {
    "alder2019.pdf": ("alder2019", "Alder 2019", "randomised", "article"),
    "alder2019-abstract.pdf": ("alder2019", "Alder 2019", "randomised", "conference-abstract"),
    "birch2020.pdf": ("birch2020", "Birch 2020", "randomised", "article"),
    "birch2020-erratum.pdf": ("birch2020", "Birch 2020", "randomised", "erratum"),
    "cedar2022.pdf": ("cedar2022", "Cedar 2022", "randomised", "article"),
    "dogwood2018.pdf": ("dogwood2018", "Dogwood 2018", "single-arm", "article"),
}


def papers(folder: Path, titles: Mapping[str, str]) -> list[Path]:
    """Return the four papers of the practice set and two more pages, typeset now."""
    made = sorted((INPUTS / "documents").iterdir())
    for name, title in titles.items():
        text = f"= {title}\nINVENTED FOR PRACTICE - not a real study\n\n#lorem(90)\n"
        path = folder / name
        typst.Compiler(text.encode(), ignore_system_fonts=True).compile(
            output=str(path), format="pdf"
        )
        made.append(path)
    return made


def bring_papers(hands: Hands, paths: list[Path]) -> None:
    """Send the papers, take over what each was matched to, and say which study it is of."""
    hands.go(f"{AT}/full-texts")
    hands.files("#files", *paths)
    hands.shown("#waiting-title")
    while hands.count(".offered [data-key='1']"):
        name = hands.text(".offered .file-name")
        study, label, design, kind = PAPERS[name]
        with hands.turning():
            hands.press("1")
        if hands.count("[name=study]"):
            hands.choose("[name=design]", design)
            hands.to("details.more summary")
            hands.press("Enter")
            hands.fill("[name=study]", study)
            hands.fill("[name=report]", f"{study}-{kind}")
            hands.fill("[name=label]", label)
            hands.fill("[name=kind]", kind)
            with hands.turning():
                hands.press("Enter")
        else:
            with hands.turning():
                hands.press("a")
        assert not hands.count("[role=alert]"), hands.text("main")


def not_got(hands: Hands, title: str, tried: str) -> None:
    """Say of a report what was tried to get it, in vain."""
    hands.go(f"{AT}/full-texts")
    here = next(
        f"#report-{n}"
        for n in range(1, hands.count(".reports > li") + 1)
        if title in hands.text(f"#report-{n} h3")
    )
    hands.to(f"{here} details summary")
    hands.press("Enter", "Tab")
    hands.write(tried)
    with hands.turning():
        hands.press("Enter")
    assert not hands.count("[role=alert]"), hands.text("main")


# ------------------------------------------------------------------ extraction
@dataclass(frozen=True)
class Cell:
    """One cell, and how a person comes to its value.

    ``words`` find the field, ``phrase`` finds the passage. With ``number`` the passage is chosen by
    the keys of the text, ``reach`` characters of it, and the number is typed; without, the number
    that was found on the page is taken over by its key.
    """

    key: str
    words: str
    phrase: str
    number: str = ""
    reach: int = 0


def _response(arm: str, phrase: str) -> Cell:
    return Cell(f"{arm}/response/m6/point/events", f"response m6 {arm} events", phrase)


#: What each of two people reads, study by study: 26 values.
READ: Mapping[str, tuple[Cell, ...]] = {
    "alder2019": (
        Cell("all/design-as-stated/baseline/point/text", "design", "double-blind", "text", 12),
        Cell("velorimab/response/m6/point/events", "response m6 velorimab events",
             "27 of 48 participants (56.3%)", "27", 29),
        Cell("velorimab/response/m6/point/n", "response m6 velorimab n",
             "27 of 48 participants", "48", 21),
        _response("placebo", "16 of 47 (34.0%)"),
        Cell("velorimab/death/m12/ever/events", "death m12 velorimab events", "1/48"),
        Cell("placebo/death/m12/ever/events", "death m12 placebo events", "2/47"),
    ),
    "birch2020": (
        _response("velorimab", "31 of 60 participants (51.7%)"),
        _response("placebo", "24 of 58 (41.4%)"),
    ),
    "cedar2022": (
        _response("velorimab", "18 of 35 participants (51.4%)"),
        _response("placebo", "8 of 36 (22.2%)"),
    ),
    "dogwood2018": (
        Cell("all/response/m12/ever/events", "", "21 of 31 participants (67.7%)"),
    ),
}  # fmt: skip


def extract(hands: Hands, study: str, cells: Sequence[Cell], *, slip: str = "") -> None:
    """Read a study; ``slip`` is typed in place of the first number that is typed."""
    hands.go(f"{AT}/extraction")
    with hands.turning():
        hands.press(str(list(READ).index(study) + 1))
    hands.shown("#work")
    arms = dict.fromkeys(cell.key.partition("/")[0] for cell in cells)
    for arm in arms:
        if arm != "all":
            hands.press("a")
            hands.write(arm)
            with hands.swapping():
                hands.press("Enter")
            hands.press("Escape")
    for cell in cells:
        _open_cell(hands, cell)
        _find(hands, cell.phrase)
        if not cell.number:
            _take_over(hands, cell.phrase)
        else:
            typed = "" if cell.number == "text" else cell.number
            if slip and typed:
                typed, slip = slip, ""
            _select(hands, cell.reach, typed)
    with hands.turning():
        hands.press("S")


def _open_cell(hands: Hands, cell: Cell) -> None:
    if not cell.words:
        _open_other(hands, cell)
        return
    hands.press("f")
    hands.write(cell.words)
    with hands.swapping():
        hands.press("Enter")
    hands.sees("key => document.querySelector('#cell-title')?.dataset.cell === key", cell.key)


def _open_other(hands: Hands, cell: Cell) -> None:
    """Go to a cell that no form asks for."""
    arm, outcome, when, estimand, statistic = cell.key.split("/")
    hands.to("summary:has(~ form[action$='/cell'])")
    hands.press("Enter")
    hands.fill("form[action$='/cell'] [name=arm]", arm)
    told = {"outcome": outcome, "when": when, "estimand": estimand, "statistic": statistic}
    for name, value in told.items():
        hands.choose(f"form[action$='/cell'] [name={name}]", value)
    with hands.turning():
        hands.press("Tab", "Enter")
    hands.sees("key => document.querySelector('#cell-title')?.dataset.cell === key", cell.key)


def _find(hands: Hands, phrase: str) -> None:
    hands.press("/")
    hands.write(phrase)
    with hands.swapping():
        hands.press("Enter")
    hands.sees("() => document.activeElement.closest('.hits')")


def _take_over(hands: Hands, phrase: str) -> None:
    """Press the key of the number that was found on the page."""
    key = hands.offer(phrase)
    with hands.swapping():
        hands.press(key)
    hands.shown("#work .answer")


def _select(hands: Hands, reach: int, typed: str) -> None:
    """Choose a passage by the keys of the text, type the number, record it."""
    with hands.swapping():
        hands.press("h")
    hands.press("t")
    hands.sees("() => document.activeElement.id === 'page-text'")
    hands.press("ArrowLeft", *["Shift+ArrowRight"] * reach, "Enter")
    hands.sees("() => document.activeElement.id === 'number'")
    if typed:
        hands.write(typed)
    with hands.swapping():
        hands.press("Enter")
    hands.shown("#work .answer .quote")


def settle_values(hands: Hands, study: str, reason: str) -> int:
    """Take the first reading wherever two differ; return how many differed."""
    hands.go(f"{AT}/extraction/{study}/compare")
    count = 0
    while hands.count("[data-key=a]"):
        hands.press("a")
        hands.sees("() => document.activeElement.id === 'reason'")
        hands.write(reason)
        with hands.turning():
            hands.press("Enter")
        assert not hands.count("[role=alert]"), hands.text("main")
        count += 1
    return count


# ------------------------------------------------------------------ risk of bias
BIAS = "/appraisal/rob2:assignment/alder2019/response/m6"


#: Questions that wait for an answer, those told aside; waits while the form is being saved.
_OPEN = """told => {
    const all = [...document.querySelectorAll("fieldset.question:not([disabled])")];
    const open = all
        .filter((one) => one.querySelector("[type=radio]") && !one.querySelector("input:checked"))
        .map((one) => one.id.replace("question-", "")).filter((id) => !told.includes(id));
    const bar = document.querySelector("#stand progress");
    return open.length ? open : bar.value === bar.max ? [] : null;
}"""


def appraise(hands: Hands, answers: Mapping[str, str]) -> None:
    """Answer every question that is reached, then take over what the rules propose."""
    hands.go(AT + BIAS)
    told: list[str] = []
    while waiting := hands.asked(_OPEN, told):
        question = waiting[0]
        for _ in range(60):
            if hands.count(f"[data-steps] [id='question-{question}'].armed"):
                break
            hands.press("m")
        option = f"[id='question-{question}'] label:has([value='{answers[question]}'])"
        hands.press(hands.read(option, "data-option"))
        told.append(question)
    with hands.swapping():
        hands.press("a")
    hands.shown("#stand .tag.good")


def settle_bias(hands: Hands, words: Mapping[str, tuple[str, str]]) -> int:
    """Settle every question and judgement on which two assessors differ."""
    hands.go(f"{AT}{BIAS}/compare")
    count = 0
    while hands.count("[data-key=d]"):
        form = "tr:has([data-key=d])"
        word, reason = words[hands.value(f"{form} [name=place]")]
        hands.press("d")
        hands.choose("[data-key=d]", word)
        hands.press("Tab")
        hands.write(reason)
        with hands.turning():
            hands.press("Tab", "Enter")
        assert not hands.count("[role=alert]"), hands.text("main")
        count += 1
    return count


# ------------------------------------------------------------------ certainty
def grade(hands: Hands, body: str) -> int:
    """Decide all domains of a body: as proposed, or no change with a reason."""
    hands.go(f"{AT}/certainty/{body}")
    domains = hands.ids("#rating [data-step]")
    for domain in domains:
        for _ in range(60):
            if hands.count(f"#rating [id='{domain}'].armed"):
                break
            hands.press("j")
        with hands.swapping():
            if hands.count(f"#{domain} [data-deed=accept]"):
                hands.press("a")
            else:
                hands.press(
                    "x", hands.read(f"#{domain} .option:has([value='0'])", "data-option"), "t"
                )
                hands.write("Nothing that would change it.")
                hands.press("Escape", "s")
        hands.sees("id => 'done' in document.getElementById(id).dataset", domain)
    return len(domains)


# ------------------------------------------------------------------ words and report
OVERSTATED = "Velorimab increases response (RR 1.54, 95% CI 0.77 to 3.09)."


def conclude(hands: Hands) -> None:
    """Write more than the evidence says, take what it does say, save it."""
    hands.go(f"{AT}/claims")
    hands.press("e")
    hands.write(OVERSTATED)
    hands.shown("#checked .severity-error")
    hands.press("Escape")
    with hands.swapping():
        hands.press("t")
    assert OVERSTATED not in hands.value("#writer textarea")
    assert not hands.count("#checked .severity-error")
    with hands.swapping():
        hands.press("s")


def report(hands: Hands, folder: Path) -> Path:
    """Build the report, open it, take the bundle away; return where it was saved."""
    hands.go(f"{AT}/results")
    hands.press("b")
    hands.shown("[data-action=open-report]")
    hands.sees("() => !document.querySelector('#build-state[hx-get]')")
    with hands.opening() as opened:
        hands.press("o")
    opened[0].wait_for_selector("main h1, body h1")
    opened[0].close()
    bundle = "a[download][href$='bundle.zip']"
    hands.to(bundle)
    with hands.saving() as saved:
        hands.press("Enter")
    path = folder / "bundle.zip"
    saved[0].save_as(path)
    return path
