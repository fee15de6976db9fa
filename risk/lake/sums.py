"""Daily sums: one expression that reduces an event lake on any engine."""

from __future__ import annotations

import os

import narwhals as nw
import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.lake.maps import as_lazy, beside, collected, spell_table
from risk.lake.opening import open_lake
from risk.lake.rows import event_rows, gdelt_rows
from risk.lake.shapes import REFUSED, LakeError, shape_of

__all__ = ["KEYS", "daily_sums", "lake_frame", "lazy_daily_sums", "lazy_day_stocks", "refuse"]

KEYS = ("a", "b", "event_type", "day", "known_on")


def daily_sums(
    lake, codebook: Codebook | None = None, scale: str = "goldstein", *, actors=None
) -> pd.DataFrame:
    r"""
    Sums and counts of the signed weights of a lake's acts, by dyad, type, day and day known.

    .. math:: \text{weight} = \sum_\text{rows} g\, m\, q

    with intensity g of the type, magnitude m and confidence q of the row (the type's default and 1 where
    the lake has none). Acts told later than their day have a row of their own per ``known_on``, so that no
    score counts them before. Rows that need the ledger (stages and reports of one act, acts of several
    states, measures, states of affairs) are not acts of one day: `kept_whole` gives them.

    Parameters
    ----------
    lake : path, list of paths, or frame
        Parquet, csv or gz files or a folder of Parquet, read by DuckDB; or a lazy or eager frame of DuckDB,
        Polars, Dask, PySpark, pandas or narwhals, run by its own engine. In GDELT's columns (58 or 61) or
        the event table's.
    codebook : Codebook, optional
        None: the embedded one.
    scale : {"goldstein", "plover"}
    actors : pandas.DataFrame, optional
        ``code, state``: what GDELT's actor country codes mean; None: `actor_codes`.

    Returns
    -------
    pandas.DataFrame
        ``a, b`` (alphabetical), ``event_type, day, known_on, weight, n_events``, sorted by day, then by name.

    Raises
    ------
    LakeError
        If columns are missing, CAMEO codes are not text, a row cannot be read, or a row of the event table
        cannot be used (`left_out` says which and how many).
    CodebookError
        If the event table's types are not the codebook's.

    Examples
    --------
    >>> rows = pd.DataFrame({"date": ["2024-05-01"] * 2, "actor": ["RUS", "VEN"], "recipient": ["VEN", "RUS"],
    ...                      "event_type": "drill.joint"})
    >>> daily_sums(rows)[["a", "b", "weight", "n_events"]].to_numpy().tolist()
    [['RUS', 'VEN', 1.48, 2]]
    """
    book = codebook if codebook is not None else load_codebook()
    found = collected(lazy_daily_sums(lake, book, scale, actors=actors))
    encoded = {name: found[name].combine_chunks().dictionary_encode() for name in KEYS[:3]}
    book.intensity(np.asarray(encoded["event_type"].dictionary.to_pylist(), dtype=object), scale)
    refuse(found["weight"].to_numpy(), sum(found[name].null_count for name in KEYS[3:]))
    order = _order(found, encoded)
    columns = {name: _texts(encoded[name], order) for name in KEYS[:3]}
    columns |= {name: _days(found[name])[order].astype("datetime64[s]") for name in KEYS[3:]}
    columns["weight"] = found["weight"].to_numpy()[order].astype(float)
    columns["n_events"] = found["n_events"].to_numpy()[order].astype(np.int64)
    return pd.DataFrame(columns)


def refuse(weights: np.ndarray, n_undated: int) -> None:
    """Raise if some sum holds a row that cannot be used."""
    if n := max(n_undated, int((np.abs(weights) >= REFUSED / 2).sum())):
        raise LakeError(
            f"{n} sums hold rows that cannot be used (a number out of range, no day, or a type the codebook does "
            "not have); left_out(lake) names and counts them"
        )


def _texts(encoded, order: np.ndarray) -> pd.Series:
    return pd.Series(encoded.take(np.asarray(order)).cast("string").to_pandas(), dtype="str")


def _days(column) -> np.ndarray:
    return column.to_numpy().astype("datetime64[D]")


def _order(found, encoded: dict) -> np.ndarray:
    """Order by day, dyad, type and day known: the ranks of all five as one whole number, sorted once."""
    days, known = (_days(found[name]).astype(np.int64) for name in KEYS[3:])
    key = days - days.min(initial=0)
    for name in KEYS[:3]:
        names = np.asarray(encoded[name].dictionary.to_pylist(), dtype=object).astype(str)
        rank = np.argsort(np.argsort(names))
        key = key * max(len(names), 1) + rank[encoded[name].indices.to_numpy()] if len(names) else key
    first = known.min(initial=0)
    return np.argsort(key * (known.max(initial=0) - first + 1) + (known - first))


