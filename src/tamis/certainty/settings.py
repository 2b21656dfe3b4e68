"""Cut-offs of the rules that propose GRADE domains: ours where GRADE gives none, and printed."""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["SETTING_LABELS", "GradeSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSettings:
    """The numbers on which proposals turn.

    GRADE leaves most of them to judgement; those are the project's own and are printed as such
    (``SETTING_LABELS`` says what each is for). A person decides every domain all the same.

    Parameters
    ----------
    low_share, some_share, high_study_share, high_share
        Shares of weight (0 to 1) of the table weight by judgement.
    i2_split
        I² in percent from which a split over a threshold counts without a prediction interval.
    alpha, power, risk_reduction, standard_difference
        Of the optimal information size; 0.28 standard deviations are the rule of 400 people.
    far_below
        Share of the optimal information size that counts as far below it (guidance 34: 0.3 to 0.5).
    large_ratio, very_large_ratio, large_difference
        From which a relative effect is large: a ratio (or its inverse), a standardised difference.
    ratio_rr, ratio_or
        Upper over lower limit from which two levels are considered (ascribed to guidance 34).
    appreciable_low, appreciable_high
        Risk ratios of an appreciable effect where no thresholds are given (guidelines 6, 2011).
    any_ratio
        Without thresholds: an interval from below 1/x to above x fits nearly any conclusion.
    events, participants
        Rules of thumb for the information size where it cannot be computed.
    few_studies
        Below this number no test of asymmetry.
    small_trial
        Participants below which a trial counts as small for the suspicion of publication bias.
    few_controls
        Control participants below which an absolute figure holds for these trials only.

    Examples
    --------
    >>> GradeSettings().as_dict()["far_below"]
    '0.5'
    """

    low_share: float = 2 / 3
    some_share: float = 1 / 3
    high_study_share: float = 0.10
    high_share: float = 0.50
    i2_split: float = 50.0
    alpha: float = 0.05
    power: float = 0.80
    risk_reduction: float = 0.25
    standard_difference: float = 0.28
    far_below: float = 0.50
    large_ratio: float = 2.0
    very_large_ratio: float = 5.0
    large_difference: float = 0.80
    ratio_rr: float = 3.0
    ratio_or: float = 2.5
    appreciable_low: float = 0.75
    appreciable_high: float = 1.25
    any_ratio: float = 3.0
    events: int = 300
    participants: int = 400
    few_studies: int = 10
    small_trial: int = 100
    few_controls: int = 100

    def as_dict(self) -> dict[str, str]:
        """Return every setting as text, for the report and for a hash."""
        return {field.name: f"{getattr(self, field.name):.4g}" for field in fields(self)}


#: Setting -> what a reader is told it is for.
SETTING_LABELS: dict[str, str] = {
    "low_share": "share of weight at low risk of bias from which nothing is rated down",
    "some_share": "share of weight with some concerns above which one level is proposed",
    "high_study_share": "weight of one study at high risk of bias that proposes one level",
    "high_share": "share of weight at high risk of bias above which two levels are proposed",
    "i2_split": "I² (percent) that makes a split over a threshold count",
    "alpha": "two-sided error of the optimal information size",
    "power": "power of the optimal information size",
    "risk_reduction": "relative risk reduction of the optimal information size",
    "standard_difference": "standardised difference of the optimal information size",
    "far_below": "share of the optimal information size that is far below it",
    "large_ratio": "ratio (or its inverse) from which a relative effect is large",
    "very_large_ratio": "ratio (or its inverse) from which a relative effect is very large",
    "large_difference": "standardised difference from which an effect is large",
    "ratio_rr": "upper over lower limit of a risk ratio from which two levels are considered",
    "ratio_or": "upper over lower limit of an odds ratio from which two levels are considered",
    "appreciable_low": "lower risk ratio of an appreciable effect, without thresholds",
    "appreciable_high": "upper risk ratio of an appreciable effect, without thresholds",
    "any_ratio": "ratio both ways that fits nearly any conclusion, without thresholds",
    "events": "events of the rule of thumb for the information size",
    "participants": "participants of the rule of thumb for the information size",
    "few_studies": "studies below which asymmetry is not tested",
    "small_trial": "participants below which a trial is small",
    "few_controls": "control participants below which absolute figures hold for these trials only",
}
