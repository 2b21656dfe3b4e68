"""CSL-JSON and Zotero's JSON: items one by one, ids by their place."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.formats import read_citations

CSL = [
    {
        "id": "mouse2019", "type": "article-journal", "title": "A <i>fine</i> sieve.",
        "author": [{"family": "Mouse", "given": "Minnie"},
                   {"family": "Berg", "given": "A.", "non-dropping-particle": "van der"},
                   {"literal": "Sieve Study Group"}],
        "editor": [{"family": "Duck", "given": "D."}],
        "issued": {"date-parts": [[2019, 3, 1]]}, "container-title": "Journal of Sieves",
        "volume": 4, "issue": "2", "page": "436-9", "DOI": "10.1000/S", "PMID": "123",
        "ISSN": "0028-3932", "abstract": "To count.", "keyword": "sieve; serum",
        "custom": {"deep": [1, 2.50, None, True]},
    },
    {"type": "book", "title": "Second", "editor": [{"family": "Duck", "given": "D."}]},
]  # fmt: skip

ZOTERO = [
    {
        "key": "ABCD", "itemType": "journalArticle", "title": "A sieve",
        "creators": [{"creatorType": "editor", "firstName": "D.", "lastName": "Duck"},
                     {"creatorType": "author", "firstName": "Minnie", "lastName": "Mouse"},
                     {"creatorType": "author", "name": "Sieve Study Group"}],
        "publicationTitle": "Journal of Sieves", "date": "2019-03-01", "abstractNote": "To count.",
        "tags": [{"tag": "sieve"}, {"tag": "serum"}], "extra": "PMID: 123", "pages": "5",
    }
]  # fmt: skip


def test_csl() -> None:
    parsed = read_citations(json.dumps(CSL, indent=1).encode(), name="a.json")
    first, second = parsed.records
    assert parsed.format == "csl-json"
    assert [record.offset for record in parsed.records] == [1, 2]
    assert first.title == "A fine sieve"
    assert first.authors == ("Mouse, Minnie", "van der Berg, A.", "Sieve Study Group")
    assert (first.year, first.volume, first.issue, first.pages) == (2019, "4", "2", "436-439")
    assert (first.doi, first.pmid, first.issn) == ("10.1000/s", "123", "0028-3932")
    assert (first.type, first.journal, first.source_id) == (
        "journal article", "Journal of Sieves", "mouse2019",
    )  # fmt: skip
    assert first.keywords == ("sieve", "serum")
    assert ("custom.deep[1]", "2.5") in first.raw
    assert ("custom.deep[3]", "true") in first.raw
    assert second.authors == ("Duck, D.",)


def test_zotero() -> None:
    (record,) = read_citations(json.dumps(ZOTERO).encode(), name="a.json").records
    assert record.authors == ("Mouse, Minnie", "Sieve Study Group")
    assert (record.journal, record.year, record.pmid) == ("Journal of Sieves", 2019, "123")
    assert (record.keywords, record.abstract, record.type) == (
        ("sieve", "serum"), "To count.", "journal article",
    )  # fmt: skip


@pytest.mark.parametrize("wrap", ['{"items": %s}', "\ufeff %s \n", "%s"])
def test_items_in_whatever_holds_them(wrap: str) -> None:
    parsed = read_citations((wrap % json.dumps(CSL)).encode(), name="a.json")
    assert [record.title for record in parsed.records] == ["A fine sieve", "Second"]


def test_what_an_item_holds_is_not_taken_for_the_file() -> None:
    text = json.dumps([{"title": "A", "items": [{"title": "inside"}]}, {"title": "B"}])
    parsed = read_citations(text.encode(), name="a.json")
    assert [record.title for record in parsed.records] == ["A", "B"]
    assert parsed.repaired == ()


def test_what_stands_before_and_behind_the_items_is_shown() -> None:
    text = '{"library": "mine", "items": [{"title": "A"}], "version": 4}'
    parsed = read_citations(text.encode(), name="a.json")
    assert [(record.title, record.offset) for record in parsed.records] == [("A", 1)]
    before, behind = (part.message for part in parsed.refused)
    assert '"library": "mine"' in before
    assert '"version": 4' in behind


def test_a_file_that_is_cut_between_items_is_said_to_be() -> None:
    parsed = read_citations(b'[{"title": "A"},\n{"title": "B"},\n', name="a.json")
    assert [(mended.line, mended.code) for mended in parsed.repaired] == [(2, "cut-off")]


def test_a_key_that_stands_again_is_kept_and_half_a_character_is_shown() -> None:
    text = r'[{"title": "A \ud800", "DOI": "10.1000/a", "DOI": "10.1000/b"}]'
    (record,) = read_citations(text.encode(), name="a.json").records
    assert record.raw == (
        ("title", "A \ufffd"), ("DOI", "10.1000/a"), ("DOI[2]", "10.1000/b"),
    )  # fmt: skip
    assert record.doi == "10.1000/a"


def test_items_as_the_server_of_zotero_wraps_them() -> None:
    wrapped = [{"key": item["key"], "version": 3, "data": item} for item in ZOTERO]
    (record,) = read_citations(json.dumps(wrapped).encode(), name="a.json").records
    (bare,) = read_citations(json.dumps(ZOTERO).encode(), name="a.json").records
    for name in ("title", "authors", "year", "journal", "pmid", "type", "abstract", "keywords"):
        assert getattr(record, name) == getattr(bare, name), name
    assert ("data.itemType", "journalArticle") in record.raw


def test_one_item_alone() -> None:
    (record,) = read_citations(json.dumps(CSL[1]).encode(), name="a.json").records
    assert record.title == "Second"


def test_a_broken_item_does_its_neighbours_no_harm() -> None:
    text = json.dumps([CSL[1], CSL[0], CSL[1]], indent=1).replace('"A <i>', 'A <i>"')
    parsed = read_citations(text.encode(), name="a.json")
    assert [record.title for record in parsed.records] == ["Second", "Second"]
    (refused,) = parsed.refused
    assert refused.code == "no-item"
    assert text.split("\n")[refused.line - 1].strip().startswith("{")


@pytest.mark.parametrize("text", ['[{"title": "A"', '[1, "title", {"title":]', '["title": 1]'])
def test_what_holds_no_item_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_citations(text.encode(), name="a.json")
    assert caught.value.where is not None
    assert caught.value.where.file == "a.json"


def test_depth_is_no_trap() -> None:
    with pytest.raises(BadInput):
        read_citations(b'[{"title": ' + b"[" * 100_000, name="a.json")


@settings(max_examples=100)
@given(at=st.integers(0, 900), put=st.sampled_from(["", "{", "}", "[", "]", '"', ",", ":", "\\"]))
def test_whatever_is_changed_only_our_own_error_is_raised(at: int, put: str) -> None:
    text = json.dumps(CSL, indent=1)
    with suppress(BadInput):
        parsed = read_citations((text[:at] + put + text[at + 3 :]).encode(), name="a.json")
        assert parsed.records
