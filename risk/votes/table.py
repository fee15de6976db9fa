"""Vote tables: what they must look like, which roll calls to take, which ones are the same question again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype

from risk.votes.library import read_un_library

__all__ = [
    "VoteError",
    "bridge_by_title",
    "check_votes",
    "final_votes",
    "read_un_library",
    "select_roll_calls",
]


class VoteError(ValueError):
    """A vote or roll-call table that cannot be used; the text names row, column, value and what to do."""


def _require_columns(table: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    lacking = [column for column in columns if column not in table.columns]
    if lacking:
        found = ", ".join(map(str, table.columns))
        raise VoteError(f"{name}: no column {', '.join(lacking)} (found {found}); rename yours to these")
    if table.empty:
        raise VoteError(f"{name}: the table has no rows")


def _refuse(bad: np.ndarray, table: pd.DataFrame, name: str, column: str, why: str, remedy: str) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        value = table[column].iloc[row]
        raise VoteError(
            f"{name}: {int(bad.sum())} of {len(table)} rows not usable. row {row + 1}, column {column}: {value!r} "
            f"{why}. {remedy}"
        )


def check_votes(votes: pd.DataFrame, roll_calls: pd.DataFrame, period: str = "session") -> pd.DataFrame:
    """
    Votes with the period of their roll call, checked at the entrance.

    Parameters
    ----------
    votes : pandas.DataFrame
        One row per roll call and state: ``rcid``, ``state``, ``vote`` (1 yes, 2 abstain, 3 no). An absence is no row.
    roll_calls : pandas.DataFrame
        One row per roll call: ``rcid`` and the column named by ``period``.
    period : str
        Column of ``roll_calls`` that orders time: ``session``, ``year``.

    Returns
    -------
    pandas.DataFrame
        ``rcid``, ``state``, ``vote``, ``period``; as many rows as ``votes``.

    Raises
    ------
    VoteError
        Naming row, column, value and remedy.

    Examples
    --------
    >>> votes = pd.DataFrame({"rcid": [1, 1], "state": ["CUB", "USA"], "vote": [1, 3]})
    >>> check_votes(votes, pd.DataFrame({"rcid": [1], "session": [74]}))["period"].tolist()
    [74, 74]
    """
    _require_columns(votes, "votes", ("rcid", "state", "vote"))
    _require_columns(roll_calls, "roll_calls", ("rcid", period))
    _refuse(
        votes["state"].isna().to_numpy(), votes, "votes", "state", "is missing",
        "Give every vote its state (read codes as text: NA is Namibia).",
    )  # fmt: skip
    cast = votes["vote"].isin([1, 2, 3]).to_numpy() & (not is_bool_dtype(votes["vote"]))  # True is no yes
    _refuse(
        ~cast, votes, "votes", "vote", "is none of 1 yes, 2 abstain, 3 no",
        "Recode, and leave absences out.",
    )  # fmt: skip
    _refuse(
        roll_calls.duplicated("rcid").to_numpy(), roll_calls, "roll_calls", "rcid", "stands twice",
        "Keep one row per roll call.",
    )  # fmt: skip
    _refuse(
        ~votes["rcid"].isin(roll_calls["rcid"]).to_numpy(), votes, "votes", "rcid", "is not in roll_calls",
        "Add the roll call, or drop its votes.",
    )  # fmt: skip
    _refuse(
        votes.duplicated(["rcid", "state"]).to_numpy(), votes, "votes", "state", "votes twice on this roll call",
        "Keep one vote per state and roll call.",
    )  # fmt: skip
    _refuse(
        roll_calls[period].isna().to_numpy(), roll_calls, "roll_calls", period, "is missing",
        f"Every roll call needs its {period}.",
    )  # fmt: skip
    when = pd.Series(roll_calls[period].to_numpy(), index=roll_calls["rcid"].to_numpy())
    return pd.DataFrame(
        {
            "rcid": votes["rcid"].to_numpy(),
            "state": votes["state"].to_numpy(),
            "vote": votes["vote"].to_numpy().astype(np.int8),
            "period": when.loc[votes["rcid"].to_numpy()].to_numpy(),
        }
    )


def select_roll_calls(
    roll_calls: pd.DataFrame, *, issue: str | None = None, important: bool | None = None
) -> pd.DataFrame:
    """
    Roll calls on one issue, or the important ones.

    Parameters
    ----------
    roll_calls : pandas.DataFrame
    issue : str, optional
        A column of 0 and 1, in the UN table ``me`` (Middle East), ``nu`` (nuclear weapons), ``di`` (arms control),
        ``hr`` (human rights), ``co`` (colonialism), ``ec`` (economic development).
    important : bool, optional
        True: those the US State Department reported as important (column ``importantvote``, known for sessions
        38 to 72 in the UN table); False: those known not to be. A roll call of which it is not known is neither.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> table = pd.DataFrame({"rcid": [1, 2], "hr": [1, 0], "importantvote": [1, None]})
    >>> select_roll_calls(table, issue="hr")["rcid"].tolist()
    [1]
    """
    keep = np.ones(len(roll_calls), dtype=bool)
    for column, wanted in (
        (issue, 1),
        ("importantvote" if important is not None else None, int(bool(important))),
    ):
        if column is not None:
            _require_columns(roll_calls, "roll_calls", (column,))
            keep &= (roll_calls[column] == wanted).fillna(False).to_numpy(dtype=bool)
    if not keep.any():
        raise VoteError(f"roll_calls: none left with issue={issue!r}, important={important!r}")
    return roll_calls[keep]


def final_votes(roll_calls: pd.DataFrame, since: int = 1990) -> pd.DataFrame:
    """
    Roll calls on whole texts: votes on paragraphs and amendments left out from a year on.

    A resolution voted paragraph by paragraph counts many times, and the UN Digital Library's file, with which the
    embedded table is brought up to date, has no such votes. Earlier ones are too many to lose.

    Examples
    --------
    >>> table = pd.DataFrame({"rcid": [1, 2], "year": [1999, 1999], "para": [1, 0], "amend": [0, 0]})
    >>> final_votes(table)["rcid"].tolist()
    [2]
    """
    _require_columns(roll_calls, "roll_calls", ("year", "para", "amend"))
    part = (roll_calls["para"] == 1) | (roll_calls["amend"] == 1)
    return roll_calls[~(part & (roll_calls["year"] >= since))]


def bridge_by_title(
    roll_calls: pd.DataFrame,
    votes: pd.DataFrame | None = None,
    *,
    title: str,
    period: str = "session",
    max_gap: int = 1,
    least_alike: float = 0.9,
) -> pd.Series:
    """
    Which roll calls put the same text to the vote again, told by their titles.

    Two roll calls are linked when their titles are equal but for case, punctuation and the library's
    ``: resolution / adopted``, each is the only one of that title in its period, the periods are at most ``max_gap``
    apart, and (where ``votes`` are given) nearly all states that voted on both voted alike: a report of the Human
    Rights Council keeps its title and not its question.

    Parameters
    ----------
    roll_calls : pandas.DataFrame
        ``rcid``, the period and the column named by ``title``.
    votes : pandas.DataFrame, optional
        ``rcid, state, vote``.
    title, period : str
        Columns.
    max_gap : int
        Most periods between two votes on the same text.
    least_alike : float
        Least share of states that cast the same vote on both.

    Returns
    -------
    pandas.Series
        Group of every roll call (the first ``rcid`` of its group), index ``rcid``; give it to
        :class:`IdealPoints` as the column ``bridge`` of ``roll_calls``.

    Examples
    --------
    >>> table = pd.DataFrame({"rcid": [1, 2, 3], "session": [50, 51, 51], "title": ["Cuba", "CUBA.", "Space"]})
    >>> bridge_by_title(table, title="title").tolist()
    [1, 1, 3]
    """
    _require_columns(roll_calls, "roll_calls", ("rcid", period, title))
    words = roll_calls[title].fillna("").astype(str).str.casefold()
    plain = words.str.replace(r": resolution / adopted.*", "", regex=True).str.replace(
        r"[\W_]+", " ", regex=True
    )
    table = pd.DataFrame(
        {"rcid": roll_calls["rcid"], "period": roll_calls[period], "title": plain.str.strip()}
    )
    alone = ~table.duplicated(["period", "title"], keep=False) & (table["title"] != "")
    links = table[alone].sort_values(["period", "rcid"], kind="stable")
    by_title = links.groupby("title", sort=False)
    links = links.assign(before=by_title["rcid"].shift(), gap=links["period"] - by_title["period"].shift())
    links = links[links["gap"] <= max_gap]
    if votes is not None:
        links = links[_alike(votes, links) >= least_alike]
    group: dict[Hashable, Hashable] = {}
    for rcid, before in zip(links["rcid"], links["before"].astype(table["rcid"].dtype)):
        group[rcid] = group.get(before, before)
    values = [group.get(rcid, rcid) for rcid in table["rcid"]]
    return pd.Series(values, index=pd.Index(table["rcid"], name="rcid"), name="bridge")


def _alike(votes: pd.DataFrame, links: pd.DataFrame) -> np.ndarray:
    """Share of the states voting on both roll calls of a link that cast the same vote."""
    wide = votes.pivot(index="rcid", columns="state", values="vote").astype(float)
    now, before = (wide.reindex(links[name]).to_numpy() for name in ("rcid", "before"))
    both = ~np.isnan(now) & ~np.isnan(before)
    return ((now == before) & both).sum(axis=1) / np.maximum(both.sum(axis=1), 1)
