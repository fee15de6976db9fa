"""
Roll calls of the United Nations General Assembly (Voeten, Strezhnev and Bailey): votes, and what was voted on.

Two files, votes (``rcid, ccode, vote``: 1 yes, 2 abstain, 3 no; some forms also 8 absent, 9 not a member) and roll
calls (``rcid, session, date, year`` and marks of 0 and 1 for issues); or one file, ``UNVotes.csv``, whose votes carry
the columns of their roll call. ``NA`` is an empty number. States are numbers of the Correlates of War,
which mean different states on different days, so votes are read on the day of their roll call. Up to session 54 the
published day is a weekday (1 to 7): only the month is right; a number that meant no state on that day is tried on
the month's last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Column, Draft, Options, Reading, Schema
from risk.reading.grid import Grid
from risk.sources.feed import Layout
from risk.sources.tables import Found, as_text, check_found, find_table, refuse_fractions
from risk.states import from_numbers

__all__ = ["ROLL_CALLS", "VOTES", "VoteReading", "read_roll_call_list", "read_roll_calls"]

LAST_SESSION_WITHOUT_DAYS = 54
_MARKS = ("amend", "para", "importantvote", "me", "nu", "di", "hr", "co", "ec")
_COUNTS = ("yes", "abstain", "no")
VOTES = Schema(
    columns=(
        Column("rcid", "number", required=True, blank=False, low=0),
        Column("state", "number", required=True, low=1, high=999),
        Column("vote", "number", required=True, blank=False),
    ),
    key=("rcid", "state"),
    noun="votes",
    reader="read_roll_calls",
)
ROLL_CALLS = Schema(
    columns=(
        Column("rcid", "number", required=True, blank=False, low=0),
        Column("date", "date", required=True, blank=False),
        Column("session", "number", required=True, blank=False, low=1, high=999),
        *(Column(name, "number", low=0, high=999) for name in _COUNTS),
        *(Column(name, "number", low=0, high=1) for name in _MARKS),
        Column("unres"),
        Column("short"),
        Column("descr"),
    ),
    key=("rcid",),
    noun="roll calls",
    reader="read_roll_calls",
)
_VOTES_LAYOUT = Layout("UN votes", {"rcid": ("rcid",), "state": ("ccode",), "vote": ("vote",)})
_ROLL_CALLS_LAYOUT = Layout(
    "UN roll calls",
    {name: (name,) for name in ROLL_CALLS.names},
    optional=(*_COUNTS, *_MARKS, "unres", "short", "descr"),
)
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OUT = {8.0: ("scope.absent", "absent"), 9.0: ("scope.not_a_member", "not a member then")}


@dataclass(frozen=True, eq=False, repr=False)
class VoteReading(Reading):
    """
    A reading of votes that also carries the reading of their roll calls.

    Attributes
    ----------
    table : pandas.DataFrame
        ``rcid, state, vote``.
    roll_calls : Reading
        Of the roll calls.
    """

    roll_calls: Reading | None = field(default=None, kw_only=True)


def read_roll_calls(
    path: str | PathLike[str],
    roll_calls: str | PathLike[str] | None = None,
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> VoteReading:
    """
    Votes and their roll calls, as :mod:`risk.votes` takes them.

    Parameters
    ----------
    path : str or path
        Votes: parquet or csv.
    roll_calls : str or path, optional
        Roll calls: csv or parquet. Without them they are taken from the votes' own columns ``session`` and ``date``;
        without those no vote has a day, and a number that meant two states on different days (365: the Soviet Union,
        Russia) is refused.
    errors : {"raise", "quarantine"}
        What to do about broken rows.
    encoding : str
        Of a text file.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    VoteReading
        ``.table``: ``rcid, state`` (code on the day), ``vote`` (1 yes, 2 abstain, 3 no); ``.roll_calls.table``: see
        :func:`read_roll_call_list`. Rows on absence and non-membership are ``scope.absent``, ``scope.not_a_member``,
        those without a number of a state ``scope.no_state``.

    Raises
    ------
    FeedError
        ``rcid.unknown`` for votes on a roll call that is not in the list, codes of the resolver for numbers.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     votes, calls = pathlib.Path(folder, "votes.csv"), pathlib.Path(folder, "calls.csv")
    ...     _ = votes.write_text("rcid,ccode,vote\\n7,365,1\\n7,2,3\\n")
    ...     _ = calls.write_text("rcid,session,date\\n7,38,1983-11-07\\n")
    ...     read_roll_calls(votes, calls).table.to_numpy().tolist()
    [[7, 'SUN', 1], [7, 'USA', 3]]
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    calls = None if roll_calls is None else _listed(find_table(roll_calls, options), options)
    found = find_table(path, options)
    _empty_numbers(found, ("ccode",))
    if calls is None and {"rcid", "session", "date"} <= set(found.header):
        calls = _listed(_calls_of(found), options)
    reading = check_found(
        found,
        _VOTES_LAYOUT,
        VOTES,
        options,
        lambda draft: _check_votes(draft, None if calls is None else calls.table),
    )
    return VoteReading(reading.table, reading.rejected, reading.report, name=reading.name, roll_calls=calls)


