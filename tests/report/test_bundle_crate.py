"""The bundle as an RO-Crate: whole, licensed, without what is not ours, the same every time."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.pages import sample_report
from tests.report.sample import PDF, sample

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput
from tamis.domain.quantities import Quantity
from tamis.domain.records import Record
from tamis.report.bundle_crate import METADATA, bundle_zip, crate, shareable
from tamis.report.crate_graph import Graph, local, path_id, ref

#: Terms that the RO-Crate context has (schema.org), as far as we use them; others have a prefix.
TERMS = frozenset(
    [
        "about",
        "agent",
        "author",
        "bestRating",
        "conformsTo",
        "contentSize",
        "creativeWorkStatus",
        "datePublished",
        "description",
        "encodingFormat",
        "endTime",
        "genre",
        "hasPart",
        "identifier",
        "inLanguage",
        "instrument",
        "isPartOf",
        "itemReviewed",
        "license",
        "measurementTechnique",
        "mentions",
        "name",
        "object",
        "propertyID",
        "ratingValue",
        "result",
        "reviewRating",
        "sha256",
        "softwareVersion",
        "text",
        "unitText",
        "url",
        "value",
        "version",
        "worstRating",
    ]
)
TYPES = frozenset(
    [
        "Claim",
        "CreateAction",
        "CreativeWork",
        "Dataset",
        "File",
        "Person",
        "PropertyValue",
        "Rating",
        "Review",
        "ScholarlyArticle",
        "SoftwareApplication",
    ]
)
PREFIXES = ("prov:", "oa:", "rdf:")


def files() -> dict[str, bytes]:
    report = sample_report()
    return {
        "review.toml": b'[review]\nid = "sample"\n',
        "log/p-rev-a.9f3c12ab.jsonl": b"{}\n",
        "search/pubmed strategy.txt": b"sieve\n",
        "report/report.html": report.html,
        **{f"report/data/{name}": data for name, data in report.bundle.items()},
    }


@cache
def made() -> bytes:
    return crate(files(), sample(), sample_report().quantities)


@cache
def graph() -> Mapping[str, Mapping[str, object]]:
    return {entity["@id"]: entity for entity in json.loads(made())["@graph"]}


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for key, inner in value.items():
            if key not in ("@id", "@type"):
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


# ------------------------------------------------------------------ the specification
def test_the_descriptor_and_the_root_are_what_the_specification_asks_for() -> None:
    data = json.loads(made())
    assert data["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    descriptor, root = graph()[METADATA], graph()["./"]
    assert [e["@id"] for e in data["@graph"][:2]] == [METADATA, "./"]
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert "Dataset" in root["@type"]
    for name in ("name", "description", "datePublished", "license", "hasPart", "mentions"):
        assert root[name], name
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(root["datePublished"]))
    profile = graph()[root["conformsTo"]["@id"]]  # type: ignore[index]
    assert profile["name"] == "Process Run Crate"


def test_every_id_is_there_once_and_every_reference_leads_to_one() -> None:
    entities = json.loads(made())["@graph"]
    assert len(entities) == len(graph()) > 300
    targets = {name for entity in entities for name in references(entity)}
    assert targets - graph().keys() == {"https://w3id.org/ro/crate/1.1"}


def test_ids_are_relative_and_entities_are_flat() -> None:
    outside = {name for name in graph() if re.match(r"[a-z]+:", name)}
    assert all(name.startswith(("https://w3id.org/ro/", "https://spdx.org/")) for name in outside)
    for name, entity in graph().items():
        assert "//" not in name.removeprefix("https://")
        assert not re.search(r"[\s<>\"{}|\\^`]", name), name
        for key, value in entity.items():
            assert all(not isinstance(v, dict) or set(v) == {"@id"} for v in listed(value)), key


def test_only_terms_of_the_context_are_used() -> None:
    for name, entity in graph().items():
        keys = {k for k in entity if k not in ("@id", "@type") and not k.startswith(PREFIXES)}
        assert keys <= TERMS, (name, keys - TERMS)
        types = {str(t) for t in listed(entity["@type"]) if not str(t).startswith(PREFIXES)}
        assert types <= TYPES, name


def test_runs_have_an_instrument_with_a_version() -> None:
    actions = [graph()[r] for r in references(graph()["./"]["mentions"])]
    assert {a["name"] for a in actions} >= {"tamis build"}
    assert any("dedupe" in str(a["name"]) for a in actions)
    for action in actions:
        (instrument,) = references(action["instrument"])
        assert graph()[instrument]["softwareVersion"]
        assert action["endTime"]


# ------------------------------------------------------------------ files
def test_every_file_is_described_with_hash_size_format_and_licence() -> None:
    parts = set(references(graph()["./"]["hasPart"]))
    assert {unquote(part) for part in parts} == set(files())
    for path, data in files().items():
        entity = graph()[path_id(path)]
        assert entity["sha256"] == sha256_hex(data)
        assert entity["contentSize"] == str(len(data))
        assert entity["encodingFormat"] != "application/octet-stream"
        (licence,) = references(entity["license"])
        assert graph()[licence]["name"]
    assert "File" in graph()["search/pubmed%20strategy.txt"]["@type"]


def test_a_licence_is_what_the_review_states_and_never_made_up() -> None:
    stated = {"CC-BY-4.0": "https://spdx.org/licenses/CC-BY-4.0",
              "https://example.org/terms": "https://example.org/terms"}  # fmt: skip
    for text, expected in stated.items():
        head = replace(sample().protocol.head, licence=text)
        content = replace(sample(), protocol=replace(sample().protocol, head=head))
        entities = json.loads(crate({"review.toml": b""}, content, {}))["@graph"]
        assert next(e for e in entities if e["@id"] == "./")["license"] == {"@id": expected}
    silent = graph()[next(references(graph()["./"]["license"]))]
    assert silent["name"] == "no licence is stated"
    script = next(references(graph()["report/data/metafor.R"]["license"]))
    assert script == "https://spdx.org/licenses/Apache-2.0"


@pytest.mark.parametrize(
    "path",
    ["documents/paper.pdf", "imports/pubmed.nbib", ".tamis/index.sqlite", "../secret.txt",
     "report/../imports/a.ris", "wording/rob2-en.toml", ".git/config", "notes.txt"],
)  # fmt: skip
def test_what_is_not_ours_is_refused(path: str) -> None:
    assert not shareable(path)
    with pytest.raises(BadInput, match="may not be in a bundle"):
        crate({path: b"x"}, sample(), {})


def test_no_abstract_and_no_full_text_is_inside() -> None:
    words = "Sieves were shaken for forty days in a cellar that nobody else had ever entered"
    paper = Record(id="a" * 12 + ":0", raw=(("AB", words),), title="Drug Q", abstract=words)
    content = replace(sample(), records={**sample().records, paper.id: paper})
    assert words.encode() not in crate(files(), content, sample_report().quantities)
    stub = graph()[local("data", PDF[:12])]
    assert stub["sha256"] == PDF
    assert "not in this bundle" in str(stub["description"])
    assert "File" not in listed(stub["@type"])


# ------------------------------------------------------------------ numbers
def ends(name: str, seen: set[str]) -> Iterator[str]:
    """Yield where a number's trail ends: a quote, a citation, a formula, a record, a step."""
    if name in seen:
        return
    seen.add(name)
    entity = graph()[name]
    kind = name.partition("/")[0]
    if kind == "#value":
        anchored = [n for key in ("prov:wasQuotedFrom", "prov:qualifiedDerivation")
                    for n in references(entity.get(key, []))]  # fmt: skip
        yield from anchored
        if entity.get("description"):
            yield f"formula: {entity['description']}"
    elif kind != "#number":
        yield name
    for target in references(entity.get("prov:wasDerivedFrom", [])):
        yield from ends(target, seen)


