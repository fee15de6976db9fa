"""What daily sums do not hold: rows that stay whole for the ledger, and rows that count nowhere, with reasons."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.lake.maps import beside, code_table, collected
from risk.lake.rows import actor_table, faults, gdelt_columns, needs_ledger, typed
from risk.lake.shapes import DAY, shape_of
from risk.lake.sums import lake_frame, lazy_daily_sums

__all__ = ["kept_whole", "left_out"]


def kept_whole(lake, codebook: Codebook | None = None) -> pd.DataFrame:
    """
    The rows of an event lake that daily sums leave to the ledger, as they are.

    Stages and reports of one act (``act_id``, ``stage``), acts of several states (``participants``), rows
    that name a measure, and states of affairs. Few in any lake; add them to `as_events` for scores that are
    the raw events' own.

    Returns
    -------
    pandas.DataFrame
        The lake's own columns; no rows for GDELT, which has acts of one day only.

    Examples
    --------
    >>> rows = pd.DataFrame({"date": ["2024-05-01"] * 2, "actor": "RUS", "recipient": "VEN",
    ...                      "event_type": ["drill.joint", "defence.base"]})
    >>> kept_whole(rows)["event_type"].tolist()
    ['defence.base']
    """
    book = codebook if codebook is not None else load_codebook()
    frame = lake_frame(lake)
    names = frame.collect_schema().names()
    if shape_of(names) == "gdelt":
        return pd.DataFrame(columns=names)
    rows = typed(frame, book, "goldstein")
    return collected(rows.filter(needs_ledger(rows)).select(*names)).to_pandas()


def left_out(
    lake, codebook: Codebook | None = None, scale: str = "goldstein", *, actors: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    How many rows the daily sums count, and why the others are not in them.

    Returns
    -------
    pandas.DataFrame
        ``reason, value, n_rows``, most first. Reasons: ``counted``, ``no actor``, ``one state``, ``actor
        unknown`` and ``code refused`` (with the code), ``state did not exist``, ``not a day``, ``kept whole``;
        and those for which `daily_sums` refuses an event table: ``type unknown``, ``magnitude out of range``
        and so on, with the cell. They add up to the lake's rows.

    Examples
    --------
    >>> rows = pd.DataFrame({"SQLDATE": "20240501", "Actor1CountryCode": "RUS", "Actor2CountryCode": "VEN",
    ...                      "EventCode": ["057", "010"]})
    >>> left_out(rows).to_numpy().tolist()
    [['code refused', '010', 1], ['counted', '', 1]]
    """
    book = codebook if codebook is not None else load_codebook()
    frame = lake_frame(lake)
    gdelt = shape_of(frame.collect_schema().names()) == "gdelt"
    marked = _gdelt_reasons(frame, book, scale, actors) if gdelt else _event_reasons(frame, book, scale)
    table = collected(marked.group_by("reason", "value").agg(n_rows=nw.len())).to_pandas()
    table["n_rows"] = table["n_rows"].astype(np.int64)
    if gdelt:
        days = [name for name in ("SQLDATE", "DATEADDED") if name in frame.collect_schema().names()]
        dated = frame.filter(*(~_no_day(nw.col(name)) for name in days))
        sums = lazy_daily_sums(dated, book, scale, actors=actors).select(nw.col("n_events").sum())
        alive = int(collected(sums)["n_events"][0].as_py() or 0)
        gone = int(table.loc[table["reason"] == "counted", "n_rows"].sum()) - alive
        table.loc[table["reason"] == "counted", "n_rows"] = alive
        table.loc[len(table)] = ["state did not exist", "", gone]
    table = table[table["n_rows"] > 0]
    return table.sort_values(["n_rows", "reason", "value"], ascending=[False, True, True], ignore_index=True)


def _gdelt_reasons(
    frame: nw.LazyFrame, book: Codebook, scale: str, actors: pd.DataFrame | None
) -> nw.LazyFrame:
    rows = gdelt_columns(frame).with_columns(nw.col("actor_code", "recipient_code", "code").fill_null(""))
    rows = rows.join(beside(frame, code_table(book, scale)), on="code", how="left")
    for side in ("actor", "recipient"):
        rows = rows.join(beside(frame, actor_table(actors, side)), on=f"{side}_code", how="left")
    blank = (nw.col("actor_code") == "") | (nw.col("recipient_code") == "")
    return _reasons(
        rows,
        [
            (blank, "no actor", nw.lit("")),
            (nw.col("actor_code") == nw.col("recipient_code"), "one state", nw.lit("")),
            (nw.col("actor").is_null(), "actor unknown", nw.col("actor_code")),
            (nw.col("recipient").is_null(), "actor unknown", nw.col("recipient_code")),
            (nw.col("actor") == nw.col("recipient"), "one state", nw.lit("")),
            (nw.col("event_type").is_null(), "code refused", nw.col("code")),
            *(
                (_no_day(nw.col(name)), "not a day", nw.col(name).fill_null(""))
                for name in ("day", "known_on")
            ),
        ],
    )


def _event_reasons(frame: nw.LazyFrame, book: Codebook, scale: str) -> nw.LazyFrame:
    rows = typed(frame, book, scale).with_columns(nw.col("actor", "recipient").fill_null(""))
    return _reasons(
        rows,
        [
            (needs_ledger(rows), "kept whole", nw.lit("")),
            ((nw.col("actor") == "") | (nw.col("recipient") == ""), "no actor", nw.lit("")),
            (nw.col("actor") == nw.col("recipient"), "one state", nw.lit("")),
            *faults(rows),
            *_wrong_days(rows),
        ],
    )


def _no_day(day: nw.Expr) -> nw.Expr:
    """Whether the eight digits that a cell begins with are no day."""
    return ~day.cast(nw.String).str.slice(0, 8).fill_null("").str.contains(DAY)


def _wrong_days(rows: nw.LazyFrame) -> list[tuple[nw.Expr, str, nw.Expr]]:
    """The days of an event table that are written as texts and are no day."""
    schema = rows.collect_schema()
    written = [name for name in ("date", "known_on") if name in schema.names() and schema[name] == nw.String]
    digits = {name: nw.col(name).fill_null("").str.replace_all("-", "", literal=True) for name in written}
    return [
        (~text.str.contains(DAY) & ((text != "") | (name == "date")), "not a day", nw.col(name).fill_null(""))
        for name, text in digits.items()
    ]


def _reasons(rows: nw.LazyFrame, cases: list[tuple[nw.Expr, str, nw.Expr]]) -> nw.LazyFrame:
    """The first case that holds, by row."""
    reason, value = nw.lit("counted"), nw.lit("")
    for holds, name, about in reversed(cases):
        reason = nw.when(holds).then(nw.lit(name)).otherwise(reason)
        value = nw.when(holds).then(about).otherwise(value)
    return rows.select(reason=reason, value=value)
