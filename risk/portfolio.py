"""Exposure of many states at once, and what changed since a day: the daily job of whoever watches a portfolio."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from risk.exposure import Exposure, expose
from risk.ledger import Ledger
from risk.sanctions import spell_ids

__all__ = ["COLUMNS", "portfolio"]

COLUMNS = ["state", "F", "E", "E_upper", "tie_coverage", "n_measures"]


def portfolio(ledger: Ledger, states: Sequence[str], as_of: int, since: int | None = None) -> pd.DataFrame:
    """
    One row per state; with ``since`` also what changed, each day as known on itself.

    Parameters
    ----------
    ledger : Ledger
    states : sequence of str
        Codes.
    as_of : int
        The day.
    since : int, optional
        An earlier day.

    Returns
    -------
    pandas.DataFrame
        The columns that :meth:`risk.Scorer.portfolio` names.
    """
    now = [expose(ledger, state, as_of, as_of) for state in states]
    table = pd.DataFrame([_row(one) for one in now], columns=COLUMNS)
    if since is None:
        return table
    return table.assign(**_since([expose(ledger, state, since, since) for state in states], now))


def _row(one: Exposure) -> list[object]:
    return [one.state, one.F, one.E, one.E_upper, one.tie_coverage, len(one.in_force)]


def _since(past: list[Exposure], now: list[Exposure]) -> dict[str, object]:
    """What two days differ in, as columns."""
    then_ids, now_ids = ([set(spell_ids(one.in_force)) for one in side] for side in (past, now))
    begun = ["; ".join(sorted(new - old)) for new, old in zip(now_ids, then_ids, strict=True)]
    ended = ["; ".join(sorted(old - new)) for new, old in zip(now_ids, then_ids, strict=True)]
    e_change = np.array([one.E for one in now]) - np.array([one.E for one in past])
    return {
        "F_since": [one.F for one in past],
        "F_change": [one.F - other.F for one, other in zip(now, past, strict=True)],
        "E_change": e_change,
        "begun": begun,
        "ended": ended,
        "changed": [
            bool(b or e) or not _same(one.E, other.E)
            for b, e, one, other in zip(begun, ended, now, past, strict=True)
        ],
    }


def _same(one: float, other: float) -> bool:
    """Whether two exposures are one; both not covered is no change."""
    return math.isclose(one, other, abs_tol=1e-12) or (math.isnan(one) and math.isnan(other))
