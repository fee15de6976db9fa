"""Whole columns of names and numbers: each distinct cell is looked up once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from risk.days import day_number
from risk.states.book import on_day, turning_days
from risk.states.errors import StateError
from risk.states.numbers import SYSTEMS, System, number_code
from risk.states.resolve import Before, Options, View, code_of

__all__ = ["Unresolved", "from_numbers", "resolve_states"]

_SUGGESTED_MISSES = 200
"""Beyond so many misses in one column nobody reads suggestions, which cost about 10 ms each."""


class Unresolved(NamedTuple):
    """A distinct cell that gave no code: its value, the rows where it stands, and why (on the first one)."""

    value: object
    rows: np.ndarray
    error: StateError


def resolve_states(
    values: Iterable[object],
    on: object = None,
    *,
    system: System | None = None,
    view: View = "own",
    before: Before = "error",
) -> tuple[np.ndarray, list[Unresolved]]:
    """
    Codes of a column of names.

    Each distinct name is looked up once per stretch of time in which it means the same.

    Parameters
    ----------
    values : array-like
        Names, codes or (with ``system``) numbers.
    on : str, date, Timestamp, or array-like of them, optional
        One day for all, or one per row.
    system, view, before
        As in :func:`resolve_state`.

    Returns
    -------
    codes : ndarray of object
        One code per row, ``""`` where there is none.
    errors : list of Unresolved
        ``value, rows, error``, one per distinct cell (and stretch of time) that failed.

    Examples
    --------
    >>> codes, errors = resolve_states(["Cuba", "CUB", "Isreal"])
    >>> codes.tolist(), [(found.value, found.rows.tolist()) for found in errors]
    (['CUB', 'CUB', ''], [('Isreal', [2])])
    """
    options = Options.checked(system, view, before)
    return _column(values, on, lambda value, day, hint: code_of(value, day, options, hint))


def from_numbers(
    values: Iterable[object],
    system: System = "cow",
    on: object = None,
    *,
    outside: Literal["error", "accept"] = "error",
) -> tuple[np.ndarray, list[Unresolved]]:
    """
    Codes of a column of numbers of one system.

    Parameters
    ----------
    values : array-like of int or str
    system : {"cow", "gw", "iso"}
    on : str, date, Timestamp, or array-like of them, optional
        Without a day a number that has meant two states (365: Russia, Soviet Union) is an error.
    outside : {"error", "accept"}
        What to do on a day when the state did not exist: ``accept`` takes a number that only ever meant one
        state (Belarus votes in the United Nations from 1946).

    Returns
    -------
    codes, errors
        As in :func:`resolve_states`.

    Examples
    --------
    >>> from_numbers([2, 365, 345], "cow", on="2004-01-01")[0].tolist()
    ['USA', 'RUS', 'SCG']
    """
    if system not in SYSTEMS:
        raise ValueError(f"system: {system!r} is none of {', '.join(map(repr, SYSTEMS))}")
    if outside not in ("error", "accept"):
        raise ValueError(f"outside: {outside!r} is none of 'error', 'accept'")
    return _column(values, on, lambda value, day, _: number_code(value, system, day, outside == "accept"))


def _column(
    values: Iterable[object], on: object, one: Callable[[object, int | None, bool], str]
) -> tuple[np.ndarray, list[Unresolved]]:
    cells = pd.Series(values, dtype=object).reset_index(drop=True)
    names, distinct = pd.factorize(cells, use_na_sentinel=False)
    days, stretches = _days(on, len(names))
    keys = names * (len(turning_days()) + 2) + stretches
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    answers = np.full(len(first), "", dtype=object)
    failed: dict[int, StateError] = {}
    for at, row in enumerate(first):
        try:
            answers[at] = one(distinct[names[row]], days[row], len(failed) < _SUGGESTED_MISSES)
        except StateError as error:
            failed[at] = error
    if not failed:
        return answers[place], []
    rows = np.split(np.argsort(place, kind="stable"), np.cumsum(np.bincount(place))[:-1])
    return answers[place], [
        Unresolved(distinct[names[first[at]]], rows[at], error) for at, error in failed.items()
    ]


def _days(on: object, size: int) -> tuple[list[int | None], np.ndarray]:
    """Day number of every row, and the number of the stretch between two turning days in which it lies."""
    if not isinstance(on, pd.Series | pd.Index | np.ndarray | list | tuple):
        return [on_day(on)] * size, np.zeros(size, dtype=np.int64)
    if len(on) != size:
        raise ValueError(f"on: {len(on)} days for {size} names")
    codes, distinct = pd.factorize(pd.Series(on, dtype=object), use_na_sentinel=False)
    numbers = [None if pd.isna(day) else on_day(day) for day in distinct]
    turns = np.array([day_number(day) for day in turning_days()])
    stretch = [0 if day is None else int(np.searchsorted(turns, day, side="right")) + 1 for day in numbers]
    return [numbers[code] for code in codes], np.array(stretch, dtype=np.int64)[codes]
