"""The protocol of a review: question, criteria, sources, outcomes, planned syntheses.

``review.toml`` is its written form; ``app.protocol`` reads it, and this module only says what a
protocol is.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BaselineRisk",
    "BodyPlan",
    "Concept",
    "Criterion",
    "MultiverseData",
    "MultiversePlan",
    "Outcome",
    "Protocol",
    "Question",
    "ReadingRules",
    "ReviewHead",
    "ScreeningRules",
    "Source",
    "SynthesisPlan",
    "TeamMember",
    "Threshold",
    "Visit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHead:
    """Title page of the review.

    ``banner`` is printed on every report of a demonstration. ``licence`` is the licence of the
    review's own data: an SPDX id ("CC-BY-4.0"), an address, or words; empty when none is stated.
    """

    id: str
    title: str
    language: str = "en"
    as_of: str = ""
    banner: str = ""
    funding: str = ""
    interests: str = ""
    registration: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """PICOS in words; ``concepts`` gives the concept id of population, intervention, comparator."""

    population: str
    intervention: str
    comparator: str
    outcomes: str
    designs: str
    rationale: str = ""
    concepts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A population, intervention or comparator with its place in the tree and its names.

    ``kind`` is ``population``, ``intervention`` or ``comparator``; ``broader`` are concept ids;
    ``names`` maps a language ("en", "zh") to the names in use, the preferred one first.
    """

    id: str
    kind: str
    broader: tuple[str, ...] = ()
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One eligibility rule; ``order`` ranks exclusion reasons, first deciding reason first."""

    id: str
    version: int
    stage: str
    kind: str
    text: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One database or register searched. ``hits`` is what the platform printed, if known."""

    id: str
    database: str
    platform: str
    kind: str = "database"
    strategy_file: str = ""
    searched_on: str = ""
    limits: str = ""
    hits: int | None = None
    run: str = "as-run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Smallest absolute effect called small, moderate or large, and where that comes from.

    ``size`` is ``small``, ``moderate``, ``large``; ``mid`` (a minimally important difference alone:
    small = MID, moderate = 2 MID, large = 3 MID); or ``response`` (a threshold within a person,
    kept and shown, never used as a size of group differences).
    """

    size: str
    value: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One outcome of the protocol: its definition, estimand and what counts as better.

    ``verbs`` maps a language to its pair "up/down" ("increase/reduce", "提高/降低"). ``names`` maps
    a language to the names in use there, the preferred one first. ``harm`` marks outcomes that a
    conclusion may not leave out; ``surrogate_for`` names the outcome that people care about.
    ``events`` maps a language to the words for having had the outcome, where a count is told:
    English "remission" (… in 9 of 12), Chinese "缓解" (9 人缓解).
    """

    id: str
    name: str
    importance: str
    kind: str
    better: str
    unit: str = ""
    definition: str = "not-stated"
    estimand: str = "point"
    visits: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    verbs: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()
    harm: bool = False
    surrogate_for: str = ""
    events: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A time point: slug, label, and months from baseline for ordering and plots."""

    id: str
    label: str
    months: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisPlan:
    """One planned synthesis: which values, by which measure and method.

    ``kind`` is ``controlled`` (two arms), ``single-arm`` (proportions) or ``series`` (values per
    visit, shown and not pooled). ``studies`` empty means every study of the named designs.
    ``test`` says which interval of a pool is the main one: ``hartung-knapp`` or ``wald``; empty is
    Hartung-Knapp for random effects and Wald for a common effect.
    """

    id: str
    outcome: str
    estimand: str
    visit: str
    designs: tuple[str, ...]
    measure: str
    method: str
    kind: str
    arms: tuple[str, str] = ("", "")
    statistic: str = ""
    layer: str = "primary"
    studies: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()
    sensitivity: tuple[str, ...] = ()
    title: str = ""
    reason: str = ""
    test: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiverseData:
    """One defensible choice of data in a multiverse: what differs from the planned synthesis.

    ``choices`` maps each data axis ("estimand", "study set") to the option taken here. The other
    keys replace those of the synthesis; empty keeps them, and ``any`` takes whatever one estimand
    or visit each study gives. ``comparators`` are further names of the arm compared with, for
    studies that give nothing against the planned one.
    """

    id: str
    choices: tuple[tuple[str, str], ...]
    outcome: str = ""
    estimand: str = ""
    visit: str = ""
    statistic: str = ""
    designs: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    layer: str = ""
    comparators: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiversePlan:
    """Every defensible analysis of one question, fixed beforehand; the first of all is primary.

    ``synthesis`` is the planned one that it varies. ``alone`` are intervals of one study by itself,
    ``intervals`` those of a pool; what does not apply to a choice of data is dropped there.
    ``reason`` says why these options and no others.
    """

    id: str
    synthesis: str
    measures: tuple[str, ...]
    data: tuple[MultiverseData, ...]
    alone: tuple[str, ...] = ()
    estimators: tuple[str, ...] = ("REML",)
    intervals: tuple[str, ...] = ("adhoc",)
    zero_cells: tuple[str, ...] = ("only0",)
    title: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRisk:
    """A risk with the comparator from outside the trials: per 1, as printed, with its source."""

    label: str
    risk: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPlan:
    """A body of evidence that will be rated: outcome, designs, level it starts from.

    ``concepts`` gives the concept ids of what was studied where they differ from the question's;
    ``baselines`` are external risks with the comparator, for absolute effects. ``background`` maps
    a language to what every arm was given as well ("standard treatment", "标准治疗").
    ``may_rate_up`` lets a randomised body be rated up, which GRADE otherwise does not do.
    """

    id: str
    outcome: str
    designs: tuple[str, ...]
    start_level: int
    synthesis: str = ""
    concepts: tuple[tuple[str, str], ...] = ()
    baselines: tuple[BaselineRisk, ...] = ()
    background: tuple[tuple[str, str], ...] = ()
    may_rate_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningRules:
    """How records are screened. ``maybe_counts_as`` follows Covidence: maybe is include.

    ``blinding`` is ``none``, ``per-record`` (another's vote is sealed until enough people voted on
    the record) or ``per-stage`` (until the stage is closed). ``allocation`` says who screens what:
    ``one`` and ``any-two`` whoever comes first, ``pairs`` the groups of ``pairs`` in turn,
    ``rotating-pairs`` every pair of the team in turn, ``share`` by the weights in ``shares``,
    ``senior`` at least one of ``seniors``, ``all`` everybody. ``seed`` draws who, and the
    order if ``order`` is ``random`` (else ``imported``, ``newest``, or ``ranked``: learnt from the
    decisions so far). ``settling`` says who
    settles a conflict: ``anyone``, a ``voter``, a ``third`` person who has not voted, or the
    ``group`` named in ``settlers``. With ``reason_conflicts`` people who all exclude, for different
    reasons, are a light conflict. ``agreement_bar`` is the kappa or AC1 that a calibration round
    must reach. ``full_text`` is ``read``, or ``not-sought`` where the second stage was decided on
    abstracts, tables and registry entries: the flow then says so, and counts no report as
    retrieved.
    """

    reviewers_per_record: int = 2
    blinding: str = "per-record"
    allocation: str = "any-two"
    maybe_counts_as: str = "include"
    full_text: str = "read"
    seed: int = 1
    order: str = "random"
    pairs: tuple[tuple[str, ...], ...] = ()
    shares: tuple[tuple[str, int], ...] = ()
    seniors: tuple[str, ...] = ()
    settling: str = "anyone"
    settlers: tuple[str, ...] = ()
    reason_conflicts: bool = False
    agreement_bar: str = "0.6"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """How many people extract each study, and appraise each result, blinded from each other.

    With two, what one alone has done so far is told to nobody else: no report, no certainty.
    """

    readers_per_study: int = 1
    assessors_per_result: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """A person of the team and the roles they hold."""

    id: str
    name: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """The whole protocol as one frozen value.

    ``stated`` names the keys that the file writes out, as ``screening.blinding`` or
    ``source.pubmed.run``: what only stands on its default was declared by nobody.
    """

    head: ReviewHead
    question: Question
    criteria: tuple[Criterion, ...] = ()
    sources: tuple[Source, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    visits: tuple[Visit, ...] = ()
    concepts: tuple[Concept, ...] = ()
    syntheses: tuple[SynthesisPlan, ...] = ()
    multiverses: tuple[MultiversePlan, ...] = ()
    bodies: tuple[BodyPlan, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    dedupe_policy: str = "versions-are-links"
    screening: ScreeningRules = ScreeningRules()
    reading: ReadingRules = ReadingRules()
    team: tuple[TeamMember, ...] = ()
    stated: frozenset[str] = frozenset()

    def outcome(self, outcome_id: str) -> Outcome | None:
        """Return the outcome with that id, or ``None``."""
        return next((o for o in self.outcomes if o.id == outcome_id), None)

    def concept(self, concept_id: str) -> Concept | None:
        """Return the concept with that id, or ``None``."""
        return next((c for c in self.concepts if c.id == concept_id), None)

    def source(self, source_id: str) -> Source | None:
        """Return the source with that id, or ``None``."""
        return next((s for s in self.sources if s.id == source_id), None)
