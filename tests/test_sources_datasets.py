"""Readers of research data sets: small files by hand-expected values, the published ones by their known counts."""

from __future__ import annotations

import dataset_files as sets
import numpy as np
import pandas as pd
import pytest

from risk import check_events, sources
from risk.events import EVENTS
from risk.reading import Options, TableError
from risk.sources import cases
from risk.sources.feed import FeedError, quiet
from risk.sources.gsdb import parts_of
from risk.sources.parties import named, numbered

REAL = {
    "read_sipri": ["sipri/trade_register_a.csv", "sipri/trade_register_b.csv"],
    "read_exercises": ["exercises/mme_v7.csv"],
    "read_alliances": ["alliances/atop_dyad_year.parquet", "alliances/cow_dyad_year.parquet"],
    "read_trade_agreements": ["treaties/desta.csv"],
    "read_nuclear_agreements": ["treaties/nuclear_cooperation.csv"],
    "read_gsdb": ["gsdb/gsdb_r4_to_2016.csv"],
    "read_ties": ["ties/TIESv4.xls"],
    "read_eusanct": ["eusanct/EUSANCT_case_level.xls"],
}
EVENT_READERS = ("read_sipri", "read_exercises", "read_trade_agreements", "read_nuclear_agreements")


@pytest.fixture
def read(tmp_path):
    """Write a small file and read it."""

    def reader(name: str, text: str, file: str = "file.csv", **options):
        path = tmp_path / file
        path.write_text(text, encoding="latin-1" if name == "read_sipri" else "utf-8")
        return getattr(sources, name)(path, **options)

    return reader


def published(real_data, path):
    file = real_data / path
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    return file


def codes(reading) -> dict[str, int]:
    return reading.rejected["code"].value_counts().to_dict()


def balanced(reading) -> bool:
    counts = reading.report
    return (
        counts.rows_read == counts.accepted + counts.rejected
        and counts.accepted == len(reading.table)
        and counts.rejected == len(reading.rejected) == reading.rejected["row"].nunique()
    )


# SIPRI


def test_an_order_is_an_event_and_deliveries_stand_beside_it(read):
    table = read("read_sipri", sets.SIPRI).table
    order = table.iloc[0]
    assert (order["actor"], order["recipient"], order["event_type"]) == ("RUS", "VEN", "arms.contract")
    assert (str(order["date"].date()), order["date_precision"]) == ("2006-07-02", "year")
    assert str(order["known_on"].date()) == "2006-12-31"
    assert (order["delivery_years"], order["delivered_first"], order["delivered_last"]) == (
        "2006;2007;2008",
        2006,
        2008,
    )
    assert (order["number_ordered"], order["number_delivered_uncertain"], order["year_uncertain"]) == (
        24,
        "yes",
        "no",
    )
    assert np.isnan(order["value"])
    assert order["tiv_order"] == 1200
    assert not order["checked"]


OLDER_HEADER = ("SIPRI AT Database ID,Supplier,Recipient", "Deal ID,Seller,Buyer")
DEALS_WITH_SEMICOLONS = sets.SIPRI_DELIVERIES.replace(*OLDER_HEADER).replace(",", ";")


@pytest.mark.parametrize("text", [sets.SIPRI_DELIVERIES, DEALS_WITH_SEMICOLONS])
def test_deliveries_of_a_deal_are_one_order(read, text):
    reading = read("read_sipri", "SIPRI Transfers Database\n\nData generated: 22 Mar 2026\n" + text)
    assert codes(reading) == {"scope.further_row": 1, "scope.not_a_state": 1}
    assert reading.rejected["row"].tolist() == [6, 7]
    assert balanced(reading)
    first, second = reading.table.to_dict("records")
    assert (first["event_id"], first["actor"], first["recipient"]) == ("sipri:12", "RUS", "VEN")
    assert (first["number_delivered"], first["tiv_delivered"], first["tiv_unit"]) == (14, 700.5, 50)
    assert first["delivery_years"] == "2006;2007"
    assert (first["number_delivered_uncertain"], first["year_uncertain"]) == ("yes", "no")
    assert np.isnan(first["number_ordered"])
    assert first["title"] == "Venezuela orders Su-30MK from Russia"
    assert (second["event_id"], second["actor"], second["year_uncertain"]) == ("sipri:14", "TUR", "yes")
    assert np.isnan(second["number_delivered"])


