"""Events become stocks: the sorted index, one dyad's entries, and whole panels in one pass over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from risk.days import FAR
from risk.entries import Books, Entries
from risk.kernels import decay, memory, standing_memory
from risk.recipe import Recipe

__all__ = ["Index", "Pulses", "by_record", "entry_memory", "scan"]


@dataclass(frozen=True)
class Pulses:
    """
    Additions to the stocks, in the order of the day they enter.

    Each pulse adds ``fast`` and ``slow`` to a cell's stock on that clock on day ``day``; ``level`` pulses add to
    the part that does not fade. Removals (an end, a silenced stage) are negative pulses.
    """

    day: np.ndarray
    cell: np.ndarray
    fast: np.ndarray
    slow: np.ndarray
    level_day: np.ndarray
    level_cell: np.ndarray
    level: np.ndarray


class Index:
    """
    Books sorted by dyad and day, with a pointer per dyad.

    One dyad's entries are a slice (no work grows with the ledger); panels run over the pulses, which are sorted by
    day. Building is linear: both orders come from radix sorts of 16-bit keys.

    Parameters
    ----------
    books : Books
    recipe : Recipe
        Its clocks are used.
    """

    def __init__(self, books: Books, recipe: Recipe):
        self.books = books
        self.fast, self.slow = recipe.clocks["fast"], recipe.clocks["slow"]
        order = _order(books.entries.day)
        order = order[_order(books.entries.pair[order])]
        self._order = order
        counts = np.bincount(books.entries.pair, minlength=len(books.first))
        self._start = np.concatenate([[0], np.cumsum(counts)])
        self._state = {state: number for number, state in enumerate(books.states)}
        self._cell = books.first * max(len(books.states), 1) + books.second

    def pair(self, a: str, b: str) -> int | None:
        """Number of the dyad of two states, or None where no entry names it."""
        low, high = sorted((self._state.get(a, -1), self._state.get(b, -1)))
        if low < 0:
            return None
        cell = low * len(self.books.states) + high
        at = int(np.searchsorted(self._cell, cell))
        return at if at < len(self._cell) and self._cell[at] == cell else None

    def all_of(self, pair: int | None) -> Entries:
        """Every entry of a dyad, whenever it counts, in the order of their days; none for None."""
        here = self._order[:0] if pair is None else self._order[self._start[pair] : self._start[pair + 1]]
        return self.books.entries.take(here)

    def dyad(self, pair: int | None, as_of: int, known_on: int) -> tuple[Entries, np.ndarray]:
        """
        One dyad's entries that count on a day, and the memory K of each.

        Parameters
        ----------
        pair : int or None
            From :meth:`pair`.
        as_of, known_on : int
            Days; an entry counts only if it happened by the first and was known by the second.

        Returns
        -------
        entries : Entries
            In the order of their days.
        memory : ndarray
            K of each.
        """
        entries = self.all_of(pair)
        entries = entries.take(_counts(entries, as_of, known_on))
        return entries, entry_memory(entries, as_of, known_on, self.fast, self.slow)

    def first_days(self) -> np.ndarray:
        """The first day on which each dyad has an entry that is known."""
        entered = np.maximum(self.books.entries.day, self.books.entries.known)[self._order]
        return np.minimum.reduceat(entered, self._start[:-1]) if len(entered) else entered

    @cached_property
    def pulses(self) -> Pulses:
        """Every entry as pulses, in the order of the days they enter."""
        return _pulses(self.books.entries, len(self.books.first), self.fast, self.slow)

    def stocks(self, dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """
        Cooperation and conflict stock of every dyad at every date, each row as known on its own date.

        Parameters
        ----------
        dates : ndarray of int, shape (n_dates,)
            Days, ascending.

        Returns
        -------
        cooperation, conflict : ndarray, shape (n_dates, n_dyads)
        """
        n = len(self.books.first)
        if len(dates) == 1:
            both = np.maximum(_stocks_on(self.pulses, int(dates[0]), 2 * n, self.fast, self.slow), 0.0)
            return both[None, n:], both[None, :n]
        cooperation, conflict = np.empty((len(dates), n)), np.empty((len(dates), n))
        for at, (fast, slow, level) in enumerate(scan(self.pulses, dates, 2 * n, self.fast, self.slow)):
            both = np.maximum(fast + slow + level, 0.0)
            conflict[at], cooperation[at] = both[:n], both[n:]
        return cooperation, conflict

    def stocks_by_family(self, dates: np.ndarray) -> np.ndarray:
        """Stocks by clock, shape (dates, dyads, families, sign (hostile, friendly), clock (fast, slow))."""
        entries, n, families = self.books.entries, len(self.books.first), len(self.books.families)
        cells = n * families
        by_family = entries.replace(pair=entries.pair * families + entries.family)
        pulses = _pulses(by_family, cells, self.fast, self.slow)
        out = np.empty((len(dates), n, families, 2, 2))
        for at, (fast, slow, level) in enumerate(scan(pulses, dates, 2 * cells, self.fast, self.slow)):
            out[at, ..., 0] = fast.reshape(2, n, families).transpose(1, 2, 0)
            out[at, ..., 1] = (slow + level).reshape(2, n, families).transpose(1, 2, 0)
        return np.maximum(out, 0.0, out=out)


def _order(keys: np.ndarray) -> np.ndarray:
    """Stable order of whole numbers by radix passes over 16 bits."""
    if not len(keys):
        return np.arange(0)
    keys = keys - keys.min()
    order = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    high = keys >> 16
    while high.any():
        order = order[np.argsort((high[order] & 0xFFFF).astype(np.uint16), kind="stable")]
        high = high >> 16
    return order


def _counts(entries: Entries, as_of: int | np.ndarray, known_on: int | np.ndarray) -> np.ndarray:
    """Which entries count at the end of a day (one, or one each), by what is known on another."""
    begun = (entries.day <= as_of) & (entries.known <= known_on)
    cut = (entries.cut <= as_of) & (entries.cut_known <= known_on)
    return begun & (cut == (entries.weight < 0))


def by_record(entries: Entries, memory: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """
    What each record puts on a dyad: its entries (reports, takeovers) share one memory and add up.

    Returns
    -------
    rows, sign, weight, memory : ndarray
        The records' rows, ascending; s, u and K of each. A record whose entries cancel out is left out.
    """
    order = np.lexsort((entries.weight, entries.row))  # one order of summing, whatever the order of the table
    rows, first = np.unique(entries.row[order], return_index=True)
    weight = np.add.reduceat(entries.weight[order], first) if len(rows) else np.empty(0)
    left = np.flatnonzero(weight)
    at = order[first[left]]
    return rows[left], entries.sign[at].astype(float), weight[left], memory[at]


def entry_memory(
    entries: Entries, as_of: int | np.ndarray, known_on: int | np.ndarray, fast: float, slow: float
) -> np.ndarray:
    """K of each entry at the end of a day (one, or one each), by what is known on another; 0 if it does not count."""
    age = np.where(_counts(entries, as_of, known_on), as_of - entries.day, -1)
    acts = memory(age, entries.persistence, fast, slow)
    states = ~np.isnan(entries.standing)
    if states.any():
        ended = (entries.end <= as_of) & (entries.end_known <= known_on)
        since = np.where(ended, as_of - entries.end, -1)
        stand = standing_memory(age, since, entries.persistence, np.nan_to_num(entries.standing), fast, slow)
        return np.where(states, stand, acts)
    return acts


def _pulses(entries: Entries, cells: int, fast: float, slow: float) -> Pulses:
    """All pulses of the entries; a friendly entry's cell is its pair plus ``cells``."""
    cell = entries.pair + np.where(entries.sign > 0, cells, 0)
    opened = np.maximum(entries.day, entries.known)
    closed = np.maximum(entries.cut, entries.cut_known)
    takes = np.flatnonzero(entries.weight < 0)
    opened[takes], closed[takes] = np.maximum(opened, closed)[takes], FAR
    states = np.flatnonzero(~np.isnan(entries.standing))
    acts = np.flatnonzero(np.isnan(entries.standing) & (opened < closed))
    fading = [
        _ageing(
            entries.take(acts), entries.day[acts], 1.0, opened[acts], closed[acts], cell[acts], fast, slow
        )
    ]
    level = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
    if len(states):
        stand, level = _standing(
            entries.take(states), opened[states], closed[states], cell[states], fast, slow
        )
        fading += stand
    day, at, on_fast, on_slow = (
        fading[0] if len(fading) == 1 else [np.concatenate(part) for part in zip(*fading, strict=True)]
    )
    order, level_order = _order(day), _order(level[0])
    return Pulses(
        day[order], at[order], on_fast[order], on_slow[order], *(part[level_order] for part in level)
    )


