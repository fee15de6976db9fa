"""Many dyads, many dates: panels, rankings, histories and the decayed stocks that estimators eat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from risk.certainty import coverage_flags, evidence_interval
from risk.days import FAR, day_number, day_stamp
from risk.kernels import net_ratio
from risk.ledger import Ledger
from risk.prior import priors_of_pairs
from risk.states import exists, load_states

__all__ = ["features", "history", "panel", "ranking"]


def day_numbers(dates: Iterable[object], name: str = "dates") -> np.ndarray:
    """Ascending day numbers of an iterable of days; a repeated day is refused."""
    if isinstance(dates, str):
        raise ValueError(f"{name}: {dates!r} is one text; give a list of days")
    days = np.array([day_number(day, name) for day in dates], dtype=np.int64)
    if not len(days):
        raise ValueError(f"{name}: no day given")
    if (np.diff(np.sort(days)) == 0).any():
        raise ValueError(f"{name}: a day stands twice")
    return np.sort(days)


def _chosen(
    ledger: Ledger, dyads: Sequence[tuple[str, str]] | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers of the dyads wanted (-1 where the ledger has none) and their two states, in the order asked."""
    books = ledger.index.books
    if dyads is None:
        return np.arange(len(books.first)), books.states[books.first], books.states[books.second]
    if len({frozenset(pair) for pair in dyads}) < len(dyads):
        raise ValueError("dyads: a dyad stands twice; its order does not matter")
    found = [ledger.index.pair(a, b) for a, b in dyads]
    numbers = np.array([-1 if number is None else number for number in found], dtype=np.int64)
    first, second = (np.array([pair[side] for pair in dyads], dtype=object) for side in (0, 1))
    return numbers, first, second


def _columns(array: np.ndarray, numbers: np.ndarray, empty: float = 0) -> np.ndarray:
    """The columns of the numbered dyads; ``empty`` where the ledger has none."""
    out = np.full((len(array), len(numbers), *array.shape[2:]), empty, dtype=array.dtype)
    out[:, numbers >= 0] = array[:, numbers[numbers >= 0]]
    return out


