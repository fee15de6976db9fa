"""
Which state a publisher's name or number means in a span of days, and on which of them that state existed.

Many data sets date an act by year or month only. A state that began or ended in that span existed on some of its
days: the middle day is tried first, then the last, then the first, and the part of the span in which the state
existed is kept, so that the act can be placed on a day when both its sides existed.

Names that a publisher uses in a sense of its own (``Germany`` for the Federal Republic, ``Viet Nam`` for the
North, rebel groups) stand in our dated table ``datasets/actors/publisher_names.csv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from risk.datasets import read_text_table
from risk.days import FAR, day_number
from risk.reading import Draft
from risk.reading.spread import first_and_place
from risk.states import from_numbers, resolve_states
from risk.states.book import open_book
from risk.states.numbers import System
from risk.states.resolve import Before

__all__ = ["Parties", "meeting_day", "named", "numbered", "refuse_unknown", "together"]

NO_STATE = ("not_a_state", "unknown_side", "organisation")
_UNMAPPED = ("state.unknown", "state.ambiguous", "state.several", "state.number")


@dataclass(frozen=True)
class Parties:
    """
    One side of the rows of a data set.

    Attributes
    ----------
    codes : ndarray of object
        Our code, ``""`` where there is none.
    first, last : ndarray of datetime64[D]
        The part of the row's span in which the state existed.
    refusals, messages : ndarray of object
        Why there is no code: what follows ``scope.`` in the code, and the sentence.
    """

    codes: np.ndarray
    first: np.ndarray
    last: np.ndarray
    refusals: np.ndarray
    messages: np.ndarray


@lru_cache(maxsize=8)
def _own_names(publisher: str) -> dict[str, list[tuple[int, int, str, str]]]:
    """Name -> spells (first day, day after the last, code or "", kind) of one publisher."""
    table = read_text_table("actors", "publisher_names.csv")
    spells: dict[str, list[tuple[int, int, str, str]]] = {}
    for row in table[table["publisher"] == publisher].itertuples(index=False):
        start = day_number(row.valid_from) if row.valid_from else -FAR
        end = day_number(row.valid_to) if row.valid_to else FAR
        spells.setdefault(str(row.name), []).append((start, end, str(row.code), str(row.kind)))
    return spells


def named(
    names: pd.Series | Sequence[str],
    first: np.ndarray,
    last: np.ndarray,
    publisher: str,
    before: Before = "error",
) -> Parties:
    """
    The states that a publisher's names mean in each row's span.

    Parameters
    ----------
    names : Series or sequence of str
    first, last : ndarray of datetime64[D]
        First and last day of each row's span.
    publisher : str
        Key of ``publisher_names.csv``.
    before : {"error", "predecessor"}
        As in :func:`risk.resolve_state`.

    Examples
    --------
    >>> year = np.array(["1975-01-01"], "M8[D]"), np.array(["1975-12-31"], "M8[D]")
    >>> named(["Germany"], *year, "sipri").codes.tolist()
    ['DEU']
    """
    own = _own_names(publisher)

    def look_up(cells: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, list[tuple[str, str]]]:
        told = [_own(own, str(name), int(day)) for name, day in zip(cells, days.astype(np.int64))]
        asked = np.array([code or name for name, (code, _) in zip(cells, told)], dtype=object)
        open_ = np.flatnonzero([not kind for _, kind in told])
        codes, faults = np.full(len(cells), "", dtype=object), [(kind, "") for _, kind in told]
        found, errors = resolve_states(asked[open_], days[open_].astype(str).tolist(), before=before)
        codes[open_] = found
        for unresolved in errors:
            for row in unresolved.rows:
                faults[open_[row]] = (unresolved.error.code, str(unresolved.error))
        return codes, faults

    return _over(names, first, last, look_up)


def _own(own: dict[str, list[tuple[int, int, str, str]]], name: str, day: int) -> tuple[str, str]:
    """Code and reason from the publisher's own names; a name ending in ``*`` and not listed is no state."""
    for start, end, code, kind in own.get(name, ()):
        if start <= day < end:
            return code, "" if code else kind
    if name.endswith("*") and not name.endswith("**"):
        return "", "not_a_state"
    return "", ""


def numbered(
    numbers: pd.Series | Sequence[str],
    first: np.ndarray,
    last: np.ndarray,
    system: System,
    outside: Literal["error", "accept"] = "error",
) -> Parties:
    """
    The states that numbers of a system mean in each row's span; ``outside`` as in :func:`risk.states.from_numbers`.

    Examples
    --------
    >>> year = np.array(["1991-01-01"] * 2, "M8[D]"), np.array(["1991-12-31"] * 2, "M8[D]")
    >>> numbered(["365", "265"], *year, "cow", outside="accept").codes.tolist()
    ['SUN', 'DDR']
    """

    def look_up(cells: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, list[tuple[str, str]]]:
        codes, errors = from_numbers(cells, system, days.astype(str).tolist(), outside=outside)
        faults = [("", "")] * len(cells)
        for unresolved in errors:
            for row in unresolved.rows:
                faults[row] = (unresolved.error.code, str(unresolved.error))
        return codes, faults

    return _over(numbers, first, last, look_up)


