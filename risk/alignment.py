"""Alignment of two states: the score, its interval and coverage, and the contributions that add up to it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from risk.certainty import INTERVAL_LEVEL, coverage_flag, evidence_interval
from risk.contributions import attributed, contribution_table, gradient_table, grouped
from risk.days import day_stamp
from risk.display import html_table, plain, signed
from risk.entries import Entries
from risk.kernels import beta_parameters, net_ratio
from risk.ledger import Ledger
from risk.prior import PriorRow, prior_of
from risk.recipe import Recipe
from risk.stocks import by_record

__all__ = ["Alignment", "align", "coverage_flag", "evidence_interval"]

COPIES_ON_WRITE = int(pd.__version__.split(".")[0]) >= 3
"""From pandas 3 on a frame copies what is written to, so a shallow copy is safe to hand out and costs nothing."""


@dataclass(frozen=True, eq=False, repr=False)
class Alignment:
    """
    How closely two states are aligned as of a day, and why.

    Attributes
    ----------
    a, b : str
        Codes, in the order asked.
    as_of, known_on : pandas.Timestamp
    value : float
        In (-1, 1); NaN where the record neither holds an event nor claims coverage.
    interval : tuple of float
        Evidence interval at ``interval_level``.
    cooperation, conflict, volume, contested : float
        C, D, C + D and 1 - |C - D| / (C + D).
    prior : float
        m0, what the score is without events.
    kappa : float
        Weight of the prior.
    coverage : str
        ``none``, ``thin``, ``good`` or ``stale``.
    notes : tuple of str
        What to read beside it: UN votes carried forward beyond the last session known, and how old they are.
    data_through : pandas.Timestamp
        Until which day the record runs.
    contributions : pandas.DataFrame
        One row per event and per prior row; ``share`` adds up to ``value``.
    recipe : Recipe
    """

    a: str
    b: str
    as_of: pd.Timestamp
    known_on: pd.Timestamp
    value: float
    interval: tuple[float, float]
    interval_level: float
    cooperation: float
    conflict: float
    volume: float
    contested: float
    prior: float
    kappa: float
    coverage: str
    data_through: pd.Timestamp
    recipe: Recipe
    prior_rows: tuple[PriorRow, ...]
    _ledger: Ledger = field(repr=False)
    _entries: Entries = field(repr=False)
    _memory: np.ndarray = field(repr=False)
    _standing: Callable[[], str] = field(repr=False)

    @property
    def centre(self) -> float:
        """Centre of the interval's distribution, (alpha - beta)/(alpha + beta); differs from A where rho > 1."""
        if math.isnan(self.value):
            return math.nan
        alpha, beta = beta_parameters(
            self.cooperation, self.conflict, self.kappa, self.prior, self._ledger.recipe.rho
        )
        return float((alpha - beta) / (alpha + beta))

    @property
    def notes(self) -> tuple[str, ...]:
        """What to read beside the coverage, in sentences."""
        return () if math.isnan(self.value) else tuple(row.note for row in self.prior_rows if row.note)

    @property
    def standing(self) -> str:
        """Where the score stands among the covered dyads, in one sentence."""
        return self._standing()

    @cached_property
    def _table(self) -> pd.DataFrame:
        return contribution_table(
            self._ledger, self._entries, self._memory, self.prior_rows, self.value, self.kappa
        )

    @property
    def contributions(self) -> pd.DataFrame:
        """One row per event and per prior row, heaviest first; ``share`` adds up to ``value``."""
        return self._table.copy(deep=not COPIES_ON_WRITE)

    def by(self, what: str) -> pd.DataFrame:
        """
        Contributions added up by ``family``, ``event_type``, ``year`` or ``source``.

        Returns
        -------
        pandas.DataFrame
            Columns: the grouping, ``n``, ``share``; heaviest first; shares add up to the value.
        """
        return grouped(self._table, what)

    def attribution(self, method: str = "shares") -> pd.DataFrame:
        """
        Contributions under another attribution; each adds up to the value.

        Parameters
        ----------
        method : {"shares", "aumann-shapley"}
            ``shares``: x K / Z. ``aumann-shapley``: average marginal effect on the straight path from no events to
            all; a prior row then gets m0_row.
        """
        if method == "shares":
            return self.contributions
        if method != "aumann-shapley":
            raise ValueError(f"attribution: {method!r} is not one of shares, aumann-shapley")
        return attributed(self._table, self.kappa, self.prior)

    def gradients(self) -> pd.DataFrame:
        """
        What the score gains per unit of log weight of a type, and per unit of kappa.

        ``dA/dln(w_type) = (x_type - A u_type)/Z`` over the type's decayed sums; ``dA/dkappa = (m0 - A)/Z``.
        """
        return gradient_table(self._table, self.value, self.kappa, self.prior, self.kappa + self.volume)

    def plot(self, ax=None, *, top: int = 15):
        """Waterfall of the heaviest contributions, from the prior to the score; returns the axes."""
        from risk.plots import plot_contributions

        return plot_contributions(self._table, self.value, ax=ax, top=top, title=self._headline())

    def to_dict(self) -> dict:
        """Everything as plain numbers and texts, ready for JSON."""
        names = [
            "a",
            "b",
            "as_of",
            "known_on",
            "value",
            "interval",
            "interval_level",
            "centre",
            "cooperation",
            "conflict",
            "volume",
            "contested",
            "prior",
            "kappa",
            "coverage",
            "notes",
            "data_through",
        ]
        return {
            **{name: plain(getattr(self, name)) for name in names},
            "contributions": plain(self._table),
            **self._ledger.provenance(),
        }

    def cite(self) -> str:
        """How to cite this number: what, as of when, from which data, recipe and version."""
        what = f"alignment of {self.a} and {self.b} as of {self.as_of:%Y-%m-%d} = {signed(self.value)}"
        return self._ledger.citation(what, self.data_through)

    def save(self, path):
        """
        Write a replication bundle into a folder and return its path.

        A scorer of the tables in it under its recipe gives the score again; see :func:`risk.bundle.save_bundle`.
        """
        from risk.bundle import save_bundle

        told = self._entries.report
        return save_bundle(
            path,
            self.to_dict(),
            self._table,
            self._ledger,
            reports=told[told < len(self._ledger.events)],
            states=(self.a, self.b),
            citation=self.cite(),
        )

    def _headline(self) -> str:
        return f"Alignment {self.a}-{self.b} as of {self.as_of:%Y-%m-%d}: {signed(self.value)}"

    def __repr__(self) -> str:
        if math.isnan(self.value):
            return f"<{self._headline()}, no interval, no act on record, coverage {self.coverage}>"
        low, high = self.interval
        return (
            f"<{self._headline()} [{signed(low, 2)}, {signed(high, 2)}] at {self.interval_level:.0%}, "
            f"C {self.cooperation:.2f}, D {self.conflict:.2f}, coverage {'; '.join((self.coverage, *self.notes))}>"
        )

    def _repr_html_(self) -> str:
        columns = ["date", "event_type", "actor", "recipient", "title", "share", "source"]
        return html_table(columns, self._table[columns].head(12).itertuples(index=False), repr(self)[1:-1])


