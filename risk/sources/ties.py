"""
Sanctions threatened and imposed, from the Threat and Imposition of Economic Sanctions data, version 4.

Publisher: T. Clifton Morgan, Navin Bapat and Yoshiharu Kobayashi, *Threat and Imposition of Economic Sanctions
1945-2005*, version 4, ``TIESv4.xls``.

Quirks of the file: an old Excel workbook; days, months and years in columns of their own, day or month often
empty (month or year precision); numbers of the Correlates of War, 1000 for the European Union or Community as a
side of a case; up to five senders, the rest of them not named; ``institutionid`` names by its number the
organisations through which the senders act (``1830 4400``). They are the senders of a case that names no sending
state: of the numbers we know 1830 (EU), 3450 (Arab League), 3900 (OAS) and 4400 (UN). Some years of imposition
are sentences: they are left empty and noted.
"""

from __future__ import annotations

import re
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Draft, Options, Reading
from risk.reading.spread import distinct_rows, spread
from risk.sources.cases import CASES, check_cases
from risk.sources.parties import numbered
from risk.sources.published import by_distinct, by_place, finish, text_columns, yes_or_no
from risk.sources.sheet import open_sheet

__all__ = ["read_ties"]

_SENDERS = tuple(f"sender{place}" for place in range(1, 6))
_DAYS = tuple(
    f"{what}{part}" for what in ("start", "end", "sancimpositionstart") for part in ("year", "month", "day")
)
_TOLD = ("caseid", *_DAYS, *_SENDERS, "targetstate", "threat", "imposition")
_ASIDE = ("primarysender", "institutionid", "issue1", "sanctiontype", "finaloutcome", "ongoingasofyear")
_EU = "1000"
_INSTITUTIONS = {"1000": "EU", "1830": "EU", "3450": "LAS", "3900": "OAS", "4400": "UN"}
_MEANS = {
    "1": "trade", "2": "trade", "3": "trade", "4": "trade", "5": "shipping", "6": "assets", "7": "aid", "8": "travel",
}  # fmt: skip


def read_ties(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    TIES as sanctions cases, one row per case.

    Parameters
    ----------
    path : str or path
        The xls (needs ``xlrd``), or a csv with its columns.
    errors : {"raise", "quarantine"}
        Whether malformed rows raise; ``scope.*`` rows (no sender or target that we have a code for) never do.
    encoding : str
        Of a csv.
    max_rows, max_bytes : int
        Caps.

    Returns
    -------
    Reading
        The table of :mod:`risk.sources.cases` and, after its columns: ``primary_sender``, ``institutions`` (the
        publisher's numbers), ``means`` (numbers of the sanction types; 9, a suspended agreement, and 10, other,
        are no instrument of ours), ``sender_more`` (yes where senders stand that have no code).

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import pathlib, tempfile
    >>> header = ("caseid,startyear,startmonth,startday,endyear,endmonth,endday,sancimpositionstartyear,"
    ...           "sancimpositionstartmonth,sancimpositionstartday,sender1,sender2,sender3,sender4,sender5,targetstate,"
    ...           "threat,imposition,sanctiontype")
    >>> row = "1999010101,1999,1,,2000,3,4,,,,2,,,,,40,1,0,3 7"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "ties.csv")
    ...     _ = file.write_text(f"{header}\\n{row}\\n")
    ...     reading = read_ties(file)
    >>> reading.table[["senders", "targets", "start_precision", "instruments", "imposed"]].iloc[0].tolist()
    ['USA', 'CUB', 'month', 'aid;trade', 'no']
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    draft = open_sheet(path, text_columns(_TOLD, optional=_ASIDE), options, "read_ties")
    return finish(draft, _cases, CASES, check_cases)


