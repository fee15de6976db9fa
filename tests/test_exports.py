"""Exports that a spreadsheet may open: what is guarded, what is left alone, and the way back."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.exports import guarded, read_safe_csv, safe_csv, to_csv, to_xlsx, unguarded

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    '"=1',
    "'=1",
    '" =1',
    "\u00a0=1",
    "\uff1d1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "-5 % of trade",
    "\u200b=1",
    "\x00=1",
    "\u202e=1",
    "\u22121",
]
PLAIN = ["", "Cuba", "a=b", "2025-05-07", "5", "x-y", "'s-Gravenhage", "Côte d'Ivoire", "#N/A"]


@pytest.mark.parametrize("text", FORMULAS)
def test_101_text_that_a_spreadsheet_could_run_is_guarded(text):
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", PLAIN)
def test_101_other_text_is_left_alone(text):
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [("a;=1", "a;'=1"), ("a\n=1", "a\n'=1"), ("a;;@x;b", "a;;'@x;b"), ("a; '-1", "a;' '-1"), ("=a;+b", "'=a;'+b"),
     ("a;b", "a;b"), ("a,=1", "a,=1")],
)  # fmt: skip
def test_101_a_formula_after_a_semicolon_or_a_line_end_is_guarded(text, safe):
    assert guarded(text) == safe


@given(st.text(st.sampled_from("a;=+-@'\"\t\n \u200b")))
def test_the_guard_comes_off_again_where_it_stands_inside(text):
    assert unguarded(guarded(text)) == text
    for part in guarded(text).split(";"):
        assert not re.match('[ "\u200b]*[=+@-]', part)


def test_101_what_xlsx_cannot_hold_is_its_text(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="xlsx needs the extra xlsx")
    zoned = pd.Timestamp("2024-01-05 12:00", tz="America/Caracas")
    cells = [zoned, {"a": "=1"}, ["=1"], float("inf"), b"=1", pd.Timestamp("2024-01-05"), 5, -0.5, True, None]
    to_xlsx(pd.DataFrame({"=x": pd.Series(cells, dtype=object)}), tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [cell.value for (cell,) in page.iter_rows()] == [
        "=x", "2024-01-05 12:00:00-04:00", "{'a': '=1'}", "['=1']", "inf", "b'=1'", dt.datetime(2024, 1, 5), 5, -0.5,
        True,
    ]  # fmt: skip
    assert {cell.data_type for (cell,) in page.iter_rows()} <= {"s", "n", "d", "b"}
    with pytest.raises(ValueError, match=r"^row 2, column a: 32768 characters, a cell of xlsx holds 32767"):
        to_xlsx(pd.DataFrame({"a": ["x" * 32_768]}), tmp_path / "b.xlsx")


@given(st.text())
def test_the_guard_comes_off_again(text):
    assert unguarded(guarded(text)) == text


def test_101_numbers_headers_and_categories(tmp_path):
    frame = pd.DataFrame({"=evil": pd.Categorical(["-a", "b"]), "share": [-0.5, 1e-20], "n": [-1, 2]})
    before = frame.copy(deep=True)
    assert safe_csv(frame) == "'=evil,share,n\n'-a,-0.5,-1\nb,1e-20,2\n"
    assert safe_csv(frame, safe=False) == "=evil,share,n\n-a,-0.5,-1\nb,1e-20,2\n"
    pd.testing.assert_frame_equal(frame, before)


def test_101_a_file_comes_back_as_it_was(tmp_path):
    frame = pd.DataFrame({"note": [*FORMULAS, *PLAIN], "@x": "é"}, dtype="str")
    to_csv(frame, tmp_path / "out.csv")
    pd.testing.assert_frame_equal(read_safe_csv(tmp_path / "out.csv"), frame, check_column_type=False)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_an_index_is_written_on_request():
    frame = pd.DataFrame({"x": [1]}, index=pd.Index(["=a"], name="state"))
    assert safe_csv(frame, index=True) == "state,x\n'=a,1\n"


def test_an_empty_table_is_its_header():
    assert safe_csv(pd.DataFrame({"a": [], "b": []})) == "a,b\n"


def test_101_a_workbook_holds_text_not_formulas(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="xlsx needs the extra xlsx")
    frame = pd.DataFrame({"note": ["=1+1", "http://example.org", "bell\x07"], "n": [1.5, None, -2]})
    to_xlsx(frame, tmp_path / "out.xlsx")
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert cells == [["note", "n"], ["=1+1", 1.5], ["http://example.org", None], ["bell\\x07", -2]]
    assert page["A2"].data_type == "s"
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
