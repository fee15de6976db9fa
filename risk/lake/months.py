"""A lake on disk: Parquet files by month, replaced whole or not at all, with a checksum on every page."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from risk.lake.maps import arrow_batches, as_lazy
from risk.lake.shapes import DAY, LakeError, shape_of
from risk.lake.sums import lake_frame

__all__ = ["append_days", "check_months"]

LOCK = ".writing"
FILE = "events.parquet"
_REPORT = ["month", "rows_before", "rows_given", "rows_after"]
_KEPT = ("GLOBALEVENTID", "SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "EventCode", "DATEADDED")
_DAYS = ("date", "known_on", "end", "end_known_on")
_NUMBERS = ("magnitude", "value", "confidence")
_KEYS = {"gdelt": ("GLOBALEVENTID", *_KEPT[1:4]), "events": ("event_id", "date", "actor", "recipient")}


def append_days(folder: str | PathLike[str], source) -> pd.DataFrame:
    """
    Add new rows to a lake, touching only the months they fall into.

    A late file goes to the months of its days, in whatever order files arrive; a row whose id is already in
    its month replaces the old one, so a file added twice changes nothing. Each month's old file is read
    with its checksums verified; the new one is written beside it, flushed to disk and put in its place in
    one step: a reader sees the old month or the new one, and a crash leaves the old. GDELT rows keep their
    raw codes (and only the columns that the sums need), so that a later codebook reads the same lake.

    Parameters
    ----------
    folder : path
        The lake; made if it is not there. One writer at a time.
    source : path, list of paths, or frame
        As in `daily_sums`, with an ``event_id`` (or ``GLOBALEVENTID``).

    Returns
    -------
    pandas.DataFrame
        One row per month touched: ``month, rows_before, rows_given, rows_after``.

    Raises
    ------
    LakeError
        If another writer is at work (named with its process and since when), a row has no id or no day, columns
        are missing or not the lake's, or an old month is damaged; that month and the later ones then stay as
        they were.

    Examples
    --------
    >>> import tempfile
    >>> rows = pd.DataFrame({"event_id": ["e1", "e2"], "date": ["2024-05-31", "2024-06-01"], "actor": "RUS",
    ...                      "recipient": "VEN", "event_type": "drill.joint"})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     append_days(folder, rows)[["month", "rows_after"]].to_numpy().tolist()
    [['2024-05', 1], ['2024-06', 1]]
    """
    lake = Path(folder)
    if lake.exists() and not lake.is_dir():
        raise LakeError(f"{lake.absolute()} is a file; a lake is a folder")
    lake.mkdir(parents=True, exist_ok=True)
    with _alone(lake):
        months = (_replace_month(lake, month, rows) for month, rows in _by_month(source, _shape(lake)))
        return pd.DataFrame(list(months), columns=_REPORT)


def check_months(folder: str | PathLike[str]) -> pd.DataFrame:
    """
    Every month's file read through with its checksums verified: what a nightly job looks at.

    DuckDB and Polars read Parquet without looking at checksums, so a flipped bit would come out as a wrong
    number.

    Returns
    -------
    pandas.DataFrame
        ``month, n_rows, problem``; the problem is empty where the file is sound, and ``n_rows`` is then
        exact.

    Raises
    ------
    LakeError
        If there is no such folder.
    """
    if not Path(folder).is_dir():
        raise LakeError(f"{Path(folder).absolute()} is not a folder")
    return pd.DataFrame(
        [_state_of(file) for file in _files(Path(folder))], columns=["month", "n_rows", "problem"]
    )


def _files(lake: Path) -> list[Path]:
    return sorted(lake.glob(f"month=*/{FILE}"))


def _state_of(file: Path) -> tuple[str, int, str]:
    month = file.parent.name.removeprefix("month=")
    try:
        return month, len(_read(file)), ""
    except LakeError as error:
        return month, 0, str(error)


@contextmanager
def _alone(lake: Path) -> Iterator[None]:
    """Hold the lake's lock; a lock left by a crash is named, never taken away by itself."""
    lock = lake / LOCK
    try:
        with lock.open("x") as held:
            held.write(f"process {os.getpid()} on {socket.gethostname()}")
    except FileExistsError:
        age = max(0.0, time.time() - lock.stat().st_mtime)
        raise LakeError(
            f"{lock.absolute()} is there: another writer is at work ({lock.read_text() or 'unknown'}, for "
            f"{age:.0f} s); remove it if none is"
        ) from None
    try:
        for rubbish in lake.glob(f"month=*/.{FILE}.*"):  # of a writer that was killed
            rubbish.unlink()
        yield
    finally:
        lock.unlink()


