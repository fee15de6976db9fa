"""Bad input, case by case: the number is that of the case in the design, the message is asserted whole."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from risk.events import EventError, as_known, check_events, read_events
from risk.reading import files
from risk.recipe import RecipeError, load_recipe
from risk.states import StateError, resolve_state

HEADER = "event_id,date,actor,recipient,event_type"
GOOD = "e0,2020-01-01,USA,CUB,sanction.impose"
ROW = {
    "event_id": "e1",
    "date": "2024-01-02",
    "actor": "RUS",
    "recipient": "VEN",
    "event_type": "diplomacy.head_visit",
}
REMEDY = 'Fix the cell, or read_events(..., errors="quarantine") and see .rejected.'


def stopped(message: str) -> str:
    """The message as a sentence."""
    return message if message.endswith("?") else message + "."


def refusal(change: dict[str, object]) -> EventError:
    """The error for one changed row after a sound one."""
    frame = pd.DataFrame([{**ROW, "event_id": "e0", "date": "2020-01-01"}, {**ROW, **change}])
    with pytest.raises(EventError) as caught:
        check_events(frame)
    return caught.value


def written(folder, content: str | bytes, name: str = "events.csv"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def file_refusal(path, **options) -> EventError:
    with pytest.raises(EventError) as caught:
        read_events(path, **options)
    return caught.value


CELLS = [
    # B. dates and time
    (31, "date", "2024-02-30", "date.invalid", "'2024-02-30' is not a day"),
    (31, "date", "2024-13-01", "date.invalid", "'2024-13-01' is not a day"),
    (31, "date", "2024-13", "date.invalid", "'2024-13' is not a month"),
    (32, "date", "03/04/2024", "date.ambiguous",
     "'03/04/2024' can be read day first or month first; pass dayfirst=True or dayfirst=False"),
    (33, "date", "25.12.2024", "date.format",
     "'25.12.2024' is not of form YYYY-MM-DD; pass dayfirst= if this form is meant"),
    (33, "date", "2024/01/05", "date.format", "'2024/01/05' is not of form YYYY-MM-DD"),
    (33, "date", "Jan 5, 2024", "date.invalid", "'Jan 5, 2024' is not a date; write YYYY-MM-DD"),
    (34, "date", "1/2/70", "date.two_digit_year", "'1/2/70' has no four-digit year; write YYYY-MM-DD"),
    (35, "date", "20240101", "date.compact",
     "'20240101' has no hyphens; write YYYY-MM-DD or pass format='%Y%m%d'"),
    (36, "date", 45292, "date.excel_serial", "45292 looks like an Excel serial; pass excel_dates=True"),
    (36, "date", "45292", "date.excel_serial", "'45292' looks like an Excel serial; pass excel_dates=True"),
    (38, "date", "now", "date.relative", "'now' depends on the clock; write the day as YYYY-MM-DD"),
    (38, "date", "Today", "date.relative", "'Today' depends on the clock; write the day as YYYY-MM-DD"),
    (39, "date", "٢٠٢٤-٠١-٠٢", "date.digits", "'٢٠٢٤-٠١-٠٢' has digits other than 0-9; write '2024-01-02'"),
    (39, "date", "２０２４-01-02", "date.digits",
     "'２０２４-01-02' has digits other than 0-9; write '2024-01-02'"),
    (40, "date", "2024–01–02", "date.dash", "'2024–01–02' has a dash for a hyphen; write '2024-01-02'"),
    (41, "date", "2024-01-01T24:00:00", "date.invalid",
     "'2024-01-01T24:00:00' is not a time: hour must be in 0..23"),
    (41, "date", "2024-01-01T23:59:60", "date.invalid",
     "'2024-01-01T23:59:60' is not a time: second must be in 0..59"),
    (45, "date", "0000-01-01", "date.invalid", "'0000-01-01' is not a day"),
    (45, "date", "-500-01-01", "date.invalid", "'-500-01-01' is not a date; write YYYY-MM-DD"),
    (45, "date", "9999-12-31", "date.range",
     "'9999-12-31' is outside 1816-01-01 .. 2100-12-31 (first_day=, last_day=)"),
    (49, "date", "1900-02-29", "date.invalid", "'1900-02-29' is not a day"),
    (50, "date", 1704067200, "date.unit",
     "1704067200 looks like a timestamp of unknown unit; pass unit='s', 'ms', 'us' or 'ns'"),
    (50, "date", "1704067200000", "date.unit",
     "'1704067200000' looks like a timestamp of unknown unit; pass unit='s', 'ms', 'us' or 'ns'"),
    (90, "date", True, "date.type", "True is of type bool, not a date"),
    (36, "date", "45292.5", "date.excel_serial",
     "'45292.5' looks like an Excel serial; pass excel_dates=True"),
    (35, "date", 20240105.0, "date.compact",
     "20240105.0 has no hyphens; write YYYY-MM-DD or pass format='%Y%m%d'"),
    (41, "date", "2024-01-05T10:00:00+25:00", "date.invalid",
     "'2024-01-05T10:00:00+25:00' is not a time: an offset is less than 24 hours"),
    # A. text inside a cell
    (5, "recipient", "CÃ´te d'Ivoire", "text.mojibake",
     '"CÃ´te d\'Ivoire" was read in the wrong encoding; did you mean "Côte d\'Ivoire"?'),
    (5, "title", "MÃ©xico and Česko", "text.mojibake",
     "'MÃ©xico and Česko' was read in the wrong encoding; did you mean 'México and Česko'?"),
    (5, "title", "CÃƒÂ´te", "text.mojibake",
     "'CÃƒÂ´te' was read in the wrong encoding; did you mean 'Côte'?"),
    (7, "mood", "a\0b", "text.control", "control character U+0000 in 'a\\x00b'; take it out"),
    (8, "mood", "\x1b[31mred", "text.control", "control character U+001B in '\\x1b[31mred'; take it out"),
    (7, "recipient", "Cu\0ba", "text.control", "control character U+0000 in 'Cu\\x00ba'; take it out"),
    (8, "title", "\x1b[31mred", "text.control", "control character U+001B in '\\x1b[31mred'; take it out"),
    (11, "event_type", "drill.jо\u0456nt", "text.mixed_script",
     "'drill.jоіnt' mixes alphabets: letter 8 is CYRILLIC SMALL LETTER O (U+043E), the others are LATIN"),
    # C. sides
    (67, "recipient", "Russia", "dyad.self", "'RUS' and 'Russia' are both RUS"),
    (67, "recipient", "RUS", "dyad.self", "'RUS' stands on both sides"),
    (68, "actor", "", "state.missing",
     "no actor given; an event has an actor and a recipient, or participants"),
    (68, "recipient", None, "state.missing",
     "no recipient given; an event has an actor and a recipient, or participants"),
    (64, "actor", "002", "state.mixed_systems",
     "'002' looks like cow or gw, row 1 ('RUS') like iso3; write all in one system of codes"),
    (65, "actor", "365", "state.mixed_systems",
     "'365' looks like cow or gw, row 1 ('RUS') like iso3; write all in one system of codes"),
    # D. numbers, types, identity
    (71, "confidence", "", "number.missing", "no confidence given"),
    (71, "confidence", "nan", "number.invalid",
     "'nan' is not a number; leave the cell empty where none is given"),
    (71, "magnitude", "nan", "number.invalid",
     "'nan' is not a number; leave the cell empty where none is given"),
    (72, "magnitude", "inf", "number.infinite", "'inf' is not finite"),
    (72, "magnitude", "1e400", "number.infinite", "'1e400' is not finite"),
    (72, "magnitude", float("inf"), "number.infinite", "inf is not finite"),
    (73, "magnitude", "-2", "number.negative",
     "'-2' is negative; whether an act is hostile is said by its type"),
    (74, "magnitude", "1e300", "number.too_large",
     "'1e300' is above the limit 1e+06; check the unit, or pass limit="),
    (75, "magnitude", "1,000", "number.format",
     "'1,000' is not a plain number; write 1000 or pass thousands=','"),
    (75, "magnitude", "1.000,5", "number.format",
     "'1.000,5' is not a plain number; pass decimal=',', thousands='.'"),
    (75, "magnitude", "2,5", "number.format",
     "'2,5' is not a plain number; write a point, or pass decimal=','"),
    (75, "magnitude", "1_000", "number.invalid", "'1_000' is not a number"),
    (75, "magnitude", "0x10", "number.invalid", "'0x10' is not a number"),
    (75, "magnitude", "$5bn", "number.invalid", "'$5bn' is not a number"),
    (76, "magnitude", True, "number.boolean", "True is a truth value, not a number"),
    (76, "magnitude", "true", "number.boolean", "true is a truth value, not a number"),
    (80, "event_type", "drill.joints", "type.unknown",
     "event type 'drill.joints' is not in codebook 1.0; nearest: drill.joint, drill.air, drill.staff"),
    (90, "event_id", b"e1", "text.type", "b'e1' is a bytes, not text"),
    (90, "magnitude", b"2", "number.type", "b'2' is of type bytes, not a number"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "column", "value", "code", "message"), CELLS)
def test_a_cell_is_refused(case, column, value, code, message):
    frame_has = {} if column in ROW else {column: "1" if column in ("confidence", "magnitude") else ""}
    frame = pd.DataFrame(
        [{**ROW, "event_id": "e0", "date": "2020-01-01", **frame_has}, {**ROW, column: value}]
    )
    with pytest.raises(EventError) as caught:
        check_events(frame)
    error = caught.value
    assert str(error) == f"1 of 2 rows not used (1 used). row 2, column {column}: {stopped(message)} {REMEDY}"
    assert (error.code, error.row, error.column, len(error.errors)) == (code, 2, column, 1)


NAMES = [
    (52, "Korea"), (52, "Congo"), (53, "Georgia (U.S. state)"), (53, "New Mexico"), (53, "Mexico City"),
    (54, "USSR"), (55, "Yugoslavia"), (55, "East Germany"), (58, "Russia and Belarus"), (58,
     "Russia/Belarus"),
    (59, "Iran Air"), (59, "Bank of China"), (59, "Gazprom"), (60, "Iranian"), (60, "French"), (61, "Isreal"),
    (61, "Afganistan"), (62, "XX"), (62, "ZZ"), (62, "Unknown"), (62, "N/A"), (62, "-"), (11, "Ru\u0455sia"),
    (66, "CS"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "name"), NAMES)
def test_a_name_is_refused_in_the_resolver_s_words(case, name):
    with pytest.raises(StateError) as said:
        resolve_state(name, on="2024-01-02")
    error = refusal({"actor": name})
    message = str(said.value).removesuffix(".")
    assert str(error) == f"1 of 2 rows not used (1 used). row 2, column actor: {stopped(message)} {REMEDY}"
    assert error.code == said.value.code


@pytest.mark.parametrize(
    ("case", "name", "code"),
    [(51, "NA", "NAM"), (56, "Crimea", "UA-43"), (56, "Taiwan", "TWN"), (56, "Kosovo", "XKX"), (57, "NATO",
     "NATO"),
     (63, "the  bahamas", "BHS"), (63, "St. Lucia", "LCA"), (10, "Co\u0302te d'Ivoire", "CIV"),
     (12, "\u00a0Cuba ", "CUB"), (9, "Cu\u200bba\u202e", "CUB")],
)  # fmt: skip
def test_a_name_is_accepted(case, name, code):
    assert check_events(pd.DataFrame([{**ROW, "actor": name}]))["actor"].tolist() == [code]


def test_54_the_policy_option_names_the_predecessor():
    frame = pd.DataFrame([{**ROW, "date": "1985-01-01"}])
    with pytest.raises(EventError, match="'RUS' did not exist on 1985-01-01"):
        check_events(frame)
    assert check_events(frame, before="predecessor")["actor"].tolist() == ["SUN"]


def test_66_a_code_used_twice_is_read_by_its_day():
    frame = pd.DataFrame([{**ROW, "actor": "CS"}] * 2).assign(
        event_id=["a", "b"], date=["1980-01-01", "2004-01-01"]
    )
    assert check_events(frame.assign(recipient="CUB"))["actor"].tolist() == ["CSK", "SCG"]


ROWS = [
    (47, {"event_type": "defence.base", "end": "2023-02-01"}, "end", "end.before_date",
     "end 2023-02-01 is before date 2024-01-02"),
    (47, {"end": "2024-02-01"}, "end", "end.not_lasting",
     "diplomacy.head_visit is an act of one day and has no end"),
    (47, {"end_known_on": "2024-02-01"}, "end_known_on", "end.missing",
     "end_known_on is given but end is not"),
    (37, {"date": "2024", "date_precision": "day"}, "date_precision", "date_precision.conflict",
     "the date '2024' is not a day"),
    (80, {"date_precision": "week"}, "date_precision", "date_precision.unknown",
     "'week' is not one of day, month, year"),
    (80, {"stage": "signed"}, "stage", "stage.unknown",
     "diplomacy.head_visit has no stages; leave the cell empty"),
    (80, {"event_type": "treaty.agreement", "stage": "lost"}, "stage", "stage.unknown",
     "'lost' is no stage of treaty.agreement; its stages are signed, ratified_a, ratified_b"),
    (74, {"value": "5", "currency": "EUR"}, "currency", "currency.unknown",
     "the value is in EUR; give US$ million and USD"),
    (69, {"actor": "", "recipient": "", "event_type": "drill.joint", "participants": "CHN;RUS"},
     "participants",
     "participants.few", "fewer than three participants; write two states as actor and recipient"),
    (69, {"actor": "", "recipient": "", "participants": "CHN;RUS;IRN"}, "participants",
     "participants.directed",
     "participants are for mutual types; write one row per actor and recipient"),
    (69, {"event_type": "drill.joint", "participants": "CHN;RUS;IRN"}, "participants", "participants.sides",
     "actor and recipient must be empty where participants are given"),
    (67, {"actor": "", "recipient": "", "event_type": "drill.joint", "participants": "CHN;RUS;IRN;Russia"},
     "participants", "dyad.self", "the same state stands twice among the participants"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "change", "column", "code", "message"), ROWS)
def test_a_row_is_refused(case, change, column, code, message):
    error = refusal(change)
    assert str(error) == f"1 of 2 rows not used (1 used). row 2, column {column}: {stopped(message)} {REMEDY}"
    assert (error.code, error.row, error.column) == (code, 2, column)


# A. file and encoding
FILES = [
    (2, "", {}, "table.empty", "{path} is empty"),
    (2, HEADER + "\n", {}, "table.empty",
     "the table has a header but no rows; pass allow_empty=True if so meant"),
    (3, (HEADER + "\n" + GOOD).encode("utf-16"), {}, "file.encoding",
     "{path}: file is UTF-16; save as UTF-8 or pass encoding='utf-16'"),
    (4, (HEADER + "\n" + GOOD + "\ne1,2020-01-01,Espa\u00f1a,CUB,drill.joint").encode("latin-1"), {},
     "file.encoding",
     "{path}: byte 0xf1 in line 3 is not utf-8; save as UTF-8, "
     "or pass encoding= (cp1252 and latin-1 are common)"),
    (13, HEADER + "\n" + GOOD + '\n"e1,2020-01-01,RUS\n,x\n', {}, "row.quote",
     "{path}: the quote opened in row 3 is never closed"),
    (14, HEADER + "\n" + GOOD + "\n" + GOOD + ",x\n", {}, "row.ragged",
     "1 of 2 rows not used (1 used). row 3: 6 cells where the header has 5; is a delimiter inside an unquoted cell? "
     + REMEDY),
    (15, HEADER + "\n" + GOOD + "\ne1,2020-01-01\n", {}, "row.ragged",
     "1 of 2 rows not used (1 used). row 3: 2 cells where the header has 5; are delimiters missing? " + REMEDY),
    (16, (HEADER + "\n" + GOOD + "\n").replace(",", ";"), {}, "file.delimiter",
     "{path}: found 1 column; is the delimiter ';'? pass delimiter=';'"),
    (16, (HEADER + "\n" + GOOD + "\n").replace(",", "\t"), {}, "file.delimiter",
     "{path}: found 1 column; is the delimiter '\\t'? pass delimiter='\\t'"),
    (17, HEADER + ",date\n" + GOOD + ",x\n", {}, "column.duplicate",
     "column date stands twice, at positions 2 and 6; keep one"),
    (18, "event_id,date,actor,recipeint,event_type\n" + GOOD + "\n", {}, "column.missing",
     "missing column(s) recipient; found event_id, date, actor, recipeint, event_type. "
     "Is 'recipeint' for recipient meant?"),
    (20, HEADER + "\n" + GOOD + "\ne1," + "x" * 131_073 + ",,,\n", {}, "cell.too_long",
     "{path}: row 3, column 2: the cell is longer than 131,072 characters"),
    (22, HEADER + "\n" + GOOD + "\n" + HEADER + "\n", {}, "row.header",
     "1 of 2 rows not used (1 used). row 3: row 3 repeats the header. " + REMEDY),
    (23, HEADER + "\n" + GOOD + "\n", {"max_bytes": 20}, "file.too_large",
     "{path} is larger than max_bytes=20"),
    (23, HEADER + "\n" + GOOD + "\n" + GOOD + "\n", {"max_rows": 1}, "file.too_large",
     "{path} has more than max_rows=1"),
    (23, gzip.compress(b"a" * 10**6), {"max_bytes": 10**5}, "file.too_large",
     "{path} unpacks to more than max_bytes=100000"),
    (23, gzip.compress(b"a" * 10**4)[:-12], {}, "file.damaged",
     "{path} is damaged: the packed data stops early"),
    (2, "\n\n \n", {}, "table.empty", "{path} is empty"),
    (3, (HEADER + "\n" + GOOD).encode("utf-16-le"), {}, "file.encoding",
     "{path}: file is UTF-16; save as UTF-8 or pass encoding='utf-16-le'"),
    (3, (HEADER + "\n" + GOOD).encode("utf-32"), {}, "file.encoding",
     "{path}: file is UTF-32; save as UTF-8 or pass encoding='utf-32'"),
    (6, "\ufeff\ufeff" + HEADER + "\n" + GOOD + "\n", {}, "column.name",
     "column name '\\ufeffevent_id' holds a character that cannot be seen; take it out"),
    (8, HEADER + ",\x1b[31mmood\n" + GOOD + ",x\n", {}, "column.name",
     "column name '\\x1b[31mmood' holds a character that cannot be seen; take it out"),
    (17, HEADER + ",,\n" + GOOD + ",x,y\n", {}, "column.duplicate",
     "a column without a name stands twice, at positions 6 and 7; keep one"),
    (22, HEADER + "\n" + GOOD + "\n\ufeff" + HEADER.replace(",", " , ") + "\n", {}, "row.header",
     "1 of 2 rows not used (1 used). row 3: row 3 repeats the header. " + REMEDY),
    (29, "<Error><Code>AccessDenied</Code></Error>", {}, "file.page",
     "{path} is a web page or XML, not a table; was an error page saved?"),
    (29, "<!-- x --><html>", {}, "file.page",
     "{path} is a web page or XML, not a table; was an error page saved?"),
    (29, "%PDF-1.7", {}, "file.kind", "{path} is a PDF"),
    (29, '{"error": "not found"}', {}, "file.kind", "{path} is JSON; name it .json or .jsonl"),
    (29, "version https://git-lfs.github.com/spec/v1\n", {}, "file.kind",
     "{path} is a pointer of Git LFS, not the file it stands for; run git lfs pull"),
    (29, "<!DOCTYPE html><html><body>404</body></html>", {}, "file.page",
     "{path} is a web page or XML, not a table; was an error page saved?"),
    (29, '\n<?xml version="1.0"?><error/>', {}, "file.page",
     "{path} is a web page or XML, not a table; was an error page saved?"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "content", "options", "code", "message"), FILES)
def test_a_file_is_refused(tmp_path, case, content, options, code, message):
    path = written(tmp_path, content)
    error = file_refusal(path, **options)
    assert str(error) == message.replace("{path}", str(path))
    assert error.code == code


def test_01_missing_folder_and_forbidden(tmp_path, monkeypatch):
    assert str(file_refusal(tmp_path / "no.csv")) == f"{tmp_path / 'no.csv'} does not exist"
    assert str(file_refusal(tmp_path)) == f"{tmp_path} is a folder, not a file"
    monkeypatch.chdir(tmp_path)
    assert str(file_refusal("no.csv")) == f"{tmp_path / 'no.csv'} does not exist"
    path = written(tmp_path, HEADER)

    def forbidden(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", forbidden)
    assert str(file_refusal(path)) == f"{path} cannot be read: Permission denied"


def test_01_a_path_with_a_nul_character():
    assert str(file_refusal("a\0b.csv")) == "'a\\x00b.csv' is no path: it holds a NUL character"


def test_02_a_header_alone_is_accepted_on_request(tmp_path):
    reading = read_events(written(tmp_path, HEADER + "\n"), allow_empty=True)
    assert len(reading.table) == reading.report.rows_read == 0


def test_04_an_encoding_is_named_not_guessed(tmp_path):
    path = written(tmp_path, (HEADER + ",title\n" + GOOD + ",Espa\u00f1a\n").encode("latin-1"))
    assert read_events(path, encoding="latin-1").table["title"].tolist() == ["Espa\u00f1a"]
    assert str(file_refusal(path, encoding="utf-ate")) == "'utf-ate' is not the name of an encoding"


def test_06_a_byte_order_mark_is_taken_off_and_noted(tmp_path):
    reading = read_events(written(tmp_path, "\ufeff" + HEADER + "\n" + GOOD + "\n"))
    assert reading.table["event_id"].tolist() == ["e0"]
    assert ("file.bom", 1, "1 byte order mark at the start of the file, taken off") in reading.report.notes


def test_06_the_mark_of_a_json_file_is_noted_too(tmp_path):
    reading = read_events(written(tmp_path, "\ufeff[" + JSON % "" + "]", "events.json"))
    assert "file.bom" in [note.code for note in reading.report.notes]


def test_09_12_days_and_numbers_are_trimmed_and_it_is_reported(tmp_path):
    spaced = "e0,\u00a02020-01-01 ,USA,CUB,sanction.impose,2\u2003"
    hidden = "e1,2020-01-0\u200b2,USA,CUB,sanction.impose,1"
    reading = read_events(written(tmp_path, "\n".join([HEADER + ",magnitude", spaced, hidden])))
    assert reading.table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2020-01-01", "2020-01-02"]
    assert reading.table["magnitude"].tolist() == [2.0, 1.0]
    notes = {note.code: note.text for note in reading.report.notes}
    assert notes["text.trimmed"] == "2 cells had spaces around them, taken away (columns date, magnitude)"
    assert notes["text.hidden_removed"].startswith(
        "1 cells had invisible or direction characters, taken away"
    )


def test_09_hidden_signs_are_shown_in_prose_and_taken_from_names(tmp_path):
    text = HEADER + ",title\ne0,2020-01-01,U\u200bSA,CUB,sanction.impose,a\u202eb\n"
    reading = read_events(written(tmp_path, text))
    assert reading.table.loc[0, ["actor", "title"]].tolist() == ["USA", "a\\u202eb"]
    assert {note.code: note.n for note in reading.report.notes if note.code.startswith("text")} == {
        "text.hidden_removed": 1,
        "text.hidden_shown": 1,
    }


def test_19_unknown_columns_are_kept_and_listed(tmp_path):
    reading = read_events(written(tmp_path, HEADER + ",mood\n" + GOOD + ",grim\n"))
    assert reading.table["mood"].tolist() == ["grim"]
    assert ("column.extra", 1, "1 unknown column(s) kept as they are: mood") in reading.report.notes


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_21_line_ends_of_any_kind_and_physical_row_numbers(tmp_path, end):
    lines = [HEADER + ",note", GOOD + f',"two{end}lines"', "", "e1,2020-02-30,USA,CUB,drill.joint,"]
    reading = read_events(written(tmp_path, end.join(lines) + end), errors="quarantine")
    assert reading.rejected["row"].tolist() == [5]
    assert reading.report.rows_read == 2
    assert reading.table["note"].tolist() == ["two\nlines"]


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, HEADER + "\n" + GOOD + "\n")
    return buffer.getvalue()


def test_24_a_zip_holds_one_plain_file(tmp_path):
    good = written(tmp_path, zipped("events.csv"), "events.zip")
    assert read_events(good).report.accepted == 1
    two = written(tmp_path, zipped("a.csv", "b.csv"), "two.zip")
    assert str(file_refusal(two)) == f"{two} holds 2 files (a.csv, b.csv); one plain file is needed"
    out = written(tmp_path, zipped("../a.csv"), "out.zip")
    assert str(file_refusal(out)) == f"{out} holds '../a.csv', which is not a plain file name"
    assert sorted(os.listdir(tmp_path)) == ["events.zip", "out.zip", "two.zip"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_24_a_zip_with_a_flipped_byte_is_damaged(tmp_path, packing):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        archive.writestr("events.csv", HEADER + "\n" + GOOD + "\n")
    content = bytearray(buffer.getvalue())
    content[50] ^= 0xFF
    path = written(tmp_path, bytes(content), "events.zip")
    assert str(file_refusal(path)).startswith(f"{path} is damaged: ")


@pytest.mark.parametrize("name", ["events.csv.gz", "events.zip"])
def test_24_a_packed_name_on_a_plain_file(tmp_path, name):
    path = written(tmp_path, HEADER + "\n" + GOOD + "\n", name)
    assert str(file_refusal(path)) == f"{path} is named {path.suffix} but is not packed so"


def test_25_serial_numbers_follow_the_epoch_of_the_workbook(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="xlsx needs the extra xlsx")
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.active.append(["e0", 43834, "USA", "CUB", "sanction.impose"])
    book.active.append(["e1", 43834.75, "USA", "CUB", "drill.joint"])
    for epoch, day in (("WINDOWS_1900", "2020-01-04"), ("MAC_1904", "2024-01-05")):
        book.epoch = getattr(openpyxl.utils.datetime, f"CALENDAR_{epoch}")
        path = tmp_path / f"{epoch}.xlsx"
        book.save(path)
        table = read_events(path, excel_dates=True).table
        assert table["date"].dt.strftime("%Y-%m-%d").tolist() == [day, day]


def test_25_workbooks(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="xlsx needs the extra xlsx")
    book = openpyxl.Workbook()
    page = book.active
    page.append(HEADER.split(","))
    page.append(["e0", dt.date(2020, 1, 1), "USA", "CUB", "sanction.impose"])
    page.append(["e1", "=A1", "USA", "CUB", "sanction.impose"])
    path = tmp_path / "events.xlsx"
    book.save(path)
    expected = f"1 of 2 rows not used (1 used). row 3: cell B3 holds a formula; paste its value. {REMEDY}"
    assert str(file_refusal(path)) == expected
    book.create_sheet("other")
    book.save(path)
    assert str(file_refusal(path)) == f"{path} has sheets Sheet, other; pass sheet= with one of them"
    assert str(file_refusal(path, sheet="x")) == f"{path} has no sheet 'x'; it has Sheet, other"
    page.delete_rows(3)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    assert read_events(path, sheet="Sheet").table["date"].tolist() == [pd.Timestamp("2020-01-01")]
    page.merge_cells("A5:B6")
    book.save(path)
    assert str(file_refusal(path, sheet="Sheet")) == f"{path}, sheet Sheet: merged cells A5:B6; split them"


JSON = (
    '{"event_id": "e0", "date": "2020-01-01", "actor": "USA", "recipient": "CUB", '
    '"event_type": "sanction.impose"%s}'
)


@pytest.mark.parametrize(
    ("extra", "code", "message"),
    [
        (', "magnitude": NaN', "json.nan", "{path}: $[0].magnitude is NaN, which is not JSON"),
        (', "actor": "RUS"', "json.duplicate_key", "{path}: key 'actor' stands twice in $[0]"),
        (', "note": {"a": {"b": 1}}', "json.depth",
         "{path}: $[0].note is nested; a cell is a text, a number or a list of texts"),
        (', "note": ' + "[" * 100_000 + "]" * 100_000, "json.depth", "{path} is nested deeper than 3 levels"),
        (", ]", "json.invalid", None),
        (', "magnitude": ' + "9" * 5000, "json.invalid", None),
        (', "note": "\\ud800"', "text.control", None),
        (', "no\\u0000te": 1', "column.name", None),
    ],
)  # fmt: skip
def test_26_json_is_strict(tmp_path, extra, code, message):
    path = written(tmp_path, f"[{JSON % extra}]", "events.json")
    error = file_refusal(path)
    assert error.code == code
    if message is not None:
        assert str(error) == message.replace("{path}", str(path))
    lines = written(tmp_path, JSON % "" + "\n" + JSON % extra + "\n", "events.jsonl")
    assert file_refusal(lines).code == code


def test_27_parquet_types_are_judged_first(tmp_path):
    pytest.importorskip("pyarrow", reason="Parquet needs the extra lake")
    frame = pd.DataFrame([ROW])
    path = tmp_path / "events.parquet"
    frame.to_parquet(path)
    assert read_events(path).report.accepted == 1
    frame.assign(actor=[["RUS", "CUB"]]).to_parquet(path)
    error = file_refusal(path)
    assert (error.code, error.column) == ("column.type", "actor")
    path.write_bytes(path.read_bytes()[:-40])
    assert file_refusal(path).code == "file.damaged"


@pytest.mark.parametrize(
    ("column", "cells", "found", "wanted"),
    [
        ("date", [True], "truth values", "date"),
        ("date", pd.to_timedelta([1], "D"), "durations", "date"),
        ("magnitude", [False], "truth values", "number"),
        ("actor", [True], "truth values", "state"),
        ("title", pd.to_datetime(["2024-01-01"]), "date", "text"),
    ],
)
def test_27_each_column_s_type_is_told_before_its_cells(tmp_path, column, cells, found, wanted):
    pytest.importorskip("pyarrow", reason="Parquet needs the extra lake")
    path = tmp_path / "events.parquet"
    pd.DataFrame([ROW]).assign(**{column: cells}).to_parquet(path)
    error = file_refusal(path)
    assert str(error) == f"{path}: column {column} holds {found}; {wanted} is needed"
    assert (error.code, error.column) == ("column.type", column)


def test_28_an_address_that_became_a_path_is_refused_too():
    path = Path("https://example.org/e.csv")
    assert file_refusal(path).code == "file.address"


def test_28_an_address_is_never_fetched():
    message = (
        "'https://example.org/e.csv' is an address; download it with a fetch_... function, then read the file"
    )
    assert str(file_refusal("https://example.org/e.csv")) == message


def test_30_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = written(tmp_path, HEADER + "\n" + GOOD + "\n")
    plain = files._unpacked

    def meddling(file, packed, cap):
        path.write_text(HEADER + "\n")
        return plain(file, packed, cap)

    monkeypatch.setattr(files, "_unpacked", meddling)
    assert str(file_refusal(path)) == f"{path} was changed while it was read; read it again"


def accepted(**change) -> pd.Series:
    options = change.pop("options", {})
    return check_events(pd.DataFrame([{**ROW, **change}]), **options).iloc[0]


def test_dates_that_an_option_explains():
    assert accepted(date="03/04/2024", options={"dayfirst": True})["date"] == pd.Timestamp("2024-04-03")  # 32
    assert accepted(date="03/04/2024", options={"dayfirst": False})["date"] == pd.Timestamp("2024-03-04")
    assert accepted(date="20240102", options={"format": "%Y%m%d"})["date"] == pd.Timestamp("2024-01-02")  # 35
    assert accepted(date=45292, options={"excel_dates": True})["date"] == pd.Timestamp("2024-01-01")  # 36
    assert accepted(date=1704067200, options={"unit": "s"})["date"] == pd.Timestamp("2024-01-01")  # 50


@pytest.mark.parametrize(
    ("policy", "month", "year"),
    [("start", "2024-03-01", "2023-01-01"), ("midpoint", "2024-03-16", "2023-07-02"), ("end", "2024-03-31",
     "2023-12-31")],
)  # fmt: skip
def test_37_a_month_and_a_year_keep_their_precision(policy, month, year):
    frame = pd.DataFrame([ROW] * 2).assign(event_id=["a", "b"], date=["2024-03", "2023"])
    checked = check_events(frame, date_policy=policy)
    assert checked["date"].dt.strftime("%Y-%m-%d").tolist() == [month, year]
    assert checked["date_precision"].tolist() == ["month", "year"]


def test_37_a_placed_date_is_never_after_the_day_it_was_known():
    row = accepted(date="2024", known_on="2024-02-10")
    assert row["date"] == row["known_on"] == pd.Timestamp("2024-02-10")


def test_37_a_form_without_a_day_or_a_month_keeps_its_precision():
    row = accepted(date="2023", options={"format": "%Y"})
    assert (row["date"], row["date_precision"]) == (pd.Timestamp("2023-07-02"), "year")
    row = accepted(date="03/2024", options={"format": "%m/%Y"})
    assert (row["date"], row["date_precision"]) == (pd.Timestamp("2024-03-16"), "month")


@pytest.mark.parametrize("value", [2024.0, "2024.0", np.float64(2024)])
def test_37_a_year_in_a_column_of_floats_is_a_year(value):
    row = accepted(date=value)
    assert (row["date"], row["date_precision"]) == (pd.Timestamp("2024-07-01"), "year")


def test_42_a_form_with_an_offset_keeps_the_instant():
    row = accepted(date="02.01.2024 23:30 -1100", options={"format": "%d.%m.%Y %H:%M %z"})
    assert (row["date"], row["date_utc"]) == (pd.Timestamp("2024-01-02"), "2024-01-03T10:30:00Z")


def test_47_an_end_known_by_its_year_is_not_before_a_date_in_that_year():
    row = accepted(event_type="defence.base", date="2024-08-05", end="2024")
    assert row["end"] == pd.Timestamp("2024-08-05")
    row = accepted(event_type="defence.base", date="2024", end="2024-03-01")
    assert row["date"] == row["end"] == pd.Timestamp("2024-03-01")
    with pytest.raises(EventError):
        accepted(event_type="defence.base", date="2024-08-05", end="2023")


WRONG_OPTIONS = [
    ({"format": "%Q"}, "format: '%Q' is not a strptime form, as '%Y%m%d' is one"),
    ({"format": "%d.%m."}, "format: '%d.%m.' has no year (%Y)"),
    (
        {"first_day": "2030-01-01", "last_day": "2000-01-01"},
        "first_day 2030-01-01 is after last_day 2000-01-01",
    ),
    ({"last_day": "now"}, "last_day: 'now' is not a day; write YYYY-MM-DD"),
    ({"strict_future": "now"}, "strict_future: 'now' is not a day; write YYYY-MM-DD"),
    ({"limit": -1}, "limit must be a positive number, not -1"),
]


@pytest.mark.parametrize(("options", "message"), WRONG_OPTIONS)
def test_an_option_that_makes_no_sense_is_told_at_once(options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        accepted(options=options)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"timezone": "Mars/X"}, "timezone: 'Mars/X' is not the name of a time zone, as 'Europe/Paris' is"),
     ({"delimiter": ",,"}, "delimiter must be one character, not ',,'"),
     ({"encoding": None}, "encoding must be the name of an encoding, not None"),
     ({"max_rows": 0}, "max_rows must be a positive number, not 0")],
)  # fmt: skip
def test_an_option_of_the_file_that_makes_no_sense(tmp_path, options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read_events(written(tmp_path, HEADER), **options)


def test_42_an_offset_keeps_the_local_day_and_the_instant():
    row = accepted(date="2024-01-02T23:30:00-11:00")
    assert row["date"] == pd.Timestamp("2024-01-02")
    assert row["date_utc"] == "2024-01-03T10:30:00Z"


def test_43_naive_beside_aware_clock_times():
    frame = pd.DataFrame([ROW] * 2).assign(
        event_id=["a", "b"], date=["2024-01-02T10:00:00Z", "2024-01-02T10:00:00"]
    )
    with pytest.raises(EventError) as caught:
        check_events(frame)
    assert caught.value.errors[0].message == (
        "'2024-01-02T10:00:00' has a clock time without an offset, but row 1 has one with; write all alike"
    )


@pytest.mark.parametrize(
    ("clock", "zone", "message"),
    [("2011-12-30T12:00:00", "Pacific/Apia",
     "'2011-12-30T12:00:00' does not exist in Pacific/Apia: clocks went forward"),
     ("2024-11-03T01:30:00", "America/New_York",
      "'2024-11-03T01:30:00' comes twice in America/New_York (clocks went back); pass fold=0 or fold=1")],
)  # fmt: skip
def test_44_clock_times_that_are_none_or_two(tmp_path, clock, zone, message):
    path = written(tmp_path, HEADER + f"\ne0,{clock},USA,CUB,sanction.impose\n")
    assert file_refusal(path, timezone=zone).errors[0].message == message
    if "twice" in message:
        assert read_events(path, timezone=zone, fold=1).table["date_utc"].tolist() == ["2024-11-03T06:30:00Z"]


def test_46_the_future_is_refused_only_on_request():
    assert accepted(date="2030-01-01")["date"] == pd.Timestamp("2030-01-01")
    with pytest.raises(EventError) as caught:
        accepted(date="2030-01-01", options={"strict_future": "2025-12-31"})
    assert caught.value.errors[0].message == "the date is after 2025-12-31"


def test_48_known_before_its_date_is_a_note(tmp_path):
    text = HEADER + ",known_on\n" + GOOD + ",2019-12-01\n"
    codes = [note.code for note in read_events(written(tmp_path, text)).report.notes]
    assert "known_on.early" in codes


def test_65_numbers_alone_are_refused_unless_their_system_is_named():
    frame = pd.DataFrame([{**ROW, "actor": "2"}])
    with pytest.raises(EventError, match=r"is a number\. Say whose: system="):
        check_events(frame)


def test_68_70_sides_of_mutual_types_are_ordered():
    row = accepted(actor="VEN", recipient="RUS", event_type="drill.joint")
    assert row[["actor", "recipient"]].tolist() == ["RUS", "VEN"]
    assert accepted(actor="VEN", recipient="RUS")[["actor", "recipient"]].tolist() == ["VEN", "RUS"]


@pytest.mark.parametrize("cell", ["1.000,5", "1000,5"])
def test_75_marks_that_an_option_explains(cell):
    options = {"decimal": ",", "thousands": "."}
    assert accepted(magnitude=cell, options=options)["magnitude"] == 1000.5


@pytest.mark.parametrize("bad", ["1.00,5", "10.0000"])
def test_75_marks_in_odd_places_stay_refused(bad):
    with pytest.raises(EventError):
        accepted(magnitude=bad, options={"decimal": ",", "thousands": "."})


def test_77_small_integers_do_not_overflow():
    row = accepted(magnitude=np.int8(100))
    assert row["magnitude"] + row["magnitude"] == 200.0


@pytest.mark.parametrize("name", ["12345678901234567890", "1E5", "010", "NA", "nan"])
def test_78_79_82_ids_and_codes_are_text(tmp_path, name):
    path = written(tmp_path, HEADER + f",act_id\n{name},2020-01-01,USA,CUB,sanction.impose,{name}\n")
    assert read_events(path).table.loc[0, ["event_id", "act_id"]].tolist() == [name, name]


def test_81_a_renamed_type_is_mapped_and_noted(tmp_path):
    reading = read_events(
        written(tmp_path, HEADER + "\n" + GOOD.replace("sanction.impose", "defense.agreement"))
    )
    assert reading.table["event_type"].tolist() == ["defence.agreement"]
    assert "type.renamed" in [note.code for note in reading.report.notes]


def test_83_an_exact_copy_is_kept_once_and_never_raises(tmp_path):
    reading = read_events(written(tmp_path, "\n".join([HEADER, GOOD, GOOD, GOOD])))
    assert reading.rejected[["row", "code", "message"]].values.tolist() == [
        [3, "duplicate.exact", "an exact copy of row 2"],
        [4, "duplicate.exact", "an exact copy of row 2"],
    ]
    assert (reading.report.rows_read, reading.report.accepted, reading.report.rejected) == (3, 1, 2)


def test_83_copies_beside_a_refused_row_are_counted_apart(tmp_path):
    path = written(tmp_path, "\n".join([HEADER, GOOD, GOOD, "e1,2024-02-30,USA,CUB,drill.joint"]))
    assert str(file_refusal(path)).startswith(
        "1 of 3 rows not used (1 used, 1 exact copy left out). row 4, column date: "
    )


def test_84_86_look_alikes_are_noted_not_merged(tmp_path):
    lines = [HEADER, GOOD, GOOD.replace("e0", "e9"), GOOD.replace("e0", "e5").replace("01-01", "01-03")]
    path = written(tmp_path, "\n".join(lines))
    reading = read_events(path)
    notes = {note.code: note.n for note in reading.report.notes}
    assert reading.report.accepted == 3
    assert (notes["duplicate.content"], notes["duplicate.near"]) == (1, 1)
    merged = read_events(path, errors="quarantine", dedupe="content")
    assert merged.rejected[["row", "code"]].values.tolist() == [[3, "duplicate.content"]]
    assert ("dedupe", "content") in merged.report.policies


def test_85_one_id_with_two_contents_refuses_both(tmp_path):
    path = written(tmp_path, "\n".join([HEADER, GOOD, GOOD.replace("CUB", "RUS")]))
    reading = read_events(path, errors="quarantine")
    assert reading.rejected["message"].tolist() == ["'e0' stands in rows 2, 3 with different content"] * 2
    assert set(reading.rejected["code"]) == {"event_id.conflict"}


@pytest.mark.parametrize(
    "index",
    [[7, 7, 3], pd.MultiIndex.from_tuples([("b", 1), ("a", 2), ("a", 1)]), pd.Index([2.5, 0.1, 1.0])],
)
def test_88_any_index_is_replaced(index):
    frame = pd.DataFrame([ROW] * 3).assign(
        event_id=["a", "b", "c"], date=["2024-01-01", "2024-02-30", "2024-01-03"]
    )
    frame.index = index
    with pytest.raises(EventError) as caught:
        check_events(frame)
    assert caught.value.row == 2
    fixed = check_events(frame.assign(date="2024-01-01"))
    assert fixed.index.tolist() == [0, 1, 2]


def test_89_unused_categories_are_not_read():
    frame = pd.DataFrame([ROW] * 2).assign(event_id=["a", "b"])
    frame["actor"] = pd.Categorical(["RUS", "CUB"], categories=["RUS", "CUB", "Korea", "Atlantis"])
    assert check_events(frame)["actor"].tolist() == ["RUS", "CUB"]


def test_90_mixed_cells_are_read_one_by_one():
    frame = pd.DataFrame([ROW] * 4).assign(event_id=["a", "b", "c", 4])
    frame["date"] = pd.Series(
        ["2024-01-02", dt.date(2024, 1, 2), pd.Timestamp("2024-01-02"), 2024], dtype=object
    )
    frame["magnitude"] = pd.Series([Decimal("2.5"), pd.NA, 1, "3"], dtype=object)
    checked = check_events(frame)
    assert checked["magnitude"].fillna(-1).tolist() == [2.5, -1.0, 1.0, 3.0]
    assert checked["date_precision"].tolist() == ["day", "day", "day", "year"]
    assert checked["event_id"].tolist() == ["a", "b", "c", "4"]


@pytest.mark.parametrize("column", ["title", "event_id", "actor", "event_type", "mood", "date", "magnitude"])
def test_90_half_a_surrogate_pair_is_refused_wherever_it_stands(column):
    frame = pd.DataFrame([{**ROW, column: "a\ud800b"}], dtype=object)
    with pytest.raises(EventError) as caught:
        check_events(frame)
    assert (caught.value.column, len(caught.value.errors)) == (column, 1)
    assert "\\ud800" in str(caught.value)


def test_90_days_of_numpy_among_other_cells():
    frame = pd.DataFrame([ROW] * 2).assign(event_id=["a", "b"])
    frame["date"] = pd.Series(["2024-01-02", np.datetime64("2024-01-03")], dtype=object)
    assert check_events(frame)["date"].tolist() == [pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-03")]


def test_90_only_a_frame_is_checked():
    with pytest.raises(
        TypeError, match=r"^a DataFrame is checked, not list; a file is read with read_events"
    ):
        check_events([ROW])


def test_91_read_only_input_stays_as_it_is():
    frame = pd.DataFrame([ROW]).assign(magnitude=np.array([2.0]))
    before = frame.copy(deep=True)
    for column in frame:
        values = frame[column].array
        if isinstance(values, np.ndarray):
            values.flags.writeable = False
    check_events(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_92_the_view_of_a_day_ignores_what_came_or_was_known_later():
    frame = pd.DataFrame([ROW] * 4).assign(
        event_id=list("abcd"), event_type="defence.base",
        date=["2020-01-01", "2020-05-01", "2021-01-01", "2020-03-01"],
        known_on=["2020-01-01", "2022-01-01", "2021-01-01", "2020-03-01"],
        end=["", "", "", "2020-06-01"], end_known_on=["", "", "", "2021-06-01"],
    )  # fmt: skip
    table = check_events(frame)
    view = as_known(table, "2020-12-31")
    assert view["event_id"].tolist() == ["a", "d"]
    assert view["end"].isna().all()
    kept = table[(table["date"] <= "2020-12-31") & (table["known_on"] <= "2020-12-31")]
    pd.testing.assert_frame_equal(view, as_known(kept, "2020-12-31"))


RECIPES = [
    (b"\xff\xfek\0", "{path}: not UTF-8 (byte 0xff at 0); TOML is UTF-8"),
    (b"kappa = " + b"9" * 5000, "{path}: not TOML: a number is too long or tables too deep to be read"),
    (
        b"a = " + b"[" * 5000 + b"]" * 5000,
        "{path}: not TOML: a number is too long or tables too deep to be read",
    ),
    (b"kappa = nan", "{path}: kappa: nan is not a finite number"),
    (b'kappa = "1"', "{path}: kappa: '1' is not a finite number"),
]


@pytest.mark.parametrize(("content", "message"), RECIPES)
def test_a_recipe_file_is_refused(tmp_path, content, message):
    path = written(tmp_path, content, "mine.toml")
    with pytest.raises(RecipeError) as caught:
        load_recipe(path)
    assert str(caught.value) == message.replace("{path}", str(path))


def test_a_recipe_may_begin_with_a_byte_order_mark(tmp_path):
    assert load_recipe(written(tmp_path, b"\xef\xbb\xbfkappa = 2.0", "mine.toml")).kappa == 2.0


@pytest.mark.parametrize(
    ("name", "end"), [("no.toml", ": No such file or directory"), (".", ": Is a directory")]
)
def test_a_recipe_that_is_not_there(tmp_path, name, end):
    with pytest.raises(RecipeError) as caught:
        load_recipe(tmp_path / name)
    assert str(caught.value) == f"{(tmp_path / name).resolve()}{end}"
    with pytest.raises(RecipeError, match="is no path"):
        load_recipe("a\0b.toml")
