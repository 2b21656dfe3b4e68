"""The formats that are read: one row each.

To add a format: write a ``mark`` (where does it begin, if it is this format?), a ``lex`` (cut it
into records) and a ``read`` (what do the fields mean?), and add one row to ``TABLE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tamis.domain.records import Record
from tamis.formats.bibtex.entries import lex_bibtex, mark_bibtex
from tamis.formats.bibtex.meaning import read_bibtex
from tamis.formats.csl import lex_csl, mark_csl, read_csl
from tamis.formats.lexed import Fields, Lexed
from tamis.formats.markup.endnote import lex_endnote, mark_endnote, read_endnote
from tamis.formats.markup.ictrp import CUT as CUT_ICTRP
from tamis.formats.markup.ictrp import lex_ictrp, mark_ictrp, read_ictrp
from tamis.formats.markup.mods import lex_mods, mark_mods, read_mods
from tamis.formats.markup.pubmed import CUT, lex_pubmed, mark_pubmed, read_pubmed
from tamis.formats.tables.table import lex_table, mark_table, read_row
from tamis.formats.tagged.dialects import reader_of
from tamis.formats.tagged.meaning import read_nbib_record, read_ris_record
from tamis.formats.tagged.nbib import lex_nbib, mark_nbib
from tamis.formats.tagged.ris import lex_ris, mark_ris
from tamis.formats.tagged.syntaxes import lexer_of, marker_of

__all__ = ["READERS", "TABLE", "Reader"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One format that is read: how it is recognised, cut into records, and understood.

    ``mark`` tells where in a text the format begins; ``lex`` cuts a text into records; ``read``
    says what a record's fields mean. Where ``cut`` is given, a large file may be read in parts:
    the end of each match is a place where one record has surely ended and another begins, and
    ``lex`` then takes the number of the part's first line as its second argument. ``numbered``
    says that platforms number the records in lines outside them ("Record #1 of 29").
    """

    name: str
    description: str
    mark: Callable[[str], int | None]
    lex: Callable[..., Lexed]
    read: Callable[[str, Fields, str], Record]
    cut: re.Pattern[bytes] | None = None
    numbered: bool = False


#: Families of tagged lines that one lexer reads, and what they are.
FAMILIES: tuple[tuple[str, str], ...] = (
    ("wos", "Web of Science plain text and .ciw, also of the databases it hosts"),
    ("ovid", "Ovid tagged text, with two-letter tags or long labels"),
    ("refworks", "RefWorks tagged format, also from CNKI and Wanfang"),
    ("refer", "refer (.enw, EndNote's import format), also from CNKI and Wanfang"),
    ("noteexpress", "NoteExpress, as exported by CNKI, Wanfang and VIP"),
    ("cnki", "CNKI's own text (Title-题名), also of E-Study"),
    ("sinomed", "SinoMed's text of titles and abstracts"),
)

#: Where files of a family may be cut; the others are read whole.
CUTS: Mapping[str, re.Pattern[bytes]] = {
    "ris": re.compile(
        rb"\nER {1,3}- ?[ \t\r]*\n(?:[ \t\r]*\n)*"
        rb"(?=(?:<?\d{1,7}\.? ?>?[ \t\r]*\n)?TY {1,3}-)"
    ),
    "nbib": re.compile(rb"\n[ \t\r]*\n(?=PMID- )"),
    "wos": re.compile(rb"\nER[ \t\r]*\n(?:[ \t\r]*\n)+(?=PT )"),
}

TABLE: tuple[Reader, ...] = (
    Reader(
        name="ris",
        description="RIS, as exported by Scopus, Embase, CENTRAL, EBSCOhost, Ovid, Web of Science, "
        "ProQuest and the reference managers",
        mark=mark_ris,
        lex=lex_ris,
        read=read_ris_record,
        cut=CUTS["ris"],
        numbered=True,
    ),
    Reader(
        name="nbib",
        description="PubMed format (nbib, MEDLINE tagged), also from ERIC",
        mark=mark_nbib,
        lex=lex_nbib,
        read=read_nbib_record,
        cut=CUTS["nbib"],
        numbered=True,
    ),
    *(
        Reader(
            name=family,
            description=description,
            mark=marker_of(family),
            lex=lexer_of(family),
            read=reader_of(family),
            cut=CUTS.get(family),
            numbered=True,
        )
        for family, description in FAMILIES
    ),
    Reader(
        name="pubmed-xml",
        description="PubMed XML, also MEDLINE's yearly files",
        mark=mark_pubmed,
        lex=lex_pubmed,
        read=read_pubmed,
        cut=CUT,
    ),
    Reader(
        name="endnote-xml",
        description="EndNote XML, also as Mendeley and others export it",
        mark=mark_endnote,
        lex=lex_endnote,
        read=read_endnote,
    ),
    Reader(
        name="mods",
        description="MODS, the XML of library catalogues and repositories",
        mark=mark_mods,
        lex=lex_mods,
        read=read_mods,
    ),
    Reader(
        name="ictrp-xml",
        description="The XML of the WHO's search portal of trial registers (ICTRP)",
        mark=mark_ictrp,
        lex=lex_ictrp,
        read=read_ictrp,
        cut=CUT_ICTRP,
    ),
    Reader(
        name="bibtex",
        description="BibTeX and BibLaTeX, as exported by Scopus, Web of Science, publishers and "
        "reference managers",
        mark=mark_bibtex,
        lex=lex_bibtex,
        read=read_bibtex,
    ),
    Reader(
        name="csl-json",
        description="CSL-JSON and Zotero's JSON",
        mark=mark_csl,
        lex=lex_csl,
        read=read_csl,
    ),
    Reader(
        name="csv",
        description="A table with a header (comma, semicolon, tab or bar), as exported by PubMed, "
        "Scopus, CENTRAL, Embase, EBSCOhost, OpenAlex, CNKI, ClinicalTrials.gov, the WHO's ICTRP, "
        "Covidence, Rayyan and Tamis; the names of its columns may be Chinese",
        mark=mark_table,
        lex=lex_table,
        read=read_row,
    ),
)

#: Name of each format that is read, and what it is.
READERS: Mapping[str, str] = {
    **{reader.name: reader.description for reader in TABLE},
    "xlsx": "A workbook: every sheet with a header of citations",
}
