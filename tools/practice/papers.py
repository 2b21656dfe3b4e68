"""The papers of the practice set, typeset."""

from __future__ import annotations

from pathlib import Path

import typst

__all__ = ["papers"]

#: Creation date of every PDF (2026-01-01T00:00:00Z): a document's bytes never depend on the clock.
CREATED = 1_767_225_600

#: What the papers share and what is no paper.
SHARED = "journal.typ"


def papers(folder: Path) -> dict[str, bytes]:
    """Typeset every paper with the fonts inside typst: every machine gives the same bytes."""
    made = {}
    for source in sorted(folder.glob("*.typ")):
        if source.name == SHARED:
            continue
        compiler = typst.Compiler(str(source), root=str(folder), ignore_system_fonts=True)
        pdf = compiler.compile(format="pdf", timestamp=CREATED)
        if not isinstance(pdf, bytes):
            raise SystemExit(f"{source.name} did not give one PDF")
        made[f"{source.stem}.pdf"] = pdf
    return made