def test_one_number_for_two_deals_is_a_conflict(read):
    with pytest.raises(FeedError) as caught:
        read("read_sipri", sets.SIPRI_DELIVERIES.replace("14,Turkiye", "12,Turkiye"))
    assert caught.value.code == "event_id.conflict"


def test_a_register_as_rtf_is_refused_by_name(read):
    with pytest.raises(FeedError, match="is RTF; export the trade register as csv") as caught:
        read("read_sipri", "{\\rtf1 Transfers of major weapons}")
    assert caught.value.code == "file.kind"


def test_names_of_sipri_mean_what_they_meant_that_year(read):
    table = read("read_sipri", sets.SIPRI).table
    assert table["recipient"].tolist() == ["VEN", "VDR", "RVN", "UAR", "DEU", "DZA"]
    assert table["actor"].tolist() == ["RUS", "SUN", "USA", "SUN", "FRA", "FRA"]
    assert str(table.loc[5, "date"].date()) == "1962-07-05"  # Algeria was no state in the middle of that year
    assert np.isnan(table.loc[3, "number_ordered"])
    assert "Wärtsilä" in table.loc[2, "note"]


@pytest.mark.parametrize(
    "row, code",
    [
        ("Hezbollah (Lebanon)*,Iran,2006,,10,,Fajr-3,MRL,10,,2006,New,,1,10,10", "scope.not_a_state"),
        ("PLO (Israel)*,unknown supplier(s),1980,,10,,T-34,tank,10,,1981,New,,1,10,10", "scope.unknown_side"),
        ("OSCE**,Austria,2016,,4,,S-100,UAV,4,,2016,New,,1,4,4", "scope.organisation"),
        ("Brunei,United Kingdom,1970,,4,,S-100,boat,4,,1971,New,,1,4,4", "scope.not_a_state_then"),
        ("Ruritania,United Kingdom,1970,,4,,S-100,boat,4,,1971,New,,1,4,4", "scope.unmapped"),
    ],
)
def test_orders_not_between_two_states_are_listed_and_never_raise(read, row, code):
    reading = read("read_sipri", f"{sets.SIPRI}{row}\n")
    assert codes(reading) == {code: 1}
    assert reading.rejected["row"].tolist() == [14]
    assert reading.report.unmapped == ((("Recipient", "Ruritania", 1),) if code == "scope.unmapped" else ())


def test_a_row_broken_in_two_is_reported_and_not_mended(read):
    broken = sets.SIPRI_ROWS[0].replace("$1.6 b deal,", "$1.6 b deal\n,")
    text = sets.SIPRI + broken + "\n" + sets.SIPRI_ROWS[1].replace("1965", "1966", 1) + "\n"
    with pytest.raises(FeedError) as caught:
        read("read_sipri", text)
    assert (caught.value.code, caught.value.row) == ("row.ragged", 14)
    kept = read("read_sipri", text, errors="quarantine")
    assert kept.rejected["row"].tolist() == [14, 15]
    assert kept.report.accepted == 7


def test_a_year_or_number_that_is_none_is_malformed(read):
    row = "Chile,France,19x2,,many,,AMX-13,tank,3,,1983-85,New,,1,3,3"
    kept = read("read_sipri", f"{sets.SIPRI}{row}\n", errors="quarantine")
    assert kept.rejected["code"].tolist() == ["number.invalid"]
    assert "year of order" in kept.rejected.loc[0, "more"]
    assert "years of delivery" in kept.rejected.loc[0, "more"]


def test_the_id_of_an_order_is_its_content(read):
    first = read("read_sipri", sets.SIPRI).table
    second = read("read_sipri", sets.SIPRI_HEADER + "\n".join(reversed(sets.SIPRI_ROWS)) + "\n").table
    assert first["event_id"].tolist() == second["event_id"].tolist()[::-1]
    again = read("read_sipri", sets.SIPRI + sets.SIPRI_ROWS[0] + "\n")
    assert codes(again) == {"duplicate.exact": 1}


@pytest.mark.parametrize("path, rows, shifted", [(0, 29_519, 8), (1, 29_058, 4)])
def test_every_well_formed_order_of_both_vintages_is_parsed(real_data, path, rows, shifted):
    file = published(real_data, REAL["read_sipri"][path])
    reading = sources.read_sipri(file, errors="quarantine")
    assert reading.report.rows_read == rows
    assert balanced(reading)
    malformed = {code: n for code, n in codes(reading).items() if not quiet(code)}
    assert malformed == {"row.ragged": shifted}
    assert not reading.report.unmapped
    assert reading.report.accepted > 0.97 * rows


