"""Dyads at year ends: their entries, what the prior rows say of them, and what the next year held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.days import day_number
from risk.entries import Entries
from risk.ledger import Ledger
from risk.prior import priors_of_pairs
from risk.validation.world import event_years

__all__ = ["Evidence", "evidence"]

_NO_PRIOR = {"base": 0.0, "votes": 0.0, "shared_pressure": 0.0}


@dataclass(frozen=True)
class Evidence:
    """
    Dyads at year ends with a record of the next year, ready to be scored under any choices.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``year, a, b, votes, shared_pressure`` (what the prior rows say, before their weights), ``n`` (effective
        number of next year's events: Kish) and ``friendly`` (of them, by weight).
    entries, row, day : Entries, ndarray, ndarray
        Every entry of each row's dyad, the row it belongs to, and the row's day.
    default : dict
        The recipe's own value of each of :data:`risk.validation.calibration.PARAMETERS`.
    """

    rows: pd.DataFrame
    entries: Entries
    row: np.ndarray
    day: np.ndarray
    families: tuple[str, ...]
    default: dict[str, float]

    @property
    def dyads(self) -> np.ndarray:
        """The dyad of each row, as text: rows of one dyad are not independent."""
        return (self.rows["a"] + "-" + self.rows["b"]).to_numpy()

    def between(self, first: int, last: int) -> Evidence:
        """Only the rows of these years."""
        kept = self.rows["year"].between(first, last).to_numpy()
        place = np.cumsum(kept) - 1
        flat = kept[self.row]
        rows = self.rows[kept].reset_index(drop=True)
        return Evidence(
            rows, self.entries.take(flat), place[self.row[flat]], self.day[flat], self.families, self.default
        )


def evidence(ledger: Ledger, years: Iterable[int], prior: Ledger | None = None) -> Evidence:
    """
    Every dyad and year end with at least one event in the next year, whether or not it had a record by then.

    Parameters
    ----------
    ledger : Ledger
        Whose events make the stocks and are foretold.
    years : iterable of int
        The scores are those of 31 December.
    prior : Ledger, optional
        Whose votes and measures make the prior rows; None: the ledger's own.
    """
    sums = event_years(ledger).reset_index()
    sums["year"] -= 1
    volume = sums["friendly"] + sums["hostile"]
    sums["n"] = volume**2 / sums["square"]
    sums["friendly"] *= sums["n"] / volume
    rows = sums.loc[sums["year"].isin(set(years)), ["year", "a", "b", "n", "friendly"]]
    rows = rows.sort_values(["year", "a", "b"], ignore_index=True)
    rows = rows.assign(**_prior_rows(prior or ledger, rows))
    entries, row = _entries_of(ledger, rows)
    days = np.array([day_number(f"{year}-12-31") for year in rows["year"]])[row]
    recipe = ledger.recipe
    default = {
        "kappa": recipe.kappa,
        "fast": recipe.clocks["fast"],
        "slow": recipe.clocks["slow"],
        "persistence": 1.0,
        "base": recipe.prior_weights["base"] * recipe.base,
        "votes": recipe.prior_weights["votes"],
        "shared_pressure": recipe.prior_weights["shared_pressure"],
    }
    began = entries.day <= days
    families = ledger.index.books.families
    return Evidence(rows, entries.take(began), row[began], days[began], families, default)


def _entries_of(ledger: Ledger, rows: pd.DataFrame) -> tuple[Entries, np.ndarray]:
    """All entries of each row's dyad, and the row each belongs to."""
    entries, index = ledger.index.books.entries, ledger.index
    order = np.argsort(entries.pair, kind="stable")
    pairs = np.array([index.pair(a, b) for a, b in zip(rows["a"], rows["b"], strict=True)])
    start = np.searchsorted(entries.pair[order], pairs, side="left")
    stop = np.searchsorted(entries.pair[order], pairs, side="right")
    row = np.repeat(np.arange(len(rows)), stop - start)
    within = np.arange(len(row)) - np.repeat(np.cumsum(stop - start) - (stop - start), stop - start)
    return entries.take(order[start[row] + within]), row


def _prior_rows(ledger: Ledger, rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """What the votes and the shared-pressure row say of each dyad on its day, before their weights."""
    states, codes = np.unique(np.concatenate([rows["a"], rows["b"]]).astype(str), return_inverse=True)
    first, second = codes[: len(rows)], codes[len(rows) :]
    years = np.unique(rows["year"])
    days = np.array([day_number(f"{year}-12-31") for year in years])
    at = np.searchsorted(years, rows["year"])
    found = {}
    for name in ("votes", "shared_pressure"):
        alone = ledger.changed(recipe=ledger.recipe.replace(prior_weights={**_NO_PRIOR, name: 0.5}))
        says = priors_of_pairs(alone, states.astype(object), first, second, days) / 0.5
        found[name] = says[at, np.arange(len(rows))]
    return found
