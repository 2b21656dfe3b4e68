"""Settings of ``meta_analyse``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tamis.synthesis.settings import EffectSettings, PoolSettings
from tamis.synthesis.strata import METHODS

__all__ = ["MetaSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaSettings:
    """Settings of ``meta_analyse``.

    Parameters
    ----------
    method
        An estimator of tau2 or ``FE``; ``MH`` or ``PETO`` for counts; ``GLMM`` for counts of OR,
        IRR, IRLN and proportions (their default: other methods pool transformed proportions).
    model
        With ``GLMM``, for OR and IRR: UM.FS (default), UM.RS, CM.EL or CM.AL (``mixed``).
    test, prediction, level, stopping
        As in ``PoolSettings``.
    effects
        How effect sizes are computed.
    """

    method: str = "REML"
    model: str = ""
    test: str = "auto"
    prediction: str = "V"
    level: str = "0.95"
    stopping: str = "end"
    effects: EffectSettings = field(default_factory=EffectSettings)

    def pooling(self) -> PoolSettings:
        """Return the settings of an inverse-variance pool, checked."""
        return PoolSettings(
            method=self.method,
            test=self.test,
            prediction=self.prediction,
            level=self.level,
            stopping=self.stopping,
        )

    def beside(self) -> PoolSettings:
        """Return the settings of what is computed beside the pool: always inverse variance."""
        by_counts = self.method in (*METHODS, "GLMM")
        return replace(self, method="REML" if by_counts else self.method).pooling()

    def as_dict(self) -> dict[str, str]:
        """Return the settings as texts."""
        own = {name: getattr(self, name) for name in ("method", "test", "prediction", "level")}
        own |= {"stopping": self.stopping} if self.stopping != "end" else {}
        own |= {"model": self.model} if self.model else {}
        return own | {f"effects.{name}": text for name, text in self.effects.as_dict().items()}
