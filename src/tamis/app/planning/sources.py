"""Sources that are named where their first file comes in: what a file tells of its database.

A source is a table of ``review.toml``. Naming one here is the same change of the protocol that the
form of a source makes, with a reason that says where it was made. What nobody said of it (platform,
date of the search, hits) stays unknown, and the page of imports shows it as a gap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from tamis.app.live import LiveReview
from tamis.app.planning.edit import Editor
from tamis.domain.errors import BadInput
from tamis.domain.ids import slugify
from tamis.domain.question import Source

__all__ = ["DATABASES", "PLATFORMS", "REGISTERS", "database_told", "name_source", "platform_told"]

#: Databases that are often searched: proposed while somebody types, and looked for in file names.
DATABASES: tuple[str, ...] = (
    "PubMed", "Embase", "CENTRAL", "MEDLINE", "Web of Science", "Scopus", "CINAHL", "PsycINFO",
    "LILACS", "CNKI", "Wanfang", "VIP", "SinoMed", "OpenAlex", "The Lens", "Dimensions",
    "IEEE Xplore", "ClinicalTrials.gov", "WHO ICTRP", "ChiCTR",
)  # fmt: skip

#: Registers of trials, as the flow diagram of PRISMA 2020 counts them beside databases.
REGISTERS = frozenset({"ClinicalTrials.gov", "WHO ICTRP", "ChiCTR"})

#: Hosts of many databases: a file that names one of them does not say which database it holds.
PLATFORMS = frozenset({"Ovid", "EBSCOhost", "ProQuest"})

#: Characters of a name.
LONGEST = 120


def database_told(told: str, name: str) -> str:
    """Return the database that a file is from: by what stands in it, else by its name.

    Parameters
    ----------
    told
        The database that its records name, as ``formats`` found it; empty where they name none.
    name
        The file's name.

    Examples
    --------
    >>> database_told("Scopus", "export.ris"), database_told("", "2026-01-02-web-of-science.ris")
    ('Scopus', 'Web of Science')
    >>> database_told("Ovid", "export.ris"), database_told("", "my-references.ris")
    ('', '')
    """
    if told and told not in PLATFORMS:
        return told
    stem = f"-{slugify(PurePosixPath(name).stem)}-"
    within = [one for one in DATABASES if f"-{slugify(one)}-" in stem]
    return within[0] if len(within) == 1 else ""


def platform_told(told: str) -> str:
    """Return the platform that a file names; empty where it names a database, or nothing.

    Examples
    --------
    >>> platform_told("Ovid"), platform_told("Scopus")
    ('Ovid', '')
    """
    return told if told in PLATFORMS else ""


def name_source(
    live: LiveReview,
    person: str,
    database: str,
    *,
    platform: str = "",
    searched_on: str = "",
    file: str = "",
) -> str:
    """Return the id of the source of that name, written into the protocol where there is none.

    A source whose database has the very name is taken, whatever else was told: its own facts are
    changed under Protocol.

    Parameters
    ----------
    database
        As it is to be called in the report.
    searched_on
        Date of the search, ``YYYY-MM-DD``; empty: not known yet.
    file
        The file for which it is named: it stands in the reason of the change.

    Raises
    ------
    BadInput
        When the name is empty or too long, or the date is none.
    """
    shown = " ".join(database.split())
    if not shown or len(shown) > LONGEST or not shown.isprintable():
        raise BadInput(
            "it is not said which database or register this file comes from",
            "write its name, such as PubMed",
        )
    with live.locked():
        sources = live.protocol.sources
        same = [one.id for one in sources if one.database.casefold() == shown.casefold()]
        if len(same) == 1:
            return same[0]
        told = {
            "id": _free(shown, sources),
            "database": shown,
            "platform": platform,
            "kind": "register" if shown in REGISTERS else "",
            "searched_on": searched_on.strip(),
        }
        _write(live, person, told, file=file)
        return told["id"]


def _write(live: LiveReview, person: str, told: Mapping[str, str], *, file: str) -> None:
    editor = live.part(Editor)
    made = editor.change("source", None, told, base=editor.base())
    reason = f"{told['database']} was named as a source when {file or 'a file'} was imported"
    editor.save(person, made.text, base=made.base, reason=reason)


def _free(database: str, sources: tuple[Source, ...]) -> str:
    """Return an id that no source has: the name's letters, else ``source``, with a number."""
    stem = slugify(database)[:50].strip("-") if re.search(r"[A-Za-z0-9]", database) else "source"
    taken = {one.id for one in sources}
    found, n = stem, 1
    while found in taken:
        n += 1
        found = f"{stem}-{n}"
    return found