def _cases(draft: Draft) -> pd.DataFrame:
    text = draft.columns
    start, end, imposed_on = (_day(draft, what) for what in ("start", "end", "sancimpositionstart"))
    draft.refuse((start == "").to_numpy(bool), "startyear", "date.missing", "no start year given")
    first = _year(start)
    senders, unknown = _senders(draft, first)
    targets = _codes(draft, "targetstate", first)
    draft.refuse(targets == "", "targetstate", "scope.unmapped", "the target has no code of ours")
    means = _optional(draft, "sanctiontype")
    return pd.DataFrame({
        "case_id": "ties:" + text["caseid"],
        "start": start,
        "end": end,
        "ongoing": spread(["", "yes", "no"], np.where(end != "", 2, _optional(draft, "ongoingasofyear") != "")),
        "senders": senders,
        "targets": targets,
        "spells": "",
        "instruments": by_distinct(means, _instruments),
        "threatened": yes_or_no(text["threat"] == "1"),
        "imposed": yes_or_no(text["imposition"] == "1"),
        "imposed_on": imposed_on,
        "issue": _optional(draft, "issue1"),
        "outcome": _optional(draft, "finaloutcome"),
        "publisher": "TIES",
        "source": "Threat and Imposition of Economic Sanctions, version 4, case " + text["caseid"],
        "note": "",
        "primary_sender": _codes(draft, "primarysender", first),
        "institutions": _optional(draft, "institutionid").str.replace(" ", ";"),
        "means": means.str.replace(" ", ";"),
        "sender_more": yes_or_no(unknown),
    })  # fmt: skip


def _instruments(means: str) -> str:
    return ";".join(sorted({_MEANS[word] for word in means.split() if word in _MEANS}))


def _optional(draft: Draft, column: str) -> pd.Series:
    return by_place(draft, column, lambda cell: " ".join(cell.split()))


def _day(draft: Draft, what: str) -> pd.Series:
    """Dates as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, as far as told; empty without a year."""
    parts = [draft.columns.distinct(f"{what}{part}") for part in ("year", "month", "day")]
    rows, place = distinct_rows(*(codes for _, codes in parts))
    written = [_written(*(texts[codes[row]] for texts, codes in parts)) for row in rows]
    told = (draft.columns[f"{what}year"] != "").to_numpy(bool)
    odd = told & ~np.array([text != "" for text in written], dtype=bool)[place]
    if what == "start":
        draft.refuse(odd, f"{what}year", "date.invalid", "not a year of four digits")
    draft.note(
        "date.words",
        int(odd.sum()) if what != "start" else 0,
        "dates are told in words and left out",
        f"{what}year",
    )
    return spread(written, place)


def _written(year: str, month: str, day: str) -> str:
    if not re.fullmatch(r"\d{4}", year, re.ASCII):
        return ""
    if not re.fullmatch(r"\d{1,2}", month, re.ASCII):
        return year
    return (
        f"{year}-{month:0>2}-{day:0>2}" if re.fullmatch(r"\d{1,2}", day, re.ASCII) else f"{year}-{month:0>2}"
    )


def _year(start: pd.Series) -> np.ndarray:
    places, texts = pd.factorize(start)
    return np.array([text[:4] or "2000" for text in texts], dtype="M8[Y]")[places]


def _codes(draft: Draft, column: str, years: np.ndarray) -> np.ndarray:
    """Codes of a column of numbers in each row's year; ``""`` where empty or without code (counted as unmapped)."""
    cells = draft.columns[column]
    european = (cells == _EU).to_numpy(bool)
    codes = np.where(european, np.array(_INSTITUTIONS[_EU], dtype=object), "")
    rows = np.flatnonzero((cells != "").to_numpy(bool) & ~european)
    first = years.astype("M8[D]")[rows]
    last = (years + 1).astype("M8[D]")[rows] - np.timedelta64(1, "D")
    codes[rows] = numbered(cells.iloc[rows], first, last, "cow", outside="accept").codes
    for cell in cells.iloc[rows[codes[rows] == ""]]:
        draft.unmapped[column, str(cell)] = draft.unmapped.get((column, str(cell)), 0) + 1
    return codes


def _senders(draft: Draft, years: np.ndarray) -> tuple[pd.Series, np.ndarray]:
    """Sending states of each case, or where none is named the organisations that acted; none at all is out of scope."""
    columns = [_codes(draft, name, years) for name in _SENDERS]
    told = np.array([(draft.columns[name] != "").to_numpy(bool) for name in _SENDERS]).sum(axis=0)
    unknown = told > np.array([codes != "" for codes in columns]).sum(axis=0)
    groups = _optional(draft, "institutionid")
    rows, place = distinct_rows(groups, *columns)
    codes = []
    for group, *states in zip(groups.iloc[rows], *(column[rows] for column in columns)):
        found = {*filter(None, states)} or {_INSTITUTIONS[w] for w in group.split() if w in _INSTITUTIONS}
        codes.append(";".join(sorted(found)))
    empty = np.array([not text for text in codes], dtype=bool)[place]
    message = "no sending state is named, and no organisation that we know the members of"
    draft.refuse(empty, "sender1", "scope.organisation", message)
    return spread(codes, place), unknown
