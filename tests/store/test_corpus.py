"""The corpus: records come back as they were, and are found by their words on every database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.indexes import NewIndex

from tamis.domain.errors import BadInput, NotFound
from tamis.domain.records import ParsedFile, Record, RefusedPart, Repair
from tamis.store import Corpus
from tamis.store.words import terms_of, words_of

SHA = "9f3c12ab" * 8


def record(n: int, title: str, **more: object) -> Record:
    return Record(id=f"{SHA[:12]}:{n}", raw=(("TI", title), ("TI", "")), title=title, **more)  # type: ignore[arg-type]


RECORDS = (
    record(0, "Stem cells in lupus nephritis", abstract="A randomised trial.", year=2017),
    record(900, "Néphrite lupique : cellules souches", authors=("Müller, A.", "O'Brien, B.")),
    record(95, "间充质干细胞治疗狼疮性肾炎", journal="中华医学杂志", language="zh"),
    record(1200, "IL-6 and nephritis of lupus", keywords=("TNF-α", "trial design"), pmid="123456"),
    record(1500, "Straße \"quoted\" 'apostrophe' & | ! :* <->", doi="10.1000/abc(1)"),
)


@pytest.fixture
def corpus(new_index: NewIndex) -> Corpus:
    corpus = Corpus(new_index())
    corpus.put(parsed())
    return corpus


def parsed(records: tuple[Record, ...] = RECORDS, sha256: str = SHA) -> ParsedFile:
    return ParsedFile(
        name="a.nbib",
        sha256=sha256,
        format="nbib",
        database="PubMed",
        encoding="utf-8",
        records=records,
        repaired=(Repair(line=3, code="x", message="mended"),),
        refused=(RefusedPart(line=9, code="y", message="no record"),),
    )


def found(corpus: Corpus, text: str) -> list[int]:
    return [int(name.partition(":")[2]) for name in corpus.search(text)]


def test_a_file_comes_back_as_it_was_put(corpus: Corpus) -> None:
    assert corpus.get(SHA) == parsed()
    assert corpus.record(RECORDS[2].id) == RECORDS[2]
    assert corpus.missing([SHA, "00" * 32]) == ("00" * 32,)


def test_another_parser_reads_again(corpus: Corpus) -> None:
    assert corpus.get(SHA, parser="2") is None
    assert corpus.missing([SHA], parser="2") == (SHA,)
    corpus.put(parsed(RECORDS[:1]), parser="2")
    assert corpus.get(SHA, parser="2") == parsed(RECORDS[:1])
    assert found(corpus, "lupique") == []


#: What is asked for, and the offsets of the records that hold it.
SEARCHES = [
    ("nephritis", [0, 1200]),
    ("NEPHRITIS lupus", [0, 1200]),
    ('"lupus nephritis"', [0]),
    ("nephr*", [0, 900, 1200]),
    ("nephrite", [900]),
    ("Néphrite", [900]),
    ("muller", [900]),
    ("狼疮", [95]),
    ("疮狼", []),
    ("中华", [95]),
    ("il-6", [1200]),
    ("TNF-α", [1200]),
    ("123456", [1200]),
    ("strasse", [1500]),
    ("10.1000/abc(1)", [1500]),
    ("trial", [0, 1200]),
    ("nothing", []),
    ("cells trial lupus", [0]),
]


def test_what_is_found(corpus: Corpus) -> None:
    assert [(asked, found(corpus, asked)) for asked, _ in SEARCHES] == SEARCHES


def test_a_search_for_nothing_is_refused(corpus: Corpus) -> None:
    for asked in ["", "  ", '"open', "!?"]:
        with pytest.raises(BadInput):
            corpus.search(asked)


def test_operators_of_the_database_mean_nothing(corpus: Corpus) -> None:
    operators = ["a OR b", "NOT trial", "NEAR(a b)", "title:lupus", "a & !b", "x'; DROP TABLE y"]
    for asked in [*operators, "^a", "(a", "-trial", "a <-> b", "a" + chr(92)]:
        assert found(corpus, asked) == found(corpus, " ".join(words_of(asked)))
    assert corpus.get(SHA) == parsed()


def test_the_index_of_words_can_be_made_again(corpus: Corpus) -> None:
    before = [found(corpus, asked) for asked in ("trial", "nephr*", "狼疮")]
    corpus.rebuild()
    assert [found(corpus, asked) for asked in ("trial", "nephr*", "狼疮")] == before


def test_dropping_forgets_everything(corpus: Corpus) -> None:
    corpus.drop()
    assert corpus.missing([SHA]) == (SHA,)
    assert corpus.get(SHA) is None
    assert found(corpus, "lupus") == []
    with pytest.raises(NotFound):
        corpus.record(RECORDS[0].id)


def test_many_records(new_index: NewIndex) -> None:
    corpus = Corpus(new_index())
    corpus.put(parsed(tuple(record(n, f"title number {n}") for n in range(2500))))
    assert found(corpus, "number 2400") == [2400]
    assert len(found(corpus, "title")) == 2500
    assert found(corpus, "title")[:3] == [0, 1, 2]


def test_a_word_longer_than_databases_take(new_index: NewIndex) -> None:
    corpus = Corpus(new_index())
    corpus.put(parsed((record(0, "x" * 5000),)))
    assert found(corpus, "x" * 5000) == [0]


@given(st.text(max_size=80))
def test_words_are_the_same_however_often_they_are_folded(text: str) -> None:
    words = words_of(text)
    assert all(len(word) <= 200 and word for word in words)
    assert words_of(" ".join(words)) == words


@given(st.text(max_size=40))
def test_any_search_is_read_or_refused(text: str) -> None:
    try:
        terms = terms_of(text)
    except BadInput:
        return
    assert all(term.words for term in terms)
