"""One measure's answer about a dyad on a day: the interface that rivals share."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from risk.days import day_stamp
from risk.display import signed

__all__ = ["Measure", "measured"]

_COLUMNS = {"event_id": str, "date": "datetime64[s]", "title": str, "share": float}


@dataclass(frozen=True, eq=False, repr=False)
class Measure:
    """
    What one measure says of a dyad on a day.

    Attributes
    ----------
    name, a, b : str
    as_of : pandas.Timestamp
    value : float
        NaN where the measure has nothing to go by.
    basis : str
        What the value is made of, in a sentence.
    contributions : pandas.DataFrame
        ``event_id, date, title, share``; shares add up to the value. Empty for measures that are not made of
        events.
    """

    name: str
    a: str
    b: str
    as_of: pd.Timestamp
    value: float
    basis: str
    _contributions: pd.DataFrame = field(repr=False)

    @property
    def contributions(self) -> pd.DataFrame:
        """One row per event; ``share`` adds up to the value."""
        return self._contributions.copy()

    def __repr__(self) -> str:
        return f"<{self.name} {self.a}-{self.b} as of {self.as_of:%Y-%m-%d}: {signed(self.value)} ({self.basis})>"


def measured(
    name: str, a: str, b: str, day: int, value: float, basis: str, table: pd.DataFrame | None = None
) -> Measure:
    """A measure's answer; without a table it is not made of events."""
    shown = _no_events() if table is None else table[list(_COLUMNS)].reset_index(drop=True)
    return Measure(name, a, b, day_stamp(day), float(value), basis, shown)


def _no_events() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})
