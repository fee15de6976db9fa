"""The reading machinery on tables that are not events: schemas, cells, dates, numbers, text, reports."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.reading import (
    Column,
    Options,
    Reading,
    Report,
    Schema,
    TableError,
    check_table,
    read_table,
)
from risk.reading.cells import Cells
from risk.reading.dates import parse_dates, placed
from risk.reading.numbers import parse_numbers
from risk.reading.plain import is_plain
from risk.reading.spread import Columns
from risk.reading.text import clean_text, mixed_script, repaired

SCHEMA = Schema(
    columns=(
        Column("measure", "code", required=True, blank=False, pattern="[a-z0-9-]+"),
        Column("target", "state", required=True, blank=False, on="start"),
        Column("start", "date", required=True, blank=False),
        Column("scope", "code", choices=("sectoral", "comprehensive")),
        Column("share", "number", low=0, high=1),
        Column("title"),
    ),
    key=("measure", "start"),
    noun="measures",
    reader="read_measures",
)
QUARANTINE = Options(errors="quarantine")
ROW = {"measure": "m1", "target": "Cuba", "start": "1962-02-07", "scope": "comprehensive", "share": "1"}


def test_any_table_is_read_by_its_schema():
    table = check_table(pd.DataFrame([ROW]), SCHEMA).table
    assert table.columns.tolist() == list(SCHEMA.names)
    assert table.iloc[0].tolist() == ["m1", "CUB", pd.Timestamp("1962-02-07"), "comprehensive", 1.0, ""]
    assert str(table["start"].dtype) == "datetime64[s]"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"measure": "M 1"}, "measure.form", "'M 1' is not [a-z0-9-]+"),
        ({"measure": ""}, "measure.missing", "no measure given"),
        ({"target": ""}, "state.missing", "no target given"),
        ({"scope": "wide"}, "scope.unknown", "'wide' is not one of sectoral, comprehensive"),
        ({"share": "1.5"}, "number.range", "'1.5' is outside [0, 1]"),
        ({"start": ""}, "start.missing", "no start given"),
    ],
)
def test_the_words_of_an_error_are_the_schema_s(change, code, message):
    with pytest.raises(TableError) as caught:
        check_table(pd.DataFrame([{**ROW, **change}]), SCHEMA)
    remedy = 'Fix the cell, or read_measures(..., errors="quarantine") and see .rejected.'
    column = next(iter(change))
    assert (
        str(caught.value) == f"1 of 1 measures not used (0 used). row 1, column {column}: {message}. {remedy}"
    )
    assert caught.value.code == code


def test_a_long_list_of_errors_is_cut_in_the_text_only():
    frame = pd.DataFrame([{**ROW, "measure": f"m{i}", "share": "x"} for i in range(9)])
    with pytest.raises(TableError, match=r"; and 6 more\. Fix the cell") as caught:
        check_table(frame, SCHEMA)
    assert [error.row for error in caught.value.errors] == list(range(1, 10))


def test_a_row_with_two_faults_is_rejected_once():
    reading = check_table(
        pd.DataFrame([{**ROW, "share": "x", "scope": "wide"}, ROW]), SCHEMA, options=QUARANTINE
    )
    assert reading.report["rejected"] == len(reading.rejected) == 1
    assert reading.rejected.loc[0, "column"] == "scope"
    assert reading.rejected.loc[0, "more"] == "share: 'x' is not a number"


def test_a_key_of_two_columns():
    frame = pd.DataFrame([ROW, {**ROW, "start": "1963-01-01"}, {**ROW, "title": "other"}])
    reading = check_table(frame, SCHEMA, options=QUARANTINE)
    assert reading.rejected["row"].tolist() == [1, 3]
    assert reading.rejected["message"][0] == "'m1 / 1962-02-07' stands in rows 1, 3 with different content"


def test_a_rule_sees_the_columns_and_may_refuse():
    def rule(draft):
        draft.refuse((draft.columns["share"] == 1).to_numpy(), "share", "share.whole", "a whole share")

    reading = check_table(pd.DataFrame([ROW]), SCHEMA, rule, QUARANTINE)
    assert reading.rejected["code"].tolist() == ["share.whole"]


def test_unknown_kinds_and_options_are_refused():
    with pytest.raises(ValueError, match="kind must be one of"):
        Column("a", "integer")
    with pytest.raises(ValueError, match="errors must be one of"):
        Options(errors="ignore")
    with pytest.raises(ValueError, match="thousands and decimal are both"):
        Options(thousands=".")


def test_headers_must_be_text():
    with pytest.raises(TableError, match="column names must be text; 1 is not"):
        check_table(pd.DataFrame({1: ["a"]}), SCHEMA)


def test_the_report_is_a_mapping_and_adds_up():
    report = check_table(pd.DataFrame([ROW, {**ROW, "share": "x"}]), SCHEMA, options=QUARANTINE).report
    assert dict(report)["rows_read"] == report.rows_read == report["accepted"] + report["rejected"] == 2
    with pytest.raises(KeyError):
        report["nothing"]
    with pytest.raises(AttributeError):
        report.rows_read = 3


def test_a_reading_in_a_notebook_is_escaped():
    evil = "<script>alert(1)</script>"
    reading = check_table(
        pd.DataFrame([{**ROW, "scope": evil}]).assign(**{evil: 1}), SCHEMA, options=QUARANTINE
    )
    html = reading._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert repr(reading) == "Reading(1 row read: 0 accepted, 1 rejected, 1 note)"
    assert evil not in Reading(reading.table, reading.rejected, Report(1, 0, 1), name=evil)._repr_html_()


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "tsv", "json", "jsonl", "parquet", "xlsx"])
def test_one_table_in_every_format(tmp_path, kind):
    path = tmp_path / f"measures.{kind}"
    frame = pd.DataFrame([ROW, {**ROW, "measure": "m2"}])
    if kind == "csv.gz":
        path.write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
    elif kind in ("csv", "tsv"):
        frame.to_csv(path, index=False, sep="\t" if kind == "tsv" else ",")
    elif kind == "json":
        path.write_text(json.dumps(frame.to_dict("records")))
    elif kind == "jsonl":
        path.write_text("\n".join(json.dumps(row) for row in frame.to_dict("records")))
    elif kind == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs the extra lake")
        frame.to_parquet(path)
    else:
        pytest.importorskip("openpyxl", reason="xlsx needs the extra xlsx")
        frame.to_excel(path, index=False)
    reading = read_table(path, SCHEMA)
    pd.testing.assert_frame_equal(reading.table, check_table(frame, SCHEMA).table)
    assert len(reading.report.digest) == 64


def test_plain_and_quoted_text_are_split_alike(tmp_path):
    lines = [f"m{i},Cuba,1962-02-07,sectoral,0.5,t{i}" for i in range(2000)]
    header = ",".join(SCHEMA.names)
    plain = tmp_path / "plain.csv"
    plain.write_text("\n".join([header, *lines]) + "\n")
    quoted = tmp_path / "quoted.csv"
    quoted.write_text("\n".join([header, *(line.replace(",t", ',"t') + '"' for line in lines)]) + "\n")
    left, right = read_table(plain, SCHEMA), read_table(quoted, SCHEMA)
    pd.testing.assert_frame_equal(left.table, right.table)
    plain.write_text("\n".join([header, *lines, "short,row", "m9999,Atlantis,1962-02-07,,,"]) + "\n")
    rejected = read_table(plain, SCHEMA, options=QUARANTINE).rejected
    assert rejected[["row", "code"]].values.tolist() == [[2002, "row.ragged"], [2003, "state.unknown"]]


def test_unknown_kinds_of_files_are_named(tmp_path):
    path = tmp_path / "measures.pdf"
    path.write_text("x")
    with pytest.raises(TableError, match=r"'\.pdf' files are not read"):
        read_table(path, SCHEMA)


def test_unmapped_names_are_counted():
    frame = pd.DataFrame([{**ROW, "measure": f"m{i}", "target": "Atlantis"} for i in range(3)])
    assert check_table(frame, SCHEMA, options=QUARANTINE).report.unmapped == (("target", "Atlantis", 3),)


NUMBERS = st.sampled_from([1.0, np.nan])
CELLS = st.one_of(st.text(max_size=6), st.none(), st.integers(-5, 5), st.booleans(), NUMBERS)


@given(st.lists(CELLS, max_size=20))
def test_distinct_cells_spread_back_to_the_column(values):
    cells = Cells.of(pd.Series(values, dtype=object))
    back = [cells.values[code] for code in cells.codes]
    assert [(type(cell), cell) for cell in back] == [
        (type(None), None) if value != value else (type(value), value) for value in values
    ]
    assert len({(type(value), value) for value in cells.values}) == len(cells.values)


@given(st.dates(min_value=pd.Timestamp("1816-01-01").date(), max_value=pd.Timestamp("2100-12-31").date()))
def test_every_day_is_read_as_itself(day):
    cells = parse_dates([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]], Options())
    assert not cells.refused
    assert cells.first[0] == cells.last[0] == np.datetime64(day)
    for policy in ("start", "midpoint", "end"):
        chosen = placed(cells.first, cells.last, policy)
        assert ((cells.first <= chosen) & (chosen <= cells.last)).all()
    assert cells.precision.tolist() == ["day", "month", "year"]


@given(st.text(max_size=12))
def test_a_date_is_read_or_refused_with_a_code(text):
    cells = parse_dates([text], Options())
    assert np.isnat(cells.first[0]) == (0 in cells.refused or not text.strip())


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0, max_value=1e6))
def test_every_number_is_read_as_itself(number):
    for value in (number, repr(number)):
        numbers, refused = parse_numbers([value, "x"], Column("share", "number", low=0), Options())
        assert numbers[0] == number
        assert list(refused) == [1]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=8))
@settings(max_examples=200)
def test_clean_text_is_a_fixed_point(values):
    for prose in (True, False):
        once = clean_text(values, prose)
        kept = [text for place, text in enumerate(once.values) if place not in once.refused]
        again = clean_text(kept, prose)
        assert again.values == kept
        assert not again.refused


NAMES = ["España", "Côte d'Ivoire", "Türkiye", "São Tomé", "Åland", "Россия", "中国", "Ωμέγα"]


@pytest.mark.parametrize("text", NAMES)
def test_good_letters_are_left_alone(text):
    assert repaired(text) == text
    assert mixed_script(text) == ""
    assert clean_text([text], prose=False).values == [text]
    assert not clean_text([text], prose=False).refused


@pytest.mark.parametrize("text", ["España", "Türkiye", "“quoted”", "naïve — dash"])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_mojibake_is_seen(text, encoding):
    try:
        broken = text.encode("utf-8").decode(encoding)
    except UnicodeDecodeError:
        broken = text.encode("utf-8").decode("latin-1")
    assert clean_text([broken, text], prose=False).refused.keys() == {0}


def test_clean_rows_cost_no_loop_over_rows():
    """A million equal cells are one distinct cell: the parser sees it once."""
    cells = Cells.of(pd.Series(["2024-01-01"] * 100_000))
    assert len(cells.values) == 1


_LONG = 2500  # beyond 2,000 rows a column that hardly repeats itself is checked row by row


@pytest.mark.parametrize("dtype", ["str", "object"])
@pytest.mark.parametrize("odd", ["", " spaced ", "caf\u00e9", "Ru\u0455sia", "bell\x07", "CÃ´te", None])
def test_a_long_column_of_texts_is_read_as_its_pieces_are(odd, dtype):
    cells = [f"text {number}" for number in range(_LONG)]
    cells[7] = cells[_LONG - 1] = odd
    frame = pd.DataFrame({"name": pd.Series(cells, dtype=dtype), "other": pd.Series(cells, dtype=dtype)})
    schema = Schema((Column("name", "code", blank=False),))
    options = Options(errors="quarantine")
    whole = check_table(frame, schema, options=options)
    pieces = [check_table(frame.iloc[at : at + 500], schema, options=options) for at in range(0, _LONG, 500)]
    joined = pd.concat([piece.table for piece in pieces], ignore_index=True)
    pd.testing.assert_frame_equal(whole.table, joined)
    told = pd.concat([piece.rejected for piece in pieces], ignore_index=True)
    pd.testing.assert_frame_equal(whole.rejected.drop(columns="row"), told.drop(columns="row"))
    counts = [note.n for piece in pieces for note in piece.report.notes if note.code.startswith("text.")]
    assert sum(note.n for note in whole.report.notes if note.code.startswith("text.")) == sum(counts)


@pytest.mark.parametrize(
    ("cells", "blank", "plain"),
    [
        (["Cuba", "a b", ""], True, True),
        (["Cuba", ""], False, False),
        (["", ""], True, True),
        ([], False, True),
        (["Cuba "], True, False),
        ([" Cuba"], True, False),
        (["Cub\u00e1"], True, False),
        (["tab\there"], True, False),
        (["del\x7f"], True, False),
        (["Cuba", None], True, False),
    ],
)
def test_plain_columns_are_told_from_their_bytes(cells, blank, plain):
    column = pd.Series(cells, dtype="str")
    stored = getattr(column.dtype, "storage", "") == "pyarrow"
    assert is_plain(column, blank) == (plain and stored)
    padded = pd.concat([pd.Series([" x "], dtype="str"), column], ignore_index=True)
    assert is_plain(padded.iloc[1:], blank) == (plain and stored)  # a slice of a column is judged by itself


def test_the_cells_of_a_block_boundary_stay_in_their_rows(tmp_path):
    n = 4001
    lines = [f'{row},"a, {row}"' for row in range(n)]
    lines[2000] = "ragged"
    (tmp_path / "long.csv").write_text("id,name\n" + "\n".join(lines) + "\n")
    reading = read_table(
        tmp_path / "long.csv",
        Schema((Column("id", "code"), Column("name"))),
        options=Options(errors="quarantine"),
    )
    assert reading.rejected["row"].tolist() == [2002]
    assert (reading.table["name"] == "a, " + reading.table["id"]).all()
    assert reading.table["id"].tolist() == [str(row) for row in range(n) if row != 2000]


def test_distinct_texts_of_a_column_stand_once():
    columns = Columns()
    columns.put("state", ["CUB", "RUS", "CUB"], np.array([2, 1, 0]))
    texts, codes = columns.distinct("state")
    assert [texts[code] for code in codes] == columns["state"].tolist() == ["CUB", "RUS", "CUB"]
    assert sorted(texts) == ["CUB", "RUS"]
    columns["state"] = pd.Series(["VEN", "VEN", "RUS"], dtype="str")
    assert columns.distinct("state")[1].tolist() == [0, 0, 1]
