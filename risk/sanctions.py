"""The sanctions table: legal measures with spells, which are in force on a day, and how severe they are together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike

import numpy as np
import pandas as pd

from risk.datasets import read_text_table
from risk.days import FAR, as_days
from risk.kernels import log_shares
from risk.reading import Column, Draft, Options, Reading, Schema, TableError, check_table, read_table
from risk.recipe import SCOPES, Recipe

__all__ = [
    "INSTRUMENTS",
    "SANCTIONS",
    "Measures",
    "SanctionsError",
    "check_sanctions",
    "load_sanctions",
    "read_sanctions",
    "spell_ids",
]

INSTRUMENTS = (
    "arms",
    "assets",
    "listing",
    "finance",
    "debt",
    "energy",
    "trade",
    "metals",
    "aviation",
    "shipping",
    "travel",
    "secondary",
    "tariff",
    "export_control",
    "aid",
    "services",
)


class SanctionsError(TableError):
    """A sanctions table that cannot be used as it is: what, how many, where, and what to do."""


SANCTIONS = Schema(
    columns=(
        Column("measure_id", "code", required=True, blank=False),
        Column("spell", "number", blank=False, default=1.0, low=1),
        Column("start", "date", required=True, blank=False),
        Column("end", "date"),
        Column("sender", "state", required=True, blank=False, on="start"),
        Column("target", "state", required=True, blank=False, on="start"),
        Column("territory", "code"),
        Column("programme"),
        Column("authority"),
        Column("article"),
        Column("instrument", "code", required=True, blank=False, choices=INSTRUMENTS),
        Column("scope", "code", required=True, blank=False, choices=SCOPES),
        Column("known_on", "date", policy="end"),
        Column("end_known_on", "date", policy="end"),
        Column("title"),
        Column("publisher"),
        Column("source"),
        Column("url"),
        Column("checked", "code"),
        Column("note"),
    ),
    key=("measure_id", "spell"),
    noun="rows",
    reader="read_sanctions",
    error=SanctionsError,
)
COLUMNS = [
    "measure_id",
    "spell",
    "sender",
    "target",
    "territory",
    "programme",
    "authority",
    "article",
    "instrument",
    "scope",
    "start",
    "end",
    "known_on",
    "end_known_on",
    "title",
    "publisher",
    "source",
    "url",
    "checked",
    "note",
]


def _check_rows(draft: Draft) -> None:
    """What a measure must satisfy beyond its single cells; fills the days of knowledge."""
    columns = draft.columns
    columns["spell"] = columns["spell"].fillna(1).astype("int64")
    columns["known_on"] = columns["known_on"].fillna(columns["start"])
    columns["end_known_on"] = columns["end_known_on"].fillna(columns["end"])
    itself = (columns["sender"] == columns["target"]) & (columns["sender"] != "")
    draft.refuse(itself.to_numpy(bool), "target", "dyad.self", "the target is the sender too")
    early = (columns["end"] < columns["start"]).to_numpy(bool)
    draft.refuse(early, "end", "date.end_before_start", "end comes before start")
    parted = (columns["territory"] != "") != (columns["scope"] == "sub-territory")
    message = "a territory goes with the scope sub-territory, and only with it"
    draft.refuse(parted.to_numpy(bool), "scope", "scope.territory", message)


def check_sanctions(frame: pd.DataFrame) -> pd.DataFrame:
    """
    The checked sanctions table: one row per spell of a measure.

    Parameters
    ----------
    frame : pandas.DataFrame
        At least measure_id, sender, target, instrument, scope and start; the other columns of the sanctions
        table are filled: ``spell`` with 1, ``known_on`` with ``start``, ``end_known_on`` with ``end``. An end is the
        first day on which the spell is no longer in force.

    Returns
    -------
    pandas.DataFrame
        All columns of the sanctions table in their order, sorted by measure and spell; days as datetime64[s], the
        rest text, ``spell`` a whole number. The input is not changed.

    Raises
    ------
    SanctionsError
        If a column is missing or a row is refused; rows count from 1.

    Examples
    --------
    >>> one = pd.DataFrame({"measure_id": ["m"], "sender": ["USA"], "target": ["VEN"], "instrument": ["arms"],
    ...                     "scope": ["sectoral"], "start": ["2006-10-03"]})
    >>> check_sanctions(one)[["measure_id", "known_on"]].iloc[0].tolist()
    ['m', Timestamp('2006-10-03 00:00:00')]
    """
    return _sorted(check_table(frame, SANCTIONS, _check_rows, Options(allow_empty=True)).table)


def read_sanctions(
    path: str | PathLike[str], errors: str = "raise", *, delimiter: str = ",", allow_empty: bool = False
) -> Reading:
    """
    A sanctions file as a checked table, with everything that was refused or repaired; like ``read_events``.

    Raises
    ------
    SanctionsError
        If the file cannot be read as a table, or with ``errors="raise"`` a row is refused.
    """
    options = Options(errors=errors, delimiter=delimiter, allow_empty=allow_empty)
    reading = read_table(path, SANCTIONS, _check_rows, options)
    return Reading(_sorted(reading.table), reading.rejected, reading.report, name=reading.name)


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    extra = [name for name in table.columns if name not in COLUMNS]
    return table[[*COLUMNS, *extra]].sort_values(["measure_id", "spell"], kind="stable", ignore_index=True)


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


def spell_ids(table: pd.DataFrame) -> pd.Series:
    """
    The id of each spell of a measure, by which a result names it and ``what_if`` takes it.

    Examples
    --------
    >>> spell_ids(pd.DataFrame({"measure_id": ["eu-afg-arms-96-746"], "spell": [1]})).tolist()
    ['eu-afg-arms-96-746#1']
    """
    return table["measure_id"] + "#" + table["spell"].astype(str)


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
        chosen = (
            stands
            & (self.frame["target"] == target).to_numpy()
            & self.frame["sender"].isin(senders).to_numpy()
        )
        rows = self.frame[chosen].assign(severity=self.severity[chosen])
        rows = rows.sort_values(
            ["severity", "start", "measure_id"], ascending=[False, True, True], kind="stable"
        )
        rows["parallel"] = rows.duplicated("instrument")
        rows["share"] = 0.0
        rows.loc[~rows["parallel"], "share"] = log_shares(rows.loc[~rows["parallel"], "severity"].to_numpy())
        return rows.reset_index(drop=True)

    def takeovers(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """
        Each spell in full, and the shares of it that later spells of the same measure take over.

        A measure is one thing with one weight. When a spell of severity t begins after one of severity s, the
        share ``min(1, t/s)`` of the earlier spell's weight is taken back; only what was really given up,
        ``1 - t/s``, is left to age. So an easing never raises the conflict stock, and a re-imposition does not
        count twice. Until its day a takeover is a row of its own, so no later spell moves an earlier score.

        Returns
        -------
        row, fraction, cut, cut_known : ndarray
            The spell; 1 for the spell itself, minus the share for a takeover; the takeover's day, and when known.
        """
        measure = pd.factorize(self.frame["measure_id"])[0]
        row, taken = np.arange(len(measure)), np.zeros(len(measure))
        never = np.full(len(row), FAR)
        parts = [(row, np.ones(len(row)), never, never)]
        for later in range(1, int(np.bincount(measure).max()) if len(measure) else 0):
            here = row[: len(row) - later]
            here = here[measure[here] == measure[here + later]]
            reach = np.minimum(1, self.severity[here + later] / np.maximum(self.severity[here], 1e-300))
            here, reach = here[reach > taken[here]], reach[reach > taken[here]]
            parts.append((here, taken[here] - reach, self.start[here + later], self.known[here + later]))
            taken[here] = reach
        rows, fractions, cuts, cuts_known = (np.concatenate(part) for part in zip(*parts, strict=True))
        return rows, fractions, cuts, cuts_known
