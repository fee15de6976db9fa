"""
Sanctions cases as the research data sets tell them: who against whom, from when to when, by what means.

A case is no legal measure: it can be a threat only, hold several measures, and its days are often years. Cases are
compiled with hindsight, so that they have no day on which the public knew them; no score reads them as measures.

Cells that name several senders or targets, and groups among them, become codes; :func:`pairs` expands them to
states by dated membership.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from risk.reading import Column, Draft, Schema
from risk.reading.spread import distinct_rows, spread
from risk.sources.feed import FeedError
from risk.states import load_organisations, members

__all__ = ["CASES", "check_cases", "pairs", "states_of"]

CASES = Schema(
    columns=(
        Column("case_id", "code", required=True, blank=False),
        Column("start", "date", required=True, blank=False),
        Column("start_precision", "code", choices=("day", "month", "year")),
        Column("end", "date"),
        Column("ongoing", "code", choices=("yes", "no")),
        Column("senders", "code", required=True, blank=False),
        Column("targets", "code", required=True, blank=False),
        Column("sender_states", "code"),
        Column("target_states", "code"),
        Column("spells", "code"),
        Column("instruments", "code"),
        Column("threatened", "code", choices=("yes", "no")),
        Column("imposed", "code", choices=("yes", "no")),
        Column("imposed_on", "date"),
        Column("issue", "code"),
        Column("outcome", "code"),
        Column("publisher"),
        Column("source"),
        Column("note"),
    ),
    key=("case_id",),
    noun="cases",
    reader="read_gsdb",
    error=FeedError,
)


def check_cases(draft: Draft) -> None:
    """Days in order, and the states behind the codes on the first day."""
    first, last = draft.spans["start"]
    end_last = draft.spans["end"][1]
    start, end = (draft.columns[name].to_numpy().astype("M8[D]") for name in ("start", "end"))
    draft.refuse(end_last < first, "end", "date.end_before_start", "the case ends before it starts")
    start = np.where((end < start) & (first < start), np.maximum(first, end), start)
    end = np.where(end < start, start, end)
    draft.columns["start"] = pd.Series(start.astype("M8[s]"))
    draft.columns["end"] = pd.Series(end.astype("M8[s]"))
    length = (last - first).astype(np.int64)
    precision = np.select([length >= 364, length >= 27], [2, 1], 0)
    draft.columns.put("start_precision", ("day", "month", "year"), precision)
    for side in ("sender", "target"):
        codes = draft.columns[f"{side}s"]
        rows, place = distinct_rows(codes, start)
        told = zip(codes.iloc[rows], start[rows].astype(str))
        draft.columns[f"{side}_states"] = spread([states_of(*pair) for pair in told], place)


@lru_cache(maxsize=10_000)
def states_of(codes: str, day: str) -> str:
    """
    Codes with every organisation replaced by its members on a day, sorted, ``;``-separated.

    Examples
    --------
    >>> states_of("EAEU;USA", "2020-01-01")
    'ARM;BLR;KAZ;KGZ;RUS;USA'
    """
    found: set[str] = set()
    for code in filter(None, codes.split(";")):
        found |= set(members(code, on=day)) if code in _organisations() else {code}
    return ";".join(sorted(found)) if day != "NaT" else ""


@lru_cache(maxsize=1)
def _organisations() -> frozenset[str]:
    return frozenset(load_organisations()["org"])


def pairs(cases: pd.DataFrame) -> pd.DataFrame:
    """
    Cases as state against state: lists taken apart, organisations expanded to those who were members, and when.

    Parameters
    ----------
    cases : pandas.DataFrame
        The table of :func:`risk.sources.read_gsdb`, ``read_ties`` or ``read_eusanct``; not changed.

    Returns
    -------
    pandas.DataFrame
        One row per case, sender state and target state and spell: ``case_id, sender, target, start, end`` (NaT:
        still open, or not told), ``sender_through, target_through`` (the organisation by which the state takes
        part, or
        ``""``), ``instruments``. A state is never paired with itself.

    Examples
    --------
    >>> case = {"case_id": ["c"], "start": ["2014-01-01"], "end": [None], "senders": ["EAEU"], "targets": ["UKR"],
    ...         "spells": [""], "instruments": ["trade"]}
    >>> found = pairs(pd.DataFrame(case).astype({"start": "M8[s]", "end": "M8[s]"}))
    >>> found.loc[found["sender"] == "ARM", ["sender_through", "start"]].astype(str).iloc[0].tolist()
    ['EAEU', '2015-01-02']
    """
    sender, target = _expanded(cases, "senders"), _expanded(cases, "targets")
    both = sender.merge(target, on="case_id", suffixes=("", "_of_target"))
    start, end = _overlap(both, "_of_target")
    both = both.assign(start=start, end=end).rename(
        columns={
            "state": "sender",
            "through": "sender_through",
            "state_of_target": "target",
            "through_of_target": "target_through",
        }
    )
    both = both.merge(cases[["case_id", "instruments"]], on="case_id")
    lasting = both["end"].isna() | (both["start"] <= both["end"])
    columns = [
        "case_id",
        "sender",
        "target",
        "start",
        "end",
        "sender_through",
        "target_through",
        "instruments",
    ]
    return both.loc[lasting & (both["sender"] != both["target"]), columns].reset_index(drop=True)


def _expanded(cases: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per case and state: its span, and the organisation through which it takes part."""
    parts = cases[["case_id", "start", "end"]].assign(code=cases[column].str.split(";")).explode("code")
    parts = _own_spells(parts, cases)
    spells = load_organisations()[["org", "member", "start", "end"]]
    spells = spells.assign(**{name: _as_days(spells[name]) for name in ("start", "end")})
    both = parts.merge(spells, how="left", left_on="code", right_on="org", suffixes=("", "_member"))
    single = both["org"].isna()
    start, end = _overlap(both, "_member")
    state = both["member"].where(~single, both["code"])
    made = pd.DataFrame({
        "case_id": both["case_id"], "state": state, "through": both["code"].where(~single, ""),
        "start": start, "end": end,
    })  # fmt: skip
    left = (start >= both["end_member"]).to_numpy(bool)  # a membership's end is the first day without it
    return made[~left & (made["end"].isna() | (made["start"] <= made["end"]))]


def _as_days(cells: pd.Series) -> pd.Series:
    return pd.to_datetime(cells.where(cells != ""), format="%Y-%m-%d").astype("M8[s]")


def _overlap(both: pd.DataFrame, mark: str) -> tuple[pd.Series, pd.Series]:
    start = both[["start", f"start{mark}"]].max(axis=1)
    return start, both[["end", f"end{mark}"]].min(axis=1)


def _own_spells(parts: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The dates of a case, or where a sender has dates of its own, those (``EU 1985-09-10 1992-04-07;...``)."""
    told = cases[["case_id"]].assign(spell=cases["spells"].str.split(";")).explode("spell")
    told = told[told["spell"].fillna("") != ""]
    if not len(told):
        return parts
    cells = told["spell"].str.split(" ", expand=True).reindex(columns=[0, 1, 2])
    own = pd.DataFrame({"case_id": told["case_id"], "code": cells[0]})
    for place, name in ((1, "own_start"), (2, "own_end")):
        own[name] = _as_days(cells[place])
    both = parts.merge(own, how="left", on=["case_id", "code"])
    has = both["own_start"].notna()
    for name in ("start", "end"):
        both[name] = both[name].where(~has, both[f"own_{name}"])
    return both.drop(columns=["own_start", "own_end"])
