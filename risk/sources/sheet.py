"""The one sheet of an old Excel workbook (xls) as text: whole numbers without point, days as ``YYYY-MM-DD``."""

from __future__ import annotations

import datetime as dt
import os
from os import PathLike

import numpy as np

from risk.reading import Draft, Options, TableError
from risk.reading.files import Payload, open_payload
from risk.reading.grid import Fault, Grid
from risk.reading.schema import Column
from risk.sources.published import draft_of, open_published, refused_as

__all__ = ["open_sheet", "read_sheet"]

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_sheet(
    path: str | PathLike[str], columns: tuple[Column, ...], options: Options, reader: str
) -> Draft:
    """A draft of a publisher's columns from an xls workbook, or from a text file with the same header."""
    try:
        payload = open_payload(path, options)
        if not payload.content.startswith(_MAGIC) and payload.suffix != ".xls":
            return open_published(path, columns, options, reader)
        grid = read_sheet(payload, options)
    except TableError as reason:
        raise refused_as(reason) from reason
    draft = draft_of(payload, grid, columns, options, reader)
    draft.frame = draft.frame[[name for name in draft.frame.columns if name in draft.schema.names]]
    return draft


def read_sheet(payload: Payload, options: Options) -> Grid:
    """The grid of an xls file with one filled sheet; rows are numbered as in the sheet."""
    try:
        import xlrd
    except ImportError:
        raise TableError("xls needs xlrd: pip install xlrd", "file.extra") from None
    try:
        with open(os.devnull, "w") as nowhere:
            book = xlrd.open_workbook(file_contents=payload.content, logfile=nowhere)
    except Exception as reason:  # xlrd lets errors of struct, OLE and its own assertions through
        raise TableError(f"{payload.path} is damaged or not xls: {reason}", "file.damaged") from reason
    sheets = [sheet for sheet in book.sheets() if sheet.nrows]
    if len(sheets) != 1:
        names = ", ".join(sheet.name for sheet in sheets)
        raise TableError(
            f"{payload.path} has {len(sheets)} filled sheets ({names}); one is needed", "file.sheet"
        )
    if sheets[0].nrows > options.max_rows:
        raise TableError(f"{payload.path} has more than max_rows={options.max_rows}", "file.too_large")
    return _grid(sheets[0], book.datemode)


def _grid(sheet, datemode: int) -> Grid:
    kept: list[list[str]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    header = [_text(cell, datemode) for cell in sheet.row(0)]
    for row in range(1, sheet.nrows):
        cells = [_text(cell, datemode) for cell in sheet.row(row)]
        broken = next((place for place, cell in enumerate(sheet.row(row)) if cell.ctype == 5), None)
        if not any(cells):
            continue
        if broken is not None:
            faults.append(
                (row + 1, "cell.error", f"column {header[broken]} holds an error value", ",".join(cells))
            )
        elif cells == header:
            faults.append((row + 1, "row.header", f"row {row + 1} repeats the header", ",".join(cells)))
        else:
            kept.append(cells)
            lines.append(row + 1)
    columns = list(zip(*kept)) if kept else [()] * len(header)
    return Grid.of_columns(header, columns, np.array(lines, np.int64), faults)


def _text(cell, datemode: int) -> str:
    """A cell as it would stand in a text file."""
    if cell.ctype == 2:
        return str(int(cell.value)) if float(cell.value).is_integer() else repr(cell.value)
    if cell.ctype == 3:
        from xlrd import xldate_as_datetime

        moment: dt.datetime = xldate_as_datetime(cell.value, datemode)
        return str(moment.date())
    return str(cell.value) if cell.ctype in (1, 4) else ""
