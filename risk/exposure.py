"""Sanctions exposure of one state: measures in force, what reaches it through partners, and onset where fitted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from risk.days import day_stamp
from risk.display import html_table, plain
from risk.ledger import Ledger
from risk.partners import through_partners
from risk.recipe import Recipe

__all__ = ["SENDERS", "Exposure", "expose"]

SENDERS = ("USA", "EU", "UN", "GBR")
IN_FORCE_COLUMNS = [
    "measure_id",
    "spell",
    "sender",
    "authority",
    "instrument",
    "scope",
    "start",
    "severity",
    "share",
    "parallel",
    "title",
    "source",
    "url",
]


@dataclass(frozen=True, eq=False, repr=False)
class Exposure:
    """
    How exposed a state is to sanctions as of a day: three numbers that are never multiplied into one.

    Attributes
    ----------
    state : str
    as_of, known_on : pandas.Timestamp
    F : float
        Severity of the measures in force by all senders asked, in [0, 1).
    F_by_sender : dict of str to float
    E, E_upper : float
        What reaches the state through its partners, and the same with unlisted partners taken as fully sanctioned.
        E is NaN where no tie of the state is known.
    tie_coverage : float
        The share of the state's ties that is listed.
    in_force : pandas.DataFrame
        One row per measure; ``share`` adds up to F, parallel measures carry none.
    territories : pandas.DataFrame
        Measures in force on parts of the state; no share in F.
    onset : pandas.DataFrame or None
        Probability of a new measure by sender; None without a fitted model.
    partners : pandas.DataFrame
        One row per path; ``amount`` adds up to E.
    notes : tuple of str
    """

    state: str
    as_of: pd.Timestamp
    known_on: pd.Timestamp
    senders: tuple[str, ...]
    F: float
    E: float
    E_upper: float
    tie_coverage: float
    data_through: pd.Timestamp
    notes: tuple[str, ...]
    recipe: Recipe
    _by_sender: Mapping[str, float] = field(repr=False)
    _forecast: Callable[[], pd.DataFrame | None] = field(repr=False)
    _in_force: pd.DataFrame = field(repr=False)
    _territories: pd.DataFrame = field(repr=False)
    _partners: pd.DataFrame = field(repr=False)
    _ledger: Ledger = field(repr=False)
    _standing: Callable[[], str] = field(repr=False)

    @property
    def F_by_sender(self) -> dict[str, float]:
        """Severity of the measures in force by each sender asked."""
        return dict(self._by_sender)

    @cached_property
    def _onset(self) -> pd.DataFrame | None:
        return self._forecast()

    @property
    def onset(self) -> pd.DataFrame | None:
        """Probability of a new measure by sender, worked out when asked; None without a fitted model."""
        return None if self._onset is None else self._onset.copy()

    @property
    def in_force(self) -> pd.DataFrame:
        """The measures in force by sender and authority; ``share`` adds up to F."""
        return self._in_force.copy()

    @property
    def territories(self) -> pd.DataFrame:
        """Measures in force against parts of the state, which add nothing to its F."""
        return self._territories.copy()

    @property
    def partners(self) -> pd.DataFrame:
        """The paths by which partners' exposure arrives; ``amount`` adds up to E."""
        return self._partners.copy()

    @property
    def outlook(self) -> str:
        """The probability of a new measure by sender, with interval and base rate, in one sentence."""
        if self._onset is None:
            return "A new measure: no probability, for want of a model that was tested on such a case."
        said = [
            f"{row.sender} {_percent(row.probability)} ({_percent(row.low)} to {_percent(row.high)})"
            for row in self._onset.itertuples()
        ]
        first = self._onset.iloc[0]
        return (
            f"A new measure within {first['horizon']} days: {', '.join(said)}; of all states and years "
            f"{first['base_rate']:.1%} saw one."
        )

    @property
    def standing(self) -> str:
        """Where F stands among the states with ties or measures, in one sentence."""
        return self._standing()

    def plot(self, axes=None):
        """Two panels: severity by measure, exposure by path; returns the axes."""
        from risk.plots import plot_exposure

        return plot_exposure(self._in_force, self._partners, axes=axes, title=self._headline())

    def to_dict(self) -> dict:
        """Everything as plain numbers and texts, ready for JSON."""
        names = [
            "state",
            "as_of",
            "known_on",
            "senders",
            "F",
            "F_by_sender",
            "E",
            "E_upper",
            "tie_coverage",
            "data_through",
            "notes",
        ]
        return {
            **{name: plain(getattr(self, name)) for name in names},
            "in_force": plain(self._in_force),
            "territories": plain(self._territories),
            "onset": plain(self._onset),
            "partners": plain(self._partners),
            **self._ledger.provenance(),
        }

    def cite(self) -> str:
        """How to cite these numbers."""
        numbers = f"F = {self.F:.3f}, E = {_number(self.E)}"
        what = f"sanctions exposure of {self.state} as of {self.as_of:%Y-%m-%d}, {numbers}"
        return self._ledger.citation(what, self.data_through)

    def save(self, path):
        """Write a replication bundle into a folder and return its path; see :func:`risk.bundle.save_bundle`."""
        from risk.bundle import save_bundle

        return save_bundle(
            path,
            self.to_dict(),
            self._in_force,
            self._ledger,
            reports=np.empty(0, dtype=int),
            states=(self.state,),
            citation=self.cite(),
        )

    def _headline(self) -> str:
        return f"Sanctions exposure {self.state} as of {self.as_of:%Y-%m-%d}: in force {self.F:.3f}"

    def __repr__(self) -> str:
        senders = ", ".join(f"{sender} {value:.2f}" for sender, value in self.F_by_sender.items())
        return (
            f"<{self._headline()} ({senders}), through partners {_number(self.E)} "
            f"(at most {self.E_upper:.3f}, ties known {self.tie_coverage:.0%})>"
        )

    def _repr_html_(self) -> str:
        columns = ["sender", "authority", "instrument", "scope", "start", "share", "title"]
        table = self._in_force.sort_values("share", ascending=False, kind="stable")
        table = table.assign(share=table["share"].astype(object).mask(table["parallel"], "parallel"))[columns]
        return html_table(
            columns, table.head(12).itertuples(index=False), repr(self)[1:-1], unsigned=["share"]
        )


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.095 else f"{share:.1%}"