def read_roll_call_list(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    Roll calls alone; arguments as in :func:`read_roll_calls`.

    Returns
    -------
    Reading
        ``rcid, date, session``, the published counts ``yes, abstain, no``, the marks ``amend, para, importantvote,
        me, nu, di, hr, co, ec`` (NaN where not known), the texts ``unres, short, descr``, and ``year``,
        ``date_precision`` (month up to session 54).

    Raises
    ------
    FeedError
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    return _listed(find_table(path, options), options)


def _listed(found: Found, options: Options) -> Reading:
    _take_out_control(found)
    _empty_numbers(found, (*_COUNTS, *_MARKS))
    return check_found(found, _ROLL_CALLS_LAYOUT, ROLL_CALLS, options, _check_roll_calls)


def _calls_of(votes: Found) -> Found:
    """The roll calls that a file of votes tells in each of its rows: the first row of each number, session and day."""
    frame = votes.grid.frame
    places = [votes.header.index(name) for name in ("rcid", "session", "date")]
    first = ~frame.iloc[:, places].duplicated().to_numpy(bool)
    grid = Grid(frame[first].reset_index(drop=True), np.asarray(votes.grid.rows)[first])
    return Found(grid, votes.name, votes.digest)


def _empty_numbers(found: Found, names: tuple[str, ...]) -> None:
    """R writes ``NA`` where it has no number."""
    frame = found.grid.frame
    for name in names:
        if name in frame:
            missing = (frame[name] == "NA").to_numpy(bool)
            if missing.any():
                frame[name] = frame[name].mask(missing, "")
                found.grid.notes.append(("number.na", int(missing.sum()), f"numbers are NA (column {name})"))


def _take_out_control(found: Found) -> None:
    """The published descriptions hold stray control characters (a backspace at the end of a line)."""
    frame = found.grid.frame
    for name in ("short", "descr"):
        if name in frame:
            cells = as_text(frame[name])
            stray = cells.str.contains(_CONTROL).to_numpy(bool)
            if stray.any():
                frame[name] = cells.str.replace(_CONTROL, "", regex=True).astype(object)
                told = f"cells held control characters, taken out (column {name})"
                found.grid.notes.append(("text.control_removed", int(stray.sum()), told))


def _check_roll_calls(draft: Draft) -> None:
    columns = draft.columns
    refuse_fractions(draft, "rcid", "session")
    for name in ("rcid", "session"):
        columns[name] = columns[name].fillna(-1).astype("int64")
    columns["year"] = columns["date"].dt.year.fillna(0).astype("int64")
    vague = columns["session"] <= LAST_SESSION_WITHOUT_DAYS
    columns["date_precision"] = pd.Series(np.where(vague, "month", "day"), dtype="str")


def _check_votes(draft: Draft, calls: pd.DataFrame | None) -> None:
    columns = draft.columns
    refuse_fractions(draft, "rcid", "state")
    vote = columns["vote"].to_numpy()
    nobody = columns["state"].isna().to_numpy() & draft.sound("state")
    draft.refuse(nobody, "state", "scope.no_state", "no state is named")
    for code, (reason, words) in _OUT.items():
        draft.refuse(vote == code, "vote", reason, words)
    odd = draft.sound() & ~np.isin(vote, (1, 2, 3))
    draft.refuse(odd, "vote", "vote.unknown", "is none of 1 yes, 2 abstain, 3 no")
    columns["vote"] = pd.Series(np.nan_to_num(vote).astype(np.int8))
    columns["rcid"] = columns["rcid"].fillna(-1).astype("int64")
    numbers = columns["state"].fillna(0).to_numpy().astype(np.int64)
    columns["state"] = pd.Series([""], dtype="str").repeat(len(draft)).reset_index(drop=True)
    days = None if calls is None else _days(draft, calls)
    rows = np.flatnonzero(draft.sound())
    if len(rows):
        _name_states(draft, rows, numbers[rows], None if days is None else days[rows])


def _days(draft: Draft, calls: pd.DataFrame) -> np.ndarray:
    """Day number of each vote's roll call."""
    place = pd.Index(calls["rcid"]).get_indexer(draft.columns["rcid"])
    stray = (place < 0) & draft.sound()
    draft.refuse(stray, "rcid", "rcid.unknown", "is not among the roll calls")
    known = calls["date"].to_numpy().astype("M8[D]").astype(np.int64)
    return np.append(known, 0)[place]


def _name_states(draft: Draft, rows: np.ndarray, numbers: np.ndarray, days: np.ndarray | None) -> None:
    """The state each number meant on the day of its roll call; each pair of number and day is looked up once."""
    if days is None:
        codes, why = (
            from_numbers(numbers, "cow", outside="accept")[0],
            "means no state, or several; give roll_calls=",
        )
    else:
        at, pairs = pd.factorize(days * 1000 + numbers)
        codes = _codes(pairs % 1000, (pairs // 1000).astype("M8[D]"))[at]
        why = "is the number of no state on the day of the roll call"
    draft.columns["state"] = pd.Series(_spread(codes, rows, len(draft)), dtype="str")
    lost = np.zeros(len(draft), dtype=bool)
    lost[rows] = codes == ""
    draft.refuse(lost, "state", "state.unknown", why)


def _codes(numbers: np.ndarray, days: np.ndarray) -> np.ndarray:
    codes, failed = from_numbers(numbers, "cow", on=days.astype(str), outside="accept")
    again = np.concatenate([entry.rows for entry in failed]) if failed else np.empty(0, np.int64)
    if len(again):
        ends = (days[again].astype("M8[M]") + 1).astype("M8[D]") - 1
        codes[again], _ = from_numbers(numbers[again], "cow", on=ends.astype(str), outside="accept")
    return codes


def _spread(codes: np.ndarray, rows: np.ndarray, size: int) -> np.ndarray:
    texts = np.full(size, "", dtype=object)
    texts[rows] = codes
    return texts
