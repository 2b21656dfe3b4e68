"""Items of PRISMA 2020, PRISMA-S and SWiM: our short name, who fills it, where, and its check.

Read aloud: item; short name; G from data, D drafted from settings, H by a person; id of the place
in the page; the question asked of the review.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tamis.domain.decisions import STAGES
from tamis.report.sections.checks import (
    ABSENT,
    COMPLETE,
    NOT_APPLICABLE,
    PARTIAL,
    Answer,
    Facts,
    all_of,
    given,
)

__all__ = ["PLACES", "PRISMA", "PRISMA_S", "SWIM", "Item"]

Check = Callable[[Facts], Answer]

#: Id of a place in the page -> its words.
PLACES = {
    "title": "Title",
    "abstract": "Abstract",
    "introduction": "Introduction",
    "question": "Introduction: question",
    "methods-protocol": "Methods: protocol and registration",
    "methods-eligibility": "Methods: eligibility",
    "methods-search": "Methods: sources and search",
    "methods-selection": "Methods: selection of studies",
    "methods-collection": "Methods: collection of data",
    "methods-outcomes": "Methods: outcomes",
    "methods-bias": "Methods: risk of bias",
    "methods-synthesis": "Methods: synthesis",
    "methods-certainty": "Methods: certainty of the evidence",
    "results-selection": "Results: selection of studies",
    "results-studies": "Results: studies",
    "results-bias": "Results: risk of bias",
    "results-controlled": "Results: studies with a comparator",
    "results-observed": "Results: studies without a comparator",
    "summary-of-findings": "Summary of findings",
    "discussion": "Discussion",
    "discussion-interpretation": "Discussion: what the evidence allows to say",
    "discussion-evidence": "Discussion: limits of the evidence",
    "discussion-process": "Discussion: limits of the review",
    "other-registration": "Other information: registration",
    "other-deviations": "Other information: deviations from protocol",
    "other-support": "Other information: support",
    "other-interests": "Other information: competing interests",
    "other-data": "Other information: data and code",
    "appendix-a": "Appendix A",
    "appendix-b": "Appendix B",
    "appendix-c": "Appendix C",
    "appendix-e": "Appendix E",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist."""

    id: str
    name: str
    how: str
    anchor: str
    check: Check


def _title(f: Facts) -> Answer:
    words = f.content.protocol.head.title.lower()
    if "systematic review" in words or "系统评价" in words or "系统综述" in words:
        return COMPLETE, ""
    return ABSENT, "the title does not say that this is a systematic review"


def _abstract(f: Facts) -> Answer:
    missing = []
    if not f.content.protocol.head.funding.strip():
        missing.append("funding")
    if not f.content.protocol.head.registration.strip():
        missing.append("registration")
    if not f.content.appraisals:
        missing.append("risk of bias")
    return (PARTIAL, f"without {' and '.join(missing)}") if missing else (COMPLETE, "")


def _rationale(f: Facts) -> Answer:
    return given(f.content.protocol.question.rationale.strip(), "nobody has written a rationale")


def _eligibility(f: Facts) -> Answer:
    if not f.content.protocol.criteria:
        return ABSENT, "the protocol states no criterion"
    return given(f.content.syntheses, "no grouping for a synthesis is planned")


def _selection(f: Facts) -> Answer:
    if not f.content.votes:
        return ABSENT, "no verdict is in the log"
    return f.selected()


def _collection(f: Facts) -> Answer:
    return given(f.content.extraction.values, "no value is recorded")


def _variables(f: Facts) -> Answer:
    return f.characteristics()


def _measures(f: Facts) -> Answer:
    measured = [s for s in f.content.syntheses if s.plan.measure]
    return given(measured, "no synthesis was planned")


def _planned(f: Facts) -> Answer:
    return given(f.content.syntheses, "no synthesis was planned")


def _preparation(f: Facts) -> Answer:
    if not f.content.extraction.values:
        return ABSENT, "no value is recorded"
    return COMPLETE, ""


def _software(f: Facts) -> Answer:
    return given(f.content.versions and f.content.syntheses, "no synthesis was run")


