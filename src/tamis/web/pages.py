"""Templates: one environment, strict about names, every value escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from tamis.web.marks import language_code, pieces

__all__ = ["environment"]


@cache
def environment() -> Environment:
    """Return the templates of the workbench."""
    made = Environment(
        loader=PackageLoader("tamis.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["pieces"] = pieces
    made.filters["language_code"] = language_code
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    return made
