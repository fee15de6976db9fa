"""Delimited text to rows, with the line each row stands on; nothing is ever shifted, padded or guessed."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

import numpy as np

from risk.reading.files import Payload
from risk.reading.grid import Block, Grid, ragged, text_block
from risk.reading.options import Options
from risk.reading.problems import TableError

__all__ = ["decoded", "read_delimited"]

LONGEST_CELL = 131_072
_BLOCK = 2_000  # rows, few enough for their cells to stay in the processor's cache
_DELIMITERS = (";", "\t", "|", ",")
MARKED = ("file.bom", 1, "byte order mark at the start of the file, taken off")
_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def decoded(payload: Payload, options: Options) -> tuple[str, bool]:
    """
    The text of a file, and whether a byte order mark was taken off.

    Raises
    ------
    TableError
        ``file.encoding`` with line and byte; an encoding is suggested, never assumed.
    """
    content = payload.content
    wide = _wide(content)
    if wide and options.encoding.lower().replace("_", "-") in ("utf-8", "utf8", "ascii"):
        message = f"{payload.path}: file is {wide[:6].upper()}; save as UTF-8 or pass encoding={wide!r}"
        raise TableError(message, "file.encoding")
    marked = content.startswith(b"\xef\xbb\xbf")
    try:
        return content[3 * marked :].decode(options.encoding), marked
    except LookupError:
        raise TableError(f"{options.encoding!r} is not the name of an encoding", "file.encoding") from None
    except UnicodeDecodeError as reason:
        start = reason.start + 3 * marked
        line = 1 + len(re.findall(rb"\r\n|\r|\n", content[:start]))
        found = f"byte 0x{content[start]:02x} in line {line} is not {options.encoding}"
        advice = "save as UTF-8, or pass encoding= (cp1252 and latin-1 are common)"
        raise TableError(f"{payload.path}: {found}; {advice}", "file.encoding", line) from None


def _wide(content: bytes) -> str:
    """The encoding of two or four bytes a sign in which a file is written, by its mark or its NUL bytes."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding
    head = content[:400]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and max(even, odd) > 0.4 * (len(head) // 2) and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return ""


@dataclass
class _Rows:
    """Rows as they are met: sound ones with their lines, others with the reason."""

    cells: list[list[str]]
    lines: list[int]
    faults: list[tuple[int, str, str, str]]
    blocks: list[Block]

    def store(self) -> None:
        """The rows met since the last time as a block: to keep every cell as an object of its own costs more."""
        if self.cells:
            self.blocks.append(text_block(list(zip(*self.cells))))
            self.cells.clear()


def read_delimited(payload: Payload, options: Options) -> Grid:
    """
    The grid of a csv or tab-separated file.

    Ragged rows and repeated headers become faults of their own row; an unclosed quote or an oversized cell
    stops the reading, because nothing after it can be trusted.
    """
    text, marked = decoded(payload, options)
    if not text.strip():
        raise TableError(f"{payload.path} is empty", "table.empty")
    delimiter = "\t" if payload.suffix in (".tsv", ".tab") and options.delimiter == "," else options.delimiter
    grid = _plain_grid(text, delimiter, options) or _quoted_grid(payload, text, delimiter, options)
    if marked:
        grid.notes.append(MARKED)
    return grid


def _quoted_grid(payload: Payload, text: str, delimiter: str, options: Options) -> Grid:
    lines = _LINE.findall(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows = _Rows([], [], [], [])
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if header is None:
                header = cells if any(cell.strip() for cell in cells) else None
                _check_delimiter(payload, header, delimiter)
            elif cells:
                _take(rows, cells, line, header)
                if len(rows.cells) == _BLOCK:
                    rows.store()
            if len(rows.lines) > options.max_rows:
                raise TableError(
                    f"{payload.path} has more than max_rows={options.max_rows}", "file.too_large"
                )
            line = reader.line_num + 1
    except csv.Error as reason:
        raise _malformed(payload, lines, line, delimiter, str(reason)) from None
    if header is None:
        raise TableError(f"{payload.path} is empty", "table.empty")
    rows.store()
    return Grid.of_blocks(header, rows.blocks, np.array(rows.lines, np.int64), rows.faults)


def _take(rows: _Rows, cells: list[str], line: int, header: list[str]) -> None:
    repeats = header[0].strip() in cells[0] and [*map(_plain, cells)] == [*map(str.strip, header)]
    if len(cells) == len(header) and not repeats:
        rows.cells.append(cells)
        rows.lines.append(line)
    elif repeats:
        rows.faults.append((line, "row.header", f"row {line} repeats the header", ",".join(cells)))
    else:
        rows.faults.append((line, "row.ragged", ragged(len(cells), len(header)), ",".join(cells)))


def _plain(cell: str) -> str:
    return cell.strip().removeprefix("\ufeff")


def _plain_grid(text: str, delimiter: str, options: Options) -> Grid | None:
    """The grid when no cell is quoted and every line has the header's width: columns are cut out at once."""
    if '"' in text or "\r" in text or "\0" in text:
        return None
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    if len(lines) < 1000 or len(lines) > options.max_rows or lines[0] in lines[1:] or "" in lines:
        return None
    width = lines[0].count(delimiter)
    if (
        not width
        or any(line.count(delimiter) != width for line in lines)
        or max(map(len, lines)) > LONGEST_CELL
    ):
        return None
    blocks = []
    for start in range(1, len(lines), _BLOCK):
        cells = delimiter.join(lines[start : start + _BLOCK]).split(delimiter)
        blocks.append(text_block([cells[place :: width + 1] for place in range(width + 1)]))
    return Grid.of_blocks(lines[0].split(delimiter), blocks, np.arange(2, len(lines) + 1))


def _check_delimiter(payload: Payload, header: list[str] | None, delimiter: str) -> None:
    if header and len(header) == 1:
        likely = next((mark for mark in _DELIMITERS if mark != delimiter and mark in header[0]), None)
        if likely:
            raise _other_delimiter(payload, likely)


def _other_delimiter(payload: Payload, likely: str) -> TableError:
    message = f"{payload.path}: found 1 column; is the delimiter {likely!r}? pass delimiter={likely!r}"
    return TableError(message, "file.delimiter")


def _malformed(payload: Payload, lines: list[str], line: int, delimiter: str, reason: str) -> TableError:
    if "field limit" in reason:
        column = _long_cell("".join(lines[line - 1 :]), delimiter)
        message = f"row {line}, column {column}: the cell is longer than {LONGEST_CELL:,} characters"
        return TableError(f"{payload.path}: {message}", "cell.too_long", line)
    if "unexpected end" in reason:
        return TableError(
            f"{payload.path}: the quote opened in row {line} is never closed", "row.quote", line
        )
    between = [mark for mark in _DELIMITERS if mark != delimiter and f'"{mark}"' in lines[line - 1]]
    if line == 1 and between and f'"{delimiter}"' not in lines[0]:
        return _other_delimiter(payload, between[0])
    return TableError(f"{payload.path}: row {line} is not well quoted ({reason})", "row.quote", line)


def _long_cell(text: str, delimiter: str) -> int:
    """Position, from 1, of the first oversized cell of the record that begins the text."""
    inside, length, column = False, 0, 1
    for sign in text:
        if sign == '"':
            inside = not inside
        elif sign == delimiter and not inside:
            column, length = column + 1, 0
            continue
        length += 1
        if length > LONGEST_CELL:
            break
    return column
