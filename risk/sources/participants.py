"""Acts of several states at once: who of those named took part, and on which day all of them existed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from risk.reading import Draft
from risk.sources.parties import Parties, together

__all__ = ["Participants", "gathered"]


@dataclass(frozen=True)
class Participants:
    """
    The states of each row of a data set that names several.

    Attributes
    ----------
    codes : list of list of str
        Sorted, each state once.
    day : ndarray of datetime64[D]
        The day of the row's span nearest its middle on which all of them existed.
    unknown : ndarray of int
        How many of those named have no code.
    """

    codes: list[list[str]]
    day: np.ndarray
    unknown: np.ndarray

    @property
    def count(self) -> np.ndarray:
        """How many states took part."""
        return np.array([len(found) for found in self.codes], dtype=np.int64)

    def columns(self) -> dict[str, list[str]]:
        """``actor`` and ``recipient`` where two took part, ``participants`` where more did."""
        two, more = self.count == 2, self.count > 2
        return {
            "actor": [found[0] if pair else "" for found, pair in zip(self.codes, two)],
            "recipient": [found[1] if pair else "" for found, pair in zip(self.codes, two)],
            "participants": [";".join(found) if many else "" for found, many in zip(self.codes, more)],
        }


def gathered(
    draft: Draft,
    names: Sequence[str],
    empty: str,
    span: tuple[np.ndarray, np.ndarray],
    look_up: Callable[[list[str], np.ndarray, np.ndarray], Parties],
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
    cells = np.column_stack([draft.columns[name].to_numpy(dtype=object) for name in names])
    row, place = np.nonzero((cells != "") & (cells != empty))
    sides = look_up(list(cells[row, place]), first[row], last[row])
    told = sides.codes != ""
    for reason, text in zip(sides.refusals[~told], cells[row, place][~told]):
        if reason == "unmapped":
            draft.unmapped["participants", str(text)] = draft.unmapped.get(("participants", str(text)), 0) + 1
    codes: list[list[str]] = [[] for _ in range(len(draft))]
    for at, code in dict.fromkeys(zip(row[told].tolist(), sides.codes[told].tolist())):
        codes[at].append(code)
    unknown = np.bincount(row[~told], minlength=len(draft))
    draft.note(
        "participants.unknown", int(unknown.sum()), "participants are not known, or no states of that day"
    )
    found = Participants([sorted(group) for group in codes], _common_day(sides, row, first, last), unknown)
    message = "fewer than two states are known to have taken part"
    draft.refuse(draft.sound() & (found.count < 2), names[0], "scope.not_two_states", message)
    return found


def _common_day(sides: Parties, row: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    low, high = first.astype(np.int64), last.astype(np.int64)
    told = sides.codes != ""
    np.maximum.at(low, row[told], sides.first[told].astype(np.int64))
    np.minimum.at(high, row[told], sides.last[told].astype(np.int64))
    nothing = np.full(len(first), "", dtype=object)
    one = Parties(nothing, low.astype("M8[D]"), high.astype("M8[D]"), nothing, nothing)
    return together([one], first, last)[0]