# Exercises


def test_exercises_have_types_participants_and_the_precision_told(read):
    table = read("read_exercises", sets.EXERCISES).table
    assert table["event_type"].tolist() == ["drill.naval", "drill.joint", "drill.staff"]
    assert table.loc[0, ["actor", "recipient", "participants"]].tolist() == ["USA", "VEN", ""]
    assert table.loc[1, ["actor", "recipient", "participants"]].tolist() == ["", "", "DDR;POL;SUN"]
    assert table["date_precision"].tolist() == ["day", "month", "day"]
    assert table["date"].astype(str).tolist() == ["1989-07-03", "1980-02-15", "1994-05-01"]
    assert table["known_on"].astype(str).tolist() == ["1989-07-20", "1980-03-31", "1994-05-02"]
    assert table["n_unknown"].tolist() == [0, 1, 0]


def test_an_exercise_of_one_known_state_is_out_of_scope(read):
    row = sets.EXERCISES.splitlines()[1].replace("United States", "-9").replace("mme1", "mme9")
    assert codes(read("read_exercises", f"{sets.EXERCISES}{row}\n")) == {"scope.not_two_states": 1}


def test_a_second_exercise_under_one_id_is_kept(read):
    row = sets.EXERCISES.splitlines()[1].replace("1989,7,3", "1990,7,3").replace("1989,7,20", "1990,7,20")
    table = read("read_exercises", f"{sets.EXERCISES}{row}\n").table
    assert table["event_id"].tolist()[-1] == "mme:mme1-line-5"


def test_the_3707_exercises(real_data):
    reading = sources.read_exercises(published(real_data, REAL["read_exercises"][0]))
    assert reading.report.rows_read == 3707
    assert balanced(reading)
    assert set(codes(reading)) == {"scope.not_two_states"}
    share = (reading.table["date_precision"] == "month").mean()
    assert 0.20 < share < 0.23
    days = reading.table.loc[reading.table["date_precision"] == "month", "date"].dt.day
    assert days.between(14, 16).all()
    assert (reading.table["date"] <= reading.table["known_on"]).all()
    notes = {note.code: note.n for note in reading.report.notes}
    assert (notes["id.repeated"], notes["end.before_start"]) == (3, 6)


# Alliances


def test_what_binds_either_side_is_the_same_in_both_rows(read):
    table = read("read_alliances", sets.ATOP).table
    assert table["kinds"].tolist() == ["consultation;defense;nonaggression"] * 2 + ["nonaggression"]
    assert table["own_kinds"].tolist()[:2] == [
        "consultation;defense;nonaggression",
        "consultation;nonaggression",
    ]
    assert table.loc[2, ["a", "b", "year"]].tolist() == ["DEU", "SUN", 1991]


def test_atop_directed_dyads_say_what_each_side_owes(read):
    table = read("read_alliances", sets.ATOP_DIRECTED).table
    assert table[["a", "b"]].to_numpy().tolist() == [["USA", "CAN"], ["CAN", "USA"]]
    assert table["publisher"].unique().tolist() == ["ATOP 5"]
    assert table["own_kinds"].tolist() == [
        "consultation;defense;nonaggression",
        "consultation;nonaggression",
    ]


def test_several_alliances_of_a_dyad_are_read_as_one(read):
    reading = read("read_alliances", sets.COW_UNDIRECTED)
    assert codes(reading) == {"duplicate.number": 1}
    assert reading.table[["a", "b", "kinds"]].to_numpy().tolist() == [
        ["USA", "CAN", "defense;entente;nonaggression"]
    ]


@pytest.mark.parametrize(
    "name, text", [("read_alliances", sets.COW), ("read_nuclear_agreements", sets.NUCLEAR)]
)
@pytest.mark.parametrize(
    "number, code", [("inf", "number.infinite"), ("1950.5", ".form"), ("1e400", "number.infinite")]
)
def test_a_number_that_names_no_state_or_year_is_refused(read, name, text, number, code):
    header, first, *rest = text.split("\n")
    for place, column in enumerate(header.split(",")):
        if column in ("ccode1", "ccode2", "year"):
            cells = first.split(",")
            cells[place] = number
            reading = read(name, "\n".join([header, ",".join(cells), *rest]), errors="quarantine")
            row = reading.rejected[reading.rejected["row"] == 2]
            assert (row["column"].item(), row["code"].item().endswith(code)) == (column, True)


