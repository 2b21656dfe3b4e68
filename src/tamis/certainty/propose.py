"""The eight proposals for one body of evidence."""

from __future__ import annotations

from tamis.certainty.bias_rule import propose_bias
from tamis.certainty.domains import DOMAINS
from tamis.certainty.evidence import BodyEvidence
from tamis.certainty.imprecision_rule import propose_imprecision
from tamis.certainty.inconsistency_rule import propose_inconsistency
from tamis.certainty.indirectness_rule import propose_indirectness
from tamis.certainty.proposal import DomainProposal
from tamis.certainty.publication_rule import propose_publication_bias
from tamis.certainty.settings import GradeSettings
from tamis.certainty.upgrade_rules import propose_upgrades

__all__ = ["propose", "proposed_level"]


def propose(
    body: BodyEvidence, *, settings: GradeSettings | None = None
) -> tuple[DomainProposal, ...]:
    """Propose a change of level for each of the eight domains.

    Parameters
    ----------
    body
        The body with everything the rules look at.
    settings
        Cut-offs, printed with every proposal that turns on one.

    Returns
    -------
    tuple of DomainProposal
        In the order of ``DOMAINS``. A change of ``None`` means that the rules propose nothing and
        a person decides; a person decides the others as well.

    Examples
    --------
    >>> from tamis.domain.question import BodyPlan, Outcome
    >>> empty = BodyEvidence(
    ...     body=BodyPlan(id="b", outcome="death", designs=("randomised",), start_level=4),
    ...     outcome=Outcome(id="death", name="death", importance="critical", kind="binary",
    ...                     better="lower"))
    >>> [one.change for one in propose(empty)]
    [None, None, None, None, None, 0, 0, 0]
    """
    settings = settings or GradeSettings()
    if not body.reported:
        return tuple(_nothing(body, name) for name in DOMAINS)
    lowered = (
        propose_bias(body, settings),
        propose_inconsistency(body, settings),
        propose_indirectness(body),
        propose_imprecision(body, settings),
        propose_publication_bias(body, settings),
    )
    return (*lowered, *propose_upgrades(body, lowered, settings))


def proposed_level(start: int, proposals: tuple[DomainProposal, ...]) -> int | None:
    """Return the level that the proposals alone would give, ``None`` while one is missing.

    Examples
    --------
    >>> proposed_level(4, ())
    4
    """
    changes = [one.change for one in proposals]
    if any(change is None for change in changes):
        return None
    return max(1, min(4, start + sum(change for change in changes if change is not None)))


def _nothing(body: BodyEvidence, domain: str) -> DomainProposal:
    raises = DOMAINS[domain].raises and (body.randomised or body.single_arm)
    return DomainProposal(
        domain=domain,
        change=0 if raises else None,
        rule="no-evidence",
        message="No study reports this outcome: there is nothing to rate.",
        because=(body.body.id,),
    )