def _ageing(entries: Entries, origin, height, opened, closed, cell, fast: float, slow: float):
    """Pulses of what ages from ``origin`` at ``height`` times its weight, between two days."""
    on_fast = entries.weight * height * (1 - entries.persistence)
    on_slow = entries.weight * height * entries.persistence
    late = np.flatnonzero(opened > origin)
    enter_fast, enter_slow = on_fast.copy(), on_slow.copy()
    enter_fast[late] *= decay((opened - origin)[late], fast)
    enter_slow[late] *= decay((opened - origin)[late], slow)
    gone = np.flatnonzero(closed < FAR)
    if not len(gone):
        return opened, cell, enter_fast, enter_slow
    age = (closed - origin)[gone]
    return (
        np.concatenate([opened, closed[gone]]),
        np.concatenate([cell, cell[gone]]),
        np.concatenate([enter_fast, -on_fast[gone] * decay(age, fast)]),
        np.concatenate([enter_slow, -on_slow[gone] * decay(age, slow)]),
    )


def _standing(entries: Entries, opened, closed, cell, fast: float, slow: float):
    """Pulses of states of affairs: a level and a slow part while in force, an ageing part after the end."""
    ended = np.maximum(entries.end, entries.end_known)
    until = np.minimum(ended, closed)
    runs = np.flatnonzero(opened < until)
    ends = runs[until[runs] < FAR]
    level, sinking = entries.weight * entries.standing, entries.weight * (1 - entries.standing)
    since, to_end = (opened - entries.day)[runs], (until - entries.day)[ends]
    in_force = (
        np.concatenate([opened[runs], until[ends]]),
        np.concatenate([cell[runs], cell[ends]]),
        np.zeros(len(runs) + len(ends)),
        np.concatenate([sinking[runs] * decay(since, slow), -sinking[ends] * decay(to_end, slow)]),
    )
    levels = (in_force[0], in_force[1], np.concatenate([level[runs], -level[ends]]))
    begins = np.maximum(ended, opened)
    after = np.flatnonzero(begins < closed)
    left = entries.take(after)
    height = left.standing + (1 - left.standing) * decay(left.end - left.day, slow)
    ageing = _ageing(left, left.end, height, begins[after], closed[after], cell[after], fast, slow)
    return [in_force, ageing], levels