def test_a_state_under_two_numbers_in_one_year_is_one_state(read):
    reading = read("read_alliances", sets.COW)
    assert codes(reading) == {"duplicate.number": 1}
    assert reading.table.loc[1, ["a", "b", "kinds"]].tolist() == ["GBR", "DEU", "defense;nonaggression"]
    assert reading.table["publisher"].unique().tolist() == ["COW alliances 4.1"]


@pytest.mark.parametrize("path, rows, doubled", [(0, 273_296, 64), (1, 120_784, 426)])
def test_alliances_are_symmetric_per_dyad(real_data, path, rows, doubled):
    pytest.importorskip("pyarrow")
    reading = sources.read_alliances(published(real_data, REAL["read_alliances"][path]))
    assert (reading.report.rows_read, reading.report.rejected) == (rows, doubled)
    assert balanced(reading)
    table = reading.table
    both = table.merge(
        table, left_on=["a", "b", "year"], right_on=["b", "a", "year"], how="outer", indicator=True
    )
    assert (both["_merge"] == "both").all()
    assert (both["kinds_x"] == both["kinds_y"]).all()
    assert not table.duplicated(["a", "b", "year"]).any()


# Trade and nuclear agreements


def test_trade_agreements_are_events_and_the_rest_says_why_not(read):
    reading = read("read_trade_agreements", sets.DESTA)
    table = reading.table
    assert table["event_id"].tolist() == ["desta:1", "desta:2"]
    assert table.loc[0, ["event_type", "actor", "recipient"]].tolist() == ["economy.trade", "AFG", "IND"]
    assert table.loc[1, "participants"] == "ALB;MKD;XKX"
    assert table["known_on"].astype(str).tolist() == ["2003-12-31", "2015-12-31"]
    assert table.loc[0, "in_force_year"] == 2003
    assert np.isnan(table.loc[1, "in_force_year"])
    assert codes(reading) == {"scope.not_concluded": 1, "scope.withdrawal": 1, "duplicate.consolidated": 1}


def test_pairs_of_a_treaty_make_the_event_that_its_list_of_parties_makes(read):
    reading = read("read_trade_agreements", sets.DESTA_DYADS, delimiter=",")
    assert codes(reading) == {"scope.further_row": 2, "scope.not_concluded": 1}
    assert balanced(reading)
    expected = read("read_trade_agreements", sets.DESTA).table
    pd.testing.assert_frame_equal(reading.table, expected)


def test_the_1217_entries_of_desta(real_data):
    reading = sources.read_trade_agreements(published(real_data, REAL["read_trade_agreements"][0]))
    assert reading.report.rows_read == 1217
    assert balanced(reading)
    found = codes(reading)
    assert (found["scope.not_concluded"], found["scope.withdrawal"], found["duplicate.consolidated"]) == (
        82,
        30,
        30,
    )
    assert not reading.report.unmapped


def test_a_mutual_nuclear_agreement_counts_once(read):
    reading = read("read_nuclear_agreements", sets.NUCLEAR)
    table = reading.table
    assert table[["actor", "recipient"]].to_numpy().tolist() == [
        ["USA", "CAN"], ["USA", "CAN"], ["SUN", "VEN"], ["FRA", "USA"],
    ]  # fmt: skip
    assert table["both_ways"].tolist() == ["yes", "no", "no", "no"]
    assert table["event_type"].tolist() == ["energy.nuclear"] * 3 + ["defence.agreement"]
    assert codes(reading) == {"duplicate.mirror": 1}


def test_the_3152_nuclear_agreements(real_data):
    reading = sources.read_nuclear_agreements(published(real_data, REAL["read_nuclear_agreements"][0]))
    assert reading.report.rows_read == 3152
    assert balanced(reading)
    assert all(map(quiet, codes(reading)))
    assert reading.table["date"].dt.year.min() >= 1951


# Sanctions cases


def test_lists_and_groups_become_codes_and_members(read):
    reading = read("read_gsdb", sets.GSDB)
    first = reading.table.iloc[0]
    assert (first["senders"], first["targets"], first["instruments"]) == (
        "EU;MKD;NOR",
        "PRK",
        "arms;finance;trade",
    )
    assert len(first["sender_states"].split(";")) == 27 + 2
    assert (first["ongoing"], first["end"] is pd.NaT, first["start_precision"]) == ("yes", True, "year")
    assert codes(reading) == {"scope.organisation": 2}
    assert reading.rejected["raw"].tolist() == ["Comecon", "ECOWAS"]


