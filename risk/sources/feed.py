"""
The frame around every outside feed: its file opened, its columns found, its rows counted.

A feed is somebody else's file. Rows that we do not want (``scope.*``: no state, no act between two states, a code
we refuse) and rows told twice (``duplicate.*``) are part of it: they are counted in ``rejected`` and never
raise. Rows that are broken (a day that is none, a row of another width) raise unless ``errors="quarantine"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Draft, Options, Reading, Report, RowError, Schema, TableError
from risk.reading.delimited import decoded
from risk.reading.files import Payload, digest_of, open_payload
from risk.reading.grid import Grid
from risk.reading.report import Note
from risk.reading.tables import read_grid
from risk.sources.tabs import Lines, control_fault, tab_grid

__all__ = ["Feed", "FeedError", "Layout", "open_feed", "quiet"]


class FeedError(TableError):
    """A feed's file that cannot be used as it is: what, how many, where, and what to do."""


def quiet(code: str) -> bool:
    """
    Whether a refusal never raises: the row is sound, but not for us, or told before.

    Examples
    --------
    >>> quiet("scope.domestic"), quiet("date.invalid")
    (True, False)
    """
    return code.startswith(("scope.", "duplicate."))


@dataclass(frozen=True)
class Layout:
    """
    Where a publisher keeps what we read.

    Parameters
    ----------
    publisher : str
        For the words of an error.
    spellings : mapping of str to tuple of str
        Our word for a column -> the publisher's headers, any case, ``_`` or space.
    optional : tuple of str
        Our words that may be absent.
    positions : mapping of int to mapping of str to int
        For files without header: width -> our word -> position from 0.
    """

    publisher: str
    spellings: Mapping[str, tuple[str, ...]]
    optional: tuple[str, ...] = ()
    positions: Mapping[int, Mapping[str, int]] = field(default_factory=dict)

    def places(self, header: list[str]) -> dict[str, int]:
        """Position of each of our words in a header; a missing one is an error that names near ones."""
        names = [_plain(name) for name in header]
        twice = next((name for place, name in enumerate(names) if name and name in names[:place]), None)
        if twice is not None:
            where = " and ".join(str(place + 1) for place, name in enumerate(names) if name == twice)
            raise FeedError(f"column {twice!r} stands twice, at positions {where}", "column.duplicate")
        found = {word: names.index(name) for word, name in self._known(names)}
        missing = [word for word in self.spellings if word not in found and word not in self.optional]
        if missing:
            wanted = [self.spellings[word][0] for word in missing]
            near = [match for name in wanted for match in get_close_matches(_plain(name), names, 1, 0.6)]
            hint = f" Is {', '.join(map(repr, near))} meant?" if near else ""
            message = f"missing column(s) {', '.join(wanted)}; found {', '.join(header[:60])}.{hint}"
            raise FeedError(f"{self.publisher}: {message}", "column.missing", None, wanted[0])
        return found

    def _known(self, names: list[str]) -> list[tuple[str, str]]:
        pairs = [(word, _plain(name)) for word, spelt in self.spellings.items() for name in spelt]
        first: dict[str, str] = {}
        for word, name in pairs:
            if name in names:
                first.setdefault(word, name)
        return list(first.items())

    def is_header(self, cells: list[str]) -> bool:
        """Whether a first line names columns rather than being a row."""
        named = self._known([_plain(cell) for cell in cells])
        return not self.positions or 2 * len(named) > len(self.spellings)


def _plain(name: str) -> str:
    return name.strip().strip('"').lower().replace(" ", "_")


@dataclass
class Feed(Draft):
    """
    A feed while it is being read: a :class:`Draft` whose columns are called by our words.

    Each row is refused once, by the first reason that is found; ``standing`` is true for the others.
    """

    standing: np.ndarray = field(default_factory=lambda: np.empty(0, bool))

    def reject(
        self, where: np.ndarray, column: str, code: str | np.ndarray, message: str | np.ndarray
    ) -> None:
        """Refuse the rows still standing where the mask is true; codes and messages are one, or one per row."""
        positions = np.flatnonzero(where & self.standing)
        if len(positions):
            cells = self.frame[column].to_numpy(object)[positions] if self.has(column) else ""
            codes = code if isinstance(code, str) else list(code[positions])
            told = message if isinstance(message, str) else list(message[positions])
            self.problems.add(positions, column, codes, told, cells)
            self.standing[positions] = False

    def count_unmapped(self, column: str, texts: list[str], counts: list[int]) -> None:
        """Remember codes that no table of ours knows."""
        for text, count in zip(texts, counts):
            self.unmapped[column, text] = self.unmapped.get((column, text), 0) + int(count)

    def reading_of(self, table: pd.DataFrame) -> Reading:
        """The reading whose rows are ``table``; raises where a broken row was met and the options say so."""
        found = self.problems.table(self.rows).assign(more="")
        if self.faults:
            faults = pd.DataFrame(self.faults).assign(more="")
            found = pd.concat([found, faults]).sort_values("row", kind="stable", ignore_index=True)
        n_rows = len(self) + len(self.faults)
        broken = found[
            ~found["code"].map({code: quiet(code) for code in found["code"].unique()}).astype(bool)
        ]
        if self.options.errors == "raise" and len(broken):
            listed = [RowError(*entry[:5]) for entry in broken.itertuples(index=False, name=None)]
            raise self.schema.error.of_rows(
                listed, n_rows, len(broken), (self.schema.noun, self.schema.remedy)
            )
        report = Report(
            rows_read=n_rows, accepted=len(table), rejected=len(found), policies=tuple(self.policies.items()),
            unmapped=tuple((column, text, n) for (column, text), n in self.unmapped.items()),
            notes=tuple(Note(code, n, text) for code, (n, text, _) in self._notes.items()), digest=self.digest,
        )  # fmt: skip
        return Reading(table, found, report, name=self.name)


