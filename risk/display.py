"""How results look as text and HTML: one escaping function, one table, one way to write a number."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd

__all__ = ["cell", "escape", "html_table", "plain", "records", "signed", "visible"]


def visible(text: object) -> str:
    r"""
    Text with every invisible or direction-changing character written out.

    Examples
    --------
    >>> visible("a\u202eb")
    'a\\u202eb'
    """
    return "".join(
        f"\\u{ord(letter):04x}" if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter
        for letter in str(text)
    )


def escape(text: object) -> str:
    """
    Text that is safe anywhere in HTML: the only way data enters a page.

    Examples
    --------
    >>> escape('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return html.escape(visible(text), quote=True)


def signed(value: float, digits: int = 3) -> str:
    """
    A score with its sign; ``not covered`` for NaN.

    Examples
    --------
    >>> signed(0.25), signed(float("nan"))
    ('+0.250', 'not covered')
    """
    return "not covered" if math.isnan(value) else f"{value:+.{digits}f}"


def html_table(
    header: Sequence[str], rows: Iterable[Sequence[object]], caption: str, *, unsigned: Collection[str] = ()
) -> str:
    """
    A small escaped table: texts to the left, numbers to the right, days and numbers never broken.

    Numbers of the ``unsigned`` columns, which cannot be negative, are told without a sign.

    Examples
    --------
    >>> "&lt;" in html_table(["a"], [["<"]], "c")
    True
    """
    head = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in header)
    body = "".join(
        "<tr>"
        + "".join(_data(value, name not in unsigned) for name, value in zip(header, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="risk"><caption style="text-align:left">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _data(value: object, sign: bool) -> str:
    style = "text-align:left"
    if isinstance(value, (int, float)):
        style = "text-align:right;white-space:nowrap"
    elif isinstance(value, pd.Timestamp):
        style = "text-align:left;white-space:nowrap"
    return f'<td style="{style}">{escape(cell(value, sign=sign))}</td>'


def cell(value: object, *, sign: bool = True) -> object:
    """
    A value as people read it in a table: a day without its hour, four digits, nothing for NaN.

    Amounts that cannot be negative are told without a sign.

    Examples
    --------
    >>> cell(0.5), cell(0.5, sign=False), cell(pd.Timestamp("2025-10-15"))
    ('+0.5000', '0.5000', '2025-10-15')
    """
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:{'+' if sign else ''}.4f}" if isinstance(value, float) else value


def records(frame: pd.DataFrame) -> list[dict]:
    """The rows of a frame as plain records.

    Examples
    --------
    >>> records(pd.DataFrame({"a": [1], "b": [float("nan")]}))
    [{'a': 1, 'b': None}]
    """
    columns = [str(name) for name in frame.columns]
    rows = frame.itertuples(index=False, name=None)
    return [{name: plain(cell) for name, cell in zip(columns, row, strict=True)} for row in rows]


def plain(value: object) -> object:
    """
    A value as JSON can hold it: days as ISO text, NaN as None, frames as lists of records.

    Examples
    --------
    >>> plain({"day": pd.Timestamp("2025-10-15"), "x": float("nan")})
    {'day': '2025-10-15', 'x': None}
    """
    if isinstance(value, pd.DataFrame):
        return records(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is pd.NaT or value is None:
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
