"""Votes from the UN Digital Library's bulk file, downloaded by the user."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Column, Options, Report, Schema, read_table

__all__ = ["LibraryVotes", "read_un_library"]

_VOTES = {"Y": 1, "A": 2, "N": 3}
_SCHEMA = Schema(
    (
        Column("undl_id", "code", required=True, blank=False),
        Column("ms_code", "code", required=True, blank=False, pattern="[A-Z]{3}"),
        Column("ms_name"),
        Column("ms_vote", "code", required=True, choices=("Y", "N", "A", "X")),
        Column("date", "date", required=True, blank=False),
        Column("session", "code"),
        Column("resolution", required=True),
        Column("draft"),
        Column("committee_report"),
        Column("meeting"),
        Column("title", required=True),
        Column("agenda_title"),
        Column("subjects"),
        Column("vote_note"),
        Column("total_yes", "number"),
        Column("total_no", "number"),
        Column("total_abstentions", "number"),
        Column("total_non_voting", "number"),
        Column("total_ms", "number"),
        Column("undl_link"),
    ),
    key=("undl_id", "ms_code"),
    noun="votes",
    reader="read_un_library",
)


@dataclass(frozen=True, eq=False)
class LibraryVotes:
    """
    What the file holds, as the functions of :mod:`risk.votes` take it.

    Attributes
    ----------
    votes : pandas.DataFrame
        ``rcid`` (the library's record number), ``state`` (the library's three-letter code), ``vote`` (1 yes,
        2 abstain, 3 no). Members that did not vote (X, or an empty cell) are no rows.
    roll_calls : pandas.DataFrame
        ``rcid, date, year, session, label, resolution, title, subjects, yes, abstain, no, totals_agree``. ``session``
        is the regular session on that day: an emergency session (``label`` ES-10) is part of it.
    rejected : pandas.DataFrame
    report : risk.reading.Report
    """

    votes: pd.DataFrame
    roll_calls: pd.DataFrame
    rejected: pd.DataFrame
    report: Report


def read_un_library(path: str | PathLike[str], errors: str = "raise") -> LibraryVotes:
    """
    Read the General Assembly voting file of the UN Digital Library (csv).

    The file is published by the Dag Hammarskjöld Library (digitallibrary.un.org, "UN General Assembly Voting Data") and
    holds votes on adopted resolutions, none on paragraphs, amendments or drafts that failed. Download it yourself;
    nothing here goes to the network.

    Parameters
    ----------
    path : str or path
        Columns, in any order: ``undl_id, ms_code, ms_name, ms_vote (Y, N, A, X), date, session, resolution, draft,
        committee_report, meeting, title, agenda_title, subjects, vote_note, total_yes, total_no, total_abstentions,
        total_non_voting, total_ms, undl_link``. Required: ``undl_id, ms_code, ms_vote, date, resolution, title``.
    errors : {"raise", "quarantine"}

    Returns
    -------
    LibraryVotes

    Raises
    ------
    risk.reading.TableError
        Naming row, column, value and remedy.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> header = "undl_id,ms_code,ms_vote,date,session,resolution,title"
    >>> rows = ["7,CUB,Y,2023-11-02,78,A/RES/78/7,Embargo", "7,USA,N,2023-11-02,78,A/RES/78/7,Embargo"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "votes.csv")
    ...     _ = file.write_text("\\n".join([header, *rows]))
    ...     read_un_library(file).votes["vote"].tolist()
    [1, 3]
    """
    reading = read_table(path, _SCHEMA, options=Options(errors=errors))
    table = reading.table
    roll_calls = _roll_calls(table)
    cast = table[table["ms_vote"].isin(list(_VOTES))]
    votes = pd.DataFrame(
        {
            "rcid": cast["undl_id"].to_numpy(),
            "state": cast["ms_code"].to_numpy(),
            "vote": cast["ms_vote"].map(_VOTES).to_numpy(dtype=np.int8),
        }
    )
    return LibraryVotes(votes, roll_calls, reading.rejected, reading.report)


def _roll_calls(table: pd.DataFrame) -> pd.DataFrame:
    first = table.drop_duplicates("undl_id").set_index("undl_id")
    counted = pd.crosstab(table["undl_id"], table["ms_vote"])
    counted = counted.reindex(index=first.index, columns=list("YAN"), fill_value=0)
    date = pd.to_datetime(first["date"])
    out = pd.DataFrame(
        {
            "rcid": first.index,
            "date": date.to_numpy(),
            "year": date.dt.year.to_numpy(),
            "session": regular_session(date).to_numpy(),
            "label": first["session"].to_numpy(),
            "resolution": first["resolution"].to_numpy(),
            "title": first["title"].to_numpy(),
            "subjects": first["subjects"].to_numpy(),
            "yes": counted["Y"].to_numpy(),
            "abstain": counted["A"].to_numpy(),
            "no": counted["N"].to_numpy(),
        }
    )
    agree = np.ones(len(out), dtype=bool)
    for column, name in (("total_yes", "yes"), ("total_abstentions", "abstain"), ("total_no", "no")):
        stated = first[column].to_numpy(dtype=float)
        agree &= np.isnan(stated) | (stated == out[name].to_numpy())
    return out.assign(totals_agree=agree)


def regular_session(date: pd.Series) -> pd.Series:
    """
    Regular session of the General Assembly on each day: one begins every September, the first in 1946.

    Examples
    --------
    >>> regular_session(pd.Series(pd.to_datetime(["2020-12-07", "2021-03-03", "2021-09-30"]))).tolist()
    [75, 75, 76]
    """
    return date.dt.year - 1945 - (date.dt.month < 9)
