"""
A publisher's table as a checked table of ours: opened, its columns called by our words, every cell checked.

For sources that are no events. The rules of :mod:`risk.sources.feed` hold: rows outside our scope (``scope.*``) and
rows told twice (``duplicate.*``) are counted in ``rejected`` and never raise; broken rows raise unless
``errors="quarantine"``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Draft, Options, Reading, RowError, Schema, TableError
from risk.reading.checks import Rule, check_draft
from risk.reading.delimited import decoded, read_delimited
from risk.reading.files import Payload, digest_of, open_payload
from risk.reading.grid import Grid
from risk.reading.tables import read_grid
from risk.sources.feed import FeedError, Layout, quiet

__all__ = [
    "Found", "as_text", "check_found", "feed_errors", "find_csv", "find_table", "first_line", "refuse_fractions",
]  # fmt: skip

Prepare = Callable[[str], tuple[str, int]]
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass
class Found:
    """
    The raw cells of a publisher's file.

    Attributes
    ----------
    grid : Grid
        Headers as the publisher spells them.
    name, digest : str
        Of the file.
    """

    grid: Grid
    name: str
    digest: str

    @property
    def header(self) -> list[str]:
        """Headers in plain words: lower case, ``_`` for a space."""
        return [str(name).strip().lower().replace(" ", "_") for name in self.grid.frame.columns]

    def fill(self, name: str, value: object) -> None:
        """Give every row the same cell, where the file says something once for all rows."""
        self.grid.frame[name] = pd.Series([value] * len(self.grid.frame), dtype=object)


def find_table(path: str | PathLike[str], options: Options) -> Found:
    """The cells of a csv, tsv, json or parquet file whose first line is the header."""
    with feed_errors():
        payload, grid = read_grid(path, options)
    return _found(grid, payload)


def find_csv(path: str | PathLike[str], options: Options, prepare: Prepare) -> Found:
    """
    The cells of a csv file that does not begin with its header.

    Parameters
    ----------
    path : str or path
    options : Options
    prepare : callable
        Given the text, gives the text with a header in its first line, and by how many lines it moved the rows up.
    """
    with feed_errors():
        payload = open_payload(path, options)
        text, marked = decoded(payload, options)
        table, moved = prepare(text)
        plain = Payload(payload.path, payload.name, ".csv", table.encode("utf-8"), payload.digest)
        grid = _cut(plain, moved, replace(options, encoding="utf-8"))
        if digest_of(payload.path) != payload.digest:
            raise FeedError(f"{payload.path} was changed while it was read; read it again", "file.changed")
    grid.rows = np.asarray(grid.rows, np.int64) + moved
    grid.faults = [(row + moved, code, message, raw) for row, code, message, raw in grid.faults]
    if marked:
        grid.notes.append(("file.bom", 1, "byte order mark at the start of the file, taken off"))
    return _found(grid, payload)


def _cut(table: Payload, moved: int, options: Options) -> Grid:
    """The cells of a prepared text; an error names the row of the file."""
    try:
        return read_delimited(table, options)
    except TableError as reason:
        if not moved or reason.row is None:
            raise
        row = reason.row + moved
        told = str(reason).replace(f"row {reason.row}", f"row {row}")
        raise FeedError(told, reason.code, row, reason.column) from reason


def _found(grid: Grid, payload: Payload) -> Found:
    names = list(grid.frame.columns)
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        where = " and ".join(str(place + 1) for place, name in enumerate(names) if name == twice)
        raise FeedError(f"column {twice!r} stands twice, at positions {where}", "column.duplicate")
    return Found(grid, payload.name, payload.digest)


def first_line(text: str) -> tuple[list[str], str]:
    """
    The cells of the first line of a csv text, and all that comes after it, whatever ends the line.

    A line with a cell too long for any table has no cells here; the reading of the whole text says so.

    Examples
    --------
    >>> first_line('Last Updated,"03/05/2024"\\rName 6\\r')
    (['Last Updated', '03/05/2024'], 'Name 6\\r')
    """
    first, rest = (*_LINE_END.split(text, maxsplit=1), "")[:2]
    try:
        return next(csv.reader([first]), []), rest
    except csv.Error:
        return [], rest


def refuse_fractions(draft: Draft, *names: str) -> None:
    """Refuse the rows where a number that counts or names something is no whole one."""
    for name in names:
        parted = (draft.columns[name] % 1 > 0).to_numpy(bool)
        draft.refuse(parted, name, f"{name}.form", "is not a whole number")


def as_text(cells: pd.Series) -> pd.Series:
    """
    Raw cells as text, missing ones empty.

    Examples
    --------
    >>> as_text(pd.Series(["x", None], dtype=object)).tolist()
    ['x', '']
    """
    return cells.astype(object).where(cells.notna(), "").astype("str")


@contextmanager
def feed_errors() -> Iterator[None]:
    """Errors of the file, raised inside, become errors of the feed."""
    try:
        yield
    except FeedError:
        raise
    except TableError as reason:
        raise FeedError(str(reason), reason.code, reason.row, reason.column, reason.errors) from reason


def check_found(
    found: Found,
    layout: Layout,
    schema: Schema,
    options: Options,
    rule: Rule | None = None,
    outside: Mapping[str, str] | None = None,
) -> Reading:
    """
    The checked table of a file: only the layout's columns, called by our words.

    Parameters
    ----------
    found : Found
    layout : Layout
    schema : Schema
        Of our table.
    options : Options
    rule : callable, optional
        The table's own checks; what it refuses with a ``scope.`` code never raises.
    outside : mapping of str to str, optional
        Codes of cell checks that only mean "out of scope" in this source -> their ``scope.`` code.

    Raises
    ------
    FeedError
    """
    schema = replace(schema, error=FeedError)
    places = layout.places([str(name) for name in found.grid.frame.columns])
    frame = found.grid.frame.iloc[:, list(places.values())]
    frame.columns = pd.Index(list(places), dtype=object)
    if len(found.grid.rows) > options.max_rows:
        raise FeedError(f"{found.name} has more than max_rows={options.max_rows}", "file.too_large")
    lenient = replace(options, errors="quarantine")
    rows = np.asarray(found.grid.rows, np.int64)
    draft = Draft(frame, schema, lenient, rows, name=found.name, digest=found.digest)
    draft.faults = [RowError(row, "", code, message, raw) for row, code, message, raw in found.grid.faults]
    for code, count, text in found.grid.notes:
        draft.note(code, count, text)
    return _settled(check_draft(draft, rule), schema, options.errors, outside or {})


def _settled(reading: Reading, schema: Schema, errors: str, outside: Mapping[str, str]) -> Reading:
    """The reading, if nothing in it is broken or broken rows are wanted apart."""
    rejected = reading.rejected
    if len(rejected) and outside:
        rejected = rejected.assign(code=rejected["code"].replace(dict(outside)))
        reading = replace(reading, rejected=rejected)
    broken = rejected[~rejected["code"].isin(list(filter(quiet, rejected["code"].unique())))]
    if errors == "raise" and len(broken):
        told = broken[["row", "column", "code", "message", "raw"]].itertuples(index=False, name=None)
        listed = [RowError(*entry) for entry in told]
        words = (schema.noun, schema.remedy)
        raise schema.error.of_rows(listed, reading.report.rows_read, len(broken), words)
    return reading
