"""Acts of several states at once: who of those named took part, and on which day all of them existed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.reading import Draft
from risk.reading.spread import distinct_rows, spread
from risk.sources.parties import Parties, together

__all__ = ["Participants", "gathered"]


@dataclass(frozen=True)
class Participants:
    """
    The states of each row of a data set that names several.

    Attributes
    ----------
    names : ndarray of object
        Codes of all that took part in any row, sorted.
    row, state : ndarray of int
        Who took part where: the row, and the place in ``names``; by row, then by name, each once.
    day : ndarray of datetime64[D]
        The day of the row's span nearest its middle on which all of them existed.
    unknown : ndarray of int
        How many of those named have no code.
    """

    names: np.ndarray
    row: np.ndarray
    state: np.ndarray
    day: np.ndarray
    unknown: np.ndarray

    @property
    def count(self) -> np.ndarray:
        """How many states took part."""
        return np.bincount(self.row, minlength=len(self.day))

    def columns(self) -> dict[str, pd.Series]:
        """``actor`` and ``recipient`` where two took part, ``participants`` where more did."""
        count = self.count
        start = np.cumsum(count) - count
        names, nobody = [*self.names, ""], len(self.names)
        sides = np.full((2, len(count)), nobody)
        two = np.flatnonzero(count == 2)
        sides[:, two] = self.state[start[two]], self.state[start[two] + 1]
        return {
            "actor": spread(names, sides[0]),
            "recipient": spread(names, sides[1]),
            "participants": self._lists(start, count),
        }

    def _lists(self, start: np.ndarray, count: np.ndarray) -> pd.Series:
        """Codes of the rows with more than two, ``;``-separated; equal lists are written once."""
        words, place = [""], np.zeros(len(count), np.int64)
        for n in np.unique(count[count > 2]):
            rows = np.flatnonzero(count == n)
            lists = self.state[start[rows][:, None] + np.arange(n)]
            first, which = distinct_rows(*lists.T)
            place[rows] = which + len(words)
            words += [";".join(codes) for codes in self.names[lists[first]]]
        return spread(words, place)


def gathered(
    draft: Draft,
    names: Sequence[str],
    empty: str,
    span: tuple[np.ndarray, np.ndarray],
    look_up: Callable[[pd.Series, np.ndarray, np.ndarray], Parties],
) -> Participants:
    """
    Look up every name in the columns, refuse rows with fewer than two states, count the names without a code.

    Parameters
    ----------
    draft : Draft
    names : sequence of str
        Columns that name one participant each.
    empty : str
        What the publisher writes for no participant.
    span : first and last day of each row, as datetime64[D]
    look_up : callable
        :func:`risk.sources.parties.named` or ``numbered`` with the publisher's own options.
    """
    first, last = span
    row, cells = _named(draft, names, empty)
    sides = look_up(cells, first[row], last[row])
    told = sides.codes != ""
    odd = cells[~told & (sides.refusals == "unmapped")]
    for text, times in odd.value_counts(sort=False).items():
        draft.unmapped["participants", str(text)] = int(times)
    codes, listed = pd.factorize(sides.codes[told], sort=True)
    both = np.unique(row[told] * (len(listed) + 1) + codes)
    unknown = np.bincount(row[~told], minlength=len(draft))
    draft.note(
        "participants.unknown", int(unknown.sum()), "participants are not known, or no states of that day"
    )
    took_part = np.divmod(both, len(listed) + 1)
    found = Participants(listed, *took_part, _common_day(sides, row, first, last), unknown)
    message = "fewer than two states are known to have taken part"
    draft.refuse(draft.sound() & (found.count < 2), names[0], "scope.not_two_states", message)
    return found


def _named(draft: Draft, names: Sequence[str], empty: str) -> tuple[np.ndarray, pd.Series]:
    """The row and the text of every cell that names a participant, row by row."""
    known: dict[str, int] = {}
    rows: list[np.ndarray] = []
    places: list[np.ndarray] = []
    for name in names:
        texts, codes = draft.columns.distinct(name)
        at_text = [-1 if text in ("", empty) else known.setdefault(text, len(known)) for text in texts]
        place = np.array(at_text, dtype=np.int64)
        at = np.flatnonzero(place[codes] >= 0)
        rows.append(at)
        places.append(place[codes[at]])
    row = np.concatenate(rows)
    order = np.argsort(row, kind="stable")
    return row[order], spread(list(known), np.concatenate(places)[order])


def _common_day(sides: Parties, row: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    low, high = first.astype(np.int64), last.astype(np.int64)
    told = sides.codes != ""
    np.maximum.at(low, row[told], sides.first[told].astype(np.int64))
    np.minimum.at(high, row[told], sides.last[told].astype(np.int64))
    nothing = np.full(len(first), "", dtype=object)
    one = Parties(nothing, low.astype("M8[D]"), high.astype("M8[D]"), nothing, nothing)
    return together([one], first, last)[0]
