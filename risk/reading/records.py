"""JSON records to rows: strict JSON only, no doubled keys, no NaN, no deep nesting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from risk.reading.delimited import MARKED, decoded
from risk.reading.files import Payload
from risk.reading.grid import Grid
from risk.reading.options import Options
from risk.reading.problems import TableError

__all__ = ["read_json", "read_json_lines"]

_LONG_NUMBER = "a number is too long to be read"
DEEPEST = 3  # a list of records of cells that may be lists of codes


@dataclass(frozen=True)
class _Doubled:
    key: str


@dataclass(frozen=True)
class _Constant:
    name: str


def _object(pairs: Sequence[tuple[str, object]]) -> object:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    names = [name for name, _ in pairs]
    return _Doubled(next(name for place, name in enumerate(names) if name in names[:place]))


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_Constant)


def read_json(payload: Payload, options: Options) -> Grid:
    """The grid of a JSON file: a list of objects, one per row; rows count from 1."""
    text, marked = decoded(payload, options)
    try:
        records = _DECODER.decode(text)
    except json.JSONDecodeError as reason:
        where = f"line {reason.lineno}, column {reason.colno}"
        raise TableError(f"{payload.path} is not JSON: {reason.msg}, {where}", "json.invalid") from None
    except RecursionError:
        raise TableError(f"{payload.path} is nested deeper than {DEEPEST} levels", "json.depth") from None
    except ValueError as reason:
        raise TableError(f"{payload.path} is not JSON: {_LONG_NUMBER}", "json.invalid") from reason
    if not isinstance(records, list):
        raise TableError(f"{payload.path} must be a list of objects, one per row", "json.shape")
    return _grid(payload, records, np.arange(1, len(records) + 1), marked)


def read_json_lines(payload: Payload, options: Options) -> Grid:
    """The grid of a file with one JSON object per line; rows are lines."""
    text, marked = decoded(payload, options)
    records, lines = [], []
    for line, entry in enumerate(text.split("\n"), start=1):
        if not entry.strip():
            continue
        try:
            records.append(_DECODER.decode(entry.strip()))
        except json.JSONDecodeError as reason:
            message = f"{payload.path} is not JSON: {reason.msg}, line {line}, column {reason.colno}"
            raise TableError(message, "json.invalid", line) from None
        except RecursionError:
            raise TableError(f"{payload.path} is nested deeper than {DEEPEST} levels", "json.depth") from None
        except ValueError as reason:
            message = f"{payload.path} is not JSON: {_LONG_NUMBER}, line {line}"
            raise TableError(message, "json.invalid", line) from reason
        lines.append(line)
    return _grid(payload, records, np.array(lines, np.int64), marked)


def _grid(payload: Payload, records: list[object], rows: np.ndarray, marked: bool) -> Grid:
    header: dict[str, None] = {}
    sound: list[dict[str, object]] = []
    for place, record in enumerate(records):
        if isinstance(record, _Doubled):
            message = f"{payload.path}: key {record.key!r} stands twice in {_path(place)}"
            raise TableError(message, "json.duplicate_key", int(rows[place]))
        if not isinstance(record, dict):
            raise TableError(
                f"{payload.path}: {_path(place)} is not an object", "json.shape", int(rows[place])
            )
        header |= dict.fromkeys(record)
        sound.append(record)
    columns: list[list[object]] = [[] for _ in header]
    for place, entry in enumerate(sound):
        for cells, name in zip(columns, header):
            cells.append(_cell(payload, entry.get(name), f"{_path(place)}.{name}", int(rows[place])))
    if not records:
        raise TableError(f"{payload.path} holds no records", "table.empty")
    grid = Grid.of_columns(list(header), columns, rows, [])
    if marked:
        grid.notes.append(MARKED)
    return grid


def _path(place: int) -> str:
    return f"$[{place}]"


def _cell(payload: Payload, value: object, path: str, row: int) -> object:
    if isinstance(value, _Constant):
        raise TableError(f"{payload.path}: {path} is {value.name}, which is not JSON", "json.nan", row)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(map(str, value))
    if isinstance(value, _Doubled):
        raise TableError(
            f"{payload.path}: key {value.key!r} stands twice in {path}", "json.duplicate_key", row
        )
    if isinstance(value, list | dict):
        raise TableError(f"{payload.path}: {path} is nested; a cell is a text, a number or a list of texts",
                         "json.depth", row)  # fmt: skip
    return value
