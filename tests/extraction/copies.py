"""Documents with known passages, and the copies of them in which anchors must be found again.

One seed makes the texts: sentences with counts, means, intervals, doses with superscripts, letters
beyond the basic plane, words that need ligatures and hyphens, and tables whose cells repeat. A
``Copy`` sets the same texts in another shape.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

SENTENCES = (
    "Remission was reached by {e} of {n} participants ({p}%) who received the active infusion.",
    "In the comparator group {e} of {n} immunosuppressed participants ({p}%) had an infection.",
    "Mean proteinuria fell by −{a} g (95% CI −{b} to −{c}; p < 0.0{k}) at the scheduled visit.",
    "The difference was statistically insignificant ({a}, 95% CI −{c} to {b}; p = 0.{k}).",
    "Each infusion held {a} × 10#super[{x}] cells, suspended in {n} ml of buffered solution.",
    "The coefficient 𝛼 was {a} and the finite-sample correction 𝛽 was {c} after month {x}.",
    "Serum creatinine was {n} ± {e} µmol/L and the filtration rate was unaffected ({a}–{b}).",
    "Fewer than {e} of the multinational investigators withdrew during the {x}-month extension.",
)

ROWS = ("Complete response", "Partial response", "Treatment failure", "Infection", "Death")

FILLER = (
    "The investigators followed the predefined operating procedures throughout the study, and "
    "an independent committee adjudicated all of the notified events without knowledge of the "
    "allocation. Multidisciplinary differentiation of histopathological classifications was "
    "performed centrally. "
)


@dataclass(frozen=True)
class Statement:
    text: str
    kind: str = "sentence"


@dataclass(frozen=True)
class Copy:
    """How a document is set: page, columns, type size, justified or not, what stands before."""

    name: str
    width: str = "210mm"
    height: str = "297mm"
    columns: int = 1
    size: str = "10pt"
    justify: bool = True
    font: str = "Libertinus Serif"
    head: str = ""
    front: str = ""
    extra: str = ""


COPIES = (
    Copy("narrow page", width="120mm", height="180mm"),
    Copy("two columns", columns=2),
    Copy("large type", size="13pt"),
    Copy("ragged", justify=False),
    Copy("another font", font="New Computer Modern"),
    Copy("a running head", head="J Invented Med 2031"),
    Copy("moved pages", front="#pagebreak() Cover sheet of the repository. #pagebreak()"),
    Copy("fixed-width type", font="DejaVu Sans Mono", size="8pt"),
)


@dataclass(frozen=True)
class Document:
    """A text as a list of statements, with tables whose cells repeat."""

    statements: tuple[Statement, ...]
    tables: tuple[tuple[tuple[str, str, str], ...], ...] = field(default=())

    def body(self, copy: Copy) -> str:
        parts = [f"= Results {copy.extra}"]
        for i, statement in enumerate(self.statements):
            parts.append(statement.text)
            parts.append(FILLER[: 60 + (i * 37) % 240])
            if i % 6 == 5:
                parts.append("")
                parts.append(self._table(i // 6))
                parts.append("")
        return f"{copy.front}\n" + "\n".join(parts)

    def _table(self, number: int) -> str:
        if number >= len(self.tables):
            return ""
        cells = ", ".join(f"[{cell}]" for row in self.tables[number] for cell in row)
        return (
            f"#figure(table(columns: 3, [Outcome {number + 1}], [Active], [Control], {cells}), "
            f"caption: [Outcomes of period {number + 1}])"
        )

    def setup(self, copy: Copy) -> str:
        head = f", header: [{copy.head} #h(1fr) #context counter(page).display()]"
        return (
            f"#set page(width: {copy.width}, height: {copy.height}, margin: 16mm, "
            f"columns: {copy.columns}{head if copy.head else ''})\n"
            f'#set text(size: {copy.size}, lang: "en", font: "{copy.font}", hyphenate: true)\n'
            f"#set par(justify: {str(copy.justify).lower()})\n"
        )


def document(seed: int, sentences: int = 24) -> Document:
    """Return a document of that seed; no sentence occurs twice."""
    draw = random.Random(seed)
    made: list[Statement] = []
    while len(made) < sentences:
        text = SENTENCES[len(made) % len(SENTENCES)].format(**_numbers(draw))
        if all(text != other.text for other in made):
            made.append(Statement(text))
    tables = tuple(_table(draw) for _ in range(sentences // 6))
    return Document(tuple(made), tables)


def _numbers(draw: random.Random) -> dict[str, str]:
    n = draw.randint(30, 99)
    e = draw.randint(3, n - 1)
    a, b, c = sorted((draw.uniform(0.1, 4) for _ in range(3)), reverse=True)
    return {
        "n": str(n),
        "e": str(e),
        "p": f"{100 * e / n:.1f}",
        "a": f"{b:.2f}",
        "b": f"{a:.2f}",
        "c": f"{c:.2f}",
        "k": str(draw.randint(1, 9)),
        "x": str(draw.choice((3, 6, 9, 12))),
    }


def _table(draw: random.Random) -> tuple[tuple[str, str, str], ...]:
    """Return rows of counts; small counts of a fixed n, so that many cells read the same."""
    rows = []
    for name in ROWS:
        counts = [draw.randint(0, 12) for _ in range(2)]
        rows.append((f"{name}, n (%)", *(f"{e} ({round(100 * e / 12)})" for e in counts)))
    return tuple(rows)
