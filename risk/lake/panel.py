"""The alignment of all dyads of a lake, in one pass over time and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import narwhals as nw
import numpy as np
import pandas as pd

from risk.days import day_number
from risk.kernels import decay
from risk.lake.maps import arrow_batches
from risk.lake.shapes import LakeError
from risk.lake.sums import lazy_day_stocks, refuse
from risk.ledger import Ledger
from risk.panel import day_numbers, panel_frame, valued
from risk.states import load_organisations, load_states
from risk.stocks import Pulses, scan

__all__ = ["lake_panel"]

BATCH = 1 << 18
_SIGNS = ("conflict", "cooperation")


def lake_panel(
    lake, dates: Iterable[object], ledger: Ledger, *, actors: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    Alignment of every dyad of a lake at many dates, in one pass over time.

    The lake's acts are reduced to what each day adds to a dyad's stocks and carried forward by the kernel
    of :mod:`risk.stocks`, one batch of days after the other: memory grows with dyads and dates, not with
    rows. The ledger's own events and measures are added, its priors and coverage apply.

    Parameters
    ----------
    lake : path, list of paths, or frame
        As in `daily_sums`. On DuckDB the batches are streamed; other engines collect the reduced rows first.
    dates : iterable of days
    ledger : Ledger
        From :func:`risk.ledger.open_ledger`, with the events that are not in the lake (or a table without
        rows).
    actors : pandas.DataFrame, optional
        As in `daily_sums`.

    Returns
    -------
    pandas.DataFrame
        As of :meth:`risk.Scorer.panel`: index ``(as_of, a, b)``, columns ``value, cooperation, conflict,
        volume, prior``.

    Raises
    ------
    LakeError
        If a row of the lake cannot be used, or acts for a state that did not exist on its day.
    """
    days = day_numbers(dates)
    book = _Dyads(_all_states(ledger))
    shown = list(_carried(book, _batches(lake, ledger, actors, book.states), days, ledger.recipe.clocks))
    return _table(ledger, days, book, shown)


def _all_states(ledger: Ledger) -> np.ndarray:
    known = [load_states()["code"], load_organisations()["org"], ledger.index.books.states]
    return np.unique(np.concatenate([np.asarray(names, dtype=object).astype(str) for names in known]))


@dataclass
class _Dyads:
    """Numbers for dyads, given out as they appear; the first day each one is on record."""

    states: np.ndarray
    number: np.ndarray = field(init=False)
    cells: list[np.ndarray] = field(default_factory=list)
    first: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self):
        self.number = np.full(len(self.states) ** 2, -1, dtype=np.int64)

    def numbers(self, a: np.ndarray, b: np.ndarray, opened: np.ndarray) -> np.ndarray:
        """Numbers of dyads (a before b by name); new ones are entered with the day they opened on."""
        cell = a * len(self.states) + b
        new = np.unique(cell[self.number[cell] < 0])
        self.number[new] = len(self.first) + np.arange(len(new))
        self.cells.append(new)
        self.first = np.append(self.first, np.full(len(new), np.iinfo(np.int64).max))
        np.minimum.at(self.first, self.number[cell], opened)
        return self.number[cell]

    def sides(self) -> tuple[np.ndarray, np.ndarray]:
        """First and second state of every dyad, by its number."""
        cells = np.concatenate(self.cells) if self.cells else np.empty(0, dtype=np.int64)
        return cells // len(self.states), cells % len(self.states)


