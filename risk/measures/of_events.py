"""Measures made of the recorded events: the net ratio, decayed and plain means, sums, alliances in force."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from risk.days import day_number, day_stamp
from risk.measures.measure import Measure, measured
from risk.scorer import Scorer

__all__ = ["alliance", "gge", "goldstein_mean", "goldstein_sum", "net_ratio"]

WINDOW = 365
GGE_DECAY = 0.3


def net_ratio(scorer: Scorer, a: str, b: str, *, as_of: object) -> Measure:
    """
    Our own alignment, on the interface of its rivals.

    Examples
    --------
    >>> measure = net_ratio(Scorer(), "VEN", "RUS", as_of="2025-10-15")
    >>> bool(abs(measure.contributions["share"].sum() - measure.value) < 1e-12)
    True
    """
    score = scorer.alignment(a, b, as_of=as_of)
    basis = f"C {score.cooperation:.2f}, D {score.conflict:.2f}, prior {score.prior:+.2f}"
    return measured("net_ratio", score.a, score.b, day_number(as_of), score.value, basis, score.contributions)


def gge(scorer: Scorer, a: str, b: str, *, as_of: object, decay: float = GGE_DECAY) -> Measure:
    r"""
    The decayed yearly mean of Fan's Global Geopolitical Events scores.

    With n events of mean s in year t, :math:`N_t = (1-d) N_{t-1} + n`, :math:`S_t = (1 - n/N_t) S_{t-1} + (n/N_t) s`;
    an empty year multiplies both by 1 - d. Hence the exact share of an event of year tau is
    :math:`g_e (1-d)^{(t-\tau)+q} / N_t`, q being the empty years after tau up to t. The flaw: a friendly event below
    the running mean lowers the score.

    Source: Fan, Wo & Xiang, *Global Geopolitical Events scores*; rule as in their published codebook.

    Parameters
    ----------
    scorer : Scorer
    a, b : str
    as_of : day
        The year of this day is the last one.
    decay : float
        d in (0, 1).

    Examples
    --------
    >>> measure = gge(Scorer(), "VEN", "RUS", as_of="2025-10-15")
    >>> bool(abs(measure.contributions["share"].sum() - measure.value) < 1e-12)
    True
    """
    table, day, a, b = _seen(scorer, a, b, as_of)
    if not len(table):
        return measured("gge", a, b, day, np.nan, "no event")
    year = table["date"].dt.year.to_numpy()
    last = day_stamp(day).year
    busy = np.unique(year)
    empty = np.array([last - tau - (busy > tau).sum() for tau in year])
    kept = (1 - decay) ** (last - year)
    total = kept.sum()
    share = table["intensity"].to_numpy() * kept * (1 - decay) ** empty / total
    basis = f"{len(table)} events, weight {total:.2f} left"
    return measured("gge", a, b, day, share.sum(), basis, table.assign(share=share))


def goldstein_mean(scorer: Scorer, a: str, b: str, *, as_of: object, days: int = WINDOW) -> Measure:
    """Mean intensity of the dyad's events in a window of days; each event's share is g/n."""
    return _windowed("goldstein_mean", lambda g: g / len(g), scorer, a, b, as_of, days)


def goldstein_sum(scorer: Scorer, a: str, b: str, *, as_of: object, days: int = WINDOW) -> Measure:
    """Sum of the intensities of the dyad's events in a window of days; each event's share is g."""
    return _windowed("goldstein_sum", lambda g: g, scorer, a, b, as_of, days)


def alliance(scorer: Scorer, a: str, b: str, *, as_of: object) -> Measure:
    """1 where the record holds a mutual defence obligation in force on the day, else 0 (NaN outside the record)."""
    table, day, a, b = _seen(scorer, a, b, as_of)
    pacts = table[table["event_type"] == "treaty.alliance"]
    ends = scorer.events.set_index("event_id")["end"].reindex(pacts["event_id"]).to_numpy()
    standing = pacts[~(ends <= np.datetime64(day, "D"))]
    value = np.nan if not len(table) else float(len(standing) > 0)
    return measured("alliance", a, b, day, value, f"{len(standing)} obligations on record")


def _windowed(
    name: str,
    reduce: Callable[[np.ndarray], np.ndarray],
    scorer: Scorer,
    a: str,
    b: str,
    as_of: object,
    days: int,
) -> Measure:
    table, day, a, b = _seen(scorer, a, b, as_of)
    recent = table[table["date"] > day_stamp(day - days)]
    if not len(recent):
        return measured(name, a, b, day, np.nan, f"no event in {days} days")
    share = reduce(recent["intensity"].to_numpy())
    return measured(
        name, a, b, day, share.sum(), f"{len(recent)} events in {days} days", recent.assign(share=share)
    )


def _seen(scorer: Scorer, a: str, b: str, as_of: object) -> tuple[pd.DataFrame, int, str, str]:
    """The dyad's counted events (sanctions measures among them) with their intensity times magnitude, as of a day."""
    score = scorer.alignment(a, b, as_of=as_of)
    table = score.contributions
    return table[table["family"] != "prior"].reset_index(drop=True), day_number(as_of), score.a, score.b