def align(
    ledger: Ledger, a: str, b: str, as_of: int, known_on: int, standing: Callable[[], str] | None = None
) -> Alignment:
    """
    The alignment of two states on a ledger.

    ``A = (kappa m0 + C - D) / (kappa + C + D)``; without events the prior inside declared coverage, NaN outside.

    Parameters
    ----------
    ledger : Ledger
    a, b : str
        Codes.
    as_of, known_on : int
        Days.
    standing : callable, optional
        Says where the score stands, when asked.
    """
    entries, memory = ledger.index.dyad(ledger.index.pair(a, b), as_of, known_on)
    _, sign, weight, kept = by_record(entries, memory)
    cooperation, conflict = (math.fsum((weight * kept)[sign == side]) for side in (1, -1))
    rows = prior_of(ledger, a, b, as_of, known_on)
    prior, kappa, volume = math.fsum(row.amount for row in rows), ledger.recipe.kappa, cooperation + conflict
    known = len(entries) > 0 or ledger.coverage.of(a, b, as_of)
    interval = (
        evidence_interval(cooperation, conflict, kappa, prior, ledger.recipe.rho)
        if known
        else (math.nan, math.nan)
    )
    through = ledger.data_through(as_of)
    return Alignment(
        a=a,
        b=b,
        as_of=day_stamp(as_of),
        known_on=day_stamp(known_on),
        value=float(net_ratio(cooperation, conflict, kappa, prior)) if known else math.nan,
        interval=(float(interval[0]), float(interval[1])),
        interval_level=INTERVAL_LEVEL,
        cooperation=cooperation,
        conflict=conflict,
        volume=volume,
        contested=1 - abs(cooperation - conflict) / volume if volume > 0 else math.nan,
        prior=prior,
        kappa=kappa,
        coverage=coverage_flag(volume, as_of, through, len(entries) > 0),
        data_through=day_stamp(through),
        recipe=ledger.recipe,
        prior_rows=rows,
        _ledger=ledger,
        _entries=entries,
        _memory=memory,
        _standing=standing or (lambda: "no ranking to stand in"),
    )
