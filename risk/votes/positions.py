"""Embedded UN positions as anyone could have known them on a day, and what they say of two states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import ref

import numpy as np
import pandas as pd

from risk.datasets import path
from risk.days import as_days, day_number
from risk.votes.table import VoteError

if TYPE_CHECKING:
    from risk.votes.ideal_points import IdealPoints

__all__ = [
    "REFERENCE_DISTANCE",
    "known_through",
    "load_positions",
    "vintage_of",
    "vote_prior",
    "vote_prior_matrix",
]

REFERENCE_DISTANCE = 2.0
"""
Distance at which the votes row says -1: how far apart the anchors, Washington and Moscow, have been on average.
It is the 99th percentile of all pairs in the sessions of their own vintage (2.03): one pair in a hundred is clipped.
"""

_COLUMNS = ["state", "session", "position", "se", "n_votes", "vintage", "known_on"]


@lru_cache(maxsize=1)
def _embedded() -> pd.DataFrame:
    kinds = {"state": str, "session": int, "position": float, "se": float, "n_votes": int, "vintage": int}
    table = pd.read_csv(
        path("positions", "positions.csv"), keep_default_na=False, dtype={**kinds, "known_on": str}
    )
    return table.assign(known_on=pd.to_datetime(table["known_on"]))[_COLUMNS]


def load_positions() -> pd.DataFrame:
    """
    Our own estimates of UN positions, by state and session, with the vintage that made them.

    Returns
    -------
    pandas.DataFrame
        One row per state, session and vintage. ``state``; ``session`` of the General Assembly; ``position`` (the
        United States average +1, the Soviet Union and Russia -1, over the sessions of the vintage); ``se``;
        ``n_votes``; ``vintage``: last session whose votes were used; ``known_on``: day of that vintage's last roll
        call. The last vintage is there for all sessions, every other one for its own last session only: those are
        the rows (``vintage == session``) that a score as of an earlier day may use.

    Notes
    -----
    The data end in March 2021; later days carry the last session forward, fading.

    Examples
    --------
    >>> positions = load_positions()
    >>> int(positions["vintage"].max())
    75
    """
    return _embedded().copy()


@dataclass(frozen=True, eq=False)
class _Known:
    """Rows that could be known: sessions in the order of their days, and one column of positions per state."""

    sessions: np.ndarray
    days: np.ndarray
    column: dict[str, int]
    position: np.ndarray

    @classmethod
    def of(cls, positions: pd.DataFrame) -> _Known:
        own = positions[positions["vintage"].to_numpy() == positions["session"].to_numpy()]
        table = own.pivot(index="session", columns="state", values="position")
        days = (
            pd.Series(as_days(pd.to_datetime(own["known_on"])), index=own["session"]).groupby(level=0).max()
        )
        order = np.lexsort((table.index.to_numpy(), days.reindex(table.index).to_numpy()))
        return cls(
            table.index.to_numpy()[order],
            days.reindex(table.index).to_numpy()[order],
            {state: at for at, state in enumerate(table.columns)},
            table.to_numpy()[order],
        )


@lru_cache(maxsize=8)
def _latest(known: _Known, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Distance of all pairs in the last session both voted in, up to row ``last``, and the day it was known."""
    if last < 0:
        shape = (known.position.shape[1],) * 2
        return np.full(shape, np.nan), np.zeros(shape)
    distance, day = _latest(known, last - 1)
    now = np.abs(known.position[last][:, None] - known.position[last])
    unknown = np.isnan(now)
    return np.where(unknown, distance, now), np.where(unknown, day, known.days[last])


_RECENT: dict[int, tuple[ref[pd.DataFrame], int, _Known]] = {}


def _known(positions: pd.DataFrame) -> _Known:
    """The index of a table; built once, as long as it is the same table with the same numbers."""
    lacking = [name for name in _COLUMNS if name not in positions.columns]
    if lacking:
        raise ValueError(f"positions: no column {', '.join(lacking)}; see load_positions()")
    numbers = [positions[name].to_numpy() for name in ("position", "session", "vintage", "known_on")]
    fingerprint = hash(tuple(column.tobytes() for column in numbers))
    held = _RECENT.get(id(positions))
    if held is not None and held[0]() is positions and held[1] == fingerprint:
        return held[2]
    if len(_RECENT) > 8:
        _RECENT.clear()
    index = _Known.of(positions)
    _RECENT[id(positions)] = ref(positions), fingerprint, index
    return index


def _day(as_of: object) -> int:
    return int(as_of) if isinstance(as_of, (int, np.integer)) else day_number(as_of)


def _says(distance, age, reference_distance: float, half_life: float):
    return np.clip(1 - 2 * distance / reference_distance, -1, 1) * np.exp2(-age / half_life)


