"""The appraisal tools that ship, by id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tamis.appraisal.jbi_case_series import JBI_CASE_SERIES
from tamis.appraisal.tool import Tool

__all__ = ["TOOLS"]

TOOLS: Mapping[str, Tool] = MappingProxyType({tool.id: tool for tool in (JBI_CASE_SERIES,)})