def _ages(days: np.ndarray, date: int) -> np.ndarray:
    """Whole days from each day to the date, as array positions."""
    return np.subtract(date, days, dtype=np.intp)


def _stocks_on(pulses: Pulses, date: int, n_cells: int, fast: float, slow: float) -> np.ndarray:
    """The stock of every cell on one date, both clocks and the level in one sum."""
    high = int(np.searchsorted(pulses.day, date, side="right"))
    age = _ages(pulses.day[:high], date)
    ages = np.arange(int(age[0]) + 1 if high else 1)
    weight = pulses.fast[:high] * decay(ages, fast)[age]
    weight += pulses.slow[:high] * decay(ages, slow)[age]
    level = int(np.searchsorted(pulses.level_day, date, side="right"))
    standing = np.bincount(pulses.level_cell[:level], pulses.level[:level], n_cells)
    return np.bincount(pulses.cell[:high], weight, n_cells) + standing


def scan(
    pulses: Pulses, dates: np.ndarray, n_cells: int, fast: float, slow: float
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """
    Carry the stocks forward in time and show them at each date.

    One state per clock and cell decays from date to date; the pulses of the days between are added with the decay
    they have had. Weights by age come from a table of whole days, so no power of two is computed per event.

    Parameters
    ----------
    pulses : Pulses
    dates : ndarray of int
        Days, ascending.
    n_cells : int
    fast, slow : float
        Half-lives in days.

    Yields
    ------
    fast, slow, level : ndarray, shape (n_cells,)
        The stocks at the date; the arrays are used again, copy what you keep.
    """
    dates = np.asarray(dates, dtype=np.int64)
    if (np.diff(dates) < 0).any():
        raise ValueError("dates must ascend")
    ends = np.searchsorted(pulses.day, dates, side="right")
    level_ends = np.searchsorted(pulses.level_day, dates, side="right")
    on_fast, on_slow, level = np.zeros(n_cells), np.zeros(n_cells), np.zeros(n_cells)
    low = level_low = 0
    for at, date in enumerate(dates):
        if at:
            on_fast *= decay(date - dates[at - 1], fast)
            on_slow *= decay(date - dates[at - 1], slow)
        high, level_high = int(ends[at]), int(level_ends[at])
        if high > low:
            cell, age = pulses.cell[low:high], _ages(pulses.day[low:high], date)
            ages = np.arange(int(age[0]) + 1)
            on_fast += np.bincount(cell, pulses.fast[low:high] * decay(ages, fast)[age], n_cells)
            on_slow += np.bincount(cell, pulses.slow[low:high] * decay(ages, slow)[age], n_cells)
        if level_high > level_low:
            level += np.bincount(
                pulses.level_cell[level_low:level_high], pulses.level[level_low:level_high], n_cells
            )
        low, level_low = high, level_high
        yield on_fast, on_slow, level
