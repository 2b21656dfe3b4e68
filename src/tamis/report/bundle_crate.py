"""The bundle as an RO-Crate: what is in it, where each number comes from, who made what.

RO-Crate 1.1 with the profile Process Run Crate 0.5, and PROV terms beside the schema.org ones. Ids
are relative; every file has a licence; full texts, imported citations with their abstracts, and
the official wording of tools are never inside: they are known by hash and identifier only.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput
from tamis.domain.quantities import Quantity
from tamis.report.content import ReportContent
from tamis.report.crate_graph import Graph, local, path_id, ref, refs
from tamis.report.crate_things import Things

__all__ = ["METADATA", "SHARED", "bundle_zip", "crate", "shareable"]

#: Name that RO-Crate gives the description of a crate.
METADATA = "ro-crate-metadata.json"

SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"

CONTEXT: list[object] = [
    f"{SPECIFICATION}/context",
    {
        "Claim": "http://schema.org/Claim",
        "oa": "http://www.w3.org/ns/oa#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "sha256": "http://schema.org/sha256",
    },
]

#: Read aloud: what of a review folder may be in the bundle. Everything else stays out.
SHARED = ("review.toml", "claims.toml", "search/", "log/", "decisions/", "tools/", "report/")

#: Files that the report is not built from, or that would hold the bundle itself.
NOT_SHARED = ("report/bundle.zip", "report/basis.json", METADATA)

FORMATS = {
    ".csv": "text/csv", ".json": "application/json", ".jsonl": "application/jsonl",
    ".html": "text/html", ".pdf": "application/pdf", ".svg": "image/svg+xml", ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".toml": "application/toml", ".txt": "text/plain", ".r": "text/x-r", ".bib": "text/x-bibtex",
}  # fmt: skip

#: Licence of what Tamis brings along itself.
OURS = "Apache-2.0"
OURS_FILES = ("metafor.R",)

_SPDX = re.compile(r"[A-Za-z0-9]+(?:[.+-][A-Za-z0-9]+)+\Z")
#: The earliest time a ZIP file can hold; ordinary rights; made on Unix, wherever it was made.
_TIME = (1980, 1, 1, 0, 0, 0)
_RIGHTS = 0o100644 << 16
_UNIX = 3


def shareable(path: str) -> bool:
    """Tell whether a file of a review folder may be in the bundle.

    Examples
    --------
    >>> shareable("log/p-a.00000001.jsonl"), shareable("imports/pubmed.nbib")
    (True, False)
    """
    inside = any(path == part or (part[-1] == "/" and path.startswith(part)) for part in SHARED)
    return inside and path not in NOT_SHARED and ".." not in path.split("/")


def bundle_zip(files: Mapping[str, bytes]) -> bytes:
    """Return files as one archive: sorted names, one fixed time, the same bytes every time.

    The bytes are the same wherever the compression library is the same.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _RIGHTS
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=6)
    return buffer.getvalue()


def crate(
    files: Mapping[str, bytes], content: ReportContent, quantities: Mapping[str, Quantity]
) -> bytes:
    """Describe a bundle as an RO-Crate.

    Parameters
    ----------
    files
        Path in the bundle -> bytes, without the description itself. Files that may not be shared
        are refused.
    content
        What the report was made of.
    quantities
        ``Report.quantities``: every number of the report.

    Returns
    -------
    bytes
        ``ro-crate-metadata.json``: sorted, LF, no time but those of the log.

    Raises
    ------
    BadInput
        When a file may not be shared, the review has no date, or a number rests on nothing.
    """
    wrong = sorted(path for path in files if not shareable(path))
    if wrong:
        raise BadInput(
            f"{wrong[0]} may not be in a bundle that others read",
            f"leave out what is not ours to share; the bundle holds {', '.join(SHARED)}",
        )
    graph = Graph()
    things = Things(graph, content, quantities, {path_id(p): d for p, d in files.items()})
    licence = _licence(graph, content.protocol.head.licence)
    parts = [_file(graph, path, data, licence) for path, data in sorted(files.items())]
    for value in content.extraction.values:
        things.value(value)
    for quantity in quantities.values():
        things.number(quantity)
    _judgements(things)
    actions = [things.engine_run(run) for run in content.engine_runs]
    actions.append(_build(things, parts))
    _root(things, licence, parts, actions)
    return graph.written(CONTEXT, (METADATA, "./"))