def test_members_take_part_from_the_day_they_join(read):
    pairs = sources.pairs(read("read_gsdb", sets.GSDB).table)
    croatia = pairs[pairs["sender"] == "HRV"]
    assert croatia[["target", "sender_through"]].to_numpy().tolist() == [["PRK", "EU"]]
    assert croatia["start"].astype(str).tolist() == ["2013-07-01"]
    norway = pairs[pairs["sender"] == "NOR"]
    assert norway["start"].astype(str).tolist() == ["2010-07-02"]
    assert pairs["start"].dtype == pairs["end"].dtype == np.dtype("M8[s]")
    left = pairs[(pairs["sender"] == "GBR") & (pairs["target"] == "PRK")]
    assert left["end"].astype(str).tolist() == ["2020-02-01"]


def test_pairs_never_change_the_cases_and_never_pair_a_state_with_itself(read):
    table = read("read_eusanct", sets.EUSANCT).table
    before = table.copy()
    pairs = sources.pairs(table)
    pd.testing.assert_frame_equal(table, before)
    assert (pairs["sender"] != pairs["target"]).all()
    assert (pairs["start"] <= pairs["end"].fillna(pd.Timestamp("2100-01-01"))).all()
    assert set(pairs["case_id"]) == set(table["case_id"])


def test_names_with_a_comma_stay_whole():
    assert parts_of("Gambia, The, Yemen, North") == ["Gambia, The", "Yemen, North"]


def test_the_1063_cases_of_gsdb(real_data):
    reading = sources.read_gsdb(published(real_data, REAL["read_gsdb"][0]))
    assert reading.report.rows_read == 1063
    assert balanced(reading)
    assert not reading.report.unmapped
    assert set(codes(reading)) <= {"scope.organisation", "scope.not_a_state", "scope.not_a_state_then"}
    assert (reading.table["ongoing"] == "yes").sum() > 150
    assert (reading.table.loc[reading.table["ongoing"] == "yes", "end"].isna()).all()


