"""Trigger events: the table against its description, the checks, the decayed counts."""

from __future__ import annotations

import csv
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import risk
from risk.datasets import describe, path, read_text_table
from risk.states import exists
from risk.triggers import COLUMNS, KINDS, check_triggers, load_triggers, recent_triggers

CODES = ["MLI", "NER", "PRK", "RUS"]
DAYS = st.dates(pd.Timestamp("1995-01-01").date(), pd.Timestamp("2025-12-31").date())
ROWS = st.lists(st.tuples(DAYS, st.sampled_from(CODES), st.sampled_from(KINDS)), min_size=1, max_size=30)
WANTED = describe("triggers")["assertions"]


def table(rows) -> pd.DataFrame:
    """A checked table of (day, state, kind)."""
    days, states, kinds = zip(*rows, strict=True)
    ids = [f"t{at}" for at in range(len(rows))]
    return check_triggers(
        pd.DataFrame({"trigger_id": ids, "date": [str(day) for day in days], "state": states, "kind": kinds})
    )


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    return read_text_table("triggers", "triggers.csv")


def test_the_file_is_plain_sorted_text(raw):
    data = path("triggers", "triggers.csv").read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(data.decode("utf-8").splitlines()))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert tuple(rows[0]) == COLUMNS
    assert all(cell == cell.strip() for row in rows for cell in row)
    keys = list(raw[["date", "trigger_id"]].itertuples(index=False, name=None))
    assert keys == sorted(keys)
    assert raw["trigger_id"].is_unique


def test_every_kind_is_known_and_enough(raw):
    counts = raw["kind"].value_counts().to_dict()
    assert set(counts) == set(KINDS) == set(WANTED["min_per_kind"])
    assert not {kind: counts[kind] for kind, n in WANTED["min_per_kind"].items() if counts[kind] < n}
    assert raw["state"].nunique() >= WANTED["min_states"]
    assert not raw.duplicated(WANTED["key"]).any()


def test_no_event_stands_under_two_kinds(raw):
    """The lists overlap: a self-coup that the coup list has too would count twice."""
    at_home = raw[raw["kind"].isin(["coup", "coup_attempt", "self_coup"])]
    at_home = at_home.assign(day=pd.to_datetime(at_home["date"])).sort_values(["state", "day"])
    apart = at_home.groupby("state")["day"].diff().dt.days
    changed = at_home["kind"] != at_home.groupby("state")["kind"].shift()
    assert not at_home.loc[changed & (apart <= 3), "trigger_id"].tolist()


def test_ids_say_state_day_and_kind(raw):
    told = raw["state"].str.lower() + "-" + raw["date"] + "-" + raw["kind"].str.replace("_", "-")
    assert raw["trigger_id"].tolist() == told.tolist()


def test_every_row_lies_inside_the_window_its_list_covers(raw):
    assert (raw["date_precision"] == "day").all()
    assert raw["date"].max() <= WANTED["latest"]
    for kind, window in describe("triggers")["coverage"].items():
        days = raw.loc[raw["kind"] == kind, "date"]
        assert days.between(window["from"], window["through"]).all(), kind


def test_states_existed_on_the_day(raw):
    assert not [row.trigger_id for row in raw.itertuples() if not exists(row.state, row.date)]


def test_every_row_has_a_source_and_says_how_it_was_checked(raw):
    assert (raw[["title", "publisher", "source"]] != "").all(axis=None)
    assert raw["url"].str.fullmatch(r"https?://\S+").all()
    assert set(raw["checked"]) <= {"official", "two sources", "one source"}
    assert (raw["checked"] != "one source").mean() >= WANTED["min_share_two_sources"]
    second = raw.loc[raw["checked"] == "two sources", "note"]
    assert second.str.contains(r"also|as in", regex=True).all()


@pytest.mark.parametrize(
    ("state", "kind", "day"),
    [
        ("MMR", "coup", "2021-02-01"),
        ("TUR", "coup_attempt", "2016-07-15"),
        ("SUN", "coup_attempt", "1991-08-19"),
        ("PER", "self_coup", "1992-04-05"),
        ("SUN", "nuclear_test", "1990-10-24"),
        ("PRK", "nuclear_test", "2017-09-03"),
        ("IRQ", "invasion", "1990-08-02"),
        ("RUS", "invasion", "2022-02-24"),
        (
            "USA",
            "invasion",
            "2003-03-19",
        ),  # an invader whom nobody sanctioned: the list decides, not the outcome
    ],
)
def test_well_known_days(raw, state, kind, day):
    assert ((raw["state"] == state) & (raw["kind"] == kind) & (raw["date"] == day)).sum() == 1


def test_tests_of_the_nineties_add_up_to_the_published_totals(raw):
    """Days with a test by state, 1990 to 1998, counted in SIPRI's list."""
    tests = raw[raw["kind"] == "nuclear_test"]["state"].value_counts().to_dict()
    assert tests == {"USA": 21, "FRA": 18, "CHN": 11, "PRK": 6, "GBR": 2, "IND": 2, "PAK": 2, "SUN": 1}


