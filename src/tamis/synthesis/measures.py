"""The effect measures as one table: what each needs, its scale, its value of no effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.domain.errors import BadInput

__all__ = ["MEASURES", "Measure", "measure_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One effect measure.

    Parameters
    ----------
    name, label
        Its short name, and the words that a reader sees.
    rows
        What it is computed from: ``binary``, ``means``, ``proportion``, ``rates``, ``rate``,
        ``correlation``, ``paired``, ``paired-arms`` or ``any`` (effects with variances).
    scale
        Analysis scale (``scales``).
    null
        Its value without an effect on the scale that is shown, ``None`` where there is none.
    """

    name: str
    label: str
    rows: str
    scale: str = "identity"
    null: float | None = 0.0

    @property
    def ratio(self) -> bool:
        """Whether it is a ratio, analysed on the log scale."""
        return self.scale == "log" and self.null == 1.0


_ALL = (
    # two arms, events of people
    Measure(name="RR", label="risk ratio", rows="binary", scale="log", null=1.0),
    Measure(name="OR", label="odds ratio", rows="binary", scale="log", null=1.0),
    Measure(name="RD", label="risk difference", rows="binary"),
    Measure(name="AS", label="arcsine difference", rows="binary"),
    Measure(name="PETO", label="Peto odds ratio", rows="binary", scale="log", null=1.0),
    Measure(name="PHI", label="phi coefficient", rows="binary"),
    Measure(name="YUQ", label="Yule's Q", rows="binary"),
    Measure(name="OR2DL", label="standardised difference from odds (logistic)", rows="binary"),
    Measure(name="OR2DN", label="standardised difference from odds (normal)", rows="binary"),
    # two arms, means
    Measure(name="MD", label="mean difference", rows="means"),
    Measure(name="SMD", label="standardised mean difference (Hedges g)", rows="means"),
    Measure(name="SMDH", label="standardised mean difference, unequal variances", rows="means"),
    Measure(name="SMD1", label="standardised mean difference by the control's SD", rows="means"),
    Measure(name="ROM", label="ratio of means", rows="means", scale="log", null=1.0),
    Measure(name="VR", label="ratio of SDs", rows="means", scale="log", null=1.0),
    Measure(name="CVR", label="ratio of coefficients of variation", rows="means", scale="log",
            null=1.0),
    Measure(name="D2ORL", label="odds ratio from means (logistic)", rows="means", scale="log",
            null=1.0),
    Measure(name="D2ORN", label="odds ratio from means (normal)", rows="means", scale="log",
            null=1.0),
    Measure(name="RPB", label="point-biserial correlation", rows="means"),
    Measure(name="RBIS", label="biserial correlation", rows="means"),
    # two arms, events in person-time
    Measure(name="IRR", label="incidence rate ratio", rows="rates", scale="log", null=1.0),
    Measure(name="IRD", label="incidence rate difference", rows="rates"),
    Measure(name="IRSD", label="difference of square-root rates", rows="rates"),
    # one arm
    Measure(name="PR", label="proportion", rows="proportion", null=None),
    Measure(name="PLN", label="proportion (log)", rows="proportion", scale="log", null=None),
    Measure(name="PLO", label="proportion (logit)", rows="proportion", scale="logit", null=None),
    Measure(name="PAS", label="proportion (arcsine)", rows="proportion", scale="arcsine",
            null=None),
    Measure(name="PFT", label="proportion (Freeman-Tukey)", rows="proportion",
            scale="freeman-tukey", null=None),
    Measure(name="IR", label="incidence rate", rows="rate", null=None),
    Measure(name="IRLN", label="incidence rate (log)", rows="rate", scale="log", null=None),
    Measure(name="IRS", label="incidence rate (square root)", rows="rate", scale="square-root",
            null=None),
    Measure(name="IRFT", label="incidence rate (Freeman-Tukey)", rows="rate",
            scale="freeman-tukey-rate", null=None),
    Measure(name="COR", label="correlation", rows="correlation"),
    Measure(name="ZCOR", label="correlation (Fisher's z)", rows="correlation", scale="fisher-z"),
    Measure(name="UCOR", label="correlation (without bias)", rows="correlation"),
    # one arm measured twice, and two such arms
    Measure(name="MC", label="mean change", rows="paired"),
    Measure(name="SMCC", label="standardised mean change by the SD of change", rows="paired"),
    Measure(name="SMCR", label="standardised mean change by a raw SD", rows="paired"),
    Measure(name="SMCRH", label="standardised mean change by a raw SD, unequal variances",
            rows="paired"),
    Measure(name="ROMC", label="ratio of means, before and after", rows="paired", scale="log",
            null=1.0),
    Measure(name="VRC", label="ratio of SDs, before and after", rows="paired", scale="log",
            null=1.0),
    Measure(name="CVRC", label="ratio of coefficients of variation, before and after",
            rows="paired", scale="log", null=1.0),
    Measure(name="PPC", label="standardised mean change against a control", rows="paired-arms"),
    # what is printed with its variance
    Measure(name="HR", label="hazard ratio", rows="any", scale="log", null=1.0),
    Measure(name="GEN", label="effect", rows="any"),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = MappingProxyType({measure.name: measure for measure in _ALL})


def measure_of(name: str) -> Measure:
    """Return the measure of that name.

    Raises
    ------
    BadInput
        When there is none.

    Examples
    --------
    >>> measure_of("RR").label
    'risk ratio'
    """
    found = MEASURES.get(name)
    if found is None:
        raise BadInput(f"{name!r} is no effect measure", f"use one of {', '.join(MEASURES)}")
    return found