def _number(value: float) -> str:
    return "not covered" if math.isnan(value) else f"{value:.3f}"


def expose(
    ledger: Ledger,
    state: str,
    as_of: int,
    known_on: int,
    senders: Sequence[str] = SENDERS,
    forecast: Callable[[], pd.DataFrame | None] | None = None,
    standing: Callable[[], str] | None = None,
) -> Exposure:
    """
    The sanctions exposure of a state on a ledger.

    Parameters
    ----------
    ledger : Ledger
    state : str
        Code.
    as_of, known_on : int
        Days.
    senders : sequence of str
    forecast : callable, optional
        Gives the fitted probabilities by sender, or None, when asked.
    standing : callable, optional
        Says where F stands, when asked.
    """
    measures = ledger.measures
    in_force = measures.table(state, as_of, known_on, senders)
    by_sender = {
        sender: float(measures.joint(as_of, known_on, [sender]).get(state, 0.0)) for sender in senders
    }
    arriving = through_partners(ledger, state, as_of, known_on, senders)
    return Exposure(
        state=state,
        as_of=day_stamp(as_of),
        known_on=day_stamp(known_on),
        senders=tuple(senders),
        F=float(measures.joint(as_of, known_on, senders).get(state, 0.0)),
        E=arriving.E,
        E_upper=arriving.E_upper,
        tie_coverage=arriving.tie_coverage,
        data_through=day_stamp(ledger.data_through(as_of)),
        notes=arriving.notes,
        recipe=ledger.recipe,
        _by_sender=by_sender,
        _forecast=forecast or (lambda: None),
        _in_force=in_force[IN_FORCE_COLUMNS],
        _territories=_territories(ledger, state, as_of, known_on, senders),
        _partners=arriving.paths,
        _ledger=ledger,
        _standing=standing or (lambda: "no ranking to stand in"),
    )


def _territories(
    ledger: Ledger, state: str, as_of: int, known_on: int, senders: Sequence[str]
) -> pd.DataFrame:
    """Measures on parts of the state that stand on the day."""
    day, known = day_stamp(as_of), day_stamp(known_on)
    table = ledger.sanctions[(ledger.sanctions["territory"] != "") & (ledger.sanctions["target"] == state)]
    table = table[table["sender"].isin(senders) & (table["start"] <= day) & (table["known_on"] <= known)]
    table = table[~((table["end"] <= day) & (table["end_known_on"] <= known))]
    columns = [
        "territory",
        *[name for name in IN_FORCE_COLUMNS if name not in ("severity", "share", "parallel")],
    ]
    return table[columns].reset_index(drop=True)
