"""Student's quantiles against scipy, over whole and broken degrees of freedom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tamis.certainty.claims.student import student_quantile


@given(p=st.floats(0.51, 0.999), df=st.floats(0.5, 5000))
def test_quantiles_are_those_of_scipy(p: float, df: float) -> None:
    assert student_quantile(p, df) == pytest.approx(float(stats.t.ppf(p, df)), rel=1e-8)