def lazy_daily_sums(
    lake, codebook: Codebook | None = None, scale: str = "goldstein", *, actors: pd.DataFrame | None = None
) -> nw.LazyFrame:
    """
    The same sums, not yet computed, on the lake's own engine: what stays on a cluster.

    Write them with ``.to_native()`` and the engine's own writer. A row that cannot be used weighs 1e300 here, so
    that its sum is refused by `as_events`.

    Examples
    --------
    >>> rows = pd.DataFrame({"date": ["2024-05-01"], "actor": ["RUS"], "recipient": ["VEN"],
    ...                      "event_type": ["drill.joint"]})
    >>> lazy_daily_sums(rows).collect_schema().names()
    ['a', 'b', 'event_type', 'day', 'known_on', 'weight', 'n_events']
    """
    book = codebook if codebook is not None else load_codebook()
    return _reduced(
        lake_frame(lake), book, scale, actors, KEYS, [nw.col("weight").sum(), nw.len().alias("n_events")]
    )


def lazy_day_stocks(lake, codebook: Codebook, scale: str, actors: pd.DataFrame | None = None) -> nw.LazyFrame:
    """
    What each day adds to the stocks of a dyad, not yet computed.

    The types of a day are summed by sign and clock: ``a, b, day, known_on``, and ``conflict_fast,
    conflict_slow, cooperation_fast, cooperation_slow`` (each at least 0), where a type's persistence is the
    share of its weight on the slow clock.
    """
    keys = tuple(name for name in KEYS if name != "event_type")
    slow = nw.col("weight") * nw.col("persistence")
    parts = {}
    for name, sign in (("conflict", -1), ("cooperation", 1)):
        here = nw.col("weight") * sign > 0
        for clock, part in (("fast", nw.col("weight") - slow), ("slow", slow)):
            parts[f"{name}_{clock}"] = nw.when(here).then(part * sign).otherwise(nw.lit(0.0))
    totals = [nw.col(name).sum() for name in parts]
    return _reduced(lake_frame(lake), codebook, scale, actors, keys, totals, **parts)


def _reduced(
    frame: nw.LazyFrame,
    book: Codebook,
    scale: str,
    actors: pd.DataFrame | None,
    keys: tuple[str, ...],
    totals: list[nw.Expr],
    **parts: nw.Expr,
) -> nw.LazyFrame:
    """The one expression: rows with their weights, grouped by dyad and day, on whatever engine."""
    gdelt = shape_of(frame.collect_schema().names()) == "gdelt"
    rows = gdelt_rows(frame, book, scale, actors) if gdelt else event_rows(frame, book, scale)
    one, two = nw.col("actor"), nw.col("recipient")
    first = nw.when(one < two).then(one).otherwise(two)
    second = nw.when(one < two).then(two).otherwise(one)
    sums = rows.with_columns(a=first, b=second, **parts).group_by(*keys).agg(*totals)
    return _dated(_existing(sums) if gdelt else sums)


def lake_frame(lake) -> nw.LazyFrame:
    """A lake as a lazy frame: paths are opened with DuckDB."""
    return open_lake(lake) if isinstance(lake, (str, os.PathLike, list, tuple)) else as_lazy(lake)


def _dated(sums: nw.LazyFrame) -> nw.LazyFrame:
    """Days that are still texts as days: parsed once per sum, not once per row."""
    schema = sums.collect_schema()
    days = [
        nw.col(name).str.replace_all("-", "", literal=True).str.to_datetime(format="%Y%m%d").cast(nw.Date)
        for name in KEYS[3:]
        if schema[name] == nw.String
    ]
    counts = [nw.col("n_events").cast(nw.Int64)] if "n_events" in schema.names() else []
    kept = [name for name in schema.names() if not name.endswith(("_state", "_from", "_to"))]
    return sums.with_columns(*days, *counts).select(*kept) if days or counts else sums.select(*kept)


def _existing(sums: nw.LazyFrame) -> nw.LazyFrame:
    """Only sums of two states that existed on the day."""
    for side in ("a", "b"):
        spells = beside(sums, spell_table(side))
        sums = sums.join(spells, left_on=side, right_on=f"{side}_state")
        sums = sums.filter(nw.col("day") >= nw.col(f"{side}_from"), nw.col("day") < nw.col(f"{side}_to"))
    return sums
