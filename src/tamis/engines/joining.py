"""The join itself, by splink: pairs of records for which one of the rules holds, each once.

splink is asked for what it calls blocking. It learns nothing and scores nothing here: whether two
records are the same report is decided by the rules of the house.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from tamis.domain.errors import NotFound
from tamis.engines.statements import WIDE

__all__ = ["joined", "splink"]


def splink() -> Any:
    """Return splink.

    Raises
    ------
    NotFound
        When it is not installed.
    """
    try:
        return import_module("splink")
    except ImportError as error:
        raise NotFound("splink is not installed", "install it: pip install splink") from error


def joined(api: Any, rules: Sequence[str]) -> Any:
    """Return splink's table of pairs, with ``join_key_l < join_key_r``.

    Parameters
    ----------
    api
        splink's door to the database that holds the table ``wide``.
    rules
        Conditions on ``l`` and ``r``; at least one, since without any splink joins all with all.
    """
    library = import_module("splink.blocking_rule_library")
    made = splink()
    settings = made.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[],
        blocking_rules_to_generate_predictions=[library.CustomRule(rule) for rule in rules],
    )
    table = api.register(WIDE, table_name="records")
    linker = made.Linker(table, settings, log_level=logging.ERROR, validate_settings=False)
    return linker.inference.compute_blocked_pairs_for_predict()