def _over(told: pd.Series | Sequence[str], first: np.ndarray, last: np.ndarray, look_up) -> Parties:
    """Look up each distinct cell and span once, on up to three days of the span."""
    first, last = first.astype("M8[D]"), last.astype("M8[D]")
    place, cells = pd.factorize(told if isinstance(told, pd.Series) else pd.Series(told, dtype=object))
    start = first.astype(np.int64)
    length = (last - first).astype(np.int64)
    key = (place * 100_000 + (start - start.min(initial=0))) * 400 + np.clip(length, 0, 399)
    rows, back = first_and_place(key)
    asked, low, high = np.array(cells, dtype=object)[place[rows]], first[rows], last[rows]
    codes, faults = np.full(len(rows), "", dtype=object), [("", "")] * len(rows)
    days = low + (high - low) // 2
    left = np.arange(len(rows))
    for tried in (days, high, low):
        if not len(left):
            break
        found, why = look_up(asked[left], tried[left])
        codes[left], days[left] = found, tried[left]
        for at, reason in zip(left, why):
            faults[at] = faults[at] if faults[at][0] else reason
        left = left[(found == "") & (low[left] != high[left])]
    return _parties(codes, faults, days, (low, high), back)


def _parties(codes, faults, days, span: tuple[np.ndarray, np.ndarray], back: np.ndarray) -> Parties:
    low, high = span[0].copy(), span[1].copy()
    found = np.flatnonzero(codes != "")
    spells = [_spell(code, day) for code, day in zip(codes[found], days[found].astype(np.int64).tolist())]
    began, ended = np.clip(np.array(spells, np.int64).reshape(-1, 2).T, -FAR // 10, FAR // 10)
    low[found] = np.maximum(low[found], began.astype("M8[D]"))
    high[found] = np.minimum(high[found], (ended - 1).astype("M8[D]"))
    reasons = np.array(
        [_reason(kind) if code == "" else "" for code, (kind, _) in zip(codes, faults)], dtype=object
    )
    words = np.array([text for _, text in faults], dtype=object)
    return Parties(codes[back], low[back], high[back], reasons[back], words[back])


@lru_cache(maxsize=100_000)
def _spell(code: str, day: int) -> tuple[int, int]:
    """The spell of a state around a day; everything where the day lies outside all of them."""
    spells = open_book().actors[code].spells
    inside = [(start, end) for start, end in spells if start <= day < end]
    if not inside:
        return -FAR, FAR
    start, end = inside[0]
    for other_start, other_end in spells:
        start, end = (
            (other_start if other_end == start else start),
            (other_end if other_start == end else end),
        )
    return start, end


def _reason(kind: str) -> str:
    if kind in NO_STATE:
        return kind
    return "unmapped" if kind in _UNMAPPED else kind.removeprefix("state.")


def refuse_unknown(draft: Draft, column: str, side: Parties) -> None:
    """Refuse the rows where a side is no state of ours then (``scope.*``), and count the names that no table knows."""
    words = {
        "not_a_state": "is no state, or none that is widely recognised",
        "unknown_side": "is not known to the publisher",
        "organisation": "is an organisation that we have no code for",
    }
    for reason in sorted(set(side.refusals) - {""}):
        where = (side.codes == "") & (side.refusals == reason)
        rows = np.flatnonzero(where)
        cells = draft.columns[column].iloc[rows].astype(object).tolist()
        told: list[str] = list(side.messages[rows])
        if reason in words:
            told = [f"{cell!r} {words[reason]}" for cell in cells]
        draft.refuse(where, column, f"scope.{reason}", told)
        if reason == "unmapped":
            for text, count in zip(*np.unique(np.array(cells, dtype=str), return_counts=True)):
                draft.unmapped[column, str(text)] = draft.unmapped.get((column, str(text)), 0) + int(count)


def together(sides: Sequence[Parties], first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    The day of each row's span nearest its middle on which all sides existed, and whether there is one.

    Examples
    --------
    >>> year = np.array(["1962-01-01"], "M8[D]"), np.array(["1962-12-31"], "M8[D]")
    >>> sides = [named(["Algeria"], *year, "sipri"), named(["France"], *year, "sipri")]
    >>> [found.astype(str).tolist() for found in together(sides, *year)]
    [['1962-07-05'], ['True']]
    """
    first, last = first.astype("M8[D]"), last.astype("M8[D]")
    low = np.maximum.reduce([side.first for side in sides])
    high = np.minimum.reduce([side.last for side in sides])
    return np.minimum(np.maximum(first + (last - first) // 2, low), high), low <= high


def meeting_day(
    draft: Draft,
    columns: Sequence[str],
    sides: Sequence[Parties],
    span: tuple[np.ndarray, np.ndarray],
    on: str,
) -> np.ndarray:
    """
    The day of each row of a data set of dyads, as :func:`together`; rows that are not between two states are refused.

    Parameters
    ----------
    draft : Draft
    columns, sides : the two columns and who stands in them
    span : first and last day of each row
    on : str
        The column of the date.
    """
    for column, side in zip(columns, sides):
        refuse_unknown(draft, column, side)
    day, met = together(sides, *span)
    message = "the two states never existed at once in that time"
    draft.refuse(draft.sound() & ~met, on, "scope.not_a_state_then", message)
    same = draft.sound() & (sides[0].codes == sides[1].codes)
    draft.refuse(same, columns[1], "scope.domestic", "both sides are one state of that time")
    return day
