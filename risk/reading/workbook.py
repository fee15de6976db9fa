"""A sheet of an xlsx workbook to rows: the sheet is named, formulas and merged cells are refused."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np

from risk.reading.files import Payload
from risk.reading.grid import Fault, Grid, ragged
from risk.reading.options import Options
from risk.reading.problems import TableError

__all__ = ["read_workbook"]


def read_workbook(payload: Payload, options: Options) -> Grid:
    """The grid of a sheet; rows are numbered as in the sheet, dates follow the workbook's own epoch."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise TableError("xlsx needs openpyxl: pip install 'geopolitical-risk[xlsx]'", "file.extra") from None
    try:
        book = load_workbook(io.BytesIO(payload.content), data_only=False, keep_links=False)
    except Exception as reason:  # openpyxl lets errors of zip, XML and its own models through
        raise TableError(f"{payload.path} is damaged or not xlsx: {reason}", "file.damaged") from reason
    sheet = _sheet(payload, book, options)
    if sheet.merged_cells.ranges:
        where = ", ".join(sorted(str(cells) for cells in sheet.merged_cells.ranges)[:3])
        raise TableError(
            f"{payload.path}, sheet {sheet.title}: merged cells {where}; split them", "cell.merged"
        )
    grid = _grid(payload, sheet)
    grid.excel_epoch = book.epoch.year if book.epoch.year == 1904 else 1900
    return grid


def _sheet(payload: Payload, book, options: Options):
    names = book.sheetnames
    if options.sheet is not None and options.sheet not in names:
        raise TableError(
            f"{payload.path} has no sheet {options.sheet!r}; it has {', '.join(names)}", "file.sheet"
        )
    if options.sheet is None and len(names) > 1:
        message = f"{payload.path} has sheets {', '.join(names)}; pass sheet= with one of them"
        raise TableError(message, "file.sheet")
    sheet = book[options.sheet or names[0]]
    if not hasattr(sheet, "iter_rows"):
        raise TableError(f"{payload.path}: {sheet.title} is a chart, not a sheet of cells", "file.sheet")
    return sheet


def _grid(payload: Payload, sheet) -> Grid:
    header: list[object] | None = None
    kept, lines, faults = [], [], []
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_value(cell) for cell in cells]
        while values and values[-1] is None and (header is None or len(values) > len(header)):
            values.pop()
        if not any(value is not None for value in values):
            continue
        if header is None:
            header = values
        elif fault := _fault(line, cells, values, header):
            faults.append(fault)
        else:
            kept.append(values + [None] * (len(header) - len(values)))
            lines.append(line)
    if header is None:
        raise TableError(f"{payload.path}, sheet {sheet.title} is empty", "table.empty")
    columns = list(zip(*kept)) if kept else [()] * len(header)
    return Grid.of_columns(
        ["" if name is None else str(name) for name in header], columns, np.array(lines, np.int64), faults
    )


def _value(cell) -> object:
    value = cell.value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def _fault(line: int, cells, values: list[object], header: list[object]) -> Fault | None:
    formula = next((cell for cell in cells if cell.data_type == "f"), None)
    raw = ",".join("" if value is None else str(value) for value in values)
    if formula is not None:
        message = f"cell {formula.coordinate} holds a formula; paste its value"
        return line, "cell.formula", message, raw
    broken = next((cell for cell in cells if cell.data_type == "e"), None)
    if broken is not None:
        return line, "cell.error", f"cell {broken.coordinate} holds {broken.value}", raw
    if values == header:
        return line, "row.header", f"row {line} repeats the header", raw
    if len(values) > len(header):
        return line, "row.ragged", ragged(len(values), len(header)), raw
    return None
