"""
The frame of a published data set: the publisher's columns cleaned as text, mapped to one of our tables, checked
as ours.

Two kinds of refusal are told apart by their code, as in :mod:`risk.sources.feed`. ``scope.*``: the row is sound but
not what the table holds (a rebel group, an unknown side, a treaty under negotiation); it goes to
``Reading.rejected`` and never raises, nor do copies (``duplicate.*``). Every other code: the row is malformed; with
``errors="raise"`` the reading stops.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Column, Draft, Options, Reading, Report, RowError, Schema, TableError
from risk.reading.checks import Rule, check_cells, check_draft
from risk.reading.columns import spread
from risk.reading.files import Payload, digest_of
from risk.reading.grid import Grid
from risk.reading.tables import read_grid
from risk.sources.feed import FeedError, quiet

__all__ = [
    "by_distinct", "by_place", "days_as_text", "draft_of", "finish", "open_published", "refused_as", "sets_in_words",
    "text_columns", "years_told", "yes_or_no",
]  # fmt: skip

Mapped = Callable[[Draft], pd.DataFrame]


def text_columns(names: Sequence[str], optional: Sequence[str] = ()) -> tuple[Column, ...]:
    """
    Columns of a publisher's header, all read as text.

    Examples
    --------
    >>> [column.required for column in text_columns(["Supplier"], optional=["Comments"])]
    [True, False]
    """
    return tuple(Column(name, required=name not in optional) for name in dict.fromkeys([*names, *optional]))


def by_distinct(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """
    A text column changed cell by cell, each distinct cell once.

    Examples
    --------
    >>> by_distinct(pd.Series(["a", "b", "a"], dtype="str"), str.upper).tolist()
    ['A', 'B', 'A']
    """
    places, texts = pd.factorize(cells)
    return spread([change(str(text)) for text in texts], places)


def by_place(draft: Draft, name: str, change: Callable[[str], str]) -> pd.Series:
    """A checked text column changed cell by cell, as :func:`by_distinct`."""
    texts, codes = draft.columns.distinct(name)
    return spread([change(text) for text in texts], codes)


def days_as_text(days: np.ndarray) -> pd.Categorical:
    """
    Days as ``YYYY-MM-DD``, years as ``YYYY``, NaT as ``""``: each distinct one is written once.

    Examples
    --------
    >>> list(days_as_text(np.array(["2024-02-29", "2024-02-29"], "M8[D]")))
    ['2024-02-29', '2024-02-29']
    """
    places, numbers = pd.factorize(days.astype(np.int64))
    moments = numbers.astype(days.dtype)
    return pd.Categorical.from_codes(places, categories=np.where(np.isnat(moments), "", moments.astype(str)))


def sets_in_words(masks: Mapping[str, np.ndarray]) -> pd.Series:
    """
    The words whose masks are true, in the order of the alphabet, ``;``-separated.

    Examples
    --------
    >>> sets_in_words({"trade": np.array([True, True]), "arms": np.array([True, False])}).tolist()
    ['arms;trade', 'trade']
    """
    words = sorted(masks)
    bits = np.bitwise_or.reduce([np.asarray(masks[word], np.int64) << at for at, word in enumerate(words)])
    sets = [[word for place, word in enumerate(words) if n >> place & 1] for n in range(2 ** len(words))]
    return spread([";".join(found) for found in sets], bits)


def years_told(draft: Draft, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Years of the form 19.. or 20.. as datetime64[Y], 2000 for other cells, and which rows are of that form."""
    texts, codes = draft.columns.distinct(name)
    good = np.array([re.fullmatch(r"(19|20)\d\d", text, re.ASCII) is not None for text in texts], dtype=bool)
    years = np.array([int(text) if sound else 2000 for text, sound in zip(texts, good)], np.int64)
    return (years[codes] - 1970).astype("M8[Y]"), good[codes]


