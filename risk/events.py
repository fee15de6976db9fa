"""The event table: what it must look like, reading it, checking it, and the view of it as known on a day."""

from __future__ import annotations

from functools import lru_cache
from os import PathLike

import pandas as pd

from risk.codebook import Codebook
from risk.datasets import read_text_table
from risk.event_rules import check_event_rows
from risk.reading import Column, Draft, Options, Reading, Schema, TableError, check_table, read_table
from risk.reading.options import Before

__all__ = ["EVENTS", "EventError", "as_known", "check_events", "load_events", "read_events"]


class EventError(TableError):
    """An event table that cannot be used as it is: what, how many, where, and what to do."""


EVENTS = Schema(
    columns=(
        Column("event_id", "code", required=True, blank=False),
        Column("date", "date", required=True, blank=False),
        Column("date_precision", "code", choices=("day", "month", "year")),
        Column("end", "date"),
        Column("actor", "state", required=True, on="date"),
        Column("recipient", "state", required=True, on="date"),
        Column("participants", "states", on="date"),
        Column("event_type", "type", required=True, blank=False),
        Column("act_id", "code"),
        Column("stage", "code"),
        Column("measure_id", "code"),
        Column("magnitude", "number", low=0),
        Column("value", "number", above=0),
        Column("confidence", "number", blank=False, default=1.0, above=0, high=1),
        Column("known_on", "date", policy="end"),
        Column("end_known_on", "date", policy="end"),
        Column("title"),
        Column("publisher"),
        Column("source"),
        Column("url"),
        Column("checked", "code"),
        Column("note"),
    ),
    key=("event_id",),
    noun="rows",
    reader="read_events",
    error=EventError,
)


def check_events(
    frame: pd.DataFrame,
    *,
    dayfirst: bool | None = None,
    format: str | None = None,
    excel_dates: bool = False,
    unit: str | None = None,
    decimal: str = ".",
    thousands: str | None = None,
    date_policy: str = "midpoint",
    first_day: str = "1816-01-01",
    last_day: str = "2100-12-31",
    limit: float = 1e6,
    before: Before = "error",
    codebook: Codebook | None = None,
    strict_future: str | None = None,
    dedupe: str = "flag",
) -> pd.DataFrame:
    """
    The checked event table, or an error that names row, column, value and fix.

    Parameters
    ----------
    frame : pandas.DataFrame
        At least event_id, date, actor, recipient, event_type. Index and column types are free; not changed.
    dayfirst, format, excel_dates, unit, decimal, thousands
        As in :func:`read_events`.
    date_policy, first_day, last_day, limit, before, codebook
        As in :func:`read_events`.
    strict_future : str, optional
        As-of day; events after it are refused. Without it they stay: no score counts them.
    dedupe : {"flag", "content"}
        Whether rows that differ only in their id stay (reported by :func:`read_events`) or are refused.

    Returns
    -------
    pandas.DataFrame
        The columns of the event table in their order, then unknown ones as they were. Text is never missing
        (``""``), days are datetime64[s]; ``known_on`` and ``end_known_on`` are filled with ``date`` and
        ``end``; states are codes as of the date; sides of mutual types are in alphabetical order; exact
        copies of a row are dropped; NaN in magnitude and value is "not given".

    Raises
    ------
    EventError
        If a column is missing or a row is refused; rows count from 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"event_id": ["e1"], "date": ["2025-05-07"], "actor": ["Venezuela"],
    ...                       "recipient": ["Russia"], "event_type": ["treaty.partnership"]})
    >>> check_events(frame)[["actor", "recipient", "known_on"]].iloc[0].tolist()
    ['RUS', 'VEN', Timestamp('2025-05-07 00:00:00')]
    """
    options = Options(
        dayfirst=dayfirst, format=format, excel_dates=excel_dates, unit=unit, decimal=decimal,
        thousands=thousands, date_policy=date_policy, first_day=first_day, last_day=last_day, limit=limit,
        before=before, codebook=codebook, allow_empty=True,
    )  # fmt: skip
    return check_table(frame, EVENTS, _rule(strict_future, dedupe), options).table


