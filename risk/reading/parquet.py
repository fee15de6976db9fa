"""Parquet to rows: types are judged per column before a cell is read, page checksums are verified."""

from __future__ import annotations

import io
from types import ModuleType

import numpy as np

from risk.reading.files import Payload
from risk.reading.grid import Grid
from risk.reading.options import Options
from risk.reading.problems import TableError

__all__ = ["read_parquet"]


def read_parquet(payload: Payload, options: Options) -> Grid:
    """The grid of a Parquet file; rows count from 1."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise TableError(
            "Parquet needs pyarrow: pip install 'geopolitical-risk[lake]'", "file.extra"
        ) from None
    try:
        file = pq.ParquetFile(io.BytesIO(payload.content), page_checksum_verification=True)
        if file.metadata.num_rows > options.max_rows:
            raise TableError(f"{payload.path} has more than max_rows={options.max_rows}", "file.too_large")
        _refuse_types(payload, file.schema_arrow, pa)
        table = file.read().replace_schema_metadata()
        frame = table.to_pandas(ignore_metadata=True)
    except TableError:
        raise
    except Exception as reason:  # pyarrow lets errors of its metadata's JSON and text through
        raise TableError(f"{payload.path} is damaged or not Parquet: {reason}", "file.damaged") from reason
    grid = Grid(frame, np.arange(1, len(frame) + 1))
    grid.kinds = {field.name: kind for field in table.schema if (kind := _kind(field.type, pa))}
    return grid


def _kind(of, pa: ModuleType) -> str:
    """What a column holds, in a word; ``""`` where every cell is missing."""
    of = of.value_type if pa.types.is_dictionary(of) else of
    if pa.types.is_boolean(of):
        return "truth values"
    if pa.types.is_duration(of) or pa.types.is_time(of):
        return "durations"
    if pa.types.is_date(of) or pa.types.is_timestamp(of):
        return "date"
    if pa.types.is_null(of):
        return ""
    return (
        "number" if pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_decimal(of) else "text"
    )


def _refuse_types(payload: Payload, schema, pa: ModuleType) -> None:
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            message = (
                f"{payload.path}: column {field.name} has type {field.type}; text, dates and numbers are read"
            )
            raise TableError(message, "column.type", None, field.name)