def test_cases_of_ties_keep_the_precision_of_their_days(read):
    reading = read("read_ties", sets.TIES)
    table = reading.table
    assert table["start_precision"].tolist() == ["day", "month", "year"]
    assert table["senders"].tolist() == ["USA", "EU;SUN", "EU"]
    assert table["targets"].tolist() == ["CHN", "AUT", "CHN"]
    assert table["ongoing"].tolist() == ["no", "no", "yes"]
    assert table["instruments"].tolist() == ["aid;trade", "", "trade"]
    assert (
        table.loc[1, "start"] == table.loc[1, "end"] == pd.Timestamp("1990-06-05")
    )  # told: June, and the 5th
    assert table["imposed_on"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["1946-07-29", "", "1997-07-02"]
    assert codes(reading) == {"scope.organisation": 1}
    assert {note.code for note in reading.report.notes} >= {"date.words"}


def test_the_1412_cases_of_ties(real_data):
    pytest.importorskip("xlrd")
    reading = sources.read_ties(published(real_data, REAL["read_ties"][0]), errors="quarantine")
    assert reading.report.rows_read == 1412
    assert balanced(reading)
    assert codes(reading) == {"scope.organisation": 30, "date.invalid": 3}  # three days like 1965-06-31
    assert not reading.report.unmapped
    assert reading.table["start"].dt.year.between(1945, 2005).all()


def test_each_sender_of_eusanct_has_its_own_days(read):
    table = read("read_eusanct", sets.EUSANCT).table
    first = table.iloc[0]
    assert first["spells"] == "EU 1985-09-10 1992-04-07;UN 1962-11-06 1994-05-25;USA 1963-08-02 1998-02-27"
    assert (first["senders"], first["targets"]) == ("CAN;EU;UN;USA", "ZAF")
    assert (str(first["start"].date()), str(first["end"].date())) == ("1962-11-06", "1998-02-27")
    assert (first["imposed_on"], first["instruments"]) == (pd.Timestamp("1963-08-02"), "arms;trade")
    assert table.loc[1, ["targets", "ongoing"]].tolist() == ["SUN", "yes"]
    pairs = sources.pairs(table)
    spell = pairs[(pairs["sender"] == "PRT") & (pairs["sender_through"] == "EU")]
    assert spell[["start", "end"]].astype(str).to_numpy().tolist() == [["1986-01-01", "1992-04-07"]]


def test_the_326_cases_of_eusanct(real_data):
    pytest.importorskip("xlrd")
    reading = sources.read_eusanct(published(real_data, REAL["read_eusanct"][0]), errors="quarantine")
    assert reading.report.rows_read == 326
    assert balanced(reading)
    assert codes(reading) == {"date.end_before_start": 1}
    senders = reading.table["senders"].str.split(";")
    by_sender = {code: sum(code in found for found in senders) for code in ("EU", "USA", "UN")}
    assert by_sender["USA"] >= 274


# What all of them share


@pytest.mark.parametrize("name", EVENT_READERS)
def test_events_pass_the_checks_of_the_event_table_again(read, name):
    text = {"read_sipri": sets.SIPRI, "read_exercises": sets.EXERCISES, "read_trade_agreements": sets.DESTA}
    table = read(name, text.get(name, sets.NUCLEAR)).table
    assert list(table.columns[: len(EVENTS.names)]) == list(EVENTS.names)
    again = check_events(table)
    pd.testing.assert_frame_equal(again, table)


@pytest.mark.parametrize("name", ["read_ties", "read_eusanct"])
def test_what_is_no_workbook_is_refused(tmp_path, name):
    pytest.importorskip("xlrd")
    path = tmp_path / "cases.xls"
    for content in (b"caseid,targetstate\n1,2\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000):
        path.write_bytes(content)
        with pytest.raises(TableError) as caught:
            getattr(sources, name)(path)
        assert caught.value.code == "file.damaged"


def test_a_truncated_workbook_is_refused(tmp_path, real_data):
    pytest.importorskip("xlrd")
    file = published(real_data, REAL["read_ties"][0])
    path = tmp_path / "cut.xls"
    path.write_bytes(file.read_bytes()[:100_000])
    with pytest.raises(TableError) as caught:
        sources.read_ties(path)
    assert caught.value.code == "file.damaged"
    with pytest.raises(TableError) as caught:
        sources.read_ties(file, max_rows=100)
    assert caught.value.code == "file.too_large"


def test_a_number_or_a_name_is_read_by_its_year():
    first, last = (
        np.array(["1990-01-01", "1992-01-01"], "M8[D]"),
        np.array(["1990-12-31", "1992-12-31"], "M8[D]"),
    )
    assert numbered(["365", "365"], first, last, "cow").codes.tolist() == ["SUN", "RUS"]
    assert named(["Germany", "Germany"], first, last, "sipri").codes.tolist() == ["DEU", "DEU"]
    found = named(["Lithuania", "Czechoslovakia"], first, last, "sipri")
    assert found.codes.tolist() == ["", "CSK"]
    assert found.refusals.tolist() == ["not_a_state_then", ""]


def test_a_case_that_ends_before_it_starts_is_malformed():
    row = {"case_id": "c", "start": "2000", "end": "1999-12-31", "senders": "USA", "targets": "CUB"}
    from risk.reading import check_table

    options = Options(errors="quarantine")
    reading = check_table(pd.DataFrame([row]), cases.CASES, cases.check_cases, options)
    assert reading.rejected["code"].tolist() == ["date.end_before_start"]


SMALL = {
    "read_sipri": (sets.SIPRI, 7, ","),
    "read_exercises": (sets.EXERCISES, 1, ","),
    "read_alliances": (sets.ATOP, 1, ","),
    "read_trade_agreements": (sets.DESTA, 1, ";"),
    "read_nuclear_agreements": (sets.NUCLEAR, 1, ","),
    "read_gsdb": (sets.GSDB, 1, ","),
    "read_ties": (sets.TIES, 1, ","),
    "read_eusanct": (sets.EUSANCT, 1, ","),
}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("what", ["ragged", "blank"])
def test_a_file_without_one_sound_row_gives_an_empty_table(read, name, what):
    text, header, delimiter = SMALL[name]
    lines = text.split("\n")
    row = lines[header] + delimiter if what == "ragged" else delimiter * lines[header - 1].count(delimiter)
    reading = read(name, "\n".join([*lines[:header], row]) + "\n", errors="quarantine")
    assert (reading.report.rows_read, reading.report.rejected, len(reading.table)) == (1, 1, 0)
    full = read(name, text, errors="quarantine")
    assert list(reading.table.columns) == list(full.table.columns)
