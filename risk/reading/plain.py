"""Columns of plain text, told from their bytes: most are, and then no cell needs to be looked at."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["is_plain"]


def is_plain(column: pd.Series, blank: bool = True) -> bool:
    """
    Whether no rule of text can concern any cell: all are printable ASCII without spaces around, none is missing.

    Told from the bytes of a column that pandas stores by Arrow, without making a string of any cell; False where
    it is stored in another way. ``blank``: whether cells may be empty.

    Examples
    --------
    >>> is_plain(pd.Series([" Cuba "], dtype="str"))
    False
    """
    if getattr(column.dtype, "storage", "") != "pyarrow" or column.hasnans:
        return False
    return all(_plain_bytes(part, blank) for part in column.array.__arrow_array__().chunks)


def _plain_bytes(part, blank: bool) -> bool:
    """The same of one piece of an Arrow column: where its cells begin and end, and the bytes of all of them."""
    if not len(part):
        return True
    _, places, content = part.buffers()
    width = np.int64 if str(part.type).startswith("large") else np.int32
    edges = np.frombuffer(places, width)[part.offset : part.offset + len(part) + 1]
    told = np.flatnonzero(np.diff(edges))
    if not len(told):
        return blank
    points = np.frombuffer(content, np.uint8)
    inside = points[edges[0] : edges[-1]]
    space = (points[edges[:-1][told]] == 32) | (points[edges[1:][told] - 1] == 32)
    return bool(
        (blank or len(told) == len(part)) and inside.min() >= 32 and inside.max() < 127 and not space.any()
    )
