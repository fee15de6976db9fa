"""Tables to files that a spreadsheet may open: text never becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["guarded", "read_safe_csv", "safe_csv", "to_csv", "to_xlsx", "unguarded"]

# What spreadsheets take for the start of a formula (OWASP, "CSV Injection"), also after quotes, spaces or what
# cannot be seen.
_UNSEEN = "\\x00-\\x1f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_LEAD = f"[\\s'\"\u2018\u2019\u201c\u201d{_UNSEEN}]*"
_START = f"{_LEAD}[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212]"
_LEADING = re.compile(_LEAD)
_FORMULA = re.compile(f"{_START}|{_LEAD}[\t\r\n]")
# Where lists are split at semicolons, a spreadsheet cuts a cell there, and at a tab or line end inside it.
_INNER = re.compile(f"(?<=[;\t\r\n])(?={_START})")
_GUARDED_INNER = re.compile(f"(?<=[;\t\r\n])'(?={_START})")
_LONGEST_XLSX = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(text: str) -> str:
    """
    Text with ``'`` before it, and after a semicolon in it, where a spreadsheet could read a formula.

    Examples
    --------
    >>> guarded("=HYPERLINK(1)"), guarded("-5"), guarded("Cuba"), guarded("a;=1")
    ("'=HYPERLINK(1)", "'-5", 'Cuba', "a;'=1")
    """
    start = _lead(text)
    whole = text[:start] + _INNER.sub("'", text[start:])
    return "'" + whole if _FORMULA.match(text) else whole


def _lead(text: str) -> int:
    """How many signs a spreadsheet may pass over before it looks for a formula."""
    found = _LEADING.match(text)
    return found.end() if found else 0


def unguarded(text: str) -> str:
    """
    Text as it was before :func:`guarded`.

    Examples
    --------
    >>> unguarded("'=1"), unguarded("'s-Gravenhage"), unguarded(guarded("'=1"))
    ('=1', "'s-Gravenhage", "'=1")
    """
    whole = text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text
    start = _lead(whole)
    return whole[:start] + _GUARDED_INNER.sub("", whole[start:])


def _with_texts(frame: pd.DataFrame, change) -> pd.DataFrame:
    """A new frame: ``change`` applied to every text cell and header; numbers and dates stay."""
    columns = []
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        kind = column.dtype
        if isinstance(kind, pd.CategoricalDtype):
            column = column.astype(object)
        if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
            column = column.astype(object).map(lambda cell: change(cell) if isinstance(cell, str) else cell)
        columns.append(column)
    changed = pd.concat(columns, axis=1) if columns else frame.copy()
    changed.columns = pd.Index([change(name) if isinstance(name, str) else name for name in frame.columns])
    return changed


def safe_csv(frame: pd.DataFrame, safe: bool = True, index: bool = False) -> str:
    """
    A frame as RFC 4180 text, UTF-8 to be, LF line ends.

    Parameters
    ----------
    frame : pandas.DataFrame
        Not changed.
    safe : bool
        Whether text cells and headers that look like formulas get a ``'`` (numbers never do);
        :func:`read_safe_csv` takes it off again.
    index : bool
        Whether the index is written, as first columns.

    Returns
    -------
    str

    Examples
    --------
    >>> print(safe_csv(pd.DataFrame({"note": ["=1+1", "ok"], "share": [-0.5, 0.25]})), end="")
    note,share
    '=1+1,-0.5
    ok,0.25
    """
    table = frame.reset_index() if index else frame
    table = _with_texts(table, guarded) if safe else table
    text = table.to_csv(index=False, lineterminator="\n")
    if "\r" in text:  # before Python 3.13 the writer leaves a lone CR unquoted
        text = table.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return text


def to_csv(frame: pd.DataFrame, path: str | PathLike[str], safe: bool = True, index: bool = False) -> None:
    """
    Write :func:`safe_csv` to a file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     to_csv(pd.DataFrame({"note": ["@x"]}), Path(folder, "out.csv"))
    ...     Path(folder, "out.csv").read_text()
    "note\\n'@x\\n"
    """
    Path(path).write_text(safe_csv(frame, safe, index), encoding="utf-8", newline="")


def read_safe_csv(path: str | PathLike[str]) -> pd.DataFrame:
    """
    A file written by :func:`to_csv`, every cell as text and without the guard.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     to_csv(pd.DataFrame({"note": ["=1+1", "'=2"]}), Path(folder, "out.csv"))
    ...     read_safe_csv(Path(folder, "out.csv"))["note"].tolist()
    ['=1+1', "'=2"]
    """
    with Path(path).open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    stand_in = next(letter for letter in map(chr, range(0xE000, 0xF900)) if letter not in text)
    raw = pd.read_csv(  # pandas 2 cuts a cell at NUL
        io.StringIO(text.replace("\0", stand_in), newline=""),
        dtype=str,
        keep_default_na=False,
        na_filter=False,
    )
    plain = _with_texts(raw, lambda cell: unguarded(cell.replace(stand_in, "\0")))
    return plain.astype(dict.fromkeys(plain.columns, "str"))


def to_xlsx(frame: pd.DataFrame, path: str | PathLike[str], sheet: str = "table") -> None:
    """
    Write a workbook in which every text is a text cell: no formulas, no links.

    Parameters
    ----------
    frame : pandas.DataFrame
        Not changed; control characters that xlsx cannot hold are shown as ``\\x..``.
    path : str or path
    sheet : str
        Name of the one sheet.

    Raises
    ------
    ImportError
        Without openpyxl (extra ``xlsx``).
    ValueError
        If a text is longer than a cell of xlsx can be.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     to_xlsx(pd.DataFrame({"note": ["=1+1"]}), Path(folder, "out.xlsx"))
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise ImportError("to_xlsx needs openpyxl: pip install 'geopolitical-risk[xlsx]'") from None
    book = Workbook()
    page = book.active
    page.title = sheet
    cells = frame.astype(object).where(frame.notna(), None)
    for line, row in enumerate([list(frame.columns), *cells.itertuples(index=False, name=None)], start=1):
        for place, value in enumerate(row, start=1):
            cell = page.cell(row=line, column=place)
            cell.value = _xlsx_value(value, line, str(frame.columns[place - 1]))
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)


def _xlsx_value(value: object, line: int, column: str) -> object:
    """What xlsx can hold: numbers, days without a zone, truth values; anything else is its text."""
    if value is None or isinstance(value, bool | int | np.bool_ | np.integer):
        return value
    if isinstance(value, float | np.floating) and math.isfinite(value):
        return value
    if isinstance(value, dt.date) and getattr(value, "tzinfo", None) is None:
        return value
    text = _CONTROL.sub(lambda sign: f"\\x{ord(sign[0]):02x}", str(value))
    if len(text) > _LONGEST_XLSX:
        where = f"row {line}, column {column}"
        raise ValueError(f"{where}: {len(text)} characters, a cell of xlsx holds {_LONGEST_XLSX}; write csv")
    return text
