"""The checks of the events and sanctions records: on small made-up tables, and on the real outside data."""

from __future__ import annotations

import importlib.util

import pandas as pd
import pytest

from risk.datasets import path, read_text_table


def _script(name: str):
    spec = importlib.util.spec_from_file_location(f"{name}_check", path(name, "check.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


events_check, sanctions_check = _script("events"), _script("sanctions")


@pytest.fixture(scope="module")
def raw():
    try:
        return events_check.raw_folder()
    except FileNotFoundError as absent:
        pytest.skip(f"the outside data sets are not here ({absent})")


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return read_text_table("events", "events.csv")


@pytest.fixture(scope="module")
def measures() -> pd.DataFrame:
    return read_text_table("sanctions", "sanctions.csv")


@pytest.fixture(scope="module")
def cases(raw, measures) -> pd.DataFrame:
    pytest.importorskip("xlrd", reason="two of the data sets are old workbooks, read with xlrd")
    return sanctions_check.compare_all(measures, raw)[0]


def spells(*rows) -> pd.DataFrame:
    columns = ["sender", "target", "start", "end", "authority", "spell"]
    return pd.DataFrame([(*row, "1") for row in rows], columns=columns)


def case(sender="USA", target="VEN", year=2015, kind="") -> pd.DataFrame:
    row = ("GSDB", "1", sender, target, year, year, kind)
    return pd.DataFrame([row], columns=sanctions_check.CASE)


@pytest.mark.parametrize(
    ("year", "outcome"), [(2014, "matched"), (2016, "matched"), (2018, "covered"), (2012, "theirs only")]
)
def test_a_case_is_matched_within_a_year_and_covered_while_a_measure_is_in_force(year, outcome):
    ours = spells(("USA", "VEN", "2015-03-08", "2019-01-01", "E.O. 1"))
    assert sanctions_check.compare(ours, case(year=year))["outcome"].tolist() == [outcome]


def test_a_case_is_not_matched_by_another_sender():
    ours = spells(("EU", "VEN", "2015-03-08", "", "A"))
    assert sanctions_check.compare(ours, case())["outcome"].tolist() == ["theirs only"]


def test_cases_on_targets_the_record_does_not_have_are_not_counted():
    ours = spells(("USA", "IRN", "2015-03-08", "", "A"))
    assert sanctions_check.compare(ours, case()).empty


def test_scope_is_read_off_the_case_and_not_off_the_outcome():
    cases = pd.concat([case(), case(kind="aid"), case(kind="trade"), case(sender="GBR")])
    assert sanctions_check.in_scope(cases).tolist() == [True, False, False, False]


def test_what_no_case_is_near_is_ours_only():
    ours = spells(("USA", "VEN", "2015-03-08", "", "A"), ("USA", "VEN", "2006-05-15", "", "B"))
    assert sanctions_check.ours_only(ours, case(), 2016)["authority"].tolist() == ["B"]


def test_absent_data_is_said_plainly(monkeypatch, tmp_path, measures):
    monkeypatch.setenv("RISK_DATA", str(tmp_path / "nowhere"))
    text = sanctions_check.report(measures, read_text_table("sanctions", "misses.csv"))
    assert "Not compared: no outside data" in text
    assert "set RISK_DATA" in events_check.report(read_text_table("events", "events.csv"))


def test_the_blind_sample_hides_days_and_is_the_same_each_time(events):
    sample = events_check.blind_sample(events, 40)
    assert len(sample) == 40
    assert not sample["title"].str.contains(r"\b(?:19|20)\d\d\b").any()
    assert "event_id" not in sample
    pd.testing.assert_frame_equal(sample, events_check.blind_sample(events, 40))


@pytest.mark.parametrize(
    "text", ["5 May 2015", "May 5, 2015", "2015-05-05", "May 2015", "in 2015", "2015-05", "May 5"]
)
def test_dates_are_taken_out_of_titles(text):
    assert not any(sign.isdigit() for sign in events_check.DATES.sub("", text))


def test_the_matrix_of_coverage_shows_the_last_day_inside_a_window_and_leaves_the_rest_empty():
    rows = [
        ("CHN", "IND", "force", "2020-05-01", "2023-01-01"),
        ("CHN", "IND", "drill", "2001-01-01", "2002-01-01"),
        ("CHN", "IND", "drill", "2007-01-01", "2009-01-02"),
        ("AAA", "BBB", "arms", "2001-01-01", "2002-01-01"),
    ]
    windows = pd.DataFrame(rows, columns=["a", "b", "family", "start", "end"])
    matrix = events_check.coverage_matrix(windows, ["CHN-IND", "IND-PAK"], ["arms", "drill", "force"])
    assert matrix.to_numpy().tolist() == [
        ["CHN-IND", "", "2001, 2007-09", "2020-22"],
        ["IND-PAK", "", "", ""],
    ]


def test_every_focal_dyad_declares_two_families_diplomacy_among_them():
    windows = read_text_table("coverage", "coverage.csv")
    families = windows.groupby(windows["a"] + "-" + windows["b"])["family"].agg(set)
    for dyad in events_check.describe("events")["assertions"]["focal_dyads"]:
        assert len(families[dyad]) >= 2, dyad
        assert "diplomacy" in families[dyad], dyad


@pytest.mark.parametrize("name", ["events", "sanctions"])
def test_readme_tells_the_fingerprint_of_the_table_it_describes(name):
    text = path(name, "README.md").read_text(encoding="utf-8")
    assert events_check.fingerprint(path(name, f"{name}.csv")) in text


def test_orders_agree_in_number_and_day(raw, events, measures):
    orders = events_check.read_orders(raw)
    acts = events_check.check_orders(events, orders)
    assert acts["day_agrees"].dropna().all()
    assert acts["document_agrees"].dropna().all()
    assert acts["day_agrees"].count() >= 70
    record = sanctions_check.check_orders(measures, orders)
    assert record["day_agrees"].dropna().all()
    assert record["day_agrees"].count() >= 130


def test_documents_of_the_federal_register_exist(raw, events):
    documents = events_check.check_documents(events, events_check.read_documents(raw))
    assert len(documents) >= 20
    assert documents["published"].notna().all()
    assert documents["day_agrees"].dropna().all()


def test_vetoes_agree_with_the_list(raw, events):
    rows, _ = events_check.check_vetoes(events, events_check.read_text(raw / "unsc" / "vetoes.csv"))
    assert len(rows) >= 35
    assert rows["agrees"].all()


def test_no_row_is_a_roll_call_of_the_general_assembly(events):
    votes = events[events["event_type"].isin(["diplomacy.vote", "diplomacy.vote_against"])]
    assert not (votes["title"] + votes["source"]).str.contains("General Assembly|A/RES", regex=True).any()


def test_drills_and_arms_deals_are_found_in_their_data_sets(raw, events):
    drills = events_check.check_drills(events, events_check.read_text(raw / "exercises" / "mme_v7_long.csv"))
    assert (drills["found"] != "none").mean() >= 0.9
    assert events_check.check_arms(events, events_check.read_sipri(raw))["found"].mean() >= 0.9


def test_four_in_five_cases_of_gsdb_in_scope_are_matched_within_a_year(cases):
    gsdb = cases[(cases["data_set"] == "GSDB") & sanctions_check.in_scope(cases)]
    assert len(gsdb) >= 130
    assert (gsdb["outcome"] == "matched").mean() >= 0.80


def test_every_miss_has_a_reason_and_every_reason_a_miss(cases):
    misses = read_text_table("sanctions", "misses.csv")
    key = ["data_set", "case", "sender", "target"]
    assert not misses.duplicated(key).any()
    assert (misses["reason"] != "").all()
    missed = cases.loc[cases["outcome"] == "theirs only", key]
    assert set(map(tuple, missed.to_numpy())) == set(map(tuple, misses[key].to_numpy()))
    scope = sanctions_check.in_scope(cases[cases["outcome"] == "theirs only"])
    assert (misses["scope"] == "in").sum() == scope.sum()
