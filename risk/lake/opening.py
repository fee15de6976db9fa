"""Opening files as a lazy frame: Parquet, csv, gz; on DuckDB unless another engine is named."""

from __future__ import annotations

import csv
import gzip
import os
import tempfile
import zlib
from collections.abc import Sequence
from functools import cache
from os import PathLike
from pathlib import Path

import narwhals as nw

from risk.lake.maps import as_lazy, told
from risk.lake.shapes import GDELT_1, GDELT_2, LakeError

__all__ = ["open_lake"]

GDELT = (GDELT_1[:-1], GDELT_1, GDELT_2)  # before April 2013 without SOURCEURL

MEMORY = "700MB"  # DuckDB's own; with Python, arrow and pandas around it a run stays under 1 GB
PARQUET = (".parquet", ".pq")


def open_lake(
    path: str | PathLike[str] | Sequence[str | PathLike[str]], engine="duckdb", *, memory: str = MEMORY
) -> nw.LazyFrame:
    """
    Files as a lazy frame that reads only the columns it is asked for.

    Parameters
    ----------
    path : path or list of paths
        Files of one kind, or a folder of Parquet files (as `append_days` writes it). Text files have
        GDELT's 58 or 61 tab-separated columns and no header, or a header and commas; packed ones end in
        ``.gz``.
    engine : "duckdb", "polars", "dask" or a SparkSession
    memory : str
        What DuckDB may use before it goes to disk.

    Returns
    -------
    narwhals.LazyFrame
        Text files: every column is text.

    Raises
    ------
    LakeError
        If a file is missing, is not of one of these kinds, or has other columns than the first.
    """
    files = _files(path)
    if files[0].suffix in PARQUET:
        return as_lazy(_parquet(files, engine, memory))
    columns = _columns(files[0])
    for file in files[1:]:
        if file.stat().st_size and _columns(file) != columns:
            raise LakeError(
                f"{file.absolute()} has other columns than {files[0].name}, or another order; open them apart"
            )
    return as_lazy(_text(files, columns, engine, memory))


def _files(path) -> list[Path]:
    paths = [Path(one) for one in (path if isinstance(path, (list, tuple)) else [path])]
    files = [
        file for one in paths for file in (sorted(one.rglob("[!.]*.parquet")) if one.is_dir() else [one])
    ]
    missing = [str(file.absolute()) for file in [*paths, *files] if not file.exists()]
    if missing:
        raise LakeError(f"{len(missing)} of {len(paths)} files are not there: {missing[0]}")
    if not files:
        raise LakeError(f"{paths[0].absolute()} holds no Parquet file; name text files one by one, as a list")
    kinds = {file.suffix in PARQUET for file in files}
    if len(kinds) > 1:
        raise LakeError("Parquet and text files in one lake; open them apart")
    if any(file.suffix == ".zip" for file in files):
        raise LakeError("a zip file is not read here; unpack it, or use the source's reader")
    return files


def _columns(file: Path) -> tuple[str, ...]:
    """Column names of a text file: GDELT's by their number, or the header's."""
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as opened:
            line = opened.readline(1 << 20).decode("utf-8-sig", errors="replace").rstrip("\r\n")
    except (OSError, EOFError, zlib.error) as error:
        raise LakeError(f"{file.absolute()} cannot be read: {error}") from error
    if not line:
        raise LakeError(f"{file.absolute()} is empty")
    known = {len(columns): columns for columns in GDELT}
    n = line.count("\t") + 1
    if n in known:
        return known[n]
    if n > 1:
        raise LakeError(
            f"{file.absolute()} has {n} tab-separated columns; GDELT's event files have 57, 58 or 61"
        )
    names = tuple(name.strip() for name in next(csv.reader([line])))
    if twice := [name for name in names if names.count(name) > 1]:
        raise LakeError(f"{file.absolute()} has column {twice[0]!r} twice; which one counts?")
    return names


@cache
def _database(memory: str):
    """One DuckDB in memory per limit; what does not fit goes to the temporary folder."""
    import duckdb

    spill = os.path.join(tempfile.gettempdir(), f"risk-lake-{os.getpid()}")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": spill,
        "preserve_insertion_order": False,
    }
    return duckdb.connect(config=settings)


_SESSIONS: list = []


def _session(memory: str):
    """A session of its own for each lake; kept, since older DuckDB forgets a relation whose session is dropped."""
    _SESSIONS.append(_database(memory).cursor())
    return _SESSIONS[-1]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _parquet(files: list[Path], engine, memory: str):
    names = [str(file) for file in files]
    if engine == "duckdb":
        listed = ", ".join(_quoted(name) for name in names)
        source = f"read_parquet([{listed}], union_by_name=true, hive_partitioning=false)"
        with told():
            return _session(memory).sql(f"SELECT * FROM {source}")
    if engine == "polars":
        from importlib import import_module

        return import_module("polars").scan_parquet(names, hive_partitioning=False)
    if engine == "dask":
        from dask.dataframe import read_parquet

        return read_parquet(names)
    return engine.read.parquet(*names)


def _text(files: list[Path], columns: tuple[str, ...], engine, memory: str):
    names = [str(file) for file in files]
    gdelt = columns in GDELT
    mark, quote = ("\t", "") if gdelt else (",", '"')
    if engine == "duckdb":
        listed = ", ".join(_quoted(name) for name in names)
        types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in columns)
        source = (
            f"read_csv([{listed}], delim='{mark}', quote='{quote}', escape='{quote}', header={not gdelt}, "
            f"auto_detect=false, columns={{{types}}})"
        )
        return _session(memory).sql(f"SELECT * FROM {source}")
    if engine == "polars":
        from importlib import import_module

        polars = import_module("polars")
        schema = dict.fromkeys(columns, polars.String)
        return polars.scan_csv(
            names, separator=mark, quote_char=quote or None, has_header=not gdelt, schema=schema
        )
    if engine == "dask":
        from dask.dataframe import read_csv

        rules = {"header": None, "quoting": 3} if gdelt else {"header": 0}
        size = None if names[0].endswith(".gz") else "64MB"
        return read_csv(
            names, sep=mark, names=list(columns), dtype=str, keep_default_na=False, blocksize=size, **rules
        )
    fields = ", ".join(f"`{name}` STRING" for name in columns)
    return engine.read.csv(names, schema=fields, sep=mark, quote=quote, header=not gdelt)
