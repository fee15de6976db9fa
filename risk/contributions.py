"""The contribution table: one row per event and per prior row, with shares that add up to the score."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from risk.entries import Entries
from risk.kernels import aumann_shapley, leave_one_out
from risk.ledger import Ledger
from risk.prior import PriorRow
from risk.stocks import by_record

__all__ = ["GROUPINGS", "attributed", "cited", "contribution_table", "gradient_table", "grouped"]

GROUPINGS = ("family", "event_type", "year", "source")
COLUMNS = (
    "event_id date event_type family actor recipient intensity weight share leave_one_out source memory title url "
    "act_id stage known_on"
).split()


def contribution_table(
    ledger: Ledger,
    entries: Entries,
    memory: np.ndarray,
    priors: tuple[PriorRow, ...],
    value: float,
    kappa: float,
) -> pd.DataFrame:
    """
    Contributions of a dyad's entries and prior rows, heaviest first.

    An event's share is ``x K / Z`` and its leave-one-out ``uK (s - A) / (Z - uK)``; a prior row's share and
    leave-one-out are ``kappa m0_row / Z``. A score that is not covered has no contributions.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`COLUMNS`.
    """
    rows, sign, weight, kept = by_record(entries, memory)
    decayed = weight * kept
    total = kappa + math.fsum(decayed)
    order = np.argsort(-decayed, kind="stable")
    rows, sign, weight, kept, decayed = (part[order] for part in (rows, sign, weight, kept, decayed))
    records = ledger.records(rows)
    family, intensity = _of_type(ledger, records["event_type"])
    columns = {
        **records,
        "family": family,
        "intensity": intensity,
        "weight": sign * weight,
        "memory": kept,
        "share": sign * decayed / total,
        "leave_one_out": leave_one_out(decayed, sign, value, total),
        "source": _sources(ledger, records, entries, rows),
    }
    table = pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False)
    if not priors or math.isnan(value):
        return table
    more = pd.DataFrame([_prior_record(row, kappa, total) for row in priors], columns=COLUMNS)
    table = pd.concat([table, more.astype(table.dtypes.to_dict())], ignore_index=True) if len(table) else more
    return table.iloc[np.argsort(-table["share"].abs().to_numpy(), kind="stable")].reset_index(drop=True)


def _of_type(ledger: Ledger, types) -> tuple[np.ndarray, np.ndarray]:
    """Family and intensity of each row's type, looked up once per type."""
    known = ledger.type_facts
    facts = [known[kind] for kind in np.asarray(types, dtype=object)]
    return (
        np.array([family for family, _ in facts], dtype=object),
        np.array([intensity for _, intensity in facts], dtype=float),
    )


def _sources(ledger: Ledger, records: dict, entries: Entries, rows: np.ndarray) -> np.ndarray:
    """Publisher and source of each event; several independent reports of one event are joined."""
    source = cited(records)
    more = entries.report != entries.row
    if more.any():
        at = {row: place for place, row in enumerate(rows)}
        told = cited(ledger.records(entries.report[more]))
        for row, text in zip(entries.row[more], told, strict=True):
            source[at[row]] = f"{source[at[row]]}; {text}"
    return source


def cited(records: Mapping) -> np.ndarray:
    """Publisher and source of each record, whichever of them is there."""
    pairs = zip(*(np.asarray(records[name], dtype=object) for name in ("publisher", "source")), strict=True)
    return np.array([": ".join(filter(None, pair)) for pair in pairs], dtype=object)


def _prior_record(row: PriorRow, kappa: float, total: float) -> dict:
    share = kappa * row.amount / total
    texts = dict.fromkeys(("actor", "recipient", "url", "act_id", "stage"), "")
    return {
        **texts,
        "event_id": f"prior:{row.name}",
        "date": pd.NaT,
        "known_on": pd.NaT,
        "event_type": f"prior.{row.name}",
        "family": "prior",
        "intensity": math.nan,
        "weight": kappa * row.amount,
        "memory": 1.0,
        "share": share,
        "leave_one_out": share,
        "title": row.basis,
        "source": "recipe",
    }


def grouped(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """Shares added up by one of GROUPINGS: the grouping, ``n`` and ``share``, heaviest first."""
    if what not in GROUPINGS:
        raise ValueError(f"by: {what!r} is not one of {', '.join(GROUPINGS)}")
    key = table["date"].dt.strftime("%Y").fillna("prior") if what == "year" else table[what]
    groups = table.groupby(key.rename(what), sort=True)["share"].agg(n="size", share="sum").reset_index()
    return groups.iloc[np.argsort(-groups["share"].abs().to_numpy(), kind="stable")].reset_index(drop=True)


def attributed(table: pd.DataFrame, kappa: float, prior: float) -> pd.DataFrame:
    """The table with Aumann-Shapley attributions as shares; a prior row's is m0_row."""
    events = (table["family"] != "prior").to_numpy()
    decayed = (table["weight"].abs() * table["memory"]).to_numpy()[events]
    sign = np.sign(table["weight"].to_numpy()[events])
    share = (table["weight"] / kappa).to_numpy(copy=True)
    share[events] = aumann_shapley(decayed, sign, kappa, prior)
    return table.assign(share=share)


def gradient_table(
    table: pd.DataFrame, value: float, kappa: float, prior: float, total: float
) -> pd.DataFrame:
    """``dA/dln(w_type) = (x_type - A u_type)/Z`` by type, and ``dA/dkappa = (m0 - A)/Z``."""
    events = table[table["family"] != "prior"]
    decayed = events["weight"] * events["memory"]
    gradient = (decayed - value * decayed.abs()).groupby(events["event_type"]).sum() / total
    frame = gradient.rename("gradient").rename_axis("parameter").reset_index()
    frame.loc[len(frame)] = ["kappa", (prior - value) / total]
    return frame