def vintage_of(model: IdealPoints, roll_calls: pd.DataFrame) -> pd.DataFrame:
    """
    A fit as rows of :func:`load_positions`, to bring a score up to date with newer votes.

    Fit on all votes held by a session's end and hand ``pd.concat([load_positions(), vintage_of(...)])`` to
    :class:`risk.Scorer` as ``positions``; one fit per session that is to be known in its own time.

    Parameters
    ----------
    model : IdealPoints
        Fitted with sessions as its periods. States are labelled by the codes of :func:`risk.load_states`; the anchors
        should be those of the embedded table (``{"USA": 1, "RUS": -1}``), or distances have another unit.
    roll_calls : pandas.DataFrame
        ``rcid`` and ``date`` of the roll calls of the fit.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`load_positions`. ``vintage`` is the last session of the fit and ``known_on`` the day of
        its last roll call; a score uses the rows of that session only.

    Raises
    ------
    VoteError
        Where a roll call of the fit has no day.

    Examples
    --------
    >>> from risk.votes import IdealPoints
    >>> votes = pd.DataFrame({"rcid": [1, 1, 2, 2], "state": ["USA", "RUS"] * 2, "vote": [1, 3, 3, 1]})
    >>> roll_calls = pd.DataFrame({"rcid": [1, 2], "session": 78, "date": ["2023-11-02", "2023-12-19"]})
    >>> rows = vintage_of(IdealPoints({"USA": 1, "RUS": -1}).fit(votes, roll_calls), roll_calls)
    >>> rows[["state", "vintage"]].values.tolist(), str(rows["known_on"].max().date())
    ([['RUS', 78], ['USA', 78]], '2023-12-19')
    """
    days = pd.to_datetime(roll_calls.set_index("rcid")["date"]).reindex(model.roll_calls_["rcid"])
    if days.isna().any():
        raise VoteError(f"roll_calls: {int(days.isna().sum())} roll calls of the fit have no date")
    rows = model.positions_.rename(columns={"period": "session"})
    return rows.assign(vintage=rows["session"].max(), known_on=days.max())[_COLUMNS]


def known_through(positions: pd.DataFrame) -> int | None:
    """
    Day (since 1970-01-01) on which the last session of the table was known: later days carry it forward.

    Examples
    --------
    >>> str(np.datetime64(known_through(load_positions()), "D"))
    '2021-03-03'
    """
    days = _known(positions).days
    return int(days[-1]) if days.size else None


def vote_prior(
    positions: pd.DataFrame,
    a: str,
    b: str,
    as_of: object,
    reference_distance: float = REFERENCE_DISTANCE,
    half_life: float = 3652.5,
    *,
    known_on: object = None,
) -> tuple[float, int, int] | None:
    r"""
    What UN votes known by a day say of two states: -1 far apart, +1 at one place, fading with age.

    .. math:: r = \operatorname{clip}(1 - 2\,|p_a - p_b| / d_{ref}, -1, 1)\; 2^{-\text{age}/h}

    Parameters
    ----------
    positions : pandas.DataFrame
        As from :func:`load_positions`. Only rows of a vintage's own last session count, and only once its last roll
        call has been held: nothing later can move the value.
    a, b : str
        States.
    as_of : str, date, Timestamp, or int of days since 1970-01-01
    reference_distance : float
        Distance that says -1.
    half_life : float
        Days.
    known_on : day, optional
        Count only sessions known by this day too; the age still runs to ``as_of``.

    Returns
    -------
    value, age, session : (float, int, int) or None
        The value, days since that session was known, and the last session both had voted in; None where there is
        no such session.

    Examples
    --------
    >>> value, age, session = vote_prior(load_positions(), "VEN", "USA", "2021-03-03")
    >>> session, age, value < 0
    (75, 0, True)
    """
    known, day = _known(positions), _day(as_of)
    if a not in known.column or b not in known.column:
        return None
    distance = np.abs(known.position[:, known.column[a]] - known.position[:, known.column[b]])
    latest = day if known_on is None else min(day, _day(known_on))
    usable = np.flatnonzero((known.days <= latest) & ~np.isnan(distance))
    if not usable.size:
        return None
    last = usable[-1]
    age = day - int(known.days[last])
    return float(_says(distance[last], age, reference_distance, half_life)), age, int(known.sessions[last])


def vote_prior_matrix(
    positions: pd.DataFrame,
    states: Sequence[str],
    as_of: object,
    reference_distance: float = REFERENCE_DISTANCE,
    half_life: float = 3652.5,
) -> np.ndarray:
    """
    :func:`vote_prior` of all pairs of states on one day.

    Parameters
    ----------
    positions, as_of, reference_distance, half_life
        As in :func:`vote_prior`.
    states : sequence of str

    Returns
    -------
    ndarray of shape (n_states, n_states)
        Symmetric; NaN where a pair has no session to go by.

    Examples
    --------
    >>> vote_prior_matrix(load_positions(), ["VEN", "USA"], "2021-03-03").shape
    (2, 2)
    """
    known, day = _known(positions), _day(as_of)
    at = np.array([known.column.get(state, -1) for state in states], dtype=int)
    distance, known_day = _latest(known, int(np.searchsorted(known.days, day, side="right")) - 1)
    there = np.flatnonzero(at >= 0)
    pairs = np.ix_(at[there], at[there])
    out = np.full((at.size, at.size), np.nan)
    out[np.ix_(there, there)] = _says(distance[pairs], day - known_day[pairs], reference_distance, half_life)
    return out
