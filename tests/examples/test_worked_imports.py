"""The import files of the worked review: four dialects, 301 records, nothing that was not known."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.examples.worked import INPUTS, citing, imports, notes, papers, protocol, records, rows

from tamis.dedupe import deduplicate
from tamis.domain.records import PairDecision
from tamis.formats import read_citations

COUNTS = {"central": 29, "ebscohost": 88, "pubmed": 88, "scopus": 96}


def by_source() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, data in imports():
        source = name.split("-")[3].partition(".")[0]
        found[source] = [r.id for r in read_citations(data, name=name).records]
    return found


def test_each_file_belongs_to_a_source_and_has_its_records() -> None:
    assert {source: len(ids) for source, ids in by_source().items()} == COUNTS
    assert sum(COUNTS.values()) == len(records()) == 301
    assert sorted(COUNTS) == sorted(s.id for s in protocol().sources)
    assert all(name.startswith(f"{protocol().head.as_of}-") for name, _ in imports())


def test_the_product_reads_the_same_records_as_the_simple_reader() -> None:
    assert {name for ids in by_source().values() for name in ids} == set(records())


@pytest.mark.parametrize("name", [name for name, _ in imports()])
def test_nothing_has_to_be_mended_and_every_record_has_a_title(name: str) -> None:
    parsed = read_citations((INPUTS / "imports" / name).read_bytes(), name=name)
    assert not parsed.repaired
    assert {part.code for part in parsed.refused} <= {"export-furniture"}
    assert all(record.title and record.type for record in parsed.records)


def test_the_files_are_in_the_dialects_of_their_databases() -> None:
    data = dict(imports())
    read = {name: read_citations(data[name], name=name).database for name in data}
    assert [base for name, base in read.items() if "pubmed" not in name] == [
        "CENTRAL", "EBSCOhost", "Scopus",
    ]  # fmt: skip
    ebsco = data["2025-12-31-ebscohost.ris"]
    assert data["2025-12-31-scopus.ris"].startswith(b"\xef\xbb\xbfTY  - ")
    assert b"Record #1 of 29\n" in data["2025-12-31-central.ris"]
    assert ebsco.count(b"\r\n") == ebsco.count(b"\n")
    assert b"\nPMID- 28478399\n" in data["2025-12-31-pubmed.nbib"]


def test_one_paper_looks_different_in_each_database() -> None:
    """Journal whole or short, last page cut, DOI missing, initials with and without stops."""
    deng = citing("10.1136/annrheumdis-2017-211073")
    journals = {v for f in deng for tag in ("JT", "TA", "T2", "J2", "JA") for v in f.get(tag, ())}
    assert journals == {
        "Annals of the rheumatic diseases", "Ann Rheum Dis", "Annals of the Rheumatic Diseases",
        "Ann. Rheum. Dis.",
    }  # fmt: skip
    assert {f["AU"][0] for f in deng} == {"Deng D", "Deng, D.", "Deng, D"}
    shi = citing("diffuse alveolar hemorrhage in systemic")
    assert len(shi) == 3
    assert [f["PG"][0] for f in shi if "PG" in f] == ["841-6"]
    without = {name for name in by_source()["ebscohost"] if "L3" not in records()[name]}
    same = {name for names in papers().values() if names & without for name in names}
    assert any("DO" in records()[name] for name in same)


def test_every_record_says_that_it_was_written_for_a_demonstration() -> None:
    assert all("Demonstration record" in notes(fields) for fields in records().values())


def test_no_abstract_no_keyword_and_no_invented_number_stands_in_any_file() -> None:
    used = {tag for fields in records().values() for tag in fields}
    assert not used & {"AB", "N2", "OAB", "KW", "MH", "OT", "AN", "SN", "AD"}
    pmids = {held for fields in records().values() for held in fields.get("PMID", ()) if held}
    assert all(re.fullmatch(r"\d{8}", pmid) for pmid in pmids)
    assert not pmids & {"25119864", "30282560"}, "these two are only candidates"


def test_fields_that_nobody_checked_carry_that_word() -> None:
    ranjbar = citing("10.1016/j.retram.2021.103324")
    assert len(ranjbar) == 3
    assert all("Unverified: doi" in notes(fields) for fields in ranjbar)
    assert len(citing("Unverified: ")) > 20


def test_two_reports_of_one_title_and_a_correction_are_there() -> None:
    titles = Counter(title for title, _ in papers())
    (twin,) = [title for title, n in titles.items() if n == 2]
    assert twin.startswith("allogeneicmesenchymalstemcelltransplantationforlupusnephritis")
    car = "anticd19cartcelltherapyforrefractorysystemiclupuserythematosus"
    assert {(car, ""), ("authorcorrection" + car, "")} <= papers().keys()
    assert len(papers()) == 103


def decisions() -> tuple[PairDecision, ...]:
    return tuple(
        PairDecision(a=row["a"], b=row["b"], decision=row["decision"], rule=row["by"])
        for row in rows("pairs")
    )


def test_de_duplication_with_two_decided_pairs_finds_the_103_papers() -> None:
    parsed = [r for name, data in imports() for r in read_citations(data, name=name).records]
    result = deduplicate(parsed, decided=decisions())
    assert not result.unsure
    assert {frozenset(c.records) for c in result.clusters} == set(papers().values())


def test_de_duplication_alone_joins_nothing_wrongly() -> None:
    parsed = [r for name, data in imports() for r in read_citations(data, name=name).records]
    alone = deduplicate(parsed)
    for cluster in alone.clusters:
        assert any(set(cluster.records) <= names for names in papers().values())
    assert len(alone.clusters) - 103 <= len(decisions())
