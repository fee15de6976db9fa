"""A file of any readable kind to a checked table."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from os import PathLike

import numpy as np

from risk.reading.checks import Rule, check_draft
from risk.reading.draft import Draft
from risk.reading.files import Payload, digest_of, open_payload
from risk.reading.grid import Grid
from risk.reading.options import Options
from risk.reading.problems import RowError, TableError
from risk.reading.report import Reading
from risk.reading.schema import Schema

__all__ = ["read_grid", "read_table"]

_READERS = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ""), ("delimited", "read_delimited")),
    ".json": ("records", "read_json"),
    **dict.fromkeys((".jsonl", ".ndjson"), ("records", "read_json_lines")),
    **dict.fromkeys((".parquet", ".pq"), ("parquet", "read_parquet")),
    ".xlsx": ("workbook", "read_workbook"),
}


def read_table(
    path: str | PathLike[str], schema: Schema, rule: Rule | None = None, options: Options | None = None
) -> Reading:
    """
    Read and check a file.

    Parameters
    ----------
    path : str or path
        csv, tsv, json, jsonl, parquet or xlsx; csv and json also as gz or as the one file of a zip.
    schema : Schema
    rule : callable, optional
        The table's own checks, as in :func:`check_table`.
    options : Options, optional

    Returns
    -------
    Reading
        Rows are numbered as the file counts them: lines of a text file (its header is line 1), rows of a
        sheet, records from 1 of JSON and Parquet.

    Raises
    ------
    TableError
        Of the schema's own class.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from risk.reading import Column
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "ties.csv")
    ...     _ = file.write_text("a,b,share\\nCUB,VEN,0.2\\nCUB,RUS,x\\n")
    ...     schema = Schema((Column("a"), Column("b"), Column("share", "number")))
    ...     read_table(file, schema, options=Options(errors="quarantine")).rejected["row"].tolist()
    [3]
    """
    options = options or Options()
    try:
        payload, grid = read_grid(path, options)
    except TableError as reason:
        raise schema.error(str(reason), reason.code, reason.row, reason.column, reason.errors) from reason
    _refuse_kinds(payload, grid, schema)
    options = replace(options, excel_epoch=grid.excel_epoch)
    draft = Draft(grid.frame, schema, options, grid.rows, name=payload.name, digest=payload.digest)
    draft.faults = [RowError(row, "", code, message, raw) for row, code, message, raw in grid.faults]
    for code, count, text in grid.notes:
        draft.note(code, count, text)
    return check_draft(draft, rule)


_FITS = {
    "number": ("number", "text"),
    "date": ("date", "number", "text"),
}


def _refuse_kinds(payload: Payload, grid: Grid, schema: Schema) -> None:
    """A typed file is judged column by column before a cell is read."""
    for column in schema.columns:
        found = grid.kinds.get(column.name)
        fits = _FITS.get(column.kind, ("text", "number"))
        if found is not None and found not in fits:
            message = f"{payload.path}: column {column.name} holds {found}; {column.kind} is needed"
            raise schema.error(message, "column.type", None, column.name)


def read_grid(path: str | PathLike[str], options: Options) -> tuple[Payload, Grid]:
    """The raw cells of a file, and the file; refused if the file was changed meanwhile."""
    payload = open_payload(path, options)
    if payload.suffix not in _READERS:
        known = ", ".join(suffix for suffix in _READERS if suffix)
        raise TableError(f"{payload.path}: {payload.suffix!r} files are not read; use {known}", "file.kind")
    module, name = _READERS[payload.suffix]
    grid = getattr(import_module(f"risk.reading.{module}"), name)(payload, options)
    if len(grid.rows) + len(grid.faults) > options.max_rows:
        raise TableError(f"{payload.path} has more than max_rows={options.max_rows}", "file.too_large")
    if digest_of(payload.path) != payload.digest:
        raise TableError(f"{payload.path} was changed while it was read; read it again", "file.changed")
    grid.rows = np.asarray(grid.rows, dtype=np.int64)
    return payload, grid