def _root(things: Things, licence: str, parts: list[str], actions: list[str]) -> None:
    content = things.content
    head = content.protocol.head
    date = (content.date or head.as_of)[:10]
    if not date:
        raise BadInput("the review has no date", "record a decision, or set as_of in review.toml")
    things.graph.add(
        METADATA, "CreativeWork", about=ref("./"), conformsTo=ref(SPECIFICATION)
    )  # fmt: skip
    things.graph.add(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    things.graph.add(
        "./", ("Dataset", "prov:Collection"),
        name=head.title, description=head.banner or f"Data of the review: {head.title}",
        identifier=[text for text in (head.id, head.registration) if text],
        datePublished=date, license=ref(licence), conformsTo=ref(PROFILE),
        author=refs(things.person(member.id) for member in content.protocol.team),
        hasPart=refs(parts), mentions=refs(actions),
    )  # fmt: skip


def _licence(graph: Graph, text: str) -> str:
    """Describe the licence that the review states, or say that it states none."""
    if text.startswith(("https://", "http://")):
        return graph.add(text, "CreativeWork", name=text)
    if _SPDX.match(text):
        return graph.add(f"https://spdx.org/licenses/{text}", "CreativeWork", name=text)
    return graph.add(
        local("licence", "of-this-review"), "CreativeWork",
        name=text or "no licence is stated",
        description="" if text else "All rights stay with the authors of the review until they "
        "state a licence in review.toml. Facts and figures of published studies carry none.",
    )  # fmt: skip


def _file(graph: Graph, path: str, data: bytes, licence: str) -> str:
    name = path.rpartition("/")[2]
    suffix = f".{name.rpartition('.')[2].casefold()}" if "." in name else ""
    own = name in OURS_FILES
    return graph.add(
        path_id(path), ("File", "prov:Entity"), name=name,
        encodingFormat=FORMATS.get(suffix, "application/octet-stream"),
        contentSize=str(len(data)), sha256=sha256_hex(data),
        license=ref(_licence(graph, OURS) if own else licence),
    )  # fmt: skip


def _build(things: Things, parts: list[str]) -> str:
    """Describe the step that wrote the report and its data from the log."""
    made = [part for part in parts if part.startswith("report/")]
    used = [part for part in parts if not part.startswith("report/")]
    software = things.tamis()
    for name, version in sorted(things.content.versions.items()):
        if name != "tamis":
            things.software(name, version)
    return things.graph.add(
        local("step", "build"), ("CreateAction", "prov:Activity"), name="tamis build",
        endTime=things.content.date, instrument=ref(software), agent=ref(software),
        object=refs(used), result=refs(made), prov_used=refs(used),
    )  # fmt: skip


def _judgements(things: Things) -> None:
    """Describe certainty of each body and the claims that were checked."""
    for rating in things.content.ratings:
        where = local("certainty", rating.body)
        inputs = [i for domain in rating.domains for i in (*domain.because, domain.event) if i]
        score = ""
        if rating.level is not None:
            score = things.graph.add(
                f"{where}/rating", "Rating", ratingValue=str(rating.level), bestRating="4",
                worstRating="1", name=rating.label,
            )  # fmt: skip
        things.graph.add(
            where, ("Review", "prov:Entity"), name=f"certainty of {rating.body}",
            creativeWorkStatus=rating.status, reviewRating=ref(score) if score else "",
            itemReviewed=ref(things.thing(rating.body, where)),
            prov_wasDerivedFrom=things.derived(inputs, where),
        )  # fmt: skip
    for text in things.content.claims:
        for claim in text.claims:
            if claim.id:
                where = local("claim", f"{text.name}/{claim.id}")
                because = [i for f in claim.findings for i in f.because]
                things.graph.add(
                    where, ("Claim", "prov:Entity"), name=claim.id, text=claim.text,
                    inLanguage=claim.lang, isPartOf=ref(_text(things, text.name)),
                    description=f"number: {claim.number}; reading: {claim.reading}",
                    prov_wasDerivedFrom=things.derived(because, where),
                )  # fmt: skip


def _text(things: Things, name: str) -> str:
    return things.graph.add(
        local("text", name), ("CreativeWork", "prov:Entity"), name=name,
        description="a text whose claims were checked; it is not in this bundle",
    )  # fmt: skip
