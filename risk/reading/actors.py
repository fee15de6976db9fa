"""Columns that name states or event types: each distinct name is resolved once per stretch of time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd

from risk.codebook import load_codebook
from risk.reading.cells import Cells
from risk.reading.columns import clean_cells, spread
from risk.reading.draft import Draft
from risk.reading.problems import quoted
from risk.reading.schema import Column
from risk.states import StateError, load_states, resolve_state

__all__ = ["read_states", "read_type"]

Verdict = tuple[str, str]
Resolver = Callable[[str, str | None], str]


def read_states(draft: Draft, column: Column) -> None:
    """
    Codes of the states named in a column, as of each row's day.

    A name means the same between two days on which any state or name begins or ends, so each distinct name is
    resolved once per such stretch.
    """
    cells = Cells.of(draft.frame[column.name])
    texts = clean_cells(draft, column, cells)
    resolver = _one_state if column.kind == "state" else _several_states
    rows = np.flatnonzero(draft.sound(column.name, *([column.on] if column.on else [])))
    days = _days(draft, column)[rows]
    stretch = np.where(np.isnat(days), -1, np.searchsorted(_turning_days(), days, side="right"))
    keys, first, place = np.unique(
        cells.codes[rows] * (len(_turning_days()) + 2) + stretch + 1, return_index=True, return_inverse=True
    )
    answers = np.full(len(keys), "", dtype=object)
    failed = np.zeros(len(keys), dtype=bool)
    for key, row in enumerate(first):
        text = texts[cells.codes[rows[row]]]
        answer = _answer(resolver, text, days[row]) if text else ""
        failed[key] = not isinstance(answer, str)
        answers[key] = answer
    resolved = np.full(len(draft), "", dtype=object)
    resolved[rows] = np.where(failed, "", answers)[place]
    draft.columns[column.name] = pd.Series(resolved, dtype="str")
    if failed.any():
        _refuse_failed(draft, column, resolver, rows[failed[place]], cells, texts)
    if not column.blank:
        empty = (draft.columns[column.name] == "").to_numpy(bool) & draft.sound(column.name)
        draft.refuse(empty, column.name, "state.missing", f"no {column.name} given")


def _days(draft: Draft, column: Column) -> np.ndarray:
    if not column.on:
        return np.full(len(draft), np.datetime64("NaT", "D"))
    return draft.columns[column.on].to_numpy().astype("M8[D]")


@lru_cache(maxsize=1)
def _turning_days() -> np.ndarray:
    states = load_states()
    days = pd.concat(
        [states[name] for name in states.columns if name in ("valid_from", "valid_to", "start", "end")]
    )
    days = days[days.notna() & (days.astype(str) != "")].astype(str)
    return np.unique(days.to_numpy(dtype=object).astype("M8[D]"))


def _answer(resolver: Resolver, text: str, day: np.datetime64) -> str | Verdict:
    try:
        return resolver(text, None if np.isnat(day) else str(day))
    except StateError as reason:
        return reason.code, str(reason)


def _one_state(text: str, day: str | None) -> str:
    return resolve_state(text, on=day)


def _several_states(text: str, day: str | None) -> str:
    return ";".join(sorted(resolve_state(part.strip(), on=day) for part in text.split(";")))


def _refuse_failed(
    draft: Draft, column: Column, resolver: Resolver, rows: np.ndarray, cells: Cells, texts: list[str]
) -> None:
    """Refused rows are resolved again day by day, so that each message names its own day."""
    days = _days(draft, column)[rows]
    told: dict[tuple[int, int], str | Verdict] = {}
    verdicts: list[Verdict] = []
    for place, day in zip(cells.codes[rows].tolist(), days):
        key = (place, int(day.astype(np.int64)))
        if key not in told:
            told[key] = _answer(resolver, texts[place], day)
        verdict = told[key]
        verdicts.append(verdict if isinstance(verdict, tuple) else ("state.unknown", "not resolved"))
    codes, messages = zip(*verdicts)
    draft.problems.add(rows, column.name, list(codes), list(messages), draft.raw(rows, column.name))
    for text, code in zip(draft.raw(rows, column.name), codes):
        if code == "state.unknown":
            draft.unmapped[column.name, text] = draft.unmapped.get((column.name, text), 0) + 1


def read_type(draft: Draft, column: Column) -> None:
    """Event types by their codebook names; renamed ones are mapped and noted, unknown ones refused."""
    codebook = draft.options.codebook or load_codebook()
    cells = Cells.of(draft.frame[column.name])
    texts = clean_cells(draft, column, cells)
    verdicts: dict[int, Verdict] = {}
    types = list(texts)
    for place, text in enumerate(texts):
        if not text:
            verdicts[place] = ("type.missing", f"no {column.name} given")
            continue
        try:
            types[place] = codebook.resolve_type(text)
        except ValueError as reason:
            verdicts[place] = ("type.unknown", str(reason))
            draft.unmapped[column.name, text] = len(cells.rows([place]))
        else:
            renamed = types[place] != text
            draft.note("type.renamed", len(cells.rows([place])) if renamed else 0,
                       f"event types have another name in the codebook: {quoted(text)} is {types[place]}",
                       column.name)  # fmt: skip
    cells.refuse(draft.problems, column.name, verdicts)
    draft.columns[column.name] = spread(types, cells)