def _carried(
    book: _Dyads, batches: Iterable[dict[str, np.ndarray]], days: np.ndarray, clocks: Mapping[str, float]
) -> Iterator[np.ndarray]:
    """
    Stocks of the dyads so far, shape (hostile and friendly, dyads), at each of the days.

    What is left after a batch enters the next one as pulses of the day it was carried to, so the kernel
    never knows that it was interrupted. A day is shown only when a later one has begun: no batch can then
    still add to it.
    """
    fast, slow = clocks["fast"], clocks["slow"]
    at, day, left = 0, 0, np.zeros((2, 2, 0))
    for batch in batches:
        pair = book.numbers(batch["a"], batch["b"], batch["opened"])
        left = _widened(left, len(book.first))
        pulses = _joined(left, day, pair, batch)
        day = int(batch["opened"][-1])
        due = days[at : max(at, int(np.searchsorted(days, day)))]
        for on_fast, on_slow, _ in scan(pulses, np.append(due, day), 2 * len(book.first), fast, slow):
            left = np.stack([on_fast, on_slow]).reshape(2, 2, -1)
            if at < len(days) and days[at] < day:
                at += 1
                yield left.sum(axis=0)
    pulses = _joined(left, day, np.empty(0, dtype=np.int64), _NOTHING)
    for on_fast, on_slow, _ in scan(pulses, days[at:], left.size // 2, fast, slow):
        yield (on_fast + on_slow).reshape(2, -1)


_NOTHING = {"opened": np.empty(0, dtype=np.int64), "fast": np.empty((0, 2)), "slow": np.empty((0, 2))}


def _widened(left: np.ndarray, n: int) -> np.ndarray:
    return np.concatenate([left, np.zeros((2, 2, n - left.shape[2]))], axis=2)


def _joined(left: np.ndarray, day: int, pair: np.ndarray, batch: dict[str, np.ndarray]) -> Pulses:
    """What was carried, as pulses of the day it was carried to, then the batch's own."""
    n = left.shape[2]
    none = np.empty(0, dtype=np.int64)
    return Pulses(
        np.concatenate([np.full(2 * n, day), np.repeat(batch["opened"], 2)]),
        np.concatenate([np.arange(2 * n), np.column_stack([pair, pair + n]).ravel()]),
        np.concatenate([left[0].ravel(), batch["fast"].ravel()]),
        np.concatenate([left[1].ravel(), batch["slow"].ravel()]),
        none,
        none,
        np.empty(0),
    )


def _batches(
    lake, ledger: Ledger, actors: pd.DataFrame | None, states: np.ndarray
) -> Iterator[dict[str, np.ndarray]]:
    """What each day adds, in the order in which it enters: when it has happened and is known."""
    import pyarrow as pa

    stocks = lazy_day_stocks(lake, ledger.codebook, ledger.recipe.scale, actors)
    day, known = nw.col("day"), nw.col("known_on")
    ordered = stocks.with_columns(opened=nw.when(known > day).then(known).otherwise(day)).sort("opened")
    fast, slow = ledger.recipe.clocks["fast"], ledger.recipe.clocks["slow"]
    spells = _Spells.of(states)
    for batch in arrow_batches(ordered, BATCH):
        yield _batch(pa.Table.from_batches([batch]), spells, fast, slow)


@dataclass(frozen=True)
class _Spells:
    """When each state existed, as days, half-open; organisations always."""

    states: np.ndarray
    state: np.ndarray
    start: np.ndarray
    stop: np.ndarray

    @classmethod
    def of(cls, states: np.ndarray) -> _Spells:
        known = load_states().sort_values(["code", "valid_from"])
        ends = [
            np.array([day_number(day) if day else always for day in known[name]], dtype=np.int64)
            for name, always in (("valid_from", -(10**6)), ("valid_to", 10**6))
        ]
        return cls(states, np.searchsorted(states, known["code"].to_numpy(object).astype(str)), *ends)

    def check(self, state: np.ndarray, day: np.ndarray) -> None:
        """Raise if a row's state did not exist on its day; looks closer only at states whose spells say so."""
        if not len(day):
            return
        whole = (self.start <= day.min()) & (self.stop > day.max())
        at = np.flatnonzero(np.isin(state, np.setdiff1d(self.state, self.state[whole])))
        alive = np.zeros(len(at), dtype=bool)
        for name, start, stop in zip(self.state[~whole], self.start[~whole], self.stop[~whole]):
            alive |= (state[at] == name) & (day[at] >= start) & (day[at] < stop)
        if not alive.all():
            first = at[~alive][0]
            raise LakeError(
                f"{self.states[state[first]]} did not exist on {day[first].astype('datetime64[D]')} "
                f"({(~alive).sum()} sums); write the state of that day"
            )


def _batch(table, spells: _Spells, fast: float, slow: float) -> dict[str, np.ndarray]:
    undated = sum(table[name].null_count for name in ("day", "known_on"))
    refuse(sum(table[f"{sign}_{clock}"].to_numpy() for sign in _SIGNS for clock in ("fast", "slow")), undated)
    opened, day = (
        table[name].to_numpy().astype("datetime64[D]").astype(np.int64) for name in ("opened", "day")
    )
    parts = {
        clock: np.column_stack([table[f"{sign}_{clock}"].to_numpy() for sign in _SIGNS])
        * decay(opened - day, half_life)[:, None]
        for clock, half_life in (("fast", fast), ("slow", slow))
    }
    sides = {side: _numbers(table[side], spells.states) for side in ("a", "b")}
    for state in sides.values():
        spells.check(state, day)
    return {"opened": opened, **sides, **parts}


def _numbers(column, states: np.ndarray) -> np.ndarray:
    """Numbers of the states of a column, looked up once per distinct code."""
    encoded = column.combine_chunks().dictionary_encode()
    names = np.asarray(encoded.dictionary.to_pylist(), dtype=object).astype(str)
    place = np.searchsorted(states, names)
    unknown = names[states[np.minimum(place, len(states) - 1)] != names]
    if len(unknown):
        raise LakeError(
            f"{str(unknown[0])!r} ({len(unknown)} codes) is no code of ours; resolve names before"
        )
    return place[encoded.indices.to_numpy()]


def _table(ledger: Ledger, days: np.ndarray, book: _Dyads, shown: list[np.ndarray]) -> pd.DataFrame:
    """The panel of the dyads of the lake and of the ledger, in the order of their names."""
    own = ledger.index.books
    place = np.searchsorted(book.states, own.states.astype(str))
    ours = book.numbers(place[own.first], place[own.second], ledger.index.first_days())
    stocks = np.zeros((2, len(days), len(book.first)))
    for at, grid in enumerate(shown):
        stocks[:, at, : grid.shape[1]] = grid
    cooperation, conflict = ledger.index.stocks(days)
    stocks[0][:, ours] += conflict
    stocks[1][:, ours] += cooperation
    first, second = book.sides()
    order = np.lexsort([second, first])
    one, two, names = first[order], second[order], book.states.astype(object)
    conflict, cooperation = stocks[:, :, order]
    arrays = valued(ledger, days, names, (one, two), (cooperation, conflict), book.first[order])
    return panel_frame(days, names[one], names[two], arrays)
