"""What a reader hands back: the checked table, what was refused, and the count of everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from html import escape
from typing import NamedTuple

import pandas as pd

__all__ = ["Note", "Reading", "Report"]

_SHOWN = 20


class Note(NamedTuple):
    """Something done or seen that refused no row: stable code, how many cells or rows, a sentence."""

    code: str
    n: int
    text: str


@dataclass(frozen=True)
class Report:
    """
    Counts of a reading. Always ``rows_read == accepted + rejected``.

    Attributes
    ----------
    rows_read, accepted, rejected : int
        Rows of the file, of ``Reading.table`` and of ``Reading.rejected``.
    unmapped : tuple of (column, text, count)
        Codes no table of ours knows.
    notes : tuple of Note
        What was repaired, filled in or is worth a look.
    policies : tuple of (name, value)
        The choices that shaped the table.
    digest : str
        SHA-256 of the file; empty for a frame.

    Examples
    --------
    >>> Report(rows_read=3, accepted=2, rejected=1)["accepted"]
    2
    """

    rows_read: int
    accepted: int
    rejected: int
    unmapped: tuple[tuple[str, str, int], ...] = ()
    notes: tuple[Note, ...] = ()
    policies: tuple[tuple[str, str], ...] = ()
    digest: str = ""

    def __getitem__(self, name: str):
        if name not in self.keys():
            raise KeyError(name)
        return getattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def keys(self) -> list[str]:
        """Names of the fields, so that ``dict(report)`` works."""
        return [entry.name for entry in fields(self)]


@dataclass(frozen=True, eq=False)
class Reading:
    """
    A table read from outside.

    Attributes
    ----------
    table : pandas.DataFrame
        Accepted rows, checked, in the order of the file.
    rejected : pandas.DataFrame
        One row per refused row: ``row`` (as the file counts: the header of a text file is line 1; a frame's
        first row is 1), ``column``, ``code``, ``message``, ``raw`` of its first problem, ``more``: others.
    report : Report
        The counts.

    Examples
    --------
    >>> Reading(pd.DataFrame({"a": ["x"]}), pd.DataFrame(), Report(1, 1, 0))
    Reading(1 row read: 1 accepted, 0 rejected)
    """

    table: pd.DataFrame
    rejected: pd.DataFrame
    report: Report
    name: str = field(default="", kw_only=True)

    def __repr__(self) -> str:
        report, of = self.report, f" of {self.name}" if self.name else ""
        rows = "1 row" if report.rows_read == 1 else f"{report.rows_read} rows"
        notes = (
            ""
            if not report.notes
            else f", {len(report.notes)} notes"
            if len(report.notes) > 1
            else ", 1 note"
        )
        return f"Reading({rows}{of} read: {report.accepted} accepted, {report.rejected} rejected{notes})"

    def _repr_html_(self) -> str:
        parts = [f"<p>{escape(repr(self))}</p>"]
        if self.report.notes:
            parts.append(_html_table(("note", "n", "text"), self.report.notes))
        if len(self.rejected):
            rows = self.rejected.head(_SHOWN).astype(str).itertuples(index=False, name=None)
            parts.append(_html_table(tuple(map(str, self.rejected.columns)), rows))
        return "<div>" + "".join(parts) + "</div>"


def _html_table(header, rows) -> str:
    head = "".join(f"<th>{escape(str(name))}</th>" for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
