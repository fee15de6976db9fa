"""What changed between two dates, and why: exact parts that add up to the change."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from risk.alignment import Alignment, align
from risk.contributions import cited
from risk.days import day_stamp
from risk.display import html_table, plain, signed
from risk.entries import Entries
from risk.kernels import change_shares, net_ratio
from risk.ledger import Ledger
from risk.stocks import by_record

__all__ = ["PARTS", "Change", "change_between"]

PARTS = ("new", "newly known", "ended or amended", "ageing", "prior")


@dataclass(frozen=True, eq=False, repr=False)
class Change:
    """
    How an alignment moved between two days.

    Attributes
    ----------
    start, end : Alignment
        The scores at both ends.
    value_start, value_end, total : float
        An end without any record counts as its prior here, so that the parts add up.
    parts : pandas.DataFrame
        ``part`` (new, newly known, ended or amended, ageing, prior), ``n``, ``share``; adds up to the total.
    contributions : pandas.DataFrame
        One row per event and per prior row, heaviest first.
    """

    start: Alignment
    end: Alignment
    value_start: float
    value_end: float
    _contributions: pd.DataFrame = field(repr=False)

    @property
    def total(self) -> float:
        """The change of the score."""
        return self.value_end - self.value_start

    @property
    def contributions(self) -> pd.DataFrame:
        """One row per event and per prior row; ``share`` adds up to the total."""
        return self._contributions.copy()

    @property
    def parts(self) -> pd.DataFrame:
        """The change by part; ``share`` adds up to the total."""
        groups = self._contributions.groupby("part")["share"].agg(n="size", share="sum")
        table = groups.reindex(list(PARTS)).rename_axis("part").reset_index()
        return table.fillna({"n": 0, "share": 0.0}).astype({"n": "int64"})

    def plot(self, ax=None, *, top: int = 12):
        """Waterfall from the earlier score to the later one; returns the axes."""
        from risk.plots import plot_change

        return plot_change(
            self._contributions, self.value_start, self.value_end, ax=ax, top=top, title=self._headline()
        )

    def to_dict(self) -> dict:
        """Everything as plain numbers and texts, ready for JSON."""
        return {
            "a": self.end.a,
            "b": self.end.b,
            "start": plain(self.start.as_of),
            "end": plain(self.end.as_of),
            "value_start": plain(self.value_start),
            "value_end": plain(self.value_end),
            "total": plain(self.total),
            "parts": plain(self.parts),
            "contributions": plain(self._contributions),
        }

    def _headline(self) -> str:
        values = (
            signed(value) + (" (not covered)" if math.isnan(one.value) else "")
            for one, value in ((self.start, self.value_start), (self.end, self.value_end))
        )
        return (
            f"Change {self.end.a}-{self.end.b} {self.start.as_of:%Y-%m-%d} to {self.end.as_of:%Y-%m-%d}: "
            f"{' to '.join(values)}"
        )

    def __repr__(self) -> str:
        parts = ", ".join(f"{row.part} {row.share:+.3f}" for row in self.parts.itertuples() if row.n)
        return f"<{self._headline()} ({parts or 'nothing on record'})>"

    def _repr_html_(self) -> str:
        columns = ["part", "date", "event_type", "title", "share"]
        return html_table(
            columns, self._contributions[columns].head(12).itertuples(index=False), repr(self)[1:-1]
        )


def change_between(ledger: Ledger, a: str, b: str, start: int, end: int) -> Change:
    """
    The change of an alignment between two days, each end as known on its own day.

    With Abar and Zbar the means of A and Z at both ends, an event contributes
    ``(D(xK) - Abar D(uK)) / Zbar`` and a prior row ``kappa D(m0_row) / Zbar``.

    Raises
    ------
    ValueError
        If ``end`` comes before ``start``.
    """
    if end < start:
        raise ValueError(f"end {day_stamp(end):%Y-%m-%d} comes before start {day_stamp(start):%Y-%m-%d}")
    ends = align(ledger, a, b, start, start), align(ledger, a, b, end, end)
    values = [float(net_ratio(one.cooperation, one.conflict, one.kappa, one.prior)) for one in ends]
    mean_value = (values[0] + values[1]) / 2
    mean_total = ends[0].kappa + (ends[0].volume + ends[1].volume) / 2
    events = _events(ledger, a, b, start, end)
    gained = events["weight_end"] - events["weight_start"]
    events["share"] = change_shares(gained, events["sign"] * gained, mean_value, mean_total)
    priors = _priors(ends, mean_total)
    table = pd.concat([events.drop(columns="sign"), priors], ignore_index=True) if len(events) else priors
    order = np.argsort(-table["share"].abs().to_numpy(), kind="stable")
    return Change(ends[0], ends[1], values[0], values[1], table.iloc[order].reset_index(drop=True))


def _events(ledger: Ledger, a: str, b: str, start: int, end: int) -> pd.DataFrame:
    pair = ledger.index.pair(a, b)
    sides = [by_record(*ledger.index.dyad(pair, day, day)) for day in (start, end)]
    rows = np.union1d(sides[0][0], sides[1][0])
    weight_then, weight_now, sign = np.zeros(len(rows)), np.zeros(len(rows)), np.zeros(len(rows))
    for total, (found, signs, weight, memory) in zip((weight_then, weight_now), sides, strict=True):
        at = np.searchsorted(rows, found)
        total[at], sign[at] = weight * memory, signs
    entries = ledger.index.all_of(pair)
    entries = entries.take(np.isin(entries.row, rows))
    records = pd.DataFrame(ledger.records(rows))
    return pd.DataFrame(
        {
            "event_id": records["event_id"],
            "part": _parts(entries, start, end, rows, _later_spells(ledger, rows)),
            "date": records["date"],
            "event_type": records["event_type"].astype(str),
            "actor": records["actor"],
            "recipient": records["recipient"],
            "title": records["title"],
            "weight_start": sign * weight_then,
            "weight_end": sign * weight_now,
            "sign": sign,
            "share": 0.0,
            "source": cited(records),
            "url": records["url"],
        }
    )


def _later_spells(ledger: Ledger, rows: np.ndarray) -> np.ndarray:
    """Which records are spells of a measure that stood before: what they bring amends it."""
    spells = rows - len(ledger.events)
    amends = ledger.measures.frame.duplicated("measure_id").to_numpy()
    return np.array([spell >= 0 and bool(amends[spell]) for spell in spells], dtype=bool)


def _parts(entries: Entries, start: int, end: int, rows: np.ndarray, later_spell: np.ndarray) -> np.ndarray:
    """Why each record's weight moved."""
    at = np.searchsorted(rows, entries.row)

    def any_entry(flag: np.ndarray) -> np.ndarray:
        return np.bincount(at, flag, len(rows)) > 0

    def came(day: np.ndarray, known: np.ndarray) -> np.ndarray:
        return (np.maximum(day, known) > start) & (np.maximum(day, known) <= end)

    counted = any_entry((entries.day <= start) & (entries.known <= start))
    late_report = any_entry(came(entries.day, entries.known)) & counted
    closed = any_entry(came(entries.end, entries.end_known) | came(entries.cut, entries.cut_known))
    happened = any_entry(entries.day <= start)
    return np.select(
        [counted & (closed | late_report), counted, later_spell, happened],
        ["ended or amended", "ageing", "ended or amended", "newly known"],
        "new",
    )


def _priors(ends: tuple[Alignment, Alignment], mean_total: float) -> pd.DataFrame:
    rows = [{row.name: row for row in one.prior_rows} for one in ends]
    names = sorted({*rows[0], *rows[1]})
    kappa = ends[0].kappa
    then, now = (np.array([side[name].amount if name in side else 0.0 for name in names]) for side in rows)
    return pd.DataFrame(
        {
            "event_id": [f"prior:{name}" for name in names],
            "part": "prior",
            "date": pd.Series([pd.NaT] * len(names), dtype="datetime64[s]"),
            "event_type": [f"prior.{name}" for name in names],
            "actor": "",
            "recipient": "",
            "title": [(rows[1].get(name) or rows[0][name]).basis for name in names],
            "weight_start": kappa * then,
            "weight_end": kappa * now,
            "share": change_shares(kappa * (now - then), 0.0, 0.0, mean_total),
            "source": "recipe",
            "url": "",
        }
    )
