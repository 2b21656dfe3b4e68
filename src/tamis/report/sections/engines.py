"""What is known of each engine before it runs: task, role, rules, limits (for the RAISE rows).

The ranking learns from the team's own decisions, the others from nothing; none is a language
model. An engine that is not in this table is
printed with what its runs say, and "not stated" for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ENGINES", "EngineFacts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFacts:
    """What one engine is for, what it may do, and what is known against it."""

    task: str
    role: str
    inputs: str
    rules: str
    validation: str
    oversight: str
    limits: str
    learnt: str = "nothing: it has no training data"


ENGINES: dict[str, EngineFacts] = {
    "dedupe": EngineFacts(
        task="finds records that describe the same report",
        role="decides where a named rule is certain, suggests where it is not; deletes nothing",
        inputs="the bibliographic fields of the imported records",
        rules="named rules, listed with each pair in decisions.csv",
        validation="measured on labelled sets by the benchmark that comes with the program; not "
        "measured on this review",
        oversight="people decide the pairs that no rule settles and may overrule any pair",
        limits="records with few or wrong fields can be missed or joined",
    ),
    "ranking": EngineFacts(
        task="orders the reports that wait for screening by how likely they are wanted",
        role="says in which order people read; includes and excludes nothing",
        inputs="titles and abstracts, and the decisions on title and abstract that were unsealed",
        rules="tf-idf of words and word pairs, a linear support vector machine; its settings stand "
        "with each run",
        validation="gives the orders that ASReview recorded on public sets, in the test suite; not "
        "measured on this review",
        oversight="people decide on every report; the order is the same for all who screen",
        limits="what is unlike the inclusions so far comes last; it cannot say when to stop",
        learnt="the decisions of this review; nothing else",
    ),
    "synthesis": EngineFacts(
        task="computes effects, intervals and pools from the recorded values",
        role="computes what the protocol plans; chooses no outcome and no study",
        inputs="the values that people recorded",
        rules="the methods and settings in the table of planned syntheses",
        validation="compared with reference programs and published analyses in the test suite",
        oversight="people plan each synthesis and read its result beside the rows it rests on",
        limits="it cannot know whether studies are alike enough to be pooled",
    ),
    "appraisal": EngineFacts(
        task="derives proposed judgements of risk of bias from answers",
        role="suggests; a person judges",
        inputs="the answers that people gave with their support",
        rules="the decision tables of each tool, as data",
        validation="every reachable path is compared with a golden table in the test suite",
        oversight="a person judges each domain; a judgement that differs needs a reason",
        limits="it cannot read the report that was appraised",
    ),
    "certainty": EngineFacts(
        task="proposes changes of certainty and words the statements",
        role="suggests; a person decides each domain",
        inputs="syntheses, appraisals and the thresholds of the protocol",
        rules="the rules named in appendix E",
        validation="compared with worked figures in the test suite",
        oversight="no level is given before a person has decided every domain",
        limits="cut-offs are settings of this program and not part of GRADE",
    ),
    "claims": EngineFacts(
        task="checks sentences against values and certainty",
        role="suggests; a person may accept a finding with a reason",
        inputs="the text that was checked, the values and the certainty of this review",
        rules="twelve named rules and a word list in English and Chinese",
        validation="measured on labelled claims by the benchmark that comes with the program",
        oversight="people read every finding",
        limits="it reads sentences and not meaning; irony and figures of speech escape it",
    ),
}