def stock_values(
    ledger: Ledger, days: np.ndarray, dyads: Sequence[tuple[str, str]] | None
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """States of the dyads and the panel's arrays, each of shape (dates, dyads)."""
    numbers, first, second = _chosen(ledger, dyads)
    cooperation, conflict = ledger.index.stocks(days)
    recorded = ledger.index.first_days()
    if dyads is not None:
        cooperation, conflict = _columns(cooperation, numbers), _columns(conflict, numbers)
        recorded = _columns(recorded[None, :], numbers, empty=FAR)[0]
    states, codes = np.unique(np.concatenate([first, second]).astype(str), return_inverse=True)
    sides = codes[: len(first)], codes[len(first) :]
    return (
        first,
        second,
        valued(ledger, days, states.astype(object), sides, (cooperation, conflict), recorded),
    )


def valued(
    ledger: Ledger,
    days: np.ndarray,
    states: np.ndarray,
    sides: tuple[np.ndarray, np.ndarray],
    stocks: tuple[np.ndarray, np.ndarray],
    recorded: np.ndarray,
) -> dict[str, np.ndarray]:
    """
    The panel's arrays from C and D, each of shape (dates, dyads), with the ledger's priors and coverage.

    Parameters
    ----------
    ledger : Ledger
    days : ndarray of int
    states : ndarray of str
        Codes, in their order.
    sides : pair of ndarray of int
        Each dyad's two states, by place in ``states``.
    stocks : pair of ndarray
        C and D, each of shape (dates, dyads).
    recorded : ndarray of int
        The day of each dyad's first record; before it the value is NaN outside declared coverage.
    """
    (one, two), (cooperation, conflict) = sides, stocks
    prior = priors_of_pairs(ledger, states, one, two, days)
    value = net_ratio(cooperation, conflict, ledger.recipe.kappa, prior)
    silent = days[:, None] < recorded[None, :]
    if silent.any():
        value[silent & ~ledger.coverage.grid(states[one], states[two], days)] = np.nan
    return {
        "value": value,
        "cooperation": cooperation,
        "conflict": conflict,
        "volume": cooperation + conflict,
        "prior": prior,
    }


def panel_frame(
    days: np.ndarray, first: np.ndarray, second: np.ndarray, arrays: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Arrays of shape (dates, dyads) as columns of a frame with the index ``(as_of, a, b)``."""
    states, codes = np.unique(np.concatenate([first, second]).astype(str), return_inverse=True)
    n = len(first)
    index = pd.MultiIndex(
        levels=[pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]")), states, states],
        codes=[
            np.repeat(np.arange(len(days)), n),
            np.tile(codes[:n], len(days)),
            np.tile(codes[n:], len(days)),
        ],
        names=["as_of", "a", "b"],
        verify_integrity=False,
    )
    return pd.DataFrame({name: array.ravel() for name, array in arrays.items()}, index=index)


def panel(
    ledger: Ledger, dates: Iterable[object], dyads: Sequence[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """
    Alignment of many dyads at many dates, each row as known on its own date.

    Returns
    -------
    pandas.DataFrame
        Index ``(as_of, a, b)``; columns ``value, cooperation, conflict, volume, prior``. A dyad without a record
        by the date is NaN outside declared coverage. ``a`` and ``b`` are in the order asked; of all dyads
        (None), in alphabetical order.
    """
    days = day_numbers(dates)
    return panel_frame(days, *stock_values(ledger, days, dyads))


def ranking(ledger: Ledger, as_of: int, partner: str | None = None) -> pd.DataFrame:
    """
    Dyads by alignment on a day, highest first.

    Parameters
    ----------
    partner : str, optional
        Only dyads of this state.

    Returns
    -------
    pandas.DataFrame
        ``rank, a, b, value, low, high, cooperation, conflict, volume, coverage``; dyads on record only, of states
        that existed on the day. With a partner, ``b`` is the partner.
    """
    day = np.array([as_of], dtype=np.int64)
    first, second, arrays = stock_values(ledger, day, None)
    table = pd.DataFrame({"a": first, "b": second, **{name: array[0] for name, array in arrays.items()}})
    if partner is not None:
        table = table[(table["a"] == partner) | (table["b"] == partner)]
        other = table["a"].where(table["b"] == partner, table["b"])
        table = table.assign(a=other, b=partner)
    table = table[(table["volume"] > 0) & ~_gone(table["a"], as_of) & ~_gone(table["b"], as_of)]
    table = table.sort_values(["value", "a", "b"], ascending=[False, True, True])
    table["low"], table["high"] = evidence_interval(
        table["cooperation"], table["conflict"], ledger.recipe.kappa, table["prior"], ledger.recipe.rho
    )
    table["coverage"] = coverage_flags(table["volume"], as_of, ledger.data_through(as_of))
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    columns = ["rank", "a", "b", "value", "low", "high", "cooperation", "conflict", "volume", "coverage"]
    return table[columns].reset_index(drop=True)


def _gone(states: pd.Series, day: int) -> pd.Series:
    """Which states did not exist on the day; codes that are no state of ours are taken at their word."""
    known = set(load_states()["code"])
    gone = {state for state in set(states) & known if not exists(state, day_stamp(day))}
    return states.isin(gone)


def history(ledger: Ledger, a: str, b: str, start: int, end: int, freq: str = "MS") -> pd.DataFrame:
    """
    One dyad's alignment over time, each row as known on its own date.

    Returns
    -------
    pandas.DataFrame
        Index ``as_of``: the days of the frequency from start to end, as ``pandas.date_range`` gives them; columns
        ``value, low, high, cooperation, conflict, volume, prior, coverage``.

    Raises
    ------
    ValueError
        If no day of the frequency lies between start and end.
    """
    span = pd.date_range(np.datetime64(start, "D"), np.datetime64(end, "D"), freq=freq)
    days = span.to_numpy("datetime64[D]").astype(np.int64)
    if not len(days):
        raise ValueError(f"no day of the frequency {freq!r} lies between start and end; take a finer one")
    _, _, arrays = stock_values(ledger, days, [(a, b)])
    table = pd.DataFrame(
        {name: array[:, 0] for name, array in arrays.items()},
        index=pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]"), name="as_of"),
    )
    low, high = evidence_interval(
        table["cooperation"], table["conflict"], ledger.recipe.kappa, table["prior"], ledger.recipe.rho
    )
    silent = table["value"].isna()
    table.insert(1, "low", np.where(silent, np.nan, low))
    table.insert(2, "high", np.where(silent, np.nan, high))
    through = np.array([ledger.data_through(int(day)) for day in days])
    table["coverage"] = coverage_flags(table["volume"], days, through)
    return table


def features(
    ledger: Ledger, dates: Iterable[object], dyads: Sequence[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """
    Decayed stocks by family, sign and clock: what estimators eat.

    Returns
    -------
    pandas.DataFrame
        Index ``(as_of, a, b)``; columns ``cooperation.<family>.fast``, ``conflict.<family>.slow`` and so on (what
        stands without fading is on the slow clock). Each row as known on its own date.
    """
    days = day_numbers(dates)
    numbers, first, second = _chosen(ledger, dyads)
    stocks = ledger.index.stocks_by_family(days)
    if dyads is not None:
        stocks = _columns(stocks, numbers)
    families = ledger.index.books.families
    arrays = {
        f"{sign}.{family}.{clock}": stocks[:, :, f, s, c]
        for s, sign in ((1, "cooperation"), (0, "conflict"))
        for f, family in enumerate(families)
        for c, clock in enumerate(("fast", "slow"))
    }
    return panel_frame(days, first, second, arrays)
