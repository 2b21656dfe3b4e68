"""Which designs may stand in one synthesis: controlled and uncontrolled evidence never do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.question import SynthesisPlan
from tamis.domain.records import Study
from tamis.domain.results import Refusal

__all__ = ["DESIGNS", "LAYERS", "candidates", "refuse_designs"]

#: Every design and the class that decides with what it may be pooled.
DESIGNS: Mapping[str, str] = MappingProxyType(
    {
        "randomised": "controlled",
        "non-randomised": "controlled",
        "single-arm": "uncontrolled",
        "case-series": "uncontrolled",
        "review": "no study",
    }
)

#: Roles of studies that enter each layer.
LAYERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"primary": ("included",), "sensitivity": ("included", "wider")}
)

NEVER_POOL = Refusal(
    rule="never-pool-designs",
    message="Studies with a comparator and studies without one are never put into one pool.",
)

NO_COMPARATOR = Refusal(
    rule="no-comparator",
    message="A comparison needs studies with a comparator, and the plan names none.",
)

ARM_OF_A_TRIAL = Refusal(
    rule="arm-of-a-trial",
    message="One arm of a controlled study is not a study without a comparator: it is read "
    "against its own control.",
)


def refuse_designs(plan: SynthesisPlan, studies: Sequence[Study]) -> Refusal | None:
    """Say why a plan may not be carried out with these designs, or ``None``.

    There is no setting that allows it. A series shows each study by itself and pools nothing, so
    it may show any design.

    Raises
    ------
    BadInput
        For a design that is none.
    """
    named = {study.design for study in studies if study.id in plan.studies}
    found = {study.design for study in candidates(plan, studies)}
    classes = {_class_of(design) for design in {*plan.designs, *named, *found}} - {"no study"}
    if plan.kind == "series":
        return None
    if len(classes) > 1:
        return NEVER_POOL
    if plan.kind == "controlled" and classes == {"uncontrolled"}:
        return NO_COMPARATOR
    if plan.kind == "single-arm" and classes == {"controlled"}:
        return ARM_OF_A_TRIAL
    return None


def candidates(plan: SynthesisPlan, studies: Sequence[Study]) -> tuple[Study, ...]:
    """Return the studies that a plan asks for, in their order."""
    roles = LAYERS.get(plan.layer)
    if roles is None:
        raise BadInput(f"{plan.layer!r} is no layer", f"use {' or '.join(LAYERS)}")
    return tuple(
        study
        for study in studies
        if study.role in roles
        and DESIGNS.get(study.design) != "no study"
        and (not plan.designs or study.design in plan.designs)
        and (not plan.studies or study.id in plan.studies)
    )


def not_asked(plan: SynthesisPlan, studies: Sequence[Study]) -> tuple[tuple[str, str], ...]:
    """Return the studies that a plan names and cannot have, with the reason."""
    by_id = {study.id: study for study in studies}
    asked = {study.id for study in candidates(plan, studies)}
    return tuple(
        (name, _why_not(by_id.get(name), plan)) for name in plan.studies if name not in asked
    )


def _why_not(study: Study | None, plan: SynthesisPlan) -> str:
    if study is None:
        return "no study of this name is linked"
    if study.role not in LAYERS[plan.layer]:
        return f"its role is {study.role}"
    return f"its design is {study.design}"


def _class_of(design: str) -> str:
    found = DESIGNS.get(design)
    if found is None:
        raise BadInput(f"{design!r} is no design", f"use one of {', '.join(DESIGNS)}")
    return found