def _asymmetry(f: Facts) -> Answer:
    if not f.content.protocol.bodies:
        return ABSENT, "no body of evidence was planned to be rated"
    return f.publication()


def _certainty_methods(f: Facts) -> Answer:
    return given(f.content.protocol.bodies, "no body of evidence was planned to be rated")


def _flow(f: Facts) -> Answer:
    if not f.content.records:
        return ABSENT, "no record was imported"
    waiting = [s for s in f.content.states if s.state in ("awaiting", "conflict", "second-look")]
    return (PARTIAL, "screening is not finished") if waiting else (COMPLETE, "")


def _individual(f: Facts) -> Answer:
    return given(any(s.effects for s in f.content.syntheses), "no study gives a result")


def _contributing(f: Facts) -> Answer:
    if not f.content.syntheses:
        return ABSENT, "no synthesis was planned"
    return f.bias_methods()


def _pooled(f: Facts) -> Answer:
    done = [s for s in f.content.syntheses if s.effects or s.refusal or s.trajectories]
    return all_of(len(done), len(f.content.syntheses), "a planned synthesis has no result and no "
                  "refusal", "no synthesis was planned")  # fmt: skip


def _heterogeneity(f: Facts) -> Answer:
    if not f.pooled():
        return NOT_APPLICABLE, "no pool: there is no between-study variation to report"
    return f.explored(sensitivity=False)


def _interpretation(f: Facts) -> Answer:
    if f.authors("discussion", "interpretation"):
        return COMPLETE, ""
    return PARTIAL, "the statements follow from certainty; no person has written beside them"


def _implications(f: Facts) -> Answer:
    return given(f.authors("implications"), "nobody has written implications; there is no "
                 "evidence-to-decision step")  # fmt: skip


def _evidence_limits(f: Facts) -> Answer:
    return given(any(d.change for r in f.content.ratings for d in r.domains),
                 "no domain was rated down by a person")  # fmt: skip


def _process(f: Facts) -> Answer:
    if f.authors("limits", "limitations"):
        return COMPLETE, ""
    if f.content.votes or f.content.extraction.values:
        return PARTIAL, "limits are drawn from the log; no person has written of the process"
    return ABSENT, "nothing was done yet"


def _registration(f: Facts) -> Answer:
    return given(f.content.protocol.head.registration.strip(), "not stated")


def _protocol(f: Facts) -> Answer:
    if not f.content.amendments:
        return ABSENT, "no version of the protocol is in the log"
    if f.content.protocol.head.registration.strip():
        return COMPLETE, ""
    return PARTIAL, "the protocol lies in the log by its hash; no public place is stated"


def _amendments(f: Facts) -> Answer:
    return given(f.content.amendments, "no version of the protocol is in the log")


def _funding(f: Facts) -> Answer:
    return given(f.content.protocol.head.funding.strip(), "not stated")


def _interests(f: Facts) -> Answer:
    return given(f.content.protocol.head.interests.strip(), "not stated")


def _data(f: Facts) -> Answer:
    return given(f.content.event_count, "the log is empty")


def _sensitivity(f: Facts) -> Answer:
    return f.explored(sensitivity=True)


def _subgroups(f: Facts) -> Answer:
    return f.explored(sensitivity=False)


