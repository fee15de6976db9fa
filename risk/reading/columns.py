"""A column by its kind: text and codes, numbers, dates."""

from __future__ import annotations

import operator
import re

import numpy as np
import pandas as pd

from risk.reading.cells import Cells
from risk.reading.dates import DateCells, parse_dates, placed
from risk.reading.draft import Draft
from risk.reading.numbers import parse_numbers
from risk.reading.plain import is_plain
from risk.reading.problems import quoted
from risk.reading.schema import Column
from risk.reading.spread import TEXT, spread
from risk.reading.text import NOTES, clean_text, trimmed

__all__ = ["clean_cells", "read_dates", "read_numbers", "read_text", "spread"]


def read_text(draft: Draft, column: Column) -> None:
    if not (column.choices or column.pattern) and is_plain(draft.frame[column.name], column.blank):
        draft.columns[column.name] = draft.frame[column.name].copy()
        return
    cells = draft.cells(column.name)
    texts, refused = clean_cells(draft, column, cells)
    verdicts: dict[int, tuple[str, str]] = {}
    if not column.blank and "" in texts:
        blank = [place for place, text in enumerate(texts) if not text and place not in refused]
        verdicts |= dict.fromkeys(blank, (f"{column.name}.missing", f"no {column.name} given"))
    if column.choices:
        code, listed = f"{column.name}.unknown", ", ".join(column.choices)
        odd = [place for place, text in enumerate(texts) if text and text not in column.choices]
        verdicts |= {place: (code, f"{quoted(texts[place])} is not one of {listed}") for place in odd}
    if column.pattern:
        code, form = f"{column.name}.form", re.compile(column.pattern)
        odd = [place for place, text in enumerate(texts) if text and not form.fullmatch(text)]
        verdicts |= {place: (code, f"{quoted(texts[place])} is not {column.pattern}") for place in odd}
    cells.refuse(draft.problems, column.name, verdicts)
    unchanged = draft.frame[column.name].dtype == TEXT and all(map(operator.is_, texts, cells.values))
    whole = draft.frame[column.name].copy() if unchanged else None
    if cells.single:
        draft.columns[column.name] = pd.Series(texts, dtype="str") if whole is None else whole
    else:
        draft.columns.put(column.name, texts, cells.codes, whole)


def clean_cells(draft: Draft, column: Column, cells: Cells) -> tuple[list[str], set[int]]:
    """Distinct texts of a column after the text rules, and the refused places; repairs are noted."""
    names = column.kind in ("state", "states")  # the resolver has its own rule on alphabets
    cleaned = clean_text(cells.values, prose=column.kind == "text", one_alphabet=not names)
    cells.refuse(draft.problems, column.name, cleaned.refused)
    _note_repairs(draft, column, cells, cleaned.repairs)
    return cleaned.values, set(cleaned.refused)


def _note_repairs(draft: Draft, column: Column, cells: Cells, repairs: dict[str, list[int]]) -> None:
    for code, places in repairs.items():
        draft.note(code, len(cells.rows(places)), NOTES[code], column.name)


def _trimmed_cells(draft: Draft, column: Column, cells: Cells) -> list[object]:
    values, repairs = trimmed(cells.values)
    _note_repairs(draft, column, cells, repairs)
    return values


def read_numbers(draft: Draft, column: Column) -> None:
    cells = Cells.of(draft.frame[column.name])
    numbers, refused = parse_numbers(_trimmed_cells(draft, column, cells), column, draft.options)
    cells.refuse(draft.problems, column.name, refused)
    draft.columns[column.name] = pd.Series(numbers[cells.codes])


def read_dates(draft: Draft, column: Column) -> None:
    cells = Cells.of(_whole_days(draft, column))
    dates = parse_dates(_trimmed_cells(draft, column, cells), draft.options)
    _refuse_mixed_clocks(draft, cells, dates)
    if not column.blank:
        unread = np.isnat(dates.first)
        unread[list(dates.refused)] = False
        empty = (f"{column.name}.missing", f"no {column.name} given")
        dates.refused |= {int(place): empty for place in np.flatnonzero(unread)}
    cells.refuse(draft.problems, column.name, dates.refused)
    first, last = dates.first[cells.codes], dates.last[cells.codes]
    draft.spans[column.name] = (first, last)
    policy = column.policy or draft.options.date_policy
    draft.columns[column.name] = pd.Series(placed(first, last, policy).astype("M8[s]"))
    where = {"midpoint": "in the middle", "start": "at the start", "end": "at the end"}[policy]
    draft.note("date.imprecise", int((first != last).sum() - np.isnat(first).sum()),
               f"dates name a month or a year and are placed {where} of it", column.name)  # fmt: skip
    _keep_instants(draft, column, cells, dates)


def _whole_days(draft: Draft, column: Column) -> pd.Series:
    """Clock times of a datetime column without zone are cut to the day at once: they may be many."""
    series = draft.frame[column.name]
    if getattr(series.dtype, "kind", "") != "M" or getattr(series.dtype, "tz", None) is not None:
        return series
    if draft.options.timezone:
        return series
    days = series.dt.normalize()
    draft.note("date.clock_dropped", int((days != series).sum() - days.isna().sum()),
               "clock times without an offset were cut to the day", column.name)  # fmt: skip
    return days


def _refuse_mixed_clocks(draft: Draft, cells: Cells, dates: DateCells) -> None:
    if not (dates.clocks and dates.instants):
        return
    aware = draft.rows[cells.rows(dates.instants)[0]]
    message = f"has a clock time without an offset, but row {aware} has one with; write all alike"
    dates.refused |= {
        place: ("date.mixed_offsets", f"{quoted(cells.values[place])} {message}") for place in dates.clocks
    }


def _keep_instants(draft: Draft, column: Column, cells: Cells, dates: DateCells) -> None:
    """Local calendar day in the column, the UTC instant beside it."""
    kept = [place for place in dates.clocks if place not in dates.refused]
    draft.note("date.clock_dropped", len(cells.rows(kept)) if kept else 0,
               "clock times without an offset were cut to the day", column.name)  # fmt: skip
    if dates.instants:
        texts = [dates.instants.get(place, "") for place in range(len(cells.values))]
        draft.columns[f"{column.name}_utc"] = spread(texts, cells.codes)
        draft.note("date.offset", len(cells.rows(dates.instants)),
                   "clock times have an offset: the local day is kept, the UTC instant has its own column",
                   column.name)  # fmt: skip