def test_the_loader_hands_out_copies():
    first = load_triggers()
    first.loc[0, "state"] = "XXX"
    assert load_triggers().loc[0, "state"] != "XXX"
    assert risk.load_triggers is load_triggers
    assert first["date"].dtype.kind == "M"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"date": ["2020-02-30"]}, "row 1: date"),
        ({"date": ["2020-02"]}, "row 1: date"),
        ({"date": [""]}, "row 1: date"),
        ({"state": ["SUN"]}, "row 1: state"),
        ({"state": ["Mali"]}, "row 1: state"),
        ({"state": [None]}, "row 1: state"),
        ({"kind": [None]}, "row 1: kind"),
        ({"trigger_id": [""]}, "row 1: trigger_id"),
        ({"date_precision": ["month"]}, "row 1: a trigger has a day"),
    ],
)
def test_a_bad_row_is_refused_by_number(change, why):
    good = {"trigger_id": ["a"], "date": ["2020-08-18"], "state": ["MLI"], "kind": ["coup"]}
    with pytest.raises(ValueError, match=re.escape(why)):
        check_triggers(pd.DataFrame(good | change))


def test_missing_columns_and_ids_told_twice_are_refused():
    rows = pd.DataFrame({"trigger_id": ["a", "a"], "date": "2020-08-18", "state": "MLI", "kind": "coup"})
    with pytest.raises(ValueError, match="missing columns kind"):
        check_triggers(rows.drop(columns="kind"))
    with pytest.raises(ValueError, match="row 2: trigger_id"):
        check_triggers(rows)


def test_the_frame_given_is_not_changed():
    frame = pd.DataFrame(
        {"trigger_id": ["a"], "date": ["2020-08-18"], "state": ["MLI"], "kind": ["coup"]}, index=[7]
    )
    before = frame.copy()
    check_triggers(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_an_event_of_a_half_life_ago_counts_half():
    rows = table(
        [("2020-01-01", "MLI", "coup"), ("2020-01-31", "MLI", "coup"), ("2020-01-31", "NER", "coup_attempt")]
    )
    assert recent_triggers(rows, "coup", "2020-01-31", 30).to_dict() == {"MLI": 1.5}
    both = recent_triggers(rows, ["coup", "coup_attempt"], "2020-03-01", 30)
    assert both.to_dict() == {"MLI": 0.75, "NER": 0.5}
    assert recent_triggers(rows, "coup", "2020-01-30", np.inf).to_dict() == {"MLI": 1.0}


@given(ROWS, DAYS, st.sampled_from([30.0, 365.25, np.inf]))
def test_the_future_does_not_count(rows, day, half_life):
    triggers = table(rows)
    known = triggers[triggers["date"] <= pd.Timestamp(day)]
    pd.testing.assert_series_equal(
        recent_triggers(triggers, KINDS, day, half_life), recent_triggers(known, KINDS, day, half_life)
    )


@given(ROWS, DAYS)
def test_kinds_add_up_and_the_order_of_rows_does_not_matter(rows, day):
    triggers = table(rows)
    whole = recent_triggers(triggers, KINDS, day, 365)
    parts = [recent_triggers(triggers, kind, day, 365).reindex(whole.index, fill_value=0.0) for kind in KINDS]
    np.testing.assert_allclose(sum(parts), whole, rtol=1e-12)
    pd.testing.assert_series_equal(recent_triggers(triggers[::-1], KINDS, day, 365), whole)


@given(ROWS, DAYS, st.integers(0, 2000))
def test_without_a_new_event_the_count_halves_each_half_life(rows, day, wait):
    past = table(rows)
    past = past[past["date"] <= pd.Timestamp(day)]
    later = pd.Timestamp(day) + pd.Timedelta(days=wait)
    now = recent_triggers(past, KINDS, day, 200)
    np.testing.assert_allclose(recent_triggers(past, KINDS, later, 200), now * 2 ** (-wait / 200), rtol=1e-12)


def test_no_event_yet_is_an_empty_count_not_an_error():
    none = recent_triggers(load_triggers(), "coup", "1989-12-31", 365)
    assert none.empty
    assert none.dtype == float
    assert none.reindex(["MLI"], fill_value=0.0).to_dict() == {"MLI": 0.0}


@pytest.mark.parametrize("kinds", ["coups", ["coup", "putsch"], []])
def test_a_kind_that_is_not_there_is_refused(kinds):
    with pytest.raises(ValueError, match="kinds"):
        recent_triggers(load_triggers(), kinds, "2020-01-01", 365)


@pytest.mark.parametrize(
    ("as_of", "half_life"), [("2020-02-30", 365), ("now", 365), ("2020-01-01", 0), ("2020-01-01", np.nan)]
)
def test_a_day_that_is_none_and_a_half_life_that_is_none_are_refused(as_of, half_life):
    with pytest.raises(ValueError, match=r"as_of|half_life"):
        recent_triggers(load_triggers(), "coup", as_of, half_life)
