"""The event table: its form, what is filled in, laws of reading, and the view of a day."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risk.codebook import load_codebook
from risk.events import EVENTS, EventError, as_known, check_events, read_events

COLUMNS = [
    *("event_id", "date", "date_precision", "end", "actor", "recipient", "participants", "event_type"),
    *("act_id", "stage", "measure_id", "magnitude", "value", "confidence", "known_on", "end_known_on"),
    *("title", "publisher", "source", "url", "checked", "note"),
]
DAYS = ["date", "end", "known_on", "end_known_on"]
NUMBERS = ["magnitude", "value", "confidence"]
ROW = {
    "event_id": "rus-ven-2025-05-07-partnership-signed",
    "date": "2025-05-07",
    "actor": "Venezuela",
    "recipient": "Russia",
    "event_type": "treaty.partnership",
}


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**ROW, "event_id": f"e{place}", **row} for place, row in enumerate(rows)])


def test_the_checked_table_has_the_stated_form():
    checked = check_events(table({}, {"date": "2024-03"}).assign(mood="calm"))
    assert checked.columns.tolist() == [*COLUMNS, "mood"]
    assert list(EVENTS.names) == COLUMNS
    text = pd.Series([""], dtype="str").dtype
    for name in COLUMNS:
        expected = "datetime64[s]" if name in DAYS else "float64" if name in NUMBERS else text
        assert checked[name].dtype == expected, name
    assert checked["date_precision"].tolist() == ["day", "month"]
    assert checked["confidence"].tolist() == [1.0, 1.0]
    assert checked["magnitude"].isna().all()


def test_a_missing_confidence_column_is_noted_a_blank_cell_refused(tmp_path):
    path = tmp_path / "events.csv"
    table({}).to_csv(path, index=False)
    notes = {note.code: note.text for note in read_events(path).report.notes}
    assert notes["column.default"] == "1 column(s) missing; every row has 1.0 (column confidence)"
    with pytest.raises(EventError, match="row 2, column confidence: no confidence given"):
        check_events(table({"confidence": "0.9"}, {"confidence": ""}))


def test_known_on_and_end_known_on_are_filled():
    row = check_events(table({"event_type": "defence.base", "end": "2025-06-01"})).iloc[0]
    assert row["known_on"] == row["date"] == pd.Timestamp("2025-05-07")
    assert row["end_known_on"] == row["end"] == pd.Timestamp("2025-06-01")


def test_a_month_of_knowledge_means_its_last_day():
    row = check_events(table({"known_on": "2025-07"})).iloc[0]
    assert row["known_on"] == pd.Timestamp("2025-07-31")


def test_names_become_codes_and_mutual_sides_are_ordered():
    checked = check_events(table({}, {"event_type": "diplomacy.head_visit"}))
    assert checked[["actor", "recipient"]].values.tolist() == [["RUS", "VEN"], ["VEN", "RUS"]]


def test_participants_are_resolved_and_sorted():
    many = {"actor": "", "recipient": "", "event_type": "drill.joint", "participants": "Russia; Iran;CHN"}
    row = check_events(table(many)).iloc[0]
    assert row[["actor", "recipient", "participants"]].tolist() == ["", "", "CHN;IRN;RUS"]


def test_stages_belong_to_their_type():
    row = check_events(table({"stage": "signed", "act_id": "rus-ven-2025-partnership"})).iloc[0]
    assert row["stage"] == "signed"
    with pytest.raises(EventError, match="row 1, column stage: 'in_force' is no stage of treaty"):
        check_events(table({"stage": "in_force"}))


def test_money_needs_dollars():
    assert check_events(table({"value": "12.5", "currency": "USD"}))["value"].tolist() == [12.5]
    with pytest.raises(EventError, match="the value is in no named currency"):
        check_events(table({"value": "12.5", "currency": ""}))
    assert check_events(table({"value": "", "currency": ""}))["value"].isna().all()


def test_own_types_come_with_their_codebook():
    own = load_codebook().types.loc[["drill.joint"]].rename(index={"drill.joint": "drill.space"})
    book = load_codebook().with_types(own)
    assert check_events(table({"event_type": "drill.space"}), codebook=book)["event_type"].tolist() == [
        "drill.space"
    ]


def test_organisations_act_too():
    row = check_events(table({"actor": "European Union", "event_type": "sanction.impose"})).iloc[0]
    assert row["actor"] == "EU"


def test_checking_twice_changes_nothing():
    base = {"event_type": "defence.base", "end": "2026-01-01"}
    once = check_events(table({}, {"date": "2024-03", "known_on": "2024-03-05"}, base))
    pd.testing.assert_frame_equal(check_events(once), once)


def test_an_empty_frame_is_a_table_without_events():
    checked = check_events(table({}).iloc[:0])
    assert checked.columns.tolist() == COLUMNS
    assert len(checked) == 0


def test_a_file_written_from_the_checked_table_reads_back(tmp_path):
    checked = check_events(table({}, {"date": "2024-05-06", "magnitude": "2"}, {"title": '=1, "x"\nline'}))
    checked.to_csv(tmp_path / "events.csv", index=False, lineterminator="\n")
    pd.testing.assert_frame_equal(read_events(tmp_path / "events.csv").table, checked)


def test_datetime_and_categorical_columns_are_read_as_their_text_is():
    text = table({}, {"date": "2024-05-06", "actor": "Cuba"})
    typed = text.assign(date=pd.to_datetime(text["date"]), actor=text["actor"].astype("category"))
    pd.testing.assert_frame_equal(check_events(typed), check_events(text))
    zoned = text.assign(date=pd.to_datetime(text["date"]).dt.tz_localize("America/Caracas"))
    assert check_events(zoned)["date"].tolist() == check_events(text)["date"].tolist()


def test_the_error_lists_every_row():
    with pytest.raises(EventError) as caught:
        check_events(table({"date": "2024-02-30"}, {}, {"actor": "Isreal"}))
    error = caught.value
    assert str(error).startswith(
        "2 of 3 rows not used (1 used). row 1, column date: '2024-02-30' is not a day; row 3, "
    )
    assert [(found.row, found.column, found.code) for found in error.errors] == [
        (1, "date", "date.invalid"),
        (3, "actor", "state.unknown"),
    ]


def test_one_bad_row_among_many_keeps_the_others():
    frame = pd.concat([table({})] * 1000, ignore_index=True)
    frame["event_id"] = [f"e{place}" for place in range(1000)]
    frame["date"] = np.datetime_as_string(np.datetime64("2000-01-01") + np.arange(1000))
    frame.loc[500, "recipient"] = "Mexico City"
    with pytest.raises(EventError) as caught:
        check_events(frame)
    assert [found.row for found in caught.value.errors] == [501]


def test_as_known_needs_both_days():
    events = check_events(table({"known_on": "2025-09-01"}))
    assert len(as_known(events, "2025-06-01")) == 0
    assert len(as_known(events, "2025-06-01", known_on="2025-09-01")) == 1


CELLS = {
    "date": st.sampled_from(["2024-01-02", "2024-01-03", "2024-02-30", "2024-03", "2019", "", "03/04/2024"]),
    "actor": st.sampled_from(["RUS", "Russia", "USA", "Cuba", "Isreal", "", "NA", "EU"]),
    "recipient": st.sampled_from(["VEN", "Venezuela", "RUS", "Korea", "CUB"]),
    "event_type": st.sampled_from(["drill.joint", "arms.contract", "treaty.partnership", "nothing"]),
    "stage": st.sampled_from(["", "signed", "lost"]),
    "magnitude": st.sampled_from(["", "1", "2.5", "x", "-1"]),
    "title": st.sampled_from(["", "a", " b ", "c\u200bd", "e\x07f"]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=12)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def identified(rows: list[dict[str, str]], prefix: str = "e") -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    frame.insert(0, "event_id", [f"{prefix}{place}" for place in range(len(frame))])
    return frame


def quarantined(folder, frame: pd.DataFrame, name: str = "events.csv"):
    path = folder / name
    frame.to_csv(path, index=False)
    return read_events(path, errors="quarantine")


@given(rows=ROWS, copies=st.integers(0, 3))
@SLOW
def test_every_row_is_accepted_or_rejected(tmp_path, rows, copies):
    frame = identified(rows)
    frame = pd.concat([frame, frame.head(copies)])
    reading = quarantined(tmp_path, frame)
    report = reading.report
    assert report.rows_read == report.accepted + report.rejected == len(frame)
    assert (len(reading.table), len(reading.rejected)) == (report.accepted, report.rejected)
    assert set(reading.rejected["row"]) <= set(range(2, len(frame) + 2))


@given(rows=ROWS)
@SLOW
def test_frame_and_file_agree(tmp_path, rows):
    frame = identified(rows)
    before = frame.copy(deep=True)
    reading = quarantined(tmp_path, frame)
    if len(reading.rejected):
        with pytest.raises(EventError) as caught:
            check_events(frame)
        assert {found.row for found in caught.value.errors} == set(reading.rejected["row"] - 1)
    else:
        pd.testing.assert_frame_equal(check_events(frame), reading.table)
    pd.testing.assert_frame_equal(frame, before)


@given(first=ROWS, second=ROWS)
@SLOW
def test_two_files_read_as_their_joined_file(tmp_path, first, second):
    one, two = identified(first, "a"), identified(second, "b")
    apart = [quarantined(tmp_path, frame, f"{place}.csv") for place, frame in enumerate((one, two))]
    joined = quarantined(tmp_path, pd.concat([one, two]))
    expected = pd.concat([reading.table for reading in apart], ignore_index=True)
    pd.testing.assert_frame_equal(joined.table, expected)
    assert joined.report.rejected == sum(reading.report.rejected for reading in apart)


@given(rows=ROWS, order=st.randoms(use_true_random=False))
@SLOW
def test_the_order_of_rows_does_not_matter(tmp_path, rows, order):
    frame = identified(rows)
    places = list(range(len(frame)))
    order.shuffle(places)
    straight, shuffled = quarantined(tmp_path, frame), quarantined(tmp_path, frame.iloc[places])
    left, right = (
        reading.table.sort_values("event_id", ignore_index=True) for reading in (straight, shuffled)
    )
    pd.testing.assert_frame_equal(left, right)
    assert sorted(straight.rejected["code"]) == sorted(shuffled.rejected["code"])


@given(rows=ROWS)
@SLOW
def test_renaming_an_alias_to_its_code_changes_nothing(tmp_path, rows):
    frame = identified(rows)
    coded = frame.replace({"Russia": "RUS", "Venezuela": "VEN", "Cuba": "CUB", "NA": "NAM"})
    pd.testing.assert_frame_equal(quarantined(tmp_path, frame).table, quarantined(tmp_path, coded).table)


def test_json_may_list_participants(tmp_path):
    path = tmp_path / "events.json"
    record = {**ROW, "actor": None, "recipient": None, "event_type": "drill.joint"}
    record["participants"] = ["IRN", "CHN", "RUS"]
    path.write_text(json.dumps([record]))
    assert read_events(path).table["participants"].tolist() == ["CHN;IRN;RUS"]


def test_thousands_of_misses_are_told_without_suggestions():
    rows = 3000
    frame = table({}).loc[[0] * rows].assign(event_id=[f"e{place}" for place in range(rows)])
    frame = frame.assign(event_type=[f"kind{place}" for place in range(rows)])
    with pytest.raises(EventError) as caught:
        check_events(frame)
    assert "families: " in caught.value.errors[0].message
    assert caught.value.errors[-1].message == "event type 'kind2999' is not in codebook 1.0"
