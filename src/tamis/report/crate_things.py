"""The things of a review as entities of an RO-Crate: values with anchors, numbers, people, steps.

An entity is described when something refers to it first, so that the crate holds what its numbers
rest on and nothing refers to what is not there. Of third-party texts only the numbers that identify
them, and short quotes that anchor a value, are written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from tamis.domain.canonical import sha256_hex
from tamis.domain.decisions import EngineRun
from tamis.domain.errors import BadInput
from tamis.domain.quantities import Quantity
from tamis.domain.records import Record, Study
from tamis.domain.values import CitationAnchor, Derivation, LookedFor, PassageAnchor, Value
from tamis.report.content import ReportContent
from tamis.report.crate_graph import Graph, local, ref, refs
from tamis.report.sources import address

__all__ = ["Things"]

ENTITY = "prov:Entity"
#: What a thing of the crate is made of, when nothing else is named: the review as a whole.
ROOT = "./"


class Things:
    """Describes things of one review in a graph, each once."""

    def __init__(
        self, graph: Graph, content: ReportContent, quantities: Mapping[str, Quantity],
        files: Mapping[str, bytes],
    ) -> None:  # fmt: skip
        self.graph = graph
        self.content = content
        self._quantities = quantities
        self._values = {v.id: v for v in content.extraction.values}
        self._sought = {i.id: i for i in content.extraction.looked_for}
        self._studies = {s.id: s for s in content.studies}
        self._reports = {r.id: s for s in content.studies for r in s.reports}
        self._of_record = {n: r.id for s in content.studies for r in s.reports for n in r.records}
        self._batches = {b.sha256: b for b in content.batches}
        self._documents = {d.sha256: d for d in content.documents}
        self._runs = {run.event: run for run in content.engine_runs}
        self._files = {sha256_hex(data): path for path, data in files.items()}
        self._team = {m.id: m.name for m in content.protocol.team}
        self._kinds = self._known()

    def _known(self) -> dict[str, str]:
        """Return what each name of the review names; where two things share one, the later."""
        content, protocol = self.content, self.content.protocol
        parts = (
            *(b.id for b in protocol.bodies), *(s.plan.id for s in content.syntheses),
            *(o.id for o in protocol.outcomes), *(s.id for s in protocol.sources),
        )  # fmt: skip
        named: tuple[tuple[str, Iterable[str]], ...] = (
            ("part", parts), ("root", (protocol.head.id,)), ("person", self._team),
            ("data", (*self._batches, *self._documents)), ("report", self._reports),
            ("study", self._studies), ("event", content.events), ("record", content.records),
            ("looked-for", self._sought), ("value", self._values), ("number", self._quantities),
        )  # fmt: skip
        return {name: kind for kind, names in named for name in names}

    def thing(self, name: str, asked_by: str) -> str:
        """Return the id of what an input names, describing it first where that is needed.

        Raises
        ------
        BadInput
            When nothing in the review has that name: a trail must not end in the air.
        """
        kind = self._kinds.get(name, "")
        match kind:
            case "number" | "value":
                return local(kind, name)
            case "":
                pass
            case _:
                return _MAKERS[kind](self, name)
        raise BadInput(
            f"{asked_by} rests on {name!r}, which is nowhere in the review",
            "give the event, record, value or study that the number was made from",
        )

    def _part(self, name: str) -> str:
        """Describe a synthesis, a body of evidence, an outcome or a source of the protocol."""
        where = local("part", name)
        if where not in self.graph:
            syntheses = {s.plan.id: s for s in self.content.syntheses}
            one = syntheses.get(name)
            inputs = [i for e in one.effects for i in e.inputs] if one else []
            self.graph.add(
                where, ("CreativeWork", ENTITY), name=name, identifier=name,
                prov_wasDerivedFrom=refs(self.thing(i, where) for i in inputs) or [ref(ROOT)],
            )  # fmt: skip
        return where

    # --- numbers and values -----------------------------------------------------------------

    def number(self, quantity: Quantity) -> str:
        """Describe a number of the report: its text, its rule, what it was derived from."""
        where = local("number", quantity.id)
        settings = dict(sorted(quantity.settings.items()))
        return self.graph.add(
            where, ("PropertyValue", ENTITY),
            name=quantity.id, identifier=quantity.id, value=str(quantity),
            unitText=quantity.unit, measurementTechnique=quantity.rule,
            description=json.dumps(settings, ensure_ascii=False) if settings else "",
            prov_wasDerivedFrom=refs(self.thing(i, quantity.id) for i in quantity.inputs)
            or [ref(ROOT)],
        )  # fmt: skip

    def value(self, value: Value) -> str:
        """Describe an extracted value with its anchor or its derivation."""
        where = local("value", value.id)
        source = value.source
        quoted = anchor = formula = ""
        inputs: tuple[str, ...] = ()
        match source:
            case PassageAnchor():
                quoted, anchor = self.data(source.document), self._passage(value, source)
            case CitationAnchor():
                quoted = self._citation(source.citation)
                anchor = self._place(value, quoted, source.location)
            case Derivation():
                quoted = self._citation(source.citation) if source.citation else ""
                formula, inputs = source.formula, source.inputs
        step = self.event(value.event) if value.event in self.content.events else ""
        return self.graph.add(
            where, ("PropertyValue", ENTITY),
            name=value.id, identifier=value.id, propertyID=value.cell.outcome,
            value=value.printed, unitText=value.unit, measurementTechnique=value.statistic,
            description=formula, creativeWorkStatus=value.status, about=ref(self._study_of(value)),
            prov_wasQuotedFrom=ref(quoted) if quoted else "",
            prov_qualifiedDerivation=ref(anchor) if anchor else "",
            prov_wasDerivedFrom=refs(self.thing(i, value.id) for i in inputs),
            prov_wasGeneratedBy=ref(step) if step else "",
        )  # fmt: skip

    def _study_of(self, value: Value | LookedFor) -> str:
        study = self._studies.get(value.cell.study)
        return self.study(study) if study is not None else ROOT

    def _passage(self, value: Value, anchor: PassageAnchor) -> str:
        """Describe a quote after the Web Annotation model: page, positions, words."""
        base = local("anchor", value.id)
        page = self.graph.add(
            f"{base}/page", "oa:FragmentSelector", rdf_value=f"page={anchor.page}"
        )
        place = self.graph.add(
            f"{base}/position", "oa:TextPositionSelector",
            oa_start=anchor.start, oa_end=anchor.end,
        )  # fmt: skip
        quote = self.graph.add(
            f"{base}/quote", "oa:TextQuoteSelector",
            oa_exact=anchor.quote, oa_prefix=anchor.prefix, oa_suffix=anchor.suffix,
        )  # fmt: skip
        document = self.data(anchor.document)
        return self.graph.add(
            base, ("oa:SpecificResource", "prov:Quotation"),
            prov_entity=ref(document), oa_hasSource=ref(document),
            oa_hasSelector=refs((page, place, quote)),
        )  # fmt: skip

    def _place(self, value: Value, cited: str, location: str) -> str:
        return self.graph.add(
            local("anchor", value.id), ("oa:SpecificResource", "prov:Quotation"),
            prov_entity=ref(cited), oa_hasSource=ref(cited), description=location,
        )  # fmt: skip

    def _looked_for(self, item: LookedFor) -> str:
        return self.graph.add(
            local("looked-for", item.id), ("PropertyValue", ENTITY),
            name=item.id, identifier=item.id, propertyID=item.cell.outcome,
            description="looked for and not reported where read", measurementTechnique=item.where,
            about=ref(self._study_of(item)),
        )  # fmt: skip

    # --- sources ----------------------------------------------------------------------------

    def _citation(self, text: str) -> str:
        return self.graph.add(
            local("citation", sha256_hex(text.encode())[:12]), ("CreativeWork", ENTITY),
            name=text, url=address(text),
        )  # fmt: skip

    def data(self, sha256: str) -> str:
        """Describe a file by its hash: the file itself where it is inside, else a stub of it."""
        if sha256 in self._files:
            return self._files[sha256]
        batch, document = self._batches.get(sha256), self._documents.get(sha256)
        name = batch.file if batch else document.file if document else f"data {sha256[:12]}"
        return self.graph.add(
            local("data", sha256[:12]), ("CreativeWork", ENTITY),
            name=name, sha256=sha256,
            description="not in this bundle: it is known by its hash",
        )  # fmt: skip

    def record(self, record: Record) -> str:
        """Describe a citation: numbers that identify it, no abstract."""
        where = local("record", record.id)
        if where not in self.graph:
            of = self._of_record.get(record.id)
            ids = [f"doi:{record.doi}" if record.doi else "",
                   f"pmid:{record.pmid}" if record.pmid else ""]  # fmt: skip
            self.graph.add(
                where, ("ScholarlyArticle", ENTITY), name=record.title or record.id,
                identifier=[record.id, *filter(None, ids)],
                datePublished=str(record.year) if record.year else "",
                prov_specializationOf=ref(self.report(of)) if of else "",
            )  # fmt: skip
        return where

    def report(self, name: str) -> str:
        """Describe a report of a study."""
        study = self._reports[name]
        kind = next(report.kind for report in study.reports if report.id == name)
        return self.graph.add(
            local("report", name), ("ScholarlyArticle", ENTITY), name=name, identifier=name,
            genre=kind, prov_specializationOf=ref(self.study(study)),
        )  # fmt: skip

    def study(self, study: Study) -> str:
        """Describe a study."""
        return self.graph.add(
            local("study", study.id), ("CreativeWork", ENTITY), name=study.label,
            identifier=study.id, genre=study.design, description=study.role,
        )  # fmt: skip

    # --- people, programs, steps ------------------------------------------------------------

    def person(self, actor: str, name: str = "") -> str:
        """Describe a person of the team by id and name."""
        return self.graph.add(
            local("person", actor), ("Person", "prov:Person"),
            name=self._team.get(actor) or name or actor, identifier=actor,
        )  # fmt: skip

    def software(self, name: str, version: str) -> str:
        """Describe a program that computed something."""
        return self.graph.add(
            local("software", f"{name}-{version}"), ("SoftwareApplication", "prov:SoftwareAgent"),
            name=name, softwareVersion=version,
        )  # fmt: skip

    def event(self, name: str) -> str:
        """Describe a step of the log: who or what did it, with which program, when."""
        run = self._runs.get(name)
        if run is not None:
            return self.engine_run(run)
        mark = self.content.events[name]
        agent = (
            self.person(mark.actor, mark.name)
            if mark.actor.startswith("p-")
            else self.software(mark.actor, "see its name")
        )
        return self.graph.add(
            local("step", name), ("CreateAction", "prov:Activity"),
            name=mark.kind.partition(".")[0].replace("_", " "), identifier=name,
            agent=ref(agent), endTime=mark.at, instrument=ref(self.tamis()),
            prov_wasAssociatedWith=ref(agent),
        )  # fmt: skip

    def tamis(self) -> str:
        """Describe the program that keeps the log and writes the report."""
        return self.software("tamis", self.content.versions.get("tamis", "version not known"))

    def engine_run(self, run: EngineRun) -> str:
        """Describe one run of an engine: settings, what went in, what came out."""
        engine = self.software(run.engine, run.version)
        inputs = [self.data(sha) for sha in run.inputs]
        settings = json.dumps(dict(sorted(run.settings)), ensure_ascii=False, sort_keys=True)
        output = [self.data(run.output)] if run.output else []
        return self.graph.add(
            local("step", run.event), ("CreateAction", "prov:Activity"),
            name=f"{run.engine} for {run.stage or 'the review'}", identifier=run.event,
            description=settings, endTime=run.at, agent=ref(engine), instrument=ref(engine),
            object=refs(inputs), result=refs(output),
            prov_used=refs(inputs), prov_wasAssociatedWith=ref(engine),
        )  # fmt: skip

    def derived(self, names: Sequence[str], asked_by: str) -> list[dict[str, object]]:
        """Return references to what a judgement rests on, those that this review has."""
        found = []
        for name in names:
            try:
                found.append(self.thing(name, asked_by))
            except BadInput:
                continue  # a rule may name a part of a result that has no id of its own
        return refs(found)


#: Kind of a name -> how the thing is described.
_MAKERS: Mapping[str, Callable[[Things, str], str]] = {
    "part": lambda things, name: things._part(name),
    "root": lambda things, name: ROOT,
    "person": lambda things, name: things.person(name),
    "data": lambda things, name: things.data(name),
    "report": lambda things, name: things.report(name),
    "study": lambda things, name: things.study(things._studies[name]),
    "event": lambda things, name: things.event(name),
    "record": lambda things, name: things.record(things.content.records[name]),
    "looked-for": lambda things, name: things._looked_for(things._sought[name]),
}
