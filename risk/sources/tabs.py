"""Tab-separated text to columns: split at every tab, lines of another width told apart, nothing shifted."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.reading.grid import Fault, Grid, ragged

__all__ = ["Lines", "control_fault", "tab_grid"]

_BLOCK = 1 << 22


@dataclass(frozen=True)
class Lines:
    """Where the lines of a text lie: bytes, last byte of each line, tabs in it, lines with control characters."""

    data: np.ndarray
    ends: np.ndarray
    tabs: np.ndarray
    odd: np.ndarray

    @classmethod
    def of(cls, text: str) -> Lines:
        content = text.encode("utf-8").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        data = np.frombuffer(content if content.endswith(b"\n") else content + b"\n", np.uint8)
        ends, tabs_before, control = _marks(data)
        odd = np.zeros(len(ends), dtype=bool)
        odd[np.searchsorted(ends, control)] = True
        return cls(data, ends, np.diff(tabs_before, prepend=0), odd)

    def cells(self, line: int) -> list[str]:
        return self.text(line).split("\t")

    def text(self, line: int) -> str:
        start = self.ends[line - 1] + 1 if line else 0
        return self.data[start : self.ends[line]].tobytes().decode("utf-8")

    def body(self, chosen: np.ndarray) -> bytes:
        if chosen.all():
            return self.data.tobytes()
        return self.data[np.repeat(chosen, np.diff(self.ends, prepend=-1))].tobytes()


def _marks(data: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where lines end, how many tabs stand before each end, and where other control characters stand."""
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    tabs = 0
    for start in range(0, len(data), _BLOCK):
        block = data[start : start + _BLOCK]
        at = np.flatnonzero(block < 32)
        mark = block[at]
        is_end, is_tab = mark == 10, mark == 9
        seen = np.cumsum(is_tab)
        found.append((at[is_end] + start, seen[is_end] + tabs, at[~is_end & ~is_tab] + start))
        tabs += int(seen[-1]) if len(seen) else 0
    ends, before, control = (np.concatenate(parts) for parts in zip(*found))
    return ends, before, control


def tab_grid(lines: Lines, places: Mapping[str, int], width: int, header: bool, quotes: bool) -> Grid:
    """The columns at ``places`` of the lines of a width; other lines are faults, empty ones nothing."""
    written = np.diff(lines.ends, prepend=-1) > 1
    written[0] &= not header
    good = written & ~lines.odd & (lines.tabs == width - 1)
    faults = [_fault(lines, int(line), width) for line in np.flatnonzero(written & ~good)]
    grid = Grid(_parsed(lines.body(good), places), np.flatnonzero(good) + 1, faults)
    if header:
        _take_out_headers(grid, {word: lines.cells(0)[place] for word, place in places.items()})
    if quotes:
        _take_out_of_quotes(grid)
    return grid


def _fault(lines: Lines, line: int, width: int) -> Fault:
    if lines.odd[line]:
        return control_fault(lines, line)
    return line + 1, "row.ragged", ragged(int(lines.tabs[line]) + 1, width), lines.text(line)[:200]


def control_fault(lines: Lines, line: int) -> Fault:
    """The fault of a line that holds a control character other than a tab."""
    told = "the row holds a control character; take it out"
    return line + 1, "text.control", told, repr(lines.text(line)[:200])


def _parsed(body: bytes, places: Mapping[str, int]) -> pd.DataFrame:
    if not body:
        return pd.DataFrame({word: pd.Series([], dtype="str") for word in places})
    frame = pd.read_csv(
        io.BytesIO(body), sep="\t", header=None, usecols=sorted(set(places.values())), dtype="str",
        na_filter=False, quoting=csv.QUOTE_NONE, encoding="utf-8", skip_blank_lines=False, low_memory=False,
    )  # fmt: skip
    return pd.DataFrame({word: frame[place] for word, place in places.items()})


def _take_out_headers(grid: Grid, header: Mapping[str, str]) -> None:
    """A header in the midst of the rows (files put together) is a fault of its row."""
    word = next(iter(header))
    doubtful = (grid.frame[word] == header[word]).to_numpy(bool)
    if doubtful.any():
        same = doubtful & np.all(
            [(grid.frame[name] == text).to_numpy(bool) for name, text in header.items()], axis=0
        )
        for row in grid.rows[same]:
            grid.faults.append(
                (int(row), "row.header", f"row {row} repeats the header", "\t".join(header.values()))
            )
        grid.frame, grid.rows = grid.frame[~same].reset_index(drop=True), grid.rows[~same]


def _take_out_of_quotes(grid: Grid) -> None:
    count = 0
    for name in grid.frame.columns:
        cells = grid.frame[name]
        whole = cells.str.startswith('"') & cells.str.endswith('"') & (cells.str.len() > 1)
        if whole.any():
            count += int(whole.sum())
            grid.frame[name] = cells.mask(whole, cells.str.slice(1, -1).str.replace('""', '"', regex=False))
    if count:
        grid.notes.append(("text.quotes", count, "cells stood whole in double quotes and were taken out"))
