"""Raw cells with the row numbers of their file, before any of them is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from risk.reading.spread import TEXT

__all__ = ["Block", "Fault", "Grid", "ragged", "text_block"]

Fault = tuple[int, str, str, str]
Block = list[ExtensionArray]


@dataclass
class Grid:
    """
    A file's cells.

    Attributes
    ----------
    frame : DataFrame
        Raw cells of the rows that could be split.
    rows : ndarray of int
        Their row numbers as the file counts them.
    faults : list of (row, code, message, raw)
        Rows that could not be split into cells.
    notes : list of (code, count, text)
    excel_epoch : int
        Day system of serial numbers in the file.
    kinds : dict
        Of a typed file, what each column holds: ``text, number, date, truth values, durations``.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    faults: list[Fault] = field(default_factory=list)
    notes: list[tuple[str, int, str]] = field(default_factory=list)
    excel_epoch: int = 1900
    kinds: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_columns(
        cls,
        header: Sequence[str],
        columns: Sequence[Sequence[object]],
        rows: np.ndarray,
        faults: Sequence[Fault] = (),
    ) -> Grid:
        """
        A grid from its columns; spaces around headers go.

        Examples
        --------
        >>> Grid.of_columns([" a "], [["x", "y"]], np.array([2, 3])).frame.columns.tolist()
        ['a']
        """
        return cls._of_series(header, [_column(cells) for cells in columns], rows, faults)

    @classmethod
    def of_blocks(
        cls, header: Sequence[str], blocks: Sequence[Block], rows: np.ndarray, faults: Sequence[Fault] = ()
    ) -> Grid:
        """A grid of text from the blocks of its rows."""
        if not blocks:
            return cls.of_columns(header, [()] * len(header), rows, faults)
        return cls._of_series(header, [_joined(parts) for parts in zip(*blocks)], rows, faults)

    @classmethod
    def _of_series(
        cls, header: Sequence[str], columns: Sequence[pd.Series], rows: np.ndarray, faults: Sequence[Fault]
    ) -> Grid:
        frame = pd.concat(columns, axis=1, keys=range(len(header)))
        frame.columns = pd.Index([name.strip() for name in header], dtype=object)
        return cls(frame, rows, list(faults))


def _column(cells: Sequence[object]) -> pd.Series:
    return pd.Series(list(cells), dtype=object)


def text_block(columns: Sequence[Sequence[str]]) -> Block:
    """Some rows of a file, column by column, stored as pandas stores text best while they are at hand."""
    return [_texts(cells) for cells in columns]


def _texts(cells: Sequence[str]) -> ExtensionArray:
    try:
        return pd.array(cells, dtype=TEXT)
    except UnicodeError:  # halves of surrogate pairs, which only Python's own strings can hold
        return pd.array(cells, dtype=object)


def _joined(parts: Sequence[ExtensionArray]) -> pd.Series:
    column = pd.concat([pd.Series(part) for part in parts], ignore_index=True)
    if getattr(column.dtype, "storage", "") != "pyarrow":
        return column
    return pd.Series(pd.array(column.array.__arrow_array__().combine_chunks(), dtype=TEXT))


def ragged(found: int, expected: int) -> str:
    """
    What is wrong with a row of another width.

    Examples
    --------
    >>> ragged(4, 5)
    '4 cells where the header has 5; are delimiters missing?'
    """
    cells = "1 cell" if found == 1 else f"{found} cells"
    hint = "is a delimiter inside an unquoted cell?" if found > expected else "are delimiters missing?"
    return f"{cells} where the header has {expected}; {hint}"
