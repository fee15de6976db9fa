"""An entry: what one recorded act puts on the books of one dyad."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

__all__ = ["MEASURE_TYPE", "Books", "Entries"]

MEASURE_TYPE = "sanction.measure"


@dataclass(frozen=True)
class Entries:
    """
    One array per attribute, one element per entry: an event (or a measure) on one dyad.

    ``row`` points into the records (events, then measures), ``report`` to the row that told it (another one where
    several reports tell one event); ``pair`` is the dyad's number. ``weight`` is u >= 0 and
    ``sign`` is +1 or -1. ``day``, ``known`` open an entry; ``end``, ``end_known`` end a state of affairs;
    ``cut``, ``cut_known`` silence it for good. ``standing`` is NaN for acts. A negative weight takes back from its
    record's weight and counts from its cut on, not until it.
    """

    row: np.ndarray
    report: np.ndarray
    pair: np.ndarray
    sign: np.ndarray
    weight: np.ndarray
    day: np.ndarray
    known: np.ndarray
    end: np.ndarray
    end_known: np.ndarray
    cut: np.ndarray
    cut_known: np.ndarray
    persistence: np.ndarray
    standing: np.ndarray
    family: np.ndarray

    def take(self, index) -> Entries:
        """The entries at the given positions."""
        return Entries(**{item.name: getattr(self, item.name)[index] for item in fields(self)})

    def join(self, other: Entries) -> Entries:
        """These entries and then the others."""
        if not len(other):
            return self
        arrays = {item.name: (getattr(self, item.name), getattr(other, item.name)) for item in fields(self)}
        return Entries(**{name: np.concatenate(pair) for name, pair in arrays.items()})

    def replace(self, **arrays: np.ndarray) -> Entries:
        """The same entries with some arrays changed."""
        return Entries(
            **{item.name: arrays.get(item.name, getattr(self, item.name)) for item in fields(self)}
        )

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class Books:
    """Entries of all dyads, with the states' names and each dyad's two states (as numbers, first < second)."""

    entries: Entries
    states: np.ndarray
    first: np.ndarray
    second: np.ndarray
    families: tuple[str, ...]
