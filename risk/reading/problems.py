"""What was wrong: one entry per refused cell, and the error that tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

__all__ = ["Problems", "RowError", "TableError", "quoted", "storable"]

_SHOWN = 3
_LONGEST = 120


class RowError(NamedTuple):
    """One refused cell: row (as the file counts, or the frame from 1), column, stable code, reason, raw."""

    row: int
    column: str
    code: str
    message: str
    raw: str

    def __str__(self) -> str:
        place = f"row {self.row}, column {self.column}" if self.column else f"row {self.row}"
        return f"{place}: {self.message}"


class TableError(ValueError):
    """
    A table that cannot be used as it is.

    Attributes
    ----------
    code : str
        Stable name of the (first) reason, as in ``date.invalid``.
    row, column : int or None, str or None
        Where the first reason stands; None where the whole file or column is meant.
    errors : list of RowError
        Every refused cell, in the order of the rows.

    Examples
    --------
    >>> TableError("the table has no rows", "table.empty").code
    'table.empty'
    """

    def __init__(
        self,
        message: str,
        code: str = "table.invalid",
        row: int | None = None,
        column: str | None = None,
        errors: Sequence[RowError] = (),
    ):
        super().__init__(message)
        self.code, self.row, self.column, self.errors = code, row, column, list(errors)

    @classmethod
    def of_rows(
        cls,
        errors: Sequence[RowError],
        rows_read: int,
        rows_bad: int,
        words: tuple[str, str],
        rows_used: int | None = None,
    ) -> TableError:
        """The error that stands for refused rows: how many, where, what to do."""
        noun, remedy = words
        shown = "; ".join(str(error) for error in errors[:_SHOWN])
        more = f"; and {len(errors) - _SHOWN} more" if len(errors) > _SHOWN else ""
        stop = "" if f"{shown}{more}".endswith("?") else "."
        used = "" if rows_used is None else f" ({_rest(rows_used, rows_read - rows_bad - rows_used)})"
        text = f"{rows_bad} of {rows_read} {noun} not used{used}. {shown}{more}{stop} {remedy}"
        first = errors[0]
        return cls(text, first.code, first.row, first.column or None, errors)


class Problems:
    """
    Row errors as they are found, column by column; they cost nothing where nothing is wrong.

    Positions count the rows of the frame from 0; what the user sees is the row number of the file.

    Examples
    --------
    >>> found = Problems()
    >>> found.add([2], "date", "date.invalid", "'2024-02-30' is not a day", "2024-02-30")
    >>> found.mask(4).tolist()
    [False, False, True, False]
    """

    def __init__(self) -> None:
        self._blocks: list[pd.DataFrame] = []

    def __len__(self) -> int:
        return sum(len(block) for block in self._blocks)

    def add(
        self,
        positions: Sequence[int] | np.ndarray,
        column: str,
        code: str | Sequence[str],
        message: str | Sequence[str],
        raw: str | Sequence[str] = "",
    ) -> None:
        """Refuse the rows at ``positions``; code, message and raw are one for all or one per row."""
        rows = np.asarray(positions, dtype=np.int64)
        if len(rows):
            entry = {"position": rows, "column": column, "code": code, "message": message, "raw": raw}
            self._blocks.append(pd.DataFrame(entry))

    def mask(self, n_rows: int, *columns: str) -> np.ndarray:
        """True for each row with a problem (in one of ``columns``, or anywhere)."""
        bad = np.zeros(n_rows, dtype=bool)
        for block in self._blocks:
            if not columns or block["column"].iloc[0] in columns:
                bad[block["position"]] = True
        return bad

    def table(self, rows: np.ndarray) -> pd.DataFrame:
        """All problems by row, with the file's row numbers; within a row, in the order they were found."""
        if not self._blocks:
            empty: dict[str, list[str]] = {name: [] for name in ("column", "code", "message", "raw")}
            return pd.DataFrame({"row": np.empty(0, np.int64), **empty}).astype(dict.fromkeys(empty, "str"))
        joined = pd.concat(self._blocks, ignore_index=True).sort_values("position", kind="stable")
        joined.insert(0, "row", rows[joined["position"].to_numpy()])
        texts = ["column", "code", "message", "raw"]
        return joined[["row", *texts]].astype(dict.fromkeys(texts, "str")).reset_index(drop=True)


def _rest(used: int, copies: int) -> str:
    """What becomes of the rows that are not wrong; exact copies of another row are left out too."""
    if not copies:
        return f"{used} used"
    return f"{used} used, {f'{copies} exact copies' if copies > 1 else '1 exact copy'} left out"


def quoted(raw: object) -> str:
    """A cell as an error message shows it: quoted, control characters visible, cut when long."""
    text = repr(raw) if isinstance(raw, str) else storable(raw)
    end = "...'" if isinstance(raw, str) else "..."
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(end)] + end


def storable(raw: object) -> str:
    """A cell as text that any column can hold: halves of surrogate pairs are written out."""
    return str(raw).encode("utf-8", "backslashreplace").decode("utf-8")
