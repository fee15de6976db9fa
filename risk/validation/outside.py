"""Do others' records of sanctions bear out what the scorecard said? Outcomes from GSDB and EUSANCT, not our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from risk.sources import read_eusanct, read_gsdb
from risk.sources.cases import pairs
from risk.validation.gge_panel import GSDB_FILE
from risk.validation.report import Report

__all__ = ["EUSANCT_FILE", "case_starts", "outside_report", "outside_reports"]

EUSANCT_FILE = Path("eusanct", "EUSANCT_case_level.xls")
RECORDS = {"GSDB": (read_gsdb, GSDB_FILE, 2016), "EUSANCT": (read_eusanct, EUSANCT_FILE, 2015)}
"""Reader, file and last year of each record; TIES ends in 2005, before the first year that is said."""
NOTE = (
    "Learnt from our own measures, judged by their cases: aid cuts, visa bans and trade disputes, which no country "
    "programme of ours holds, count among the outcomes, so figures are lower than on our own."
)


def case_starts(cases: pd.DataFrame, sender: str) -> pd.DataFrame:
    """
    When a sender began a case against a state, by their record: ``target, start``, one row each.

    A state's cases are its own; an organisation's are those in which its members take part through it, from the day
    of the first: a member that joins later begins no new case.
    """
    both = pairs(cases)
    mine = both[
        (both["sender_through"] == sender) | ((both["sender"] == sender) & (both["sender_through"] == ""))
    ]
    first = mine.groupby(["case_id", "target"], as_index=False)["start"].min()
    return first[["target", "start"]].dropna().drop_duplicates(ignore_index=True)


def outside_report(
    predictions: pd.DataFrame,
    starts: pd.DataFrame,
    title: str,
    rng: np.random.Generator,
    *,
    last: int,
    draws: int = 200,
) -> Report:
    """
    The same predictions against the outcomes of another record.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Of a report on our own record: index ``(as_of, sender, target)``, ``happened`` and a probability per model.
    starts : pandas.DataFrame
        From :func:`case_starts`.
    title : str
    last : int
        The last year of the record: later outcomes are not in it.
    """
    dates = predictions.index.get_level_values("as_of")
    rows = predictions[dates.year < last]
    keys = pd.DataFrame(
        {"as_of": rows.index.get_level_values("as_of"), "target": rows.index.get_level_values("target")}
    )
    found = keys.reset_index().merge(starts, on="target")
    within = (found["start"] > found["as_of"]) & (found["start"] <= found["as_of"] + pd.DateOffset(months=12))
    happened = np.zeros(len(rows), dtype=np.int64)
    happened[found.loc[within, "index"].unique()] = 1
    return Report.of(title, rows.assign(happened=happened), rng, note=NOTE, consequence="", draws=draws)


def outside_reports(
    own: dict[str, Report], folder: Path, rng: np.random.Generator, *, draws: int = 200
) -> Iterator[Report]:
    """
    Every record against every sender that our own record has a report of.

    Parameters
    ----------
    own : dict of str to Report
        By sender, any new measure.
    folder : path
        Of the outside data.
    """
    for name, (read, file, last) in RECORDS.items():
        cases = read(folder / file, errors="quarantine").table
        for sender, report in own.items():
            starts = case_starts(cases, sender)
            title = f"{sender}: any new case of {name} within 12 months; said from our own record, outcomes to {last}"
            yield outside_report(report.predictions, starts, title, rng, last=last, draws=draws)