def _shape(lake: Path) -> str | None:
    """The shape of a lake's rows: that of its first sound month."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for file in _files(lake):
        try:
            return shape_of(pq.read_schema(file).names)
        except (OSError, pa.ArrowException):
            continue
    return None


def _by_month(source, expected: str | None) -> Iterator[tuple[str, object]]:
    """The new rows month by month, sorted by day and dyad, in one pass; sorting goes to disk if it must."""
    import pyarrow as pa

    frame = lake_frame(source)
    if not frame.implementation.is_duckdb():
        frame = frame.collect("pyarrow").lazy("duckdb")
    names = frame.collect_schema().names()
    shape = shape_of(names)
    if expected not in (None, shape):
        raise LakeError(
            f"the lake holds {expected} rows and these are {shape} rows; give each a lake of its own"
        )
    if (key := _KEYS[shape])[0] not in names:
        raise LakeError(f"no column {key[0]}: without an id a file added twice would count twice")
    columns = (
        _event_columns(names)
        if shape == "events"
        else ", ".join(
            f'NULLIF(CAST("{name}" AS VARCHAR), \'\') AS "{name}"' for name in _KEPT if name in names
        )
    )
    months = {"gdelt": "SQLDATE[1:4] || '-' || SQLDATE[5:6]", "events": "strftime(date, '%Y-%m')"}
    days = [f"regexp_matches({name}[1:8], '{DAY}')" for name in ("SQLDATE", "DATEADDED") if name in names]
    sound = " AND ".join([f'"{key[0]}" IS NOT NULL', *(days if shape == "gdelt" else [])])
    month = f"CASE WHEN {sound} THEN {months[shape]} END"
    order = ", ".join(f'"{name}"' for name in key[1:])
    rows = f"SELECT *, {month} AS lake_month FROM (SELECT {columns} FROM lake)"
    query = f"{rows} ORDER BY lake_month NULLS FIRST, {order}"  # a row without a month stops all before any is written
    waiting: list = []
    for batch in arrow_batches(as_lazy(frame.to_native().query("lake", query)), 1 << 18):
        table = pa.Table.from_batches([batch])
        labels = table["lake_month"].to_numpy(zero_copy_only=False)
        edges = np.flatnonzero(np.append(True, labels[1:] != labels[:-1]))[: len(labels)].tolist()
        for start, stop in zip(edges, [*edges[1:], len(labels)]):
            if waiting and waiting[0][0] != labels[start]:
                yield waiting[0][0], pa.concat_tables([part for _, part in waiting])
                waiting = []
            waiting.append((labels[start], table.slice(start, stop - start).drop_columns(["lake_month"])))
    if waiting:
        yield waiting[0][0], pa.concat_tables([part for _, part in waiting])


def _event_columns(names: list[str]) -> str:
    """Columns of the event table in one form, whatever the source's: days, numbers, the rest text."""
    forms = dict.fromkeys(_DAYS, "DATE") | dict.fromkeys(_NUMBERS, "DOUBLE")
    kept = [name for name in names if name != "month"]
    cells = (f"NULLIF(CAST(\"{name}\" AS VARCHAR), '')" for name in kept)
    return ", ".join(
        f'CAST({cell} AS {forms.get(name, "VARCHAR")}) AS "{name}"' for name, cell in zip(kept, cells)
    )


def _replace_month(lake: Path, month: str | None, given) -> list:
    import pyarrow as pa
    import pyarrow.compute as pc

    key = _KEYS[shape_of(given.column_names)]
    if month is None:
        shown = [name for name in given.column_names if name in (*key, "DATEADDED")]
        cells = ", ".join(f"{name} {given[name][0].as_py()!s}" for name in shown)
        raise LakeError(
            f"{len(given)} rows without a day or without {key[0]}, the first: {cells}; give every row both"
        )
    file = lake / f"month={month}" / FILE
    new = given.filter(pa.array(~pd.Series(given[key[0]].to_pandas()).duplicated(keep="last").to_numpy()))
    old = _read(file) if file.exists() else new.slice(0, 0)
    if set(old.column_names) != set(new.column_names):
        differing = ", ".join(sorted(set(old.column_names) ^ set(new.column_names)))
        raise LakeError(f"the lake's columns and the new rows' differ: {differing}; give both the same")
    kept = old.filter(pc.invert(pc.is_in(old[key[0]], new[key[0]])))
    both = pa.concat_tables([kept, new.select(kept.column_names).cast(kept.schema)])
    _write(file, both.sort_by([(name, "ascending") for name in key[1:]]) if len(kept) else both)
    return [month, len(old), len(given), len(both)]


def _read(file: Path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(file, page_checksum_verification=True).read()
    except (OSError, pa.ArrowException) as error:
        raise LakeError(f"{file.absolute()} is damaged ({error}); restore it before adding to it") from error


def _write(file: Path, table) -> None:
    """Write beside, flush, then take the old file's place in one step."""
    import pyarrow.parquet as pq

    file.parent.mkdir(exist_ok=True)
    beside = file.with_name(f".{FILE}.{os.getpid()}")
    try:
        pq.write_table(table, beside, compression="zstd", write_page_checksum=True, row_group_size=1 << 20)
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
