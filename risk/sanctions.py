"""The sanctions table: legal measures with spells, which are in force on a day, and how severe they are together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from risk.datasets import read_text_table
from risk.days import FAR, as_days
from risk.kernels import log_shares
from risk.recipe import SCOPES, Recipe

__all__ = ["INSTRUMENTS", "Measures", "check_sanctions", "load_sanctions"]

COLUMNS = (
    "measure_id spell sender target territory programme authority article instrument scope start end known_on "
    "end_known_on title publisher source url checked note"
).split()
DATES = ("start", "end", "known_on", "end_known_on")
REQUIRED = ("measure_id", "sender", "target", "instrument", "scope", "start")
INSTRUMENTS = (
    "arms assets listing finance debt energy trade metals aviation shipping travel secondary tariff export_control "
    "aid services"
).split()


class SanctionsError(ValueError):
    """A sanctions table that cannot be used; the text names row, column and value."""


def check_sanctions(frame: pd.DataFrame) -> pd.DataFrame:
    """
    The checked sanctions table: one row per spell of a measure.

    Parameters
    ----------
    frame : pandas.DataFrame
        At least measure_id, sender, target, instrument, scope and start; the other columns of the sanctions
        table are filled: ``spell`` with 1, ``known_on`` with ``start``, ``end_known_on`` with ``end``.

    Returns
    -------
    pandas.DataFrame
        All columns of the sanctions table in their order, sorted by measure and spell; dates as days, the rest
        text, ``spell`` a whole number. The input is not changed.

    Raises
    ------
    SanctionsError
        For a missing column, an unknown instrument or scope, a day that is none, an end before its start, a key
        told twice or a state that sanctions itself.

    Examples
    --------
    >>> one = pd.DataFrame({"measure_id": ["m"], "sender": ["USA"], "target": ["VEN"], "instrument": ["arms"],
    ...                     "scope": ["sectoral"], "start": ["2006-10-03"]})
    >>> check_sanctions(one)[["measure_id", "spell", "known_on"]].iloc[0].tolist()
    ['m', 1, Timestamp('2006-10-03 00:00:00')]
    """
    missing = [name for name in REQUIRED if name not in frame.columns]
    if missing:
        raise SanctionsError(f"missing columns {', '.join(missing)}; found {', '.join(map(str, frame.columns))}")
    table = pd.DataFrame(index=pd.RangeIndex(len(frame)))
    for name in COLUMNS:
        given = frame[name].reset_index(drop=True) if name in frame.columns else pd.Series("", index=table.index)
        table[name] = _day(name, given) if name in DATES else given.fillna("").astype(str).str.strip()
    table["spell"] = pd.to_numeric(table["spell"].replace("", "1"), errors="coerce")
    _refuse(table, table["spell"].isna() | (table["spell"] < 1), "spell", "is not a whole number from 1")
    table["spell"] = table["spell"].astype("int64")
    table["known_on"] = table["known_on"].fillna(table["start"])
    table["end_known_on"] = table["end_known_on"].fillna(table["end"])
    _check_rows(table)
    return table.sort_values(["measure_id", "spell"], kind="stable", ignore_index=True)


def _day(name: str, given: pd.Series) -> pd.Series:
    text = given if pd.api.types.is_datetime64_any_dtype(given) else given.fillna("").astype(str).str.strip()
    day = pd.to_datetime(text, format=None if text.dtype.kind == "M" else "%Y-%m-%d", errors="coerce")
    bad = day.isna() & (text.astype(str) != "") & given.notna()
    if bad.any() and not pd.api.types.is_datetime64_any_dtype(given):
        row = int(bad.to_numpy().argmax())
        raise SanctionsError(f"row {row + 1}, column {name}: {text.iloc[row]!r} is not a day; write YYYY-MM-DD")
    return day.astype("datetime64[s]")


def _refuse(table: pd.DataFrame, bad: pd.Series, column: str, why: str) -> None:
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise SanctionsError(
            f"{int(bad.sum())} of {len(table)} measures not used. row {row + 1}, column {column}: "
            f"{table[column].iloc[row]!r} {why}"
        )


def _check_rows(table: pd.DataFrame) -> None:
    for name in REQUIRED[:-1]:
        _refuse(table, table[name] == "", name, "is empty")
    _refuse(table, table["start"].isna(), "start", "is empty")
    _refuse(table, ~table["instrument"].isin(INSTRUMENTS), "instrument", f"is not one of {', '.join(INSTRUMENTS)}")
    _refuse(table, ~table["scope"].isin(SCOPES), "scope", f"is not one of {', '.join(SCOPES)}")
    _refuse(table, table["sender"] == table["target"], "target", "is the sender too")
    _refuse(table, table["end"] < table["start"], "end", "comes before start")
    _refuse(table, table.duplicated(["measure_id", "spell"]), "measure_id", "stands twice with the same spell")


@lru_cache(maxsize=1)
def _embedded() -> pd.DataFrame:
    return check_sanctions(read_text_table("sanctions", "sanctions.csv"))


def load_sanctions() -> pd.DataFrame:
    """
    The embedded sanctions record: one row per spell of a legal measure, each with its authority and source.

    Returns
    -------
    pandas.DataFrame
        A copy; see :func:`check_sanctions` for the columns.

    Examples
    --------
    >>> "E.O. 13692" in set(load_sanctions()["authority"])
    True
    """
    return _embedded().copy()


@dataclass(frozen=True)
class Measures:
    """
    A checked sanctions table with its days and severities as arrays.

    Parameters
    ----------
    frame : pandas.DataFrame
        From :func:`check_sanctions`.
    recipe : Recipe
        Its ``severity`` by scope is used.
    """

    frame: pd.DataFrame
    severity: np.ndarray
    start: np.ndarray
    end: np.ndarray
    known: np.ndarray
    end_known: np.ndarray
    senders: np.ndarray
    targets: np.ndarray
    cell: tuple[np.ndarray, np.ndarray, np.ndarray]

    @classmethod
    def of(cls, frame: pd.DataFrame, recipe: Recipe) -> Measures:
        """The arrays of a checked table under a recipe; sub-territory measures are left out."""
        frame = frame[frame["territory"] == ""].reset_index(drop=True)
        sender, senders = pd.factorize(frame["sender"], sort=True)
        target, targets = pd.factorize(frame["target"], sort=True)
        instrument = pd.Categorical(frame["instrument"], categories=INSTRUMENTS).codes.astype(np.int64)
        severity = frame["scope"].map(dict(recipe.severity)).to_numpy(dtype=float)
        return cls(
            frame,
            severity,
            as_days(frame["start"]),
            as_days(frame["end"], empty=FAR),
            as_days(frame["known_on"]),
            as_days(frame["end_known_on"], empty=FAR),
            np.asarray(senders, dtype=object),
            np.asarray(targets, dtype=object),
            (sender, target, instrument),
        )

    def standing(self, as_of: int, known_on: int) -> np.ndarray:
        """Which spells are in force at the end of a day, by what is known on another; a spell's end day is out."""
        began = (self.start <= as_of) & (self.known <= known_on)
        return began & ~((self.end <= as_of) & (self.end_known <= known_on))

    def cube(self, as_of: int, known_on: int) -> np.ndarray:
        """Largest severity in force by sender, target and instrument, shape (senders, targets, instruments)."""
        cube = np.zeros((len(self.senders), len(self.targets), len(INSTRUMENTS)))
        stands = self.standing(as_of, known_on)
        np.maximum.at(cube, tuple(axis[stands] for axis in self.cell), self.severity[stands])
        return cube

    def by_sender(self, as_of: int, known_on: int) -> pd.DataFrame:
        """F of every target (columns) by each sender (rows)."""
        severity = 1 - np.prod(1 - self.cube(as_of, known_on), axis=2)
        return pd.DataFrame(severity, index=self.senders, columns=self.targets)

    def joint(self, as_of: int, known_on: int, senders: Sequence[str]) -> pd.Series:
        """F of every target by several senders: within an instrument the most severe measure counts, once."""
        chosen = np.isin(self.senders, list(senders))
        cube = self.cube(as_of, known_on)[chosen]
        largest = cube.max(axis=0) if len(cube) else np.zeros(cube.shape[1:])
        return pd.Series(1 - np.prod(1 - largest, axis=1), index=self.targets)

    def table(self, target: str, as_of: int, known_on: int, senders: Sequence[str]) -> pd.DataFrame:
        """
        The measures in force against a target, with the share of each in F.

        Within an instrument the most severe measure carries the share (the earliest of equals); the others are
        marked ``parallel`` and carry none. Shares are exact on the log scale and add up to F.
        """
        stands = self.standing(as_of, known_on)
        chosen = stands & (self.frame["target"] == target).to_numpy() & self.frame["sender"].isin(senders).to_numpy()
        rows = self.frame[chosen].assign(severity=self.severity[chosen])
        rows = rows.sort_values(["severity", "start", "measure_id"], ascending=[False, True, True], kind="stable")
        rows["parallel"] = rows.duplicated("instrument")
        rows["share"] = 0.0
        rows.loc[~rows["parallel"], "share"] = log_shares(rows.loc[~rows["parallel"], "severity"].to_numpy())
        return rows.reset_index(drop=True)

    def layers(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """
        Each spell's severity in layers that a later spell of the same measure takes over.

        A measure is one thing with one weight. When a spell of severity t begins after one of severity s, the
        share ``min(1, t/s)`` of the earlier spell's weight is silenced; only what was really given up,
        ``1 - t/s``, is left to age. So an easing never raises the conflict stock, and a re-imposition does not
        count twice.

        Returns
        -------
        row, fraction, cut, cut_known : ndarray
            The spell, the fraction of its weight in this layer, and the day (and when known) it is silenced.
        """
        rows, fractions, cuts, cuts_known = [], [], [], []
        measure = pd.factorize(self.frame["measure_id"])[0]
        taken = np.zeros(len(measure))
        row = np.arange(len(measure))
        for later in range(1, int(np.bincount(measure).max()) if len(measure) else 0):
            here = row[: len(row) - later]
            here = here[measure[here] == measure[here + later]]
            reach = np.minimum(1, self.severity[here + later] / np.maximum(self.severity[here], 1e-300))
            here, reach = here[reach > taken[here]], reach[reach > taken[here]]
            rows.append(here)
            fractions.append(reach - taken[here])
            cuts.append(self.start[here + later])
            cuts_known.append(self.known[here + later])
            taken[here] = reach
        never = np.full(len(row), FAR)
        return (
            np.concatenate([*rows, row]),
            np.concatenate([*fractions, 1 - taken]),
            np.concatenate([*cuts, never]),
            np.concatenate([*cuts_known, never]),
        )