def test_every_number_reaches_a_quote_or_a_derivation() -> None:
    quantities = sample_report().quantities
    assert len(quantities) > 100
    for name, quantity in quantities.items():
        entity = graph()[local("number", name)]
        assert entity["value"] == str(quantity)
        assert list(ends(local("number", name), set())), name


def test_a_quote_stands_in_its_three_selectors() -> None:
    value = graph()[local("value", "v:trial2017/remission/m6.best-by/dq/events")]
    (anchor,) = references(value["prov:qualifiedDerivation"])
    selectors = [graph()[name] for name in references(graph()[anchor]["oa:hasSelector"])]
    assert {s["@type"] for s in selectors} == {
        "oa:FragmentSelector", "oa:TextPositionSelector", "oa:TextQuoteSelector",
    }  # fmt: skip
    by = {str(s["@type"]): s for s in selectors}
    assert by["oa:FragmentSelector"]["rdf:value"] == "page=3"
    assert by["oa:TextPositionSelector"]["oa:start"] == 10
    assert by["oa:TextQuoteSelector"]["oa:exact"].startswith("Remission was reached by 9 of 12")  # type: ignore[attr-defined]
    assert value["prov:wasQuotedFrom"] == {"@id": local("data", PDF[:12])}


def test_a_number_that_rests_on_nothing_stops_the_bundle() -> None:
    lost = Quantity(id="x:y#n", value=3, inputs=("v:gone/away/m1/all/n",), rule="made up")
    with pytest.raises(BadInput, match="nowhere in the review"):
        crate({}, sample(), {lost.id: lost})


def test_certainty_and_claims_are_described() -> None:
    reviews = [e for e in graph().values() if "Review" in listed(e["@type"])]
    assert {e["creativeWorkStatus"] for e in reviews} >= {"confirmed", "in progress"}
    rated = next(e for e in reviews if e.get("reviewRating"))
    assert graph()[next(references(rated["reviewRating"]))]["bestRating"] == "4"


# ------------------------------------------------------------------ bytes
def test_the_same_review_gives_the_same_bytes() -> None:
    quantities = sample_report().quantities
    turned = dict(reversed(list(files().items())))
    other = crate(turned, sample(), dict(reversed(list(quantities.items()))))
    assert other == made()
    assert b"\r" not in made()
    whole = {**files(), METADATA: made()}
    packed = bundle_zip(whole)
    assert packed == bundle_zip(dict(reversed(list(whole.items()))))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == sorted(whole)
        assert archive.testzip() is None
        assert all(archive.read(name) == data for name, data in whole.items())


@given(st.text(min_size=1, max_size=40))
def test_any_name_becomes_an_id_that_leads_back_to_it(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    found = local("value", name)
    assert unquote(found.removeprefix("#value/")) == name
    assert re.fullmatch(r"#value/[A-Za-z0-9_.~%-]+", found)


def test_a_graph_refuses_two_things_under_one_id_and_lost_references() -> None:
    made_graph = Graph()
    made_graph.add("#a", "CreativeWork", name="one")
    assert made_graph.add("#a", "CreativeWork", name="one") == "#a"
    with pytest.raises(BadInput, match="are called #a"):
        made_graph.add("#a", "CreativeWork", name="two")
    made_graph.add("#b", "CreativeWork", about=ref("#gone"))
    with pytest.raises(BadInput, match="#gone"):
        made_graph.written([], ())


def test_a_review_without_a_date_is_not_described() -> None:
    head = replace(sample().protocol.head, as_of="")
    content = replace(sample(), date="", protocol=replace(sample().protocol, head=head))
    with pytest.raises(BadInput, match="no date"):
        crate({}, content, {})
