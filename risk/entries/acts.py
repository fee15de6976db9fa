"""Acts told by several rows: reports of one event merged, stages silenced by the act in force."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.days import FAR
from risk.entries.entry import Entries

__all__ = ["merged", "silenced"]


def merged(events: pd.DataFrame, entries: Entries) -> Entries:
    """
    Reports of one act and stage on a dyad as increments of one event's confidence.

    ``1 - prod(1 - q)`` is a sum of ``q_k prod_{j<k} (1 - q_j)`` over the reports in the order they became known, so
    each report adds its increment from its own day on and no query has to merge anything. A report by a publisher
    or from a source that has told it before adds nothing, nor does one more report without either.
    """
    at, act = _of_acts(events, entries)
    row = entries.row[at]
    told = events[["event_id", "event_type", "stage", "actor", "recipient", "publisher", "source"]].iloc[row]
    table = told.astype(object).assign(
        act=act,
        # directed acts in opposite directions are two events
        back=(told["actor"] > told["recipient"]).to_numpy(),
        publisher=told["publisher"].str.casefold().to_numpy(),
        source=told["source"].str.casefold().to_numpy(),
        at=at,
        known=entries.known[at],
        q=events["confidence"].to_numpy(dtype=float)[row],
    )
    event = table.groupby(["act", "event_type", "stage", "back"], sort=False).ngroup().to_numpy()
    table = table.assign(event=event).sort_values(["event", "known", "event_id"], kind="stable")
    table["first"] = table.groupby("event")["at"].transform("first")
    again = _again(table)
    left = (1 - table["q"].where(~again, 0.0)).groupby(table["event"]).cumprod()
    before = left.groupby(table["event"]).shift(fill_value=1.0)
    first, at = table["first"].to_numpy(), table["at"].to_numpy()
    confidence = events["confidence"].to_numpy(dtype=float)[entries.row[first]]
    gain = np.where(again, 0.0, table["q"] * before) / confidence
    changed = {name: getattr(entries, name).copy() for name in ("row", "weight", "day", "end", "end_known")}
    for name, values in changed.items():
        values[at] = getattr(entries, name)[first] * (gain if name == "weight" else 1)
    return entries.replace(**changed)


def silenced(events: pd.DataFrame, entries: Entries) -> Entries:
    """A row in force carries the whole budget of its act and silences the act's earlier stages from that day."""
    at, act = _of_acts(events, entries)
    standing = ~np.isnan(entries.standing[at])
    if not standing.any():
        return entries
    in_force = pd.DataFrame(
        {"act": act[standing], "cut": entries.day[at][standing], "known": entries.known[at][standing]}
    )
    first = in_force.sort_values(["known", "cut"]).drop_duplicates("act").set_index("act")
    cut, cut_known = entries.cut.copy(), entries.cut_known.copy()
    cut[at] = np.where(standing, FAR, first["cut"].reindex(act, fill_value=FAR).to_numpy())
    cut_known[at] = np.where(standing, FAR, first["known"].reindex(act, fill_value=FAR).to_numpy())
    return entries.replace(cut=cut, cut_known=cut_known)


def _again(table: pd.DataFrame) -> pd.Series:
    """Which reports come from a publisher or source that told the event before, or like an earlier one from none."""
    nameless = (table["publisher"] == "") & (table["source"] == "")
    again = nameless & table.duplicated(["event", "publisher", "source"])
    for name in ("publisher", "source"):
        again |= table.duplicated(["event", name]) & (table[name] != "")
    return again


def _of_acts(events: pd.DataFrame, entries: Entries) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the entries that belong to an act, and the number of the act on its dyad."""
    act = pd.factorize(events["act_id"].where(events["act_id"] != ""))[0].astype(np.int64)
    at = np.flatnonzero(act[entries.row] >= 0)
    return at, act[entries.row[at]] * (int(entries.pair.max(initial=0)) + 1) + entries.pair[at]
