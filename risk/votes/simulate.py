"""An assembly that votes as the ideal point model says, with the truth kept."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

__all__ = ["Assembly", "simulate"]


@dataclass(frozen=True, eq=False)
class Assembly:
    """
    Votes, roll calls and the true positions they came from.

    ``truth`` has ``state, period, position`` on the axis of the anchors, the leaders of two camps (over all their
    periods the first averages +1, the second -1), for periods with votes.
    """

    votes: pd.DataFrame
    roll_calls: pd.DataFrame
    truth: pd.DataFrame
    anchors: dict[Hashable, int]


def simulate(
    n_states: int = 60,
    n_periods: int = 12,
    n_roll_calls: int = 60,
    *,
    rng: np.random.Generator,
    innovation: float = 0.25,
    present: float = 0.9,
    bridged: float = 0.0,
) -> Assembly:
    """
    Draw an assembly from the model of :class:`risk.votes.IdealPoints`, with entries, exits and absences.

    Parameters
    ----------
    n_states, n_periods, n_roll_calls : int
        ``n_roll_calls`` per period.
    rng : numpy.random.Generator
    innovation : float
        Variance of a step of the walk.
    present : float
        Share of votes cast by members. A quarter of the states enter late, and one in ten leaves early or is away for
        two periods.
    bridged : float
        Share of a period's roll calls that put a text of the period before again.

    Returns
    -------
    Assembly

    Examples
    --------
    >>> drawn = simulate(8, 3, 5, rng=np.random.default_rng(0))
    >>> sorted(drawn.votes["vote"].unique().tolist()), len(drawn.roll_calls)
    ([1, 2, 3], 15)
    """
    member = _members(n_states, n_periods, rng)
    theta = _positions(member, innovation, rng)
    items, bridge = _roll_calls(n_periods, n_roll_calls, bridged, rng)
    period = np.repeat(np.arange(n_periods), n_roll_calls)
    votes = _cast(theta, member, items[bridge], period, present, rng)
    roll_calls = pd.DataFrame({"rcid": np.arange(period.size), "session": period + 1, "bridge": bridge})
    names = np.array([f"S{k:03d}" for k in range(n_states)])
    votes["state"] = names[votes["state"]]
    truth, anchors = _truth(theta, votes, names, n_roll_calls)
    return Assembly(votes, roll_calls, truth, anchors)


def _members(n_states: int, n_periods: int, rng: np.random.Generator) -> np.ndarray:
    member = np.ones((n_states, n_periods), dtype=bool)
    when = np.arange(n_periods)
    for row in member[2:]:
        kind, turn = rng.random(), rng.integers(1, max(2, n_periods - 2))
        if kind < 0.25:
            row &= when >= turn
        elif kind < 0.35:
            row &= (when < turn) | (when >= turn + 2) if kind < 0.3 else when <= turn
    return member


def _positions(member: np.ndarray, innovation: float, rng: np.random.Generator) -> np.ndarray:
    """Paths of variance 1 whose steps have variance ``innovation``; the first two states lead opposite camps."""
    keep = 1 - innovation / 2
    poles = np.zeros((member.shape[0], 1))
    poles[:2, 0] = 1.5, -1.5
    theta = rng.standard_normal(member.shape)
    for t in range(1, member.shape[1]):
        theta[:, t] = keep * theta[:, t - 1] + np.sqrt(1 - keep**2) * theta[:, t]
    return theta * np.where(poles != 0, 0.5, 1) + poles


def _roll_calls(n_periods: int, n_roll_calls: int, bridged: float, rng: np.random.Generator):
    n = n_periods * n_roll_calls
    middle, room = rng.normal(0, 1, n), rng.gamma(2, 0.4, n)
    items = np.column_stack([rng.standard_normal(n), middle - room / 2, middle + room / 2])
    bridge = np.arange(n)
    again = np.flatnonzero(rng.random(n) < bridged)
    for at in again[again >= n_roll_calls]:
        bridge[at] = bridge[at - n_roll_calls]
    return items, bridge


def _cast(theta, member, items, period, present: float, rng: np.random.Generator) -> pd.DataFrame:
    reach = theta[:, period] * items[:, 0]
    draw = rng.random(reach.shape)
    yes, not_no = ndtr(items[:, 1] - reach), ndtr(items[:, 2] - reach)
    vote = np.where(draw < yes, 1, np.where(draw < not_no, 2, 3))
    state, rcid = np.nonzero(member[:, period] & (rng.random(reach.shape) < present))
    return pd.DataFrame({"rcid": rcid, "state": state, "vote": vote[state, rcid]})


def _truth(theta: np.ndarray, votes: pd.DataFrame, names: np.ndarray, n_roll_calls: int):
    cells = votes.assign(period=votes["rcid"] // n_roll_calls + 1)[["state", "period"]].drop_duplicates()
    cells = cells.sort_values(["state", "period"], ignore_index=True)
    row = np.searchsorted(names, cells["state"])
    cells["position"] = theta[row, cells["period"] - 1]
    top, bottom = (cells.loc[cells["state"] == name, "position"].mean() for name in names[:2])
    centre, half = (top + bottom) / 2, (top - bottom) / 2
    return cells.assign(position=(cells["position"] - centre) / half), {str(names[0]): 1, str(names[1]): -1}
