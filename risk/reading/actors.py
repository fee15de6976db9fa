"""Columns that name states or event types: each distinct name is resolved once per stretch of time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from risk.codebook import load_codebook
from risk.reading.cells import Cells
from risk.reading.columns import clean_cells, spread
from risk.reading.draft import Draft
from risk.reading.options import Before
from risk.reading.problems import quoted
from risk.reading.schema import Column
from risk.states import StateError, detect_system, resolve_state, turning_days

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
    texts, _ = clean_cells(draft, column, cells)
    resolver = _resolver(column, draft.options.before)
    rows = np.flatnonzero(draft.sound(column.name, *([column.on] if column.on else [])))
    days = _days(draft, column)[rows]
    stretch = np.where(np.isnat(days), -1, np.searchsorted(_turning_days(), days, side="right"))
    keys = cells.codes[rows] * (len(_turning_days()) + 2) + stretch + 1
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    answers = [_answer(resolver, texts[cells.codes[row]], days[at]) for at, row in zip(first, rows[first])]
    failed = np.array([not isinstance(answer, str) for answer in answers], dtype=bool)
    codes = np.full(len(draft), len(answers), dtype=np.int64)
    codes[rows] = place
    known = [answer if isinstance(answer, str) else "" for answer in answers]
    draft.columns[column.name] = spread([*known, ""], codes)
    if failed.any():
        _refuse_failed(draft, column, resolver, rows[failed[place]], cells, texts)
    if not column.blank:
        judged = np.zeros(len(draft), dtype=bool)
        judged[rows] = True
        empty = judged & (draft.columns[column.name] == "").to_numpy(bool) & draft.sound(column.name)
        draft.refuse(empty, column.name, "state.missing", f"no {column.name} given")


def _days(draft: Draft, column: Column) -> np.ndarray:
    if not column.on:
        return np.full(len(draft), np.datetime64("NaT", "D"))
    return draft.columns[column.on].to_numpy().astype("M8[D]")


@lru_cache(maxsize=1)
def _turning_days() -> np.ndarray:
    return np.array(turning_days(), dtype="M8[D]")


def _answer(resolver: Resolver, text: str, day: np.datetime64) -> str | Verdict:
    """The code, nothing for a blank cell, or the verdict."""
    try:
        return "" if not text else resolver(text, None if np.isnat(day) else str(day))
    except StateError as reason:
        return reason.code, str(reason).removesuffix(".")


def _resolver(column: Column, before: Before) -> Resolver:
    def one(text: str, day: str | None) -> str:
        return resolve_state(text, on=day, before=before)

    def several(text: str, day: str | None) -> str:
        return ";".join(sorted(one(part, day) for part in text.split(";")))

    return one if column.kind == "state" else several


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
    verdicts = _told_of_mixture(draft, column, rows, verdicts)
    codes, messages = zip(*verdicts)
    draft.problems.add(rows, column.name, list(codes), list(messages), draft.raw(rows, column.name))
    for text, code in zip(draft.raw(rows, column.name), codes):
        if code == "state.unknown":
            draft.unmapped[column.name, text] = draft.unmapped.get((column.name, text), 0) + 1


def _told_of_mixture(
    draft: Draft, column: Column, rows: np.ndarray, verdicts: list[Verdict]
) -> list[Verdict]:
    """Numbers among names and codes: the message names a row of each system."""
    named = np.flatnonzero((draft.columns[column.name] != "").to_numpy(bool))
    if not len(named) or all(code != "state.number" for code, _ in verdicts):
        return verdicts
    other = draft.raw(named[:1], column.name)[0]
    told: list[Verdict] = []
    for text, verdict in zip(draft.raw(rows, column.name), verdicts):
        if verdict[0] == "state.number":
            looks = detect_system([text, other])["looks_like"].str.replace(";", " or ").tolist()
            message = (
                f"{text!r} looks like {looks[0]}, row {draft.rows[named[0]]} ({other!r}) like {looks[-1]}"
            )
            verdict = ("state.mixed_systems", f"{message}; write all in one system of codes")
        told.append(verdict)
    return told


def read_type(draft: Draft, column: Column) -> None:
    """Event types by their codebook names; renamed ones are mapped and noted, unknown ones refused."""
    codebook = draft.options.codebook or load_codebook()
    cells = Cells.of(draft.frame[column.name])
    texts, refused = clean_cells(draft, column, cells)
    verdicts: dict[int, Verdict] = {}
    types = list(texts)
    for place, text in enumerate(texts):
        if place in refused:
            continue
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
    draft.columns[column.name] = spread(types, cells.codes)
