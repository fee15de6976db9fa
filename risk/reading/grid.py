"""Raw cells with the row numbers of their file, before any of them is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

__all__ = ["Fault", "Grid", "ragged"]

Fault = tuple[int, str, str, str]


@dataclass
class Grid:
    """
    A file's cells.

    Attributes
    ----------
    frame : DataFrame
        Raw cells; faulty rows are there with empty cells, so that every row of the file is counted.
    rows : ndarray of int
        Row numbers as the file counts them.
    faults : list of (position, code, message, raw)
        Rows that could not be split into cells; positions count the rows of ``frame`` from 0.
    notes : list of (code, count, text)
    """

    frame: pd.DataFrame
    rows: np.ndarray
    faults: list[Fault] = field(default_factory=list)
    notes: list[tuple[str, int, str]] = field(default_factory=list)

    @classmethod
    def of_columns(
        cls,
        header: Sequence[str],
        columns: Sequence[Sequence[object]],
        rows: np.ndarray,
        faults: Sequence[Fault],
    ) -> Grid:
        """
        A grid of sound rows and faulty ones in the order of the file; here faults carry row numbers.

        Examples
        --------
        >>> fault = (3, "row.ragged", "2 cells", "p,q")
        >>> grid = Grid.of_columns(["a"], [["x", "y"]], np.array([2, 4]), [fault])
        >>> grid.rows.tolist(), grid.faults[0][0]
        ([2, 3, 4], 1)
        """
        frame = pd.concat([_column(cells) for cells in columns], axis=1, keys=range(len(header)))
        frame.columns = pd.Index(
            [name.strip() if isinstance(name, str) else name for name in header], dtype=object
        )
        if not faults:
            return cls(frame, rows)
        faulty = np.array([fault[0] for fault in faults], np.int64)
        every = np.concatenate([rows, faulty])
        order = np.argsort(every, kind="stable")
        empty = pd.DataFrame("", index=range(len(faults)), columns=range(len(header)))
        empty.columns = frame.columns
        joined = pd.concat([frame.astype(object), empty.astype(object)], ignore_index=True)
        place = np.empty(len(every), np.int64)
        place[order] = np.arange(len(every))
        moved = [(int(place[len(rows) + i]), *fault[1:]) for i, fault in enumerate(faults)]
        return cls(joined.iloc[order].reset_index(drop=True), every[order], moved)


def _column(cells: Sequence[object]) -> pd.Series:
    return pd.Series(list(cells), dtype=object)


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
