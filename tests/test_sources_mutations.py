"""Damaged copies of good files: each ends in a reading whose rows add up, or in an error that names its code."""

from __future__ import annotations

import random
import warnings

import pytest
from reader_cases import CASES, OTHER_FORMS, Case

from risk.reading import TableError

WORDS = [
    "", " ", "\0", "\x1b[31m", "\u202e", "\u200b", "\xa0", "\ufeff", "\x1a", "\r", "\n", "\r\n", "\t", ",", ";",
    '"', '""', "'", "{", "]", "<x>", "</", "&x;", "<!DOCTYPE a>", "]]>", "null", "NULL", "None", "NA", "NaN", "-0-",
    "-9", "0", "-1", "1e5", "1e400", "inf", "2.5", "1,5", "0x10", "True", "9" * 20, "2024-02-30", "10000-01-01", "9999",
    "\u0663", "\uff12\uff10", "\u0420ussia", "C\u00c3\u00b4te", "=1+1", "x" * 5000,
]  # fmt: skip
"""What a cell is replaced by: control and hidden characters, marks, numbers and days that are none."""


def cut(text: str, delimiter: str, rng: random.Random) -> str:
    return text[: rng.randrange(len(text) + 1)]


def bite(text: str, delimiter: str, rng: random.Random) -> str:
    start = rng.randrange(len(text) + 1)
    return text[:start] + text[start + rng.randrange(60) :]


def drop_in(text: str, delimiter: str, rng: random.Random) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(WORDS) + text[place:]


def change_cell(text: str, delimiter: str, rng: random.Random) -> str:
    lines = text.split("\n")
    row = rng.randrange(len(lines))
    cells = lines[row].split(delimiter)
    cells[rng.randrange(len(cells))] = rng.choice(WORDS)
    lines[row] = delimiter.join(cells)
    return "\n".join(lines)


def change_column(text: str, delimiter: str, rng: random.Random) -> str:
    lines = [line.split(delimiter) for line in text.split("\n")]
    place, word = rng.randrange(max(map(len, lines))), rng.choice(WORDS)
    for cells in lines[1:]:
        cells[place : place + 1] = [word] * len(cells[place : place + 1])
    return "\n".join(delimiter.join(cells) for cells in lines)


def drop_column(text: str, delimiter: str, rng: random.Random) -> str:
    lines = [line.split(delimiter) for line in text.split("\n")]
    place = rng.randrange(max(map(len, lines)))
    return "\n".join(delimiter.join(cells[:place] + cells[place + 1 :]) for cells in lines)


def move_lines(text: str, delimiter: str, rng: random.Random) -> str:
    lines = text.split("\n")
    return "\n".join(rng.choices(lines, k=rng.randrange(2 * len(lines) + 1)))


MUTATIONS = [
    cut,
    bite,
    drop_in,
    change_cell,
    change_cell,
    change_cell,
    change_column,
    drop_column,
    move_lines,
]


def outcome(case: Case, path, errors: str) -> str:
    """The code of the error, or ``"read"``; anything else that is raised, warnings too, fails the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            reading = case.read(path, errors=errors)
        except TableError as error:
            return error.code or "an error without a code"
    report = reading.report
    assert report.rows_read == report.accepted + report.rejected
    assert (report.accepted, report.rejected) == (len(reading.table), len(reading.rejected))
    assert reading.rejected["row"].is_unique
    return "read"


@pytest.mark.parametrize(
    "case",
    [*CASES, *OTHER_FORMS],
    ids=lambda case: f"{case.name[5:]}-{case.file.split('.')[-1]}-{case.header}",
)
def test_damaged_files_end_in_a_reading_or_a_named_error(case, tmp_path):
    rng = random.Random(case.file)
    path = tmp_path / case.file
    seen = set()
    for _ in range(40):
        text = case.text
        for mutate in rng.choices(MUTATIONS, k=rng.randrange(1, 4)):
            text = mutate(text, case.delimiter, rng)
        content = text.encode(case.encoding, "replace")
        if rng.random() < 0.1 and content:
            place = rng.randrange(len(content))
            content = content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]
        path.write_bytes(content)
        seen |= {outcome(case, path, errors) for errors in ("raise", "quarantine")}
    assert "an error without a code" not in seen
    assert len(seen) > 2  # some are refused, for different reasons, and some are read


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_each_mutation_changes_files(mutate):
    texts = {mutate(CASES[0].text, "\t", random.Random(seed)) for seed in range(20)}
    assert len(texts) > 5
