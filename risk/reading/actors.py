"""Columns that name states or event types: each distinct name is resolved once per stretch of time."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from risk.codebook import Codebook, load_codebook
from risk.reading.cells import Cells
from risk.reading.columns import clean_cells
from risk.reading.draft import Draft
from risk.reading.options import Before
from risk.reading.problems import quoted
from risk.reading.schema import Column
from risk.reading.spread import first_and_place
from risk.states import detect_system, resolve_states, turning_days

__all__ = ["read_states", "read_type"]

Verdict = tuple[str, str]
Answer = str | Verdict
_DATED = ("state.not_a_state_then", "state.ambiguous")
_HINTS = 200  # beyond so many misses nobody reads suggestions, and each costs milliseconds


def read_states(draft: Draft, column: Column) -> None:
    """
    Codes of the states named in a column, as of each row's day.

    A name means the same between two days on which any state begins or ends, so each distinct name is looked
    up once per such stretch. Rows whose day is refused are left for the day to be mended.
    """
    cells = Cells.of(draft.frame[column.name])
    texts, _ = clean_cells(draft, column, cells)
    judged = draft.sound(column.name, *([column.on] if column.on else []))
    blank = np.array([not text for text in texts], dtype=bool)[cells.codes]
    if not column.blank:
        draft.refuse(judged & blank, column.name, "state.missing", f"no {column.name} given")
    rows = np.flatnonzero(judged & ~blank)
    days = _days(draft, column)[rows]
    stretch = np.where(np.isnat(days), -1, np.searchsorted(_turning_days(), days, side="right"))
    keys = cells.codes[rows] * (len(_turning_days()) + 2) + stretch + 1
    first, place = first_and_place(keys)
    named = [texts[code] for code in cells.codes[rows[first]]]
    answers = _answers(column, named, [_iso(day) for day in days[first]], draft.options.before)
    codes = np.full(len(draft), len(answers), dtype=np.int64)
    codes[rows] = place
    known = [answer if isinstance(answer, str) else "" for answer in answers]
    draft.columns.put(column.name, [*known, ""], codes)
    failed = np.array([not isinstance(answer, str) for answer in answers], dtype=bool)
    if failed.any():
        bad = failed[place]
        told = [(named[key], answers[key], _iso(day)) for key, day in zip(place[bad], days[bad])]
        _refuse_failed(draft, column, rows[bad], told)


def _days(draft: Draft, column: Column) -> np.ndarray:
    if not column.on:
        return np.full(len(draft), np.datetime64("NaT", "D"))
    return draft.columns[column.on].to_numpy().astype("M8[D]")


def _iso(day: np.datetime64) -> str | None:
    return None if np.isnat(day) else str(day)


@lru_cache(maxsize=1)
def _turning_days() -> np.ndarray:
    return np.array(turning_days(), dtype="M8[D]")


def _answers(column: Column, names: list[str], days: list[str | None], before: Before) -> list[Answer]:
    """The code of each name on its day, or the verdict; for ``states``, the codes sorted and joined."""
    parts = [name.split(";") if column.kind == "states" else [name] for name in names]
    owner = [place for place, found in enumerate(parts) for _ in found]
    flat = np.array([part for found in parts for part in found], dtype=object)
    codes, errors = resolve_states(flat, [days[place] for place in owner], before=before)
    joined: list[list[str]] = [[] for _ in names]
    for place, code in zip(owner, codes):
        joined[place].append(str(code))
    answers: list[Answer] = [";".join(sorted(found)) for found in joined]
    for unresolved in reversed(errors):
        for row in unresolved.rows:
            answers[owner[row]] = (unresolved.error.code, str(unresolved.error).removesuffix("."))
    return answers


def _refuse_failed(
    draft: Draft, column: Column, rows: np.ndarray, told: list[tuple[str, Answer, str | None]]
) -> None:
    """Where the reason is the day, each row is told of its own; the count of unknown names is kept."""
    seen: dict[tuple[str, str | None], Answer] = {}
    verdicts: list[Verdict] = []
    for text, answer, day in told:
        if answer[0] in _DATED:
            if (text, day) not in seen:
                seen[text, day] = _answers(column, [text], [day], draft.options.before)[0]
            answer = seen[text, day]
        verdicts.append(answer if isinstance(answer, tuple) else ("state.unknown", "not resolved"))
        if answer[0] == "state.unknown":
            draft.unmapped[column.name, text] = draft.unmapped.get((column.name, text), 0) + 1
    codes, messages = zip(*_told_of_mixture(draft, column, rows, verdicts))
    draft.problems.add(rows, column.name, list(codes), list(messages), draft.raw(rows, column.name))


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
    listed = {*codebook.types.index, *codebook.aliases["alias"]}
    verdicts: dict[int, Verdict] = {}
    types = list(texts)
    known = [place for place, text in enumerate(texts) if text in listed and place not in refused]
    for place, name in zip(known, codebook.resolve_types([texts[place] for place in known])[0]):
        types[place] = str(name)
    for place, text in enumerate(texts):
        if place in refused:
            continue
        if not text:
            verdicts[place] = ("type.missing", f"no {column.name} given")
        elif text not in listed:
            verdicts[place] = ("type.unknown", _unknown_type(codebook, text, hint=len(verdicts) < _HINTS))
            draft.unmapped[column.name, text] = len(cells.rows([place]))
        if types[place] != text:
            named = f"event types have another name in the codebook: {quoted(text)} is {types[place]}"
            draft.note("type.renamed", len(cells.rows([place])), named, column.name)
    cells.refuse(draft.problems, column.name, verdicts)
    draft.columns.put(column.name, types, cells.codes)


def _unknown_type(codebook: Codebook, text: str, hint: bool) -> str:
    if hint:
        try:
            codebook.resolve_type(text)
        except ValueError as reason:
            return str(reason)
    return f"event type {text!r} is not in codebook {codebook.version}"