def open_feed(path: str | PathLike[str], layout: Layout, schema: Schema, options: Options) -> Feed:
    """
    A file as a feed whose frame has the layout's columns, as text, called by our words.

    Tab-separated files are split at every tab: the publishers do not quote; a cell that stands whole in double
    quotes is taken out of them. Other files are read as comma-separated ones with quotes.

    Raises
    ------
    FeedError
        With the codes of ``risk.reading``; ``file.columns`` where a file without header has another width.
    """
    try:
        payload = open_payload(path, options)
        text, marked = decoded(payload, options)
        first = (text[:100_000].splitlines() or [""])[0]
        grid = (_tabs if "\t" in first else _commas)(payload, text, layout, options)
        if digest_of(payload.path) != payload.digest:
            raise FeedError(f"{payload.path} was changed while it was read; read it again", "file.changed")
    except FeedError:
        raise
    except TableError as reason:
        raise FeedError(str(reason), reason.code, reason.row, reason.column, reason.errors) from reason
    if not (len(grid.rows) or grid.faults or options.allow_empty):
        raise FeedError(f"{payload.path} has no rows; pass allow_empty=True if so meant", "table.empty")
    schema = replace(schema, error=FeedError)
    feed = Feed(grid.frame, schema, options, grid.rows, name=payload.name, digest=payload.digest)
    feed.faults = [RowError(row, "", code, message, raw) for row, code, message, raw in grid.faults]
    feed.standing = np.ones(len(grid.rows), dtype=bool)
    feed.note("file.bom", int(marked), "byte order mark at the start of the file, taken off")
    for code, count, told in grid.notes:
        feed.note(code, count, told)
    return feed


def _commas(payload: Payload, text: str, layout: Layout, options: Options) -> Grid:
    _, grid = read_grid(payload.path, options)
    header = list(grid.frame.columns)
    if not layout.is_header(header):
        raise FeedError(_width_message(layout, len(header)), "file.columns")
    places = layout.places(header)
    frame = grid.frame.iloc[:, list(places.values())].astype("str")
    frame.columns = pd.Index(list(places), dtype=object)
    rows, faults = np.asarray(grid.rows, np.int64), list(grid.faults)
    lines = Lines.of(text)
    odd = np.zeros(len(rows), dtype=bool)
    at = np.searchsorted(rows, np.flatnonzero(lines.odd) + 1, side="right") - 1
    odd[at[at >= 0]] = True
    faults += [control_fault(lines, int(row) - 1) for row in rows[odd]]
    return Grid(frame[~odd].reset_index(drop=True), rows[~odd], faults)


def _width_message(layout: Layout, width: int) -> str:
    known = " or ".join(map(str, layout.positions)) or "a header and tabs"
    return f"{layout.publisher}: rows have {known} tab-separated columns, these have {width}"


def _tabs(payload: Payload, text: str, layout: Layout, options: Options) -> Grid:
    lines = Lines.of(text)
    if len(lines.ends) > options.max_rows + 1:
        raise FeedError(f"{payload.path} has more than max_rows={options.max_rows}", "file.too_large")
    first = lines.cells(0)
    if layout.is_header(first):
        return tab_grid(lines, layout.places(first), len(first), header=True, quotes='"' in text)
    width = _width(layout, lines)
    return tab_grid(lines, layout.positions[width], width, header=False, quotes='"' in text)


def _width(layout: Layout, lines: Lines) -> int:
    widths, counts = np.unique(lines.tabs + 1, return_counts=True)
    known = {int(width): int(n) for width, n in zip(widths, counts) if int(width) in layout.positions}
    if not known:
        raise FeedError(_width_message(layout, int(lines.tabs[0]) + 1), "file.columns")
    return max(known, key=lambda width: known[width])
