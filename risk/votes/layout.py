"""From labelled votes to the numbered cells of the ideal point model, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from risk.votes.ordinal import Cells
from risk.votes.table import VoteError
from risk.votes.walk import Walk

__all__ = ["Layout", "agreement_start", "roll_call_frame"]


@dataclass(frozen=True)
class Layout:
    """Labels behind the numbers: rows are states, columns periods, items roll calls or bridged groups."""

    states: pd.Index
    periods: pd.Index
    items: pd.Index
    roll_calls: pd.DataFrame
    cells: Cells
    walk: Walk
    n_votes: np.ndarray

    @classmethod
    def of(cls, table: pd.DataFrame, roll_calls: pd.DataFrame) -> Layout:
        known = table.groupby("rcid", sort=True).agg(period=("period", "first"), n_votes=("vote", "size"))
        known["bridge"] = _groups(roll_calls).loc[known.index]
        row, states = pd.factorize(table["state"], sort=True)
        column, periods = pd.factorize(table["period"], sort=True)
        item, items = pd.factorize(known["bridge"].loc[table["rcid"]].to_numpy(), sort=True)
        vote = table["vote"].to_numpy().astype(int)
        cell = row * len(periods) + column
        order = np.lexsort((cell, item, vote))
        shape = len(states), len(periods)
        cells = Cells(vote[order], item[order], cell[order], len(items), shape[0] * shape[1])
        n_votes = np.bincount(cell, minlength=cells.n_cells).reshape(shape)
        when = _numbers(periods)
        gap = np.diff(when, prepend=when[0])
        return cls(
            pd.Index(states),
            pd.Index(periods),
            pd.Index(items),
            known,
            cells,
            Walk(n_votes > 0, gap),
            n_votes,
        )


def _numbers(periods: np.ndarray) -> np.ndarray:
    """Periods as numbers: the walk needs to know how far apart they are."""
    known = pd.Series(periods).infer_objects()
    if not is_numeric_dtype(known) or not np.isfinite(known.astype(float)).all():
        found = ", ".join(map(str, periods[:3]))
        raise VoteError(
            f"roll_calls: periods {found}, ... are not all numbers; give sessions or years as numbers"
        )
    return known.to_numpy(dtype=float)


def _groups(roll_calls: pd.DataFrame) -> pd.Series:
    """Group of every roll call, by default itself."""
    own = roll_calls["rcid"]
    group = roll_calls["bridge"].where(roll_calls["bridge"].notna(), own) if "bridge" in roll_calls else own
    return pd.Series(group.to_numpy(), index=pd.Index(own, name="rcid"))


def agreement_start(layout: Layout, positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """First positions: how much nearer a state votes to one side's anchors than to the other's."""
    cells, n_periods = layout.cells, len(layout.periods)
    row = cells.cell // n_periods
    means = []
    for anchors in (positive, negative):
        own = np.isin(row, anchors)
        count = np.bincount(cells.item[own], minlength=cells.n_items)
        total = np.bincount(cells.item[own], cells.vote[own], cells.n_items)
        means.append(np.where(count > 0, total / np.maximum(count, 1), np.nan)[cells.item])
    nearer = np.nan_to_num(np.abs(cells.vote - means[1]) - np.abs(cells.vote - means[0]))
    start = np.bincount(cells.cell, nearer, cells.n_cells).reshape(layout.n_votes.shape)
    start = start / np.maximum(layout.n_votes, 1)
    voted = layout.walk.voted
    spread = start[voted].std()
    return np.where(voted, (start - start[voted].mean()) / (spread if spread > 0 else 1), 0)


def roll_call_frame(layout: Layout, items: np.ndarray) -> pd.DataFrame:
    """One row per roll call, from one row per roll call or bridged group."""
    values = items[layout.items.get_indexer(layout.roll_calls["bridge"])]
    frame = layout.roll_calls.reset_index()
    frame[["discrimination", "cut_yes", "cut_no"]] = values
    return frame[["rcid", "period", "discrimination", "cut_yes", "cut_no", "n_votes", "bridge"]]
