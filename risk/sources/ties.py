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

from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Draft, Options, Reading
from risk.sources.cases import CASES, check_cases
from risk.sources.parties import numbered
from risk.sources.published import finish, text_columns
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
        "ongoing": np.where(end != "", "no", np.where(_optional(draft, "ongoingasofyear") != "", "yes", "")),
        "senders": senders,
        "targets": targets,
        "spells": "",
        "instruments": [";".join(sorted({_MEANS[w] for w in cell.split() if w in _MEANS})) for cell in means],
        "threatened": np.where(text["threat"] == "1", "yes", "no"),
        "imposed": np.where(text["imposition"] == "1", "yes", "no"),
        "imposed_on": imposed_on,
        "issue": _optional(draft, "issue1"),
        "outcome": _optional(draft, "finaloutcome"),
        "publisher": "TIES",
        "source": "Threat and Imposition of Economic Sanctions, version 4, case " + text["caseid"],
        "note": "",
        "primary_sender": _codes(draft, "primarysender", first),
        "institutions": _optional(draft, "institutionid").str.replace(" ", ";"),
        "means": means.str.replace(" ", ";"),
        "sender_more": np.where(unknown, "yes", "no"),
    })  # fmt: skip


def _optional(draft: Draft, column: str) -> pd.Series:
    return draft.columns[column].str.split().str.join(" ")


def _day(draft: Draft, what: str) -> pd.Series:
    """Dates as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, as far as told; empty without a year."""
    year, month, day = (draft.columns[f"{what}{part}"] for part in ("year", "month", "day"))
    good = year.str.fullmatch(r"\d{4}").to_numpy(bool)
    odd = ~good & (year != "").to_numpy(bool)
    if what == "start":
        draft.refuse(odd, f"{what}year", "date.invalid", "not a year of four digits")
    draft.note(
        "date.words",
        int(odd.sum()) if what != "start" else 0,
        "dates are told in words and left out",
        f"{what}year",
    )
    has_month = good & month.str.fullmatch(r"\d{1,2}").to_numpy(bool)
    has_day = has_month & day.str.fullmatch(r"\d{1,2}").to_numpy(bool)
    text = year.where(good, "") + ("-" + month.str.zfill(2)).where(has_month, "")
    return text + ("-" + day.str.zfill(2)).where(has_day, "")


def _year(start: pd.Series) -> np.ndarray:
    years = start.str.slice(0, 4)
    return years.where(years != "", "2000").to_numpy(dtype=object).astype(str).astype("M8[Y]")


def _codes(draft: Draft, column: str, years: np.ndarray) -> np.ndarray:
    """Codes of a column of numbers in each row's year; ``""`` where empty or without code (counted as unmapped)."""
    cells = draft.columns[column].to_numpy(dtype=object)
    codes = np.array([_INSTITUTIONS["1000"] if cell == _EU else "" for cell in cells], dtype=object)
    rows = np.flatnonzero((cells != "") & (cells != _EU))
    first = years.astype("M8[D]")[rows]
    last = (years + 1).astype("M8[D]")[rows] - np.timedelta64(1, "D")
    codes[rows] = numbered(list(cells[rows]), first, last, "cow", outside="accept").codes
    for cell in cells[rows][codes[rows] == ""]:
        draft.unmapped[column, str(cell)] = draft.unmapped.get((column, str(cell)), 0) + 1
    return codes


def _senders(draft: Draft, years: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Sending states of each case, or where none is named the organisations that acted; none at all is out of scope."""
    columns = [_codes(draft, name, years) for name in _SENDERS]
    named = [{code for code in codes if code} for codes in zip(*columns)]
    told = np.array([(draft.columns[name] != "").to_numpy(bool) for name in _SENDERS]).sum(axis=0)
    unknown = told > np.array([sum(map(bool, codes)) for codes in zip(*columns)])
    groups = [
        {_INSTITUTIONS[w] for w in cell.split() if w in _INSTITUTIONS}
        for cell in _optional(draft, "institutionid")
    ]
    codes = [";".join(sorted(states or group)) for states, group in zip(named, groups)]
    empty = np.array([not text for text in codes], dtype=bool)
    message = "no sending state is named, and no organisation that we know the members of"
    draft.refuse(empty, "sender1", "scope.organisation", message)
    return codes, unknown
