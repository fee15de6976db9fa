"""What several measures say of one dyad, and the events by which two of them part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from risk.display import html_table, plain, signed
from risk.measures.of_events import alliance, gge, goldstein_mean, goldstein_sum, net_ratio
from risk.measures.of_votes import vote_distance
from risk.scorer import Scorer

__all__ = ["Disagreement", "disagreement"]

ALL = (net_ratio, gge, goldstein_mean, goldstein_sum, vote_distance, alliance)


@dataclass(frozen=True, eq=False, repr=False)
class Disagreement:
    """
    What several measures say of one dyad, and the events by which two of them part.

    Attributes
    ----------
    measures : pandas.DataFrame
        ``measure, value, basis``.
    events : pandas.DataFrame
        ``event_id, date, title, net_ratio, gge, gap``: each event's share under both, widest gap first.
    """

    a: str
    b: str
    as_of: pd.Timestamp
    _measures: pd.DataFrame = field(repr=False)
    _events: pd.DataFrame = field(repr=False)

    @property
    def measures(self) -> pd.DataFrame:
        """One row per measure."""
        return self._measures.copy()

    @property
    def events(self) -> pd.DataFrame:
        """One row per event, widest gap between our share and the decayed mean's first."""
        return self._events.copy()

    def to_dict(self) -> dict:
        """Everything as plain numbers and texts, ready for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "as_of": plain(self.as_of),
            "measures": plain(self._measures),
            "events": plain(self._events),
        }

    def __repr__(self) -> str:
        said = ", ".join(f"{row.measure} {signed(row.value, 2)}" for row in self._measures.itertuples())
        return f"<Disagreement {self.a}-{self.b} as of {self.as_of:%Y-%m-%d}: {said}>"

    def _repr_html_(self) -> str:
        return html_table(
            ["measure", "value", "basis"], self._measures.itertuples(index=False), repr(self)[1:-1]
        )


def disagreement(
    scorer: Scorer, a: str, b: str, *, as_of: object, measures: Iterable[Callable] = ALL
) -> Disagreement:
    """
    Ask every measure about one dyad, and lay our shares beside the decayed mean's.

    Examples
    --------
    >>> said = disagreement(Scorer(), "USA", "VEN", as_of="2025-10-15").measures
    >>> said["measure"].tolist()[:2]
    ['net_ratio', 'gge']
    """
    found = [measure(scorer, a, b, as_of=as_of) for measure in measures]
    table = pd.DataFrame(
        {
            "measure": [m.name for m in found],
            "value": [m.value for m in found],
            "basis": [m.basis for m in found],
        }
    )
    ours, theirs = net_ratio(scorer, a, b, as_of=as_of), gge(scorer, a, b, as_of=as_of)
    both = ours.contributions.rename(columns={"share": "net_ratio"}).merge(
        theirs.contributions[["event_id", "share"]].rename(columns={"share": "gge"}),
        on="event_id",
        how="left",
    )
    both["gap"] = both["net_ratio"] - both["gge"].fillna(0.0)
    order = np.argsort(-both["gap"].abs().to_numpy(), kind="stable")
    return Disagreement(ours.a, ours.b, ours.as_of, table, both.iloc[order].reset_index(drop=True))