#: PRISMA 2020: 27 items, 42 with their parts.
PRISMA: tuple[Item, ...] = (
    Item("1", "title names it a systematic review", "D", "title", _title),
    Item("2", "structured abstract", "D", "abstract", _abstract),
    Item("3", "rationale", "H", "introduction", _rationale),
    Item("4", "objectives and question", "D", "question", lambda f: (COMPLETE, "")),
    Item("5", "eligibility criteria and grouping", "G", "methods-eligibility", _eligibility),
    Item("6", "sources and last date of each", "G", "methods-search", Facts.sources),
    Item("7", "full strategies, filters, limits", "G", "appendix-a", Facts.strategies),
    Item("8", "selection: how many, independent, tools", "G", "methods-selection", _selection),
    Item("9", "collection of data", "G", "methods-collection", _collection),
    Item("10a", "outcomes sought", "G", "methods-outcomes", Facts.outcomes),
    Item("10b", "other variables and assumptions", "G", "appendix-c", _variables),
    Item("11", "risk of bias: tools, how many assessors", "G", "methods-bias", Facts.bias_methods),
    Item("12", "effect measures", "G", "methods-synthesis", _measures),
    Item("13a", "which studies in which synthesis", "G", "methods-synthesis", _planned),
    Item("13b", "preparation and conversion of data", "G", "methods-collection", _preparation),
    Item("13c", "methods of tables and figures", "D", "methods-synthesis", _planned),
    Item("13d", "methods of synthesis, software", "G", "methods-synthesis", _software),
    Item("13e", "exploring heterogeneity", "G", "methods-synthesis", _subgroups),
    Item("13f", "sensitivity analyses", "G", "methods-synthesis", _sensitivity),
    Item("14", "methods for reporting bias", "G", "methods-certainty", _asymmetry),
    Item("15", "methods for certainty", "G", "methods-certainty", _certainty_methods),
    Item("16a", "selection, flow diagram", "G", "results-selection", _flow),
    Item("16b", "near misses with reasons", "G", "appendix-b", Facts.excluded),
    Item("17", "characteristics of studies", "G", "results-studies", Facts.characteristics),
    Item("18", "risk of bias in studies", "G", "results-bias", Facts.bias_methods),
    Item("19", "results of individual studies", "G", "results-controlled", _individual),
    Item("20a", "characteristics and bias behind each synthesis", "G", "results-bias",
         _contributing),
    Item("20b", "results of syntheses", "G", "results-controlled", _pooled),
    Item("20c", "findings on heterogeneity", "G", "results-controlled", _heterogeneity),
    Item("20d", "findings of sensitivity analyses", "G", "results-controlled", _sensitivity),
    Item("21", "findings on reporting bias", "G", "appendix-e", Facts.publication),
    Item("22", "certainty per outcome", "G", "summary-of-findings", Facts.certainty),
    Item("23a", "interpretation", "H", "discussion-interpretation", _interpretation),
    Item("23b", "limits of the evidence", "D", "discussion-evidence", _evidence_limits),
    Item("23c", "limits of the review process", "D", "discussion-process", _process),
    Item("23d", "implications", "H", "discussion", _implications),
    Item("24a", "registration", "H", "other-registration", _registration),
    Item("24b", "access to the protocol", "D", "methods-protocol", _protocol),
    Item("24c", "amendments", "G", "other-deviations", _amendments),
    Item("25", "support", "H", "other-support", _funding),
    Item("26", "competing interests", "H", "other-interests", _interests),
    Item("27", "data, code, materials", "G", "other-data", _data),
)  # fmt: skip


def _platforms(f: Facts) -> Answer:
    sources = f.content.protocol.sources
    named = sum(1 for s in sources if s.database and s.platform)
    return all_of(named, len(sources), "a source has no platform", "no source is named")


def _shared(f: Facts) -> Answer:
    bases = [s.platform for s in f.content.protocol.sources if s.kind == "database"]
    if len(set(bases)) == len(bases):
        return NOT_APPLICABLE, "no two databases were searched on one platform"
    return COMPLETE, ""


def _registers(f: Facts) -> Answer:
    found = any(s.kind == "register" for s in f.content.protocol.sources)
    return given(found, "the protocol names no register")


def _silent(what: str) -> Check:
    return lambda _: (ABSENT, f"the log does not say whether {what}")


def _versions(f: Facts) -> Answer:
    if len({s.searched_on for s in f.content.protocol.sources if s.searched_on}) > 1 or f.changed():
        return PARTIAL, "the dates of the searches and the changes of the protocol are given; no "\
                        "update is described"  # fmt: skip
    return ABSENT, "the log does not say whether searches were repeated"


def _totals(f: Facts) -> Answer:
    held = {b.source for b in f.content.batches}
    sources = f.content.protocol.sources
    return all_of(sum(1 for s in sources if s.id in held), len(sources),
                  "a source has no import", "nothing was imported")  # fmt: skip


