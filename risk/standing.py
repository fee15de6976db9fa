"""Where a number stands among the others of its day, in one sentence."""

from __future__ import annotations

import numpy as np

from risk.alignment import align
from risk.days import day_stamp
from risk.ledger import Ledger

__all__ = ["standing_of_dyad", "standing_of_state"]


def standing_of_dyad(ledger: Ledger, a: str, b: str, day: int, ranking: np.ndarray) -> str:
    """
    Place and percentile of a dyad's alignment.

    Parameters
    ----------
    ledger : Ledger
    a, b : str
        Codes.
    day : int
    ranking : ndarray
        Alignment of every dyad on record on the day.
    """
    value = align(ledger, a, b, day, day).value
    if np.isnan(value) or not len(ranking):
        return f"{a}-{b} is not covered on {day_stamp(day):%Y-%m-%d}."
    place, percentile = _place(ranking, value)
    return (
        f"{a}-{b} ranks {place} of {len(ranking)} dyads on record, most aligned first "
        f"(percentile {percentile:.0f})."
    )


def standing_of_state(ledger: Ledger, state: str, day: int, senders: tuple[str, ...]) -> str:
    """Place and percentile of a state's F among the states under measures of these senders."""
    everyone = ledger.measures.joint(day, day, senders)
    value = float(everyone.get(state, 0.0))
    under = everyone[everyone > 0].to_numpy()
    if value == 0:
        return f"{state} is under no measure on record; {len(under)} states are."
    place, percentile = _place(under, value)
    return (
        f"{state} ranks {place} of {len(under)} states under measures on record, most exposed first "
        f"(percentile {percentile:.0f})."
    )


def _place(values: np.ndarray, value: float) -> tuple[int, float]:
    """The place from the top, and the percentile, of one that shares its place counting half."""
    below = float((values < value).mean() + (values == value).mean() / 2)
    return int((values > value).sum()) + 1, 100 * below
