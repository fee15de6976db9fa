"""From raw cells to a checked table: each column by its kind, then the table's own rule, then keys."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

import numpy as np
import pandas as pd

from risk.reading.actors import read_states, read_type
from risk.reading.cells import Cells
from risk.reading.columns import read_dates, read_numbers, read_text
from risk.reading.draft import Draft
from risk.reading.keys import check_key
from risk.reading.options import Options
from risk.reading.plain import is_plain
from risk.reading.problems import quoted
from risk.reading.report import Reading
from risk.reading.schema import Column, Schema
from risk.reading.text import controls_in

__all__ = ["Rule", "check_cells", "check_draft", "check_table"]

Rule = Callable[[Draft], None]

_TEXT_KINDS = (pd.StringDtype, pd.CategoricalDtype)
_READ: dict[str, Callable[[Draft, Column], None]] = {
    "text": read_text,
    "code": read_text,
    "number": read_numbers,
    "date": read_dates,
    "state": read_states,
    "states": read_states,
    "type": read_type,
}


def check_table(
    frame: pd.DataFrame, schema: Schema, rule: Rule | None = None, options: Options | None = None
) -> Reading:
    """
    Check a frame against a schema.

    Parameters
    ----------
    frame : DataFrame
        Any index (it is replaced), any column types; never changed.
    schema : Schema
        Columns, key and words.
    rule : callable, optional
        The table's own checks, given the Draft once all columns are read.
    options : Options, optional
        How cells are read and whether a refused row raises.

    Returns
    -------
    Reading
        Rows are numbered from 1.

    Raises
    ------
    TableError
        If a column is missing or doubled, or, with ``errors="raise"``, a row is refused.

    Examples
    --------
    >>> schema = Schema((Column("state", "code", blank=False), Column("year", "number")), noun="rows")
    >>> check_table(pd.DataFrame({"state": ["CUB", ""], "year": ["2001", ""]}), schema,
    ...             options=Options(errors="quarantine"))
    Reading(2 rows read: 1 accepted, 1 rejected)
    """
    if not isinstance(frame, pd.DataFrame):
        instead = f"; a file is read with {schema.reader}(path)" if schema.reader else ""
        raise TypeError(f"a DataFrame is checked, not {type(frame).__name__}{instead}")
    plain = frame.reset_index(drop=True)
    draft = Draft(plain, schema, options or Options(), np.arange(1, len(plain) + 1))
    return check_draft(draft, rule)


def check_draft(draft: Draft, rule: Rule | None = None) -> Reading:
    """Check what a reader or ``check_table`` has drafted."""
    check_cells(draft, rule)
    return draft.reading()


def check_cells(draft: Draft, rule: Rule | None = None) -> None:
    """Check every cell, row and key of a draft; what is found stands in the draft."""
    _check_header(draft)
    if not (len(draft) or draft.faults or draft.options.allow_empty):
        raise draft.schema.error(
            "the table has a header but no rows; pass allow_empty=True if so meant", "table.empty"
        )
    _check_extra_columns(draft)
    for column in sorted(draft.schema.columns, key=lambda column: column.kind in ("state", "states")):
        if draft.has(column.name):
            _READ[column.kind](draft, column)
        else:
            _fill(draft, column)
    if rule is not None:
        rule(draft)
    if draft.schema.key:
        check_key(draft)


def _check_header(draft: Draft) -> None:
    found, schema = list(draft.frame.columns), draft.schema
    odd = [name for name in found if not isinstance(name, str)]
    if odd:
        raise schema.error(f"column names must be text; {quoted(odd[0])} is not", "column.name")
    unseen = next((name for name in found if not name.isprintable()), None)
    if unseen is not None:
        raise schema.error(
            f"column name {quoted(unseen)} holds a character that cannot be seen; take it out", "column.name"
        )
    twice = next((name for place, name in enumerate(found) if name in found[:place]), None)
    if twice is not None:
        places = [place + 1 for place, name in enumerate(found) if name == twice]
        where = f"positions {' and '.join(map(str, places))}"
        called = f"column {twice}" if twice else "a column without a name"
        raise schema.error(f"{called} stands twice, at {where}; keep one", "column.duplicate", None, twice)
    missing = [column.name for column in schema.columns if column.required and column.name not in found]
    if missing:
        raise schema.error(_missing(missing, found), "column.missing", None, missing[0])
    extra = [name for name in found if name not in schema.names]
    draft.note("column.extra", len(extra), f"unknown column(s) kept as they are: {', '.join(extra)}")


def _check_extra_columns(draft: Draft) -> None:
    """Unknown columns are kept as they are, but control characters reach no screen and no export."""
    for name in draft.frame.columns:
        kind = draft.frame[name].dtype
        if name in draft.schema.names or not (kind.kind == "O" or isinstance(kind, _TEXT_KINDS)):
            continue
        if is_plain(draft.frame[name]):
            continue
        cells = draft.cells(name) if isinstance(kind, _TEXT_KINDS) else Cells.each(draft.frame[name])
        cells.refuse(draft.problems, name, controls_in(cells.values))


def _missing(missing: list[str], found: list[str]) -> str:
    free = [name for name in found if isinstance(name, str)]
    near = {name: get_close_matches(name, free, 1, 0.6) for name in missing}
    hints = ", ".join(f"{match[0]!r} for {name}" for name, match in near.items() if match)
    meant = f" Is {hints} meant?" if hints else ""
    return f"missing column(s) {', '.join(missing)}; found {', '.join(map(str, found)) or 'none'}.{meant}"


def _fill(draft: Draft, column: Column) -> None:
    """A column that was not brought: its default in every row."""
    n_rows = len(draft)
    if column.kind == "date":
        nothing = np.full(n_rows, np.datetime64("NaT", "s"))
        draft.columns[column.name] = pd.Series(nothing)
        draft.spans[column.name] = (nothing.astype("M8[D]"), nothing.astype("M8[D]"))
    elif column.kind == "number":
        value = np.nan if column.default == "" else float(column.default)
        draft.columns[column.name] = pd.Series(np.full(n_rows, value))
    else:
        draft.columns.put(column.name, [str(column.default)], np.zeros(n_rows, np.int64))
    if column.default != "":
        draft.note("column.default", 1, f"column(s) missing; every row has {column.default}", column.name)