def _dedupe(f: Facts) -> Answer:
    ran = any(r.stage == "dedupe" or r.engine == "dedupe" for r in f.content.engine_runs)
    return given(ran or f.content.pairs, "no run of de-duplication is in the log")


#: PRISMA-S: 16 items on the search.
PRISMA_S: tuple[Item, ...] = (
    Item("1", "each database and its platform", "G", "methods-search", _platforms),
    Item("2", "several databases on one platform", "G", "methods-search", _shared),
    Item("3", "study registries", "G", "methods-search", _registers),
    Item("4", "online resources and browsing", "H", "methods-search",
         _silent("other online resources were searched")),
    Item("5", "citation searching", "H", "methods-search", _silent("citations were followed")),
    Item("6", "contacts", "H", "methods-search", _silent("authors or experts were asked")),
    Item("7", "other methods", "H", "methods-search", _silent("other methods were used")),
    Item("8", "full strategies exactly as run", "G", "appendix-a", Facts.strategies),
    Item("9", "limits and restrictions", "G", "methods-search", Facts.limits),
    Item("10", "filters, published or modified", "H", "methods-search",
         _silent("a filter was used")),
    Item("11", "prior work used", "H", "methods-search",
         _silent("strategies of others were used")),
    Item("12", "updates", "G", "methods-search", _versions),
    Item("13", "dates of searches", "G", "methods-search", Facts.dates),
    Item("14", "peer review of strategies", "H", "methods-search",
         _silent("anyone reviewed the strategies")),
    Item("15", "total records per source", "G", "methods-search", _totals),
    Item("16", "de-duplication: method and software", "G", "methods-selection", _dedupe),
)  # fmt: skip


def _swim(check: Check) -> Check:
    """Ask an item of SWiM only where some synthesis is no meta-analysis."""

    def asked(f: Facts) -> Answer:
        if not f.structured():
            return NOT_APPLICABLE, "every synthesis is a meta-analysis"
        return check(f)

    return asked


def _changes(f: Facts) -> Answer:
    return given(f.content.amendments, "no version of the protocol is in the log")


def _priority(f: Facts) -> Answer:
    layers = {s.plan.layer for s in f.content.syntheses}
    if "sensitivity" in layers:
        return COMPLETE, ""
    return PARTIAL, "every result stands in one layer; no order of priority is planned"


def _looked_at(f: Facts) -> Answer:
    if f.content.ratings and any(
        "inconsistency" in d.domain and d.change is not None
        for r in f.content.ratings
        for d in r.domains
    ):
        return COMPLETE, ""
    return PARTIAL, "definitions and visits are set side by side; nobody judged inconsistency"


def _presented(f: Facts) -> Answer:
    return given(f.content.syntheses, "no synthesis was planned")


def _reported(f: Facts) -> Answer:
    return _pooled(f)


def _swim_limits(f: Facts) -> Answer:
    stages = {v.stage for v in f.content.votes}
    return given(stages & set(STAGES) or f.content.ratings, "nothing was judged yet")


#: SWiM: 9 items, for syntheses that are no meta-analysis.
SWIM: tuple[Item, ...] = (
    Item("1a", "groups for the synthesis, and why", "G", "methods-synthesis",
         _swim(Facts.reasons)),
    Item("1b", "changes to the groups since the protocol", "G", "other-deviations",
         _swim(_changes)),
    Item("2", "standardised metric and transformations", "G", "methods-synthesis",
         _swim(_measures)),
    Item("3", "method of synthesis, and why", "G", "methods-synthesis", _swim(Facts.reasons)),
    Item("4", "which results have priority", "D", "methods-synthesis", _swim(_priority)),
    Item("5", "how heterogeneity was looked at", "G", "results-observed", _swim(_looked_at)),
    Item("6", "certainty", "G", "methods-certainty", _swim(Facts.certainty)),
    Item("7", "figures and tables, order of studies", "G", "results-observed",
         _swim(_presented)),
    Item("8", "results per comparison and outcome", "G", "results-observed", _swim(_reported)),
    Item("9", "limits of the synthesis", "D", "discussion-evidence", _swim(_swim_limits)),
)  # fmt: skip
