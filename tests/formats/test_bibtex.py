"""BibTeX: whatever programs write for it; one broken entry does its neighbours no harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.records import ParsedFile, Record
from tamis.formats import read_citations, write_citations
from tamis.formats.bibtex.latex import plain

FILE = r"""% made by hand
@string{jos = "Journal of " # {Sieves}}
@comment{nothing to cite}
@article{mouse2019,
  title = {The {DNA} of a sieve: a \emph{fine} {B}{\"u}rste},
  author = {M{\"u}ller, Max and van der Berg, Anna and Donald Duck and {Sieve, Study Group}},
  journal = jos,
  year = 2019, month = jan,
  volume = "4", number = {2},
  pages = {436--439},
  doi = {10.1000/S.1},
  issn = {0028-3932},
  abstract = {To count \& to say 5\%.},
  keywords = {sieve; serum},
  source = {Scopus}
}
@inproceedings(child, crossref = "parent", author = "Mouse, Minnie", title = "Child", pages = 7)
@proceedings{parent, title = {Proceedings of Sieving}, year = {2020}, editor = {Duck, D.}}
"""


def read(text: str) -> ParsedFile:
    return read_citations(text.encode(), name="a.bib")


def test_an_entry_is_understood() -> None:
    first = read(FILE).records[0]
    assert first.title == "The DNA of a sieve: a fine Bürste"
    assert first.authors == (
        "Müller, Max", "van der Berg, Anna", "Duck, Donald", "Sieve, Study Group",
    )  # fmt: skip
    assert (first.journal, first.year, first.volume, first.issue) == (
        "Journal of Sieves", 2019, "4", "2",
    )  # fmt: skip
    assert (first.pages, first.doi, first.issn) == ("436-439", "10.1000/s.1", "0028-3932")
    assert first.abstract == "To count & to say 5%."
    assert (first.database, first.type, first.keywords) == (
        "Scopus", "journal article", ("sieve", "serum"),
    )  # fmt: skip


def test_values_stay_as_they_are_written_and_macros_stand_with_them() -> None:
    raw = dict(read(FILE).records[0].raw)
    assert raw["@article"] == "mouse2019"
    assert raw["journal"] == "jos"
    assert raw["@string jos"] == '"Journal of " # {Sieves}'
    assert raw["volume"] == '"4"'


def test_a_child_has_what_its_parent_says() -> None:
    child = read(FILE).records[1]
    assert (child.title, child.journal, child.year) == ("Child", "Proceedings of Sieving", 2020)
    assert ("crossref/title", "{Proceedings of Sieving}") in child.raw
    assert child.type == "conference paper"


def test_what_cites_nothing_is_shown_and_ids_are_bytes() -> None:
    parsed = read(FILE)
    assert [part.line for part in parsed.refused] == [1, 2, 3]
    assert all(FILE.encode()[r.offset : r.offset + 1] == b"@" for r in parsed.records)
    assert parsed.lines == (4, 17, 18)


#: A fault in the first entry, what is said of it; its neighbour must be whole.
FAULTS = {
    "a missing comma": ("volume = \"4\", number", "volume = \"4\" number", ()),
    "a value that never closes": ("{436--439},", "{436--439,", ("unclosed-value",)),
    "a quote that never closes": ('"4",', '"4,', ("unclosed-value",)),
    "an entry that never closes": ("{Scopus}\n}", "{Scopus}\n", ("not-ended",)),
    "braces that are escaped": ("To count", r"To \{ count", ()),
    "a field twice": ("source = {Scopus}", "doi = {10.1000/S.2}", ("field-again",)),
    "words that are no field": ("doi = {10", "a() {x} doi = {10", ("no-field",)),
    "no key": ("{mouse2019,", "{", ()),
    "a key with blanks": ("{mouse2019,", "{Mouse et al 2019,", ()),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_survived_and_said(fault: str) -> None:
    old, new, said = FAULTS[fault]
    assert old in FILE
    parsed = read(FILE.replace(old, new, 1))
    assert [record.title for record in parsed.records][-2:] == ["Child", "Proceedings of Sieving"]
    assert parsed.records[0].title.startswith("The DNA")
    assert {mended.code for mended in parsed.repaired} >= set(said)
    if not said:
        assert not parsed.repaired


@pytest.mark.parametrize("kind", ["string", "preamble", "comment"])
@pytest.mark.parametrize("opening", "{(")
def test_what_is_no_entry_and_never_closes_ends_at_the_next_one(kind: str, opening: str) -> None:
    text = f"@book{{a, title={{A}}}}\n@{kind}{opening}x = {{un{{closed\n@book{{b, title={{B}}}}"
    parsed = read(text)
    assert [record.title for record in parsed.records] == ["A", "B"]
    assert [mended.code for mended in parsed.repaired] == ["not-ended"]
    assert "un{closed" in parsed.refused[0].message


def test_a_comment_may_hold_an_entry() -> None:
    text = "@comment{\n@book{a, title={A}}\n}\n@book{b, title={B}}"
    parsed = read(text)
    assert [record.title for record in parsed.records] == ["B"]
    assert "title={A}" in parsed.refused[0].message


def test_many_values_that_never_close_are_each_kept() -> None:
    fields = "".join(f",\n  f{at} = {{value {at}" for at in range(50))
    (record,) = read(f"@book{{a,\n title={{A}}{fields}\n}}").records
    assert record.raw[2:4] == (("f0", "{value 0"), ("f1", "{value 1"))
    assert len(record.raw) == 52


def test_an_address_is_no_entry() -> None:
    text = "@article{a, title = {Write to me@x{y}.org}, note = {a\nb @ c}}\n@book{b, title={B}}"
    assert [record.title for record in read(text).records] == ["Write to me@xy.org", "B"]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"\'e {\'e} \'{e} {\'{e}}", "é é é é"),
        (r"\v{c} \c{c} \H{o} \k{a} \.{z} \u{g}", "č ç ő ą ż ğ"),
        (r"\ss{} \O stergaard \l{}\'od\'z \i", "ß Østergaard łódź ı"),
        (r"``quoted'' -- 5\% \& more~text", "“quoted” – 5% & more text"),
        (r"$\alpha$-globin $x_2$", "α-globin x_2"),
        (r"\textit{in vivo} \textsuperscript{2}", "in vivo 2"),
        (r"\{kept\} \$5", "{kept} $5"),
    ],
)
def test_latex_is_read_as_it_prints(written: str, printed: str) -> None:
    assert plain(written) == printed


@settings(max_examples=150)
@given(
    at=st.integers(0, len(FILE) - 200),
    put=st.sampled_from(["", "{", "}", '"', "@", "@article{x,", ",", "=", "\\", "#", "\n@book{z,"]),
    drop=st.integers(0, 30),
)
def test_whatever_is_changed_only_our_own_error_is_raised(at: int, put: str, drop: int) -> None:
    text = FILE[:at] + put + FILE[at + drop :]
    try:
        parsed = read(text)
    except BadInput:
        return
    assert "Proceedings of Sieving" in [record.title for record in parsed.records]


def test_our_own_file_reads_back() -> None:
    record = Record(
        id="9f3c12ab9f3c:0", raw=(), title="50% {of} a_b & c # d $ e ~ f ^ g \\ h",
        authors=("Mouse, Minnie", "Sieve Study Group"), year=2020, journal="J & Co",
        volume="4", issue="2", pages="436-439", doi="10.1000/a_b", abstract="A\nb",
        type="journal article", keywords=("a", "b"), issn="0028-3932",
    )  # fmt: skip
    (back,) = read_citations(write_citations([record], "bibtex"), name="a.bib").records
    for name in ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "type"):
        assert getattr(back, name) == getattr(record, name), name


@pytest.mark.parametrize("blank", [" ", "\u00a0"])
def test_a_numbered_field_of_scopus_is_a_field(blank: str) -> None:
    text = FILE.replace("source = {Scopus}", f"funding_text{blank}1={{A grant}}, source={{Scopus}}")
    parsed = read(text)
    assert (f"funding_text{blank}1", "{A grant}") in parsed.records[0].raw
    assert not parsed.repaired