def yes_or_no(mask: np.ndarray) -> pd.Series:
    """Truth values in words."""
    return spread(["no", "yes"], np.asarray(mask, dtype=np.int64))


def open_published(
    path: str | PathLike[str], columns: tuple[Column, ...], options: Options, reader: str
) -> Draft:
    """The cells of a file that :func:`risk.reading.read_table` could open, as a draft of the publisher's columns."""
    try:
        payload, grid = read_grid(path, options)
    except TableError as reason:
        raise refused_as(reason) from reason
    return draft_of(payload, grid, columns, options, reader)


def draft_of(
    payload: Payload, grid: Grid, columns: tuple[Column, ...], options: Options, reader: str
) -> Draft:
    """A draft from cells that a reader has got out of a file by itself; the file must not have changed."""
    if digest_of(payload.path) != payload.digest:
        raise FeedError(f"{payload.path} was changed while it was read; read it again", "file.changed")
    raw = Schema(columns, noun="rows", reader=reader, error=FeedError)
    draft = Draft(grid.frame, raw, options, grid.rows, name=payload.name, digest=payload.digest)
    draft.faults = [RowError(row, "", code, message, text) for row, code, message, text in grid.faults]
    for code, count, words in grid.notes:
        draft.note(code, count, words)
    return draft


def refused_as(reason: TableError) -> FeedError:
    """The same refusal as an error of an outside file."""
    return FeedError(str(reason), reason.code, reason.row, reason.column, reason.errors)


def finish(draft: Draft, mapping: Mapped, target: Schema, rule: Rule | None = None) -> Reading:
    """
    The reading of a data set: publisher's cells cleaned, mapped, and checked as a table of ours.

    Parameters
    ----------
    draft : Draft
        From :func:`open_published` or :func:`draft_of`; its options say whether malformed rows raise.
    mapping : callable
        Given the draft with its cleaned ``columns``: a frame of as many rows in the target's columns. It refuses
        rows on the draft; what it returns for them is not looked at.
    target, rule
        Schema and own rule of our table.
    """
    wanted, draft.options = draft.options, replace(draft.options, errors="quarantine")
    made: list[pd.DataFrame] = []
    check_cells(draft, lambda checked: made.append(mapping(checked)))
    refused, report = draft.verdict()
    kept = draft.sound()
    frame = made[0] if kept.all() else made[0][kept]
    options = replace(draft.options, allow_empty=True)
    inner = Draft(frame.reset_index(drop=True), target, options, draft.rows[kept])
    reading = _joined(draft.name, refused, report, check_draft(inner, rule))
    if wanted.errors == "raise":
        _stop(reading, draft.schema)
    return reading


def _joined(name: str, refused: pd.DataFrame, before: Report, inner: Reading) -> Reading:
    """What was refused before and after the mapping, in one."""
    both = [part for part in (refused, inner.rejected) if len(part)]
    rejected = inner.rejected
    if both:
        rejected = pd.concat(both).sort_values("row", kind="stable", ignore_index=True)
    notes = [note for note in (*before.notes, *inner.report.notes) if note.code != "column.extra"]
    report = Report(
        rows_read=before.rows_read,
        accepted=len(inner.table),
        rejected=len(rejected),
        unmapped=before.unmapped + inner.report.unmapped,
        notes=tuple(notes),
        policies=before.policies + inner.report.policies,
        digest=before.digest,
    )
    return Reading(inner.table, rejected, report, name=name)


def _stop(reading: Reading, schema: Schema) -> None:
    codes = reading.rejected["code"]
    malformed = [not quiet(str(code)) for code in codes]
    if any(malformed):
        bad = reading.rejected[malformed].drop(columns="more")
        listed = [RowError(*entry) for entry in bad.itertuples(index=False, name=None)]
        words = (schema.noun, schema.remedy)
        raise schema.error.of_rows(listed, reading.report.rows_read, len(bad), words)
