"""What the shell prints: JSON, tables, one line for an error; on any encoding, into any pipe."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the shell's help must not wait for pandas
    import pandas as pd

__all__ = ["UNSIGNED", "emit", "open_streams", "print_table", "tell"]

UNSIGNED = {"F", "F_since", "E", "E_upper", "tie_coverage", "amount", "share of F"}
"""Columns that are never below 0 and carry no sign."""

_WIDTH = 132
"""Columns of a table that goes to a file or a pipe, where nobody says how wide the page is."""


def open_streams() -> None:
    """
    Make both streams fit for any text: what their encoding lacks is written as ``\\\\u....``, a closed one is no error.

    Examples
    --------
    >>> open_streams()
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def emit(data: object) -> None:
    """
    Write JSON, in ASCII where the stream holds no Unicode.

    Examples
    --------
    >>> emit({"value": 0.5})
    {
      "value": 0.5
    }
    """
    wide = str(getattr(sys.stdout, "encoding", "") or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=not wide, allow_nan=False) + "\n")


def tell(error: BaseException) -> None:
    """
    One line on standard error, invisible characters written out.

    Examples
    --------
    >>> tell(ValueError("no such state"))
    """
    from risk.display import visible

    text: object = error.args[0] if isinstance(error, KeyError) and error.args else error
    if isinstance(error, OSError) and error.filename is not None:
        text = f"{os.path.abspath(os.fsdecode(error.filename))}: {error.strerror}"
    sys.stderr.write(f"risk: {visible(text)}\n")


def print_table(frame: pd.DataFrame, columns: list[str], title: str, rows: int = 12) -> None:
    """
    The first rows as a table, and how many there are if not all are shown; text is never read as markup.

    Parameters
    ----------
    frame : pandas.DataFrame
    columns : list of str
        Which, in which order.
    title : str
    rows : int
        How many at most.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from risk.display import cell, visible

    if frame.empty:
        sys.stdout.write(f"{visible(title)}: nothing on record\n")
        return
    more = f" (first {rows} of {len(frame)})" if len(frame) > rows else ""
    sys.stdout.write(f"{visible(title)}{more}\n")
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in columns:
        table.add_column(
            Text(name), overflow="fold", justify="right" if frame[name].dtype.kind == "f" else "left"
        )
    for row in frame[columns].head(rows).itertuples(index=False):
        cells = (cell(value, sign=name not in UNSIGNED) for name, value in zip(columns, row, strict=True))
        table.add_row(*(Text(visible(text)) for text in cells))
    Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False).print(table)
