"""A damaged event file ends in a checked table or an EventError: nothing else, and never in a wrong row."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from risk.events import EventError, check_events, read_events

HEADER = "event_id,date,end,actor,recipient,participants,event_type,magnitude,known_on,title,mood"
ROWS = [
    "e1,2024-01-05,,RUS,VEN,,drill.joint,2,,A title,x",
    'e2,2024-02,,USA,CUB,,sanction.impose,,2024-03-01,"quoted, text",y',
    'e3,2019,2020-01-01,China,Venezuela,,defence.base,1.5,,"two\nlines",z',
    "e4,2024-01-05,,,,CHN;RUS;IRN,drill.joint,1,,,",
]
TEXT = "\n".join([HEADER, *ROWS]) + "\n"
PIECES = [
    '"', ",", "\n", "\r", "\0", ";", "-", "/", " ", "\t", "=", "nan", "NA", "1e999", "9" * 30, "2024-02-30", "T10:00Z",
    "24:00", "9999-12-31", "Korea", "\ufeff", "\u202e", "\u200b", "\u0663", "\u0455", "\x1b[0m", "\u0301", "\xa0", "{",
]  # fmt: skip

pieces = st.sampled_from([piece.encode() for piece in PIECES]) | st.binary(min_size=1, max_size=3)
edits = st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 8), pieces), min_size=1, max_size=4)
options = st.sampled_from(
    [{}, {"dayfirst": True}, {"excel_dates": True}, {"unit": "ms"}, {"thousands": ","}, {"dedupe": "content"},
     {"timezone": "America/New_York", "fold": 1}, {"before": "predecessor"}, {"date_policy": "end"}]
)  # fmt: skip
quick = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def edited(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        content = content[:place] + piece + content[place + length :]
    return content


@lru_cache
def packed(name: str) -> bytes:
    buffer = io.BytesIO()
    plain = pd.read_csv(io.StringIO(TEXT), dtype=str, keep_default_na=False)
    if name == "events.zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("events.csv", TEXT)
    elif name == "events.xlsx":
        pytest.importorskip("openpyxl", reason="xlsx needs the extra xlsx")
        plain.to_excel(buffer, index=False)
    elif name == "events.parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs the extra lake")
        plain.to_parquet(buffer)
    elif name == "events.csv.gz":
        return gzip.compress(TEXT.encode(), mtime=0)
    else:
        return json.dumps(plain.to_dict("records")).encode()
    return buffer.getvalue()


def judge(content: bytes, name: str, **choices: object) -> None:
    """What must hold of any content whatever."""
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        for errors in ("quarantine", "raise"):
            try:
                reading = read_events(path, errors=errors, **choices)
            except EventError:
                answers[errors] = None
                continue
            report = reading.report
            assert report.rows_read == report.accepted + report.rejected
            assert (len(reading.table), len(reading.rejected)) == (report.accepted, report.rejected)
            assert reading.rejected["row"].is_unique
            answers[errors] = reading
    if answers["raise"] is not None:
        pd.testing.assert_frame_equal(answers["raise"].table, answers["quarantine"].table)
    if answers["quarantine"] is not None:
        table = answers["quarantine"].table
        again = check_events(table[[name for name in table.columns if not name.endswith("_utc")]])
        pd.testing.assert_frame_equal(again, table[again.columns], check_dtype=False)


@quick
@given(edits, options)
@example([(0, 0, b"\xef\xbb\xbf\xef\xbb\xbf")], {})
@example([(0, 0, b"\xff\xfe")], {})
@example([(len(HEADER) + 4, 10, b" 2024-01-05\xc2\xa0")], {})
def test_a_damaged_csv(changes, choices):
    judge(edited(TEXT.encode(), changes), "events.csv", **choices)


@quick
@given(edits)
def test_a_damaged_text_inside_a_sound_gzip(changes):
    judge(gzip.compress(edited(TEXT.encode(), changes)), "events.csv.gz")


@pytest.mark.parametrize(
    "name", ["events.csv.gz", "events.zip", "events.xlsx", "events.json", "events.parquet"]
)
@settings(parent=quick, max_examples=25)
@given(data=st.data())
def test_a_damaged_file_of_another_kind(name, data):
    content = packed(name)
    changes = data.draw(
        st.lists(st.tuples(st.integers(0, len(content)), st.integers(0, 8), pieces), min_size=1, max_size=3)
    )
    judge(edited(content, changes), name)


@quick
@given(
    st.binary(max_size=200),
    st.sampled_from(["a.csv", "a.json", "a.jsonl", "a.zip", "a.xlsx", "a.parquet", "a"]),
)
def test_any_bytes(content, name):
    judge(content, name)
