"""Measures made of UN votes: the distance of ideal points, and chance-corrected similarity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.days import day_number, day_stamp
from risk.measures.measure import Measure, measured
from risk.scorer import Scorer
from risk.votes import kappa as all_pairs
from risk.votes import vote_prior

__all__ = ["kappa", "vote_distance"]


def vote_distance(scorer: Scorer, a: str, b: str, *, as_of: object) -> Measure:
    """1 - 2 distance / reference distance of UN ideal points as known on the day, not faded."""
    score, day = scorer.alignment(a, b, as_of=as_of), day_number(as_of)
    reference = scorer.recipe.reference_distance
    found = vote_prior(scorer.positions, score.a, score.b, day, reference, np.inf)
    if found is None:
        return measured("vote_distance", score.a, score.b, day, np.nan, "no votes on record")
    value, age, session = found
    return measured("vote_distance", score.a, score.b, day, value, f"session {session}, {age} days old")


def kappa(
    scorer: Scorer,
    a: str,
    b: str,
    *,
    as_of: object,
    votes: pd.DataFrame | None = None,
    roll_calls: pd.DataFrame | None = None,
) -> Measure:
    """
    Chance-corrected similarity of two states' votes in the last session both voted in (Häge 2011).

    Single votes are not embedded, so they are brought: without them the value is NaN. To ask it beside the others give
    ``disagreement`` a ``functools.partial(kappa, votes=..., roll_calls=...)``.

    Parameters
    ----------
    scorer : Scorer
    a, b : str
    as_of : day
        Only roll calls of this day or before count.
    votes, roll_calls : pandas.DataFrame, optional
        As :func:`risk.votes.kappa` takes them; ``roll_calls`` with ``date`` and ``session``.
    """
    score, day = scorer.alignment(a, b, as_of=as_of), day_number(as_of)
    if votes is None or roll_calls is None:
        return measured("kappa", score.a, score.b, day, np.nan, "no votes given")
    past = roll_calls[pd.to_datetime(roll_calls["date"]) <= day_stamp(day)]
    mine = votes[votes["rcid"].isin(past["rcid"]) & votes["state"].isin([score.a, score.b])]
    both = mine.groupby("rcid")["state"].nunique()
    shared = past[past["rcid"].isin(both.index[both == 2])]
    if not len(shared):
        return measured("kappa", score.a, score.b, day, np.nan, "no roll call on which both voted")
    session = shared["session"].max()
    chosen = shared[shared["session"] == session]
    table = all_pairs(mine[mine["rcid"].isin(chosen["rcid"])], chosen)
    basis = f"session {session}, {len(chosen)} roll calls"
    return measured("kappa", score.a, score.b, day, table["value"].iloc[0], basis)