def read_events(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    sheet: str | None = None,
    dayfirst: bool | None = None,
    format: str | None = None,
    excel_dates: bool = False,
    unit: str | None = None,
    timezone: str | None = None,
    fold: int | None = None,
    decimal: str = ".",
    thousands: str | None = None,
    date_policy: str = "midpoint",
    first_day: str = "1816-01-01",
    last_day: str = "2100-12-31",
    limit: float = 1e6,
    before: Before = "error",
    codebook: Codebook | None = None,
    allow_empty: bool = False,
    strict_future: str | None = None,
    dedupe: str = "flag",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    An event file as a checked table, with everything that was refused or repaired.

    Parameters
    ----------
    path : str or path
        csv, csv.gz, zip with one plain file, json (a list of objects), jsonl, parquet (extra
        ``lake``) or xlsx (extra ``xlsx``). Addresses are refused: nothing here uses the network.
    errors : {"raise", "quarantine"}
        Refused rows raise, or go to ``Reading.rejected``.
    delimiter, encoding, sheet : str
        Of a text file; the sheet of a workbook with several.
    dayfirst : bool, optional
        What ``03/04/2024`` means; without it such a cell is refused.
    format : str, optional
        strptime form of all dates, as in ``"%Y%m%d"``.
    excel_dates : bool
        Whether numbers in date columns are Excel serials.
    unit : {"s", "ms", "us", "ns"}, optional
        Unit of numeric timestamps.
    timezone, fold : str, int
        Zone of clock times without an offset; which of two equal clock times (0 first, 1 second).
    decimal, thousands : str
        Marks inside numbers.
    date_policy : {"midpoint", "start", "end"}
        Day that stands for a month or a year (never later than the day it was known).
    first_day, last_day : str
        Days outside are refused.
    limit : float
        Largest magnitude, and largest value in US$ million.
    before : {"error", "predecessor"}
        ``Russia`` in 1985: refused, or the state it continues in law (``SUN``).
    codebook : Codebook, optional
        Own event types; without it the embedded ones.
    allow_empty : bool
        Whether a header without rows is accepted.
    strict_future : str, optional
        As-of day after which events are refused.
    dedupe : {"flag", "content"}
        Rows that differ only in their id: reported, or all but the first id refused.
    max_rows, max_bytes : int
        Caps; ``max_bytes`` holds for the packed and for the unpacked file.

    Returns
    -------
    Reading

    Raises
    ------
    EventError
        If the file cannot be read as a table, or with ``errors="raise"`` a row is refused. Exact
        copies of a row are kept once, counted as rejected, and never raise.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = "event_id,date,actor,recipient,event_type\\ne1,2025-05-07,RUS,VEN,treaty.partnership\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "mine.csv")
    ...     _ = file.write_text(text)
    ...     reading = read_events(file)
    >>> reading.report.accepted
    1
    """
    options = Options(
        errors=errors, delimiter=delimiter, encoding=encoding, sheet=sheet, allow_empty=allow_empty,
        max_bytes=max_bytes, max_rows=max_rows, dayfirst=dayfirst, format=format, excel_dates=excel_dates,
        unit=unit, timezone=timezone, fold=fold, date_policy=date_policy, first_day=first_day,
        last_day=last_day, decimal=decimal, thousands=thousands, limit=limit, before=before,
        codebook=codebook,
    )  # fmt: skip
    return read_table(path, EVENTS, _rule(strict_future, dedupe), options)


def _rule(strict_future: str | None, dedupe: str):
    if dedupe not in ("flag", "content"):
        raise ValueError(f"dedupe must be 'flag' or 'content', not {dedupe!r}")

    def rule(draft: Draft) -> None:
        check_event_rows(draft, strict_future, dedupe)

    return rule


@lru_cache(maxsize=1)
def _embedded() -> pd.DataFrame:
    return check_events(read_text_table("events", "events.csv"))


def load_events() -> pd.DataFrame:
    """
    The embedded ledger, checked; a new frame each time.

    Examples
    --------
    >>> load_events().columns[0]
    'event_id'
    """
    return _embedded().copy()


def as_known(events: pd.DataFrame, as_of: str, known_on: str | None = None) -> pd.DataFrame:
    """
    The events that had happened by ``as_of`` and were known by ``known_on``, ends not yet known taken away.

    Parameters
    ----------
    events : pandas.DataFrame
        A checked event table; not changed.
    as_of : str
        The end of this day is the present.
    known_on : str, optional
        Day of knowledge; ``as_of`` where not given.

    Returns
    -------
    pandas.DataFrame
        Rows in their order, index renewed.

    Examples
    --------
    >>> frame = pd.DataFrame({"event_id": ["e1", "e2"], "date": ["2024-01-01", "2025-01-01"], "actor": "RUS",
    ...                       "recipient": "VEN", "event_type": "drill.joint"})
    >>> as_known(check_events(frame), "2024-06-30")["event_id"].tolist()
    ['e1']
    """
    present, known = pd.Timestamp(as_of), pd.Timestamp(known_on if known_on is not None else as_of)
    view = events[(events["date"] <= present) & (events["known_on"] <= known)].reset_index(drop=True)
    unknown = view["end_known_on"] > known
    view["end"] = view["end"].mask(unknown)
    view["end_known_on"] = view["end_known_on"].mask(unknown)
    return view
