"""States: the strict dated resolver, its tables, and both published lists of states."""

import csv
import datetime as dt
import json
import os
import pickle
import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.datasets import path, read_text_table
from risk.states import (
    StateError,
    detect_system,
    exists,
    from_numbers,
    load_organisations,
    load_states,
    members,
    organisations_of,
    require_one_system,
    resolve_state,
    resolve_states,
    state_name,
    turning_days,
)
from risk.states.text import key

STATES = read_text_table("states", "states.csv")
ORGANISATIONS = read_text_table("organisations", "organisations.csv")
MEMBERS = read_text_table("organisations", "members.csv")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DATA = Path(os.environ.get("RISK_DATA", Path(__file__).parents[2] / "shared" / "data"))
needs_lists = pytest.mark.skipif(
    not (DATA / "states").is_dir(), reason=f"the published lists of states are not in {DATA} (set RISK_DATA)"
)


def refused(name, **options):
    with pytest.raises(StateError) as caught:
        resolve_state(name, **options)
    return caught.value


# --- what resolves ------------------------------------------------------------------------------

MEANS = [
    ("Namibia", None, "NAM"), ("NA", None, "NAM"), ("NAM", None, "NAM"),
    ("Guinea", None, "GIN"), ("Guinea-Bissau", None, "GNB"), ("Equatorial Guinea", None, "GNQ"),
    ("Papua New Guinea", None, "PNG"), ("Niger", None, "NER"), ("Nigeria", None, "NGA"),
    ("Dominica", None, "DMA"), ("Dominican Republic", None, "DOM"), ("Georgia", None, "GEO"),
    ("Sudan", None, "SDN"), ("South Sudan", None, "SSD"), ("Samoa", None, "WSM"),
    ("American Samoa", None, "ASM"),
    ("DR Congo", None, "COD"), ("Congo-Brazzaville", None, "COG"), ("North Korea", None, "PRK"),
    ("USSR", None, "SUN"), ("Soviet Union", "1985-06-01", "SUN"), ("SU", "1985-06-01", "SUN"),
    ("Russia", None, "RUS"), ("Russia", "1991-12-26", "RUS"), ("Russia", "1900-01-01", "RUS"),
    ("Yugoslavia", "1985-01-01", "YUG"), ("Yugoslavia", "1999-03-24", "YUG"), ("YU", "1999-03-24", "YUG"),
    ("Serbia and Montenegro", "2004-01-01", "SCG"), ("Serbia", "2007-01-01", "SRB"),
    ("Czechoslovakia", "1968-08-21", "CSK"), ("East Germany", "1961-08-13", "DDR"),
    ("West Germany", "1961-08-13", "DEU"), ("GDR", None, "DDR"), ("Germany", None, "DEU"),
    ("Germany", "1914-08-01", "DEU"), ("Germany", "1990-10-03", "DEU"),
    ("North Yemen", "1980-01-01", "YAR"), ("South Yemen", "1980-01-01", "YMD"),
    ("Yemen", "1995-01-01", "YEM"),
    ("Yemen", "1960-01-01", "YAR"), ("South Vietnam", "1970-01-01", "RVN"),
    ("North Viet Nam", "1970-01-01", "VDR"),
    ("Viet Nam", "1980-01-01", "VNM"), ("Korea", "1900-01-01", "KOX"), ("United Arab Republic", None, "UAR"),
    ("Tanganyika", "1962-01-01", "TGK"), ("Zanzibar", "1964-01-01", "ZAN"), ("Tanzania", None, "TZA"),
    ("CS", "1985-01-01", "CSK"), ("CS", "2004-01-01", "SCG"), ("AI", None, "AIA"), ("SK", None, "SVK"),
    ("BUR", None, "MMR"), ("ZAR", None, "COD"), ("DHY", None, "BEN"), ("HVO", None, "BFA"),
    ("ROM", None, "ROU"),
    ("Burma", "2010-01-01", "MMR"), ("Zaire", "1980-01-01", "COD"), ("Bavaria", "1850-01-01", "BAV"),
    ("Crimea", None, "UA-43"), ("ua-43", "2014-03-18", "UA-43"), ("Donetsk People's Republic", None, "UA-14"),
    ("Luhansk", None, "UA-09"), ("Taiwan", None, "TWN"), ("Kosovo", None, "XKX"), ("XK", None, "XKX"),
    ("Palestine", None, "PSE"), ("Western Sahara", None, "ESH"), ("Northern Cyprus", None, "XNC"),
    ("Hong Kong", None, "HKG"), ("Macau", None, "MAC"), ("Abkhazia", None, "XAB"),
    ("EU", None, "EU"), ("European Union", None, "EU"), ("NATO", None, "NATO"),
    ("United Nations", None, "UN"),
    ("Arab League", None, "LAS"), ("AU", None, "AUS"), ("African Union", None, "AFU"),
    ("Antigua & Barbuda", None, "ATG"), ("Trinidad & Tobago", None, "TTO"),
    ("Bosnia and Herzegovina", None, "BIH"), ("Saint Helena, Ascension and Tristan da Cunha", None, "SHN"),
]  # fmt: skip


@pytest.mark.parametrize("name, on, code", MEANS)
def test_a_name_means_one_state_on_a_day(name, on, code):
    assert resolve_state(name, on=on) == code


TWICE = [
    ("Myanmar (Burma)", "MMR"), ("Myanmar/Burma", "MMR"), ("Turkey (Turkiye)", "TUR"),
    ("Democratic Republic of the Congo (DRC)", "COD"), ("Congo (DRC)", "COD"), ("Korea (DPRK)", "PRK"),
    ("Holy See (Vatican City)", "VAT"), ("United States of America (USA)", "USA"),
]  # fmt: skip


@pytest.mark.parametrize("name, code", TWICE)
def test_a_state_may_be_named_twice(name, code):
    assert resolve_state(name) == code


@pytest.mark.parametrize(
    "name",
    ["Crimea (Ukraine)", "Sudan (South Sudan)", "Mexico (New Mexico)", "United States (UK)", "France (EU)",
     "Hamas (Palestine)", "Serbia and Montenegro (Yugoslavia)"],
)  # fmt: skip
def test_two_names_of_two_places_never_resolve(name):
    assert refused(name).code == "state.unknown"


TYPED = [
    ("UK", "GBR"), ("Britain", "GBR"), ("U.S.", "USA"), ("S. Korea", "KOR"), ("N. Korea", "PRK"),
    ("DPRK", "PRK"), ("Korea, Dem. People's Rep.", "PRK"), ("Burma", "MMR"), ("Ivory Coast", "CIV"),
    ("Czechia", "CZE"), ("Czech Rep.", "CZE"), ("Swaziland", "SWZ"), ("Macedonia", "MKD"), ("DRC", "COD"),
    ("Congo, Dem. Rep.", "COD"), ("Congo, Rep.", "COG"), ("Turkiye", "TUR"), ("Holland", "NLD"),
    ("Iran, Islamic Rep.", "IRN"), ("Egypt, Arab Rep.", "EGY"), ("Venezuela, RB", "VEN"),
    ("Yemen, Rep.", "YEM"), ("Bosnia and Herz.", "BIH"), ("Eq. Guinea", "GNQ"), ("S. Sudan", "SSD"),
    ("N. Cyprus", "XNC"), ("W. Sahara", "ESH"), ("Palestinian Authority", "PSE"), ("Macao, China", "MAC"),
    ("Kosovo (UNSCR 1244)", "XKX"), ("Cote d Ivoire", "CIV"), ("Falklands", "FLK"),
]  # fmt: skip


@pytest.mark.parametrize("name, code", TYPED)
def test_names_that_people_and_statistical_offices_write(name, code):
    assert resolve_state(name, on="2024-01-01") == code


SPELLINGS = [
    ("RUSSIA", "RUS"), ("russia", "RUS"), ("  Russia ", "RUS"), ("Russia\u00a0", "RUS"),
    ("Rus\u200bsia", "RUS"),
    ("\ufeffRussia", "RUS"), ("U.S.A.", "USA"), ("u.s.", "USA"), ("The Gambia", "GMB"),
    ("Gambia, The", "GMB"),
    ("the Bahamas", "BHS"), ("St. Lucia", "LCA"), ("St Lucia", "LCA"), ("Saint Lucia", "LCA"), ("ST", "STP"),
    ("Cote d'Ivoire", "CIV"), ("Côte d’Ivoire", "CIV"), ("Co\u0302te d'Ivoire", "CIV"), ("Türkiye", "TUR"),
    ("Korea, Republic of", "KOR"), ("Korea (the Republic of)", "KOR"), ("Iran (Islamic Republic of)", "IRN"),
    ("Congo, Democratic Republic of the", "COD"), ("Venezuela (Bolivarian Republic of)", "VEN"),
    ("Micronesia (Federated States of)", "FSM"), ("Timor Leste", "TLS"), ("Guinea Bissau", "GNB"),
    ("\uff35\uff33\uff21", "USA"), ("Virgin Islands (U.S.)", "VIR"), ("Kosovo*", "XKX"),
]  # fmt: skip


@pytest.mark.parametrize("name, code", SPELLINGS)
def test_case_accents_dots_and_invisible_characters_are_forgiven(name, code):
    assert resolve_state(name) == code


# --- what is refused, with the exact words ------------------------------------------------------

KOREAS = "KOR (South Korea, since 1948-08-15) or PRK (North Korea, since 1948-09-09)"
REFUSALS = [
    ("Korea", {}, "state.ambiguous", ["KOR", "PRK"], f"'Korea' can mean {KOREAS}. Write one of the codes."),
    ("Congo", {}, "state.ambiguous", ["COD", "COG"],
     "'Congo' can mean COD (Congo, Democratic Republic of the, since 1960-06-30) or "
     "COG (Congo, Republic of the, since 1960-08-15). Write one of the codes."),
    ("Germany", {"on": "1970-01-01"}, "state.ambiguous", ["DDR", "DEU"],
     "'Germany' on 1970-01-01 can mean DDR (East Germany, 1949-10-07 to 1990-10-03) or "
     "DEU (Germany, 1816-01-01 to 1945-05-09 and since 1949-05-23). Write one of the codes."),
    ("CS", {}, "state.ambiguous", ["CSK", "SCG"],
     "'CS' can mean CSK (Czechoslovakia, 1918-11-11 to 1993-01-01) or SCG (Serbia and Montenegro, "
     "2003-02-04 to 2006-06-05). Give the day with on=, or write one of the codes."),
    ("USSR", {"on": "2001-01-01"}, "state.not_a_state_then",
     ["ARM", "AZE", "BLR", "EST", "GEO", "KAZ", "KGZ", "LTU", "LVA", "MDA", "RUS", "TJK", "TKM", "UKR",
      "UZB"],
     "'USSR' did not exist on 2001-01-01: SUN (Soviet Union) existed 1922-12-30 to 1991-12-26. Write the "
     "state of that day: ARM, AZE, BLR, EST, GEO, KAZ, KGZ, LTU, LVA, MDA, RUS, TJK, TKM, UKR, UZB."),
    ("Russia", {"on": "1985-01-01"}, "state.not_a_state_then", ["SUN"],
     "'Russia' did not exist on 1985-01-01: RUS (Russian Federation) existed 1816-01-01 to 1922-12-30 and "
     "since "
     '1991-12-26. Write the state of that day: SUN (or pass before="predecessor").'),
    ("Estonia", {"on": "1960-01-01"}, "state.not_a_state_then", ["SUN"],
     "'Estonia' did not exist on 1960-01-01: EST (Estonia) existed 1918-02-24 to 1940-06-17 and since "
     "1991-09-06. "
     "Write the state of that day: SUN."),
    ("Czechoslovakia", {"on": "1995-01-01"}, "state.not_a_state_then", ["CZE", "SVK"],
     "'Czechoslovakia' did not exist on 1995-01-01: CSK (Czechoslovakia) existed 1918-11-11 to 1993-01-01. "
     "Write the state of that day: CZE, SVK."),
    ("NATO", {"on": "1940-01-01"}, "state.not_a_state_then", [],
     "'NATO' did not exist on 1940-01-01: NATO (North Atlantic Treaty Organization) existed since "
     "1949-04-04. "
     "Check the day."),
    ("Georgia (U.S. state)", {}, "state.unknown", [],
     "'Georgia (U.S. state)' is a part of USA, not a state. Write the state that acts."),
    ("New Mexico", {}, "state.unknown", [],
     "'New Mexico' is a part of USA, not a state. Write the state that acts."),
    ("Mexico City", {}, "state.unknown", [],
     "'Mexico City' is a city in MEX, not a state. Write the state that acts."),
    ("England", {}, "state.unknown", [],
     "'England' is a part of GBR, not a state. Write the state that acts."),
    ("Bavaria", {}, "state.unknown", ["BAV"],
     "'Bavaria' is a part of DEU today; as a state it existed 1816-01-01 to 1871-01-18. Give the day with "
     "on=, "
     "or write BAV."),
    ("Iran Air", {}, "state.unknown", [], "'Iran Air' is a firm, not a state. Write the state that acts."),
    ("Bank of China", {}, "state.unknown", [],
     "'Bank of China' is a firm, not a state. Write the state that acts."),
    ("Gazprom", {}, "state.unknown", [], "'Gazprom' is a firm, not a state. Write the state that acts."),
    ("Isreal", {}, "state.unknown", ["ISR"],
     "'Isreal' is not the name or code of a state. Did you mean Israel (ISR)? Names are never guessed."),
    ("Afganistan", {}, "state.unknown", ["AFG"],
     "'Afganistan' is not the name or code of a state. Did you mean Afghanistan (AFG)? Names are never "
     "guessed."),
    ("UKG", {}, "state.unknown", [],
     "'UKG' is not the name or code of a state. Write an English name or an ISO 3166-1 code. "
     "Names are never guessed."),
    ("Russia and Belarus", {}, "state.several", ["RUS", "BLR"],
     "'Russia and Belarus' names 2 states (Russia, Belarus). Split it into one row for each."),
    ("Russia/Belarus", {}, "state.several", ["RUS", "BLR"],
     "'Russia/Belarus' names 2 states (Russia, Belarus). Split it into one row for each."),
    ("Russia, Belarus and Iran", {}, "state.several", ["RUS", "BLR", "IRN"],
     "'Russia, Belarus and Iran' names 3 states (Russia, Belarus, Iran). Split it into one row for each."),
    ("Russia or Belarus", {}, "state.several", ["RUS", "BLR"],
     "'Russia or Belarus' names 2 states (Russia, Belarus). Split it into one row for each."),
    ("Russia|Belarus", {}, "state.several", ["RUS", "BLR"],
     "'Russia|Belarus' names 2 states (Russia, Belarus). Split it into one row for each."),
    ("Congo/DRC", {}, "state.several", ["COD", "COG"],
     "'Congo/DRC' names 2 states (Congo, DRC). Split it into one row for each."),
    ("Serbia", {"on": "2000-01-01"}, "state.not_a_state_then", ["YUG"],
     "'Serbia' did not exist on 2000-01-01: SRB (Serbia) existed 1878-07-13 to 1918-12-01 and since "
     '2006-06-05. Write the state of that day: YUG (or pass before="predecessor").'),
    ("US-China", {}, "state.several", ["USA", "CHN"],
     "'US-China' names 2 states (US, China). Split it into one row for each."),
    ("N/A", {}, "state.missing", [], "'N/A' names no state. Fill in the state, or leave the row out."),
    ("Ru\u0455sia", {}, "state.mixed_script", [],
     "'Ru\u0455sia' mixes scripts: character 3 is '\u0455' (CYRILLIC SMALL LETTER DZE). "
     "Type the name in Latin letters."),
    ("002", {}, "state.number", [],
     '\'002\' is a number. Say whose: system="cow", system="gw" or system="iso".'),
    (2, {}, "state.number", [], '2 is a number. Say whose: system="cow", system="gw" or system="iso".'),
    ("365", {"system": "cow"}, "state.ambiguous", ["RUS", "SUN"],
     "365 (Correlates of War) can mean RUS or SUN. Give the day with on=."),
    ("999", {"system": "cow"}, "state.unknown", [],
     "999 (Correlates of War) is the number of no state. Check the system."),
    ("France", {"system": "cow"}, "state.number", [], "'France' is not a number of Correlates of War."),
    (True, {}, "state.type", [], "True is bool, not text. Write the name of a state."),
    ("Cuba", {"on": "today"}, "date.invalid", [], "on: 'today' is not a day; write YYYY-MM-DD"),
    ("Cuba", {"on": "2024-02-30"}, "date.invalid", [],
     "on: '2024-02-30' is not a day: day is out of range for month"),
]  # fmt: skip


@pytest.mark.parametrize("name, options, code, candidates, message", REFUSALS)
def test_a_refusal_says_what_is_wrong_and_what_to_do(name, options, code, candidates, message):
    error = refused(name, **options)
    assert (str(error), error.code, error.candidates) == (message, code, candidates)


@pytest.mark.parametrize(
    "blank",
    ["", " ", "-", "--", "–", "?", "XX", "zz", "Unknown", "n/a", "N.A.", "nan", "None", "null", "\u200b"],
)
def test_placeholders_are_missing(blank):
    assert refused(blank).code == "state.missing"


@pytest.mark.parametrize("blank", [None, float("nan"), pd.NA, pd.NaT, np.float32("nan"), Decimal("nan")])
def test_blank_cells_are_missing(blank):
    assert refused(blank).code == "state.missing"
    assert refused(blank, system="cow").code == "state.missing"


@pytest.mark.parametrize(
    "name",
    [
        "Iranian",
        "French",
        "Russians",
        "Chinese",
        "Cubans",
        "American",
        "Caracas",
        "Moscow",
        "Texas",
        "Kurdistan",
    ]
    + [
        "Air China",
        "Korean Air",
        "Petroleos de Venezuela",
        "Georgia Tech",
        "Republic",
        "The",
        "of",
        "Россия",
        "中国",
    ]
    + ["South", "Saint", "Islands", "Democratic Republic of the", "Hezbollah (Lebanon)", "PKK (Turkiye)"],
)
def test_demonyms_cities_firms_and_fragments_never_resolve(name):
    assert refused(name).code == "state.unknown"


@pytest.mark.parametrize("cell", [np.True_, b"Cuba", ["Cuba"], np.array(["Cuba"]), dt.date(2020, 1, 1)])
def test_what_is_no_text_is_refused(cell):
    assert refused(cell).code == "state.type"


@pytest.mark.parametrize("cell", [np.int64(2), np.float64(2), Decimal(2), "2.0", "+2", "-2", "٢"])
def test_numbers_need_their_system(cell):
    assert refused(cell).code == "state.number"


def test_a_demonym_suggests_its_state():
    assert refused("Iranian").candidates[0] == "IRN"
    assert refused("French").candidates[0] == "FRA"
    assert len(refused("Nigerian").candidates) <= 3


def test_an_unknown_option_is_a_plain_value_error():
    with pytest.raises(ValueError, match=r"^view: 'parents' is none of 'own', 'parent'$"):
        resolve_state("Crimea", view="parents")
    with pytest.raises(ValueError, match=r"^system: 'un' is none of None, 'cow', 'gw', 'iso'$"):
        resolve_state("4", system="un")


def test_the_error_is_a_value_error_and_survives_pickling():
    error = refused("Korea")
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(error, ValueError)
    assert (str(copy), copy.code, copy.candidates) == (str(error), error.code, error.candidates)


# --- policies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, on, code",
    [("Russia", "1985-01-01", "SUN"), ("RUS", "1991-12-25", "SUN"), ("Serbia", "2004-01-01", "SCG"),
     ("Serbia", "1995-01-01", "YUG"), ("Egypt", "1960-01-01", "UAR"), ("Tanzania", "1962-01-01", "TGK")],
)  # fmt: skip
def test_on_request_a_state_stands_for_the_one_it_continues(name, on, code):
    assert resolve_state(name, on=on, before="predecessor") == code
    assert refused(name, on=on).code == "state.not_a_state_then"


@pytest.mark.parametrize(
    "name, on", [("Ukraine", "1985-01-01"), ("USSR", "2001-01-01"), ("Czechia", "1985-01-01")]
)
def test_no_policy_turns_a_part_into_the_whole_or_a_former_state_into_a_new_one(name, on):
    assert refused(name, on=on, before="predecessor").code == "state.not_a_state_then"


@pytest.mark.parametrize("code", STATES.loc[STATES["continues"] != "", "code"])
def test_states_that_continue_each_other_end_in_an_answer_on_every_day(code):
    for day in ("1700-01-01", "1900-01-01", *turning_days()):
        found = outcome(code, on=day, before="predecessor")
        assert found == "state.not_a_state_then" or exists(found, day)


CONTESTED = {
    "TWN": "CHN", "XKX": "SRB", "PSE": "PSE", "ESH": "ESH", "XNC": "CYP", "XAB": "GEO", "XSO": "GEO",
    "XTR": "MDA",
    "XSL": "SOM", "XNK": "AZE", "UA-43": "UKR", "UA-40": "UKR", "UA-14": "UKR", "UA-09": "UKR",
    "UA-23": "UKR",
    "UA-65": "UKR",
}  # fmt: skip


@pytest.mark.parametrize("code, parent", CONTESTED.items())
def test_a_contested_territory_is_itself_and_its_parent_only_on_request(code, parent):
    row = STATES.set_index("code").loc[code]
    assert row["status"] == "disputed"
    assert row["claims"]
    assert resolve_state(row["name"]) == code
    assert resolve_state(row["name"], view="parent") == parent


def test_the_parent_is_dated():
    assert resolve_state("Hong Kong", on="1997-06-30", view="parent") == "GBR"
    assert resolve_state("Hong Kong", on="1997-07-01", view="parent") == "CHN"
    assert resolve_state("Macao", on="1999-12-19", view="parent") == "PRT"
    assert resolve_state("Cuba", view="parent") == "CUB"


def test_the_last_day_is_half_open():
    assert exists("SUN", "1991-12-25")
    assert not exists("SUN", "1991-12-26")
    assert exists("RUS", dt.date(1991, 12, 26))
    assert exists("RUS", pd.Timestamp("1991-12-26 23:00", tz="Europe/Moscow"))


def test_days_may_be_text_dates_or_timestamps():
    for day in ("1985-01-01", dt.date(1985, 1, 1), pd.Timestamp("1985-01-01"), np.datetime64("1985-01-01")):
        assert resolve_state("CS", on=day) == "CSK"


# --- columns and numbers ------------------------------------------------------------------------


def test_a_column_equals_its_cells_one_by_one():
    names = ["Cuba", "Korea", None, "Russia", "Isreal", "Cuba", 2, "USSR", "Germany"] * 3
    days = [day for day in ("1970-01-01", "1985-06-30", "2010-01-01") for _ in range(9)]
    codes, errors = resolve_states(names, on=days)
    told = {row: found.error.code for found in errors for row in found.rows}
    assert [told.get(row, code) for row, code in enumerate(codes)] == [
        outcome(name, on=day) for name, day in zip(names, days)
    ]
    assert (codes[sorted(told)] == "").all()


def test_a_column_is_not_changed_and_keeps_its_length():
    names = pd.Series(["Cuba", "Iran"], index=[7, 7])
    before = names.copy()
    codes, errors = resolve_states(names, on="2020-01-01")
    pd.testing.assert_series_equal(names, before)
    assert (codes.tolist(), errors) == (["CUB", "IRN"], [])
    assert resolve_states([])[0].tolist() == []
    with pytest.raises(ValueError, match=r"^on: 1 days for 2 names$"):
        resolve_states(names, on=["2020-01-01"])


def test_categories_and_rows_without_a_day_resolve():
    codes, errors = resolve_states(pd.Series(["Cuba", "CS"], dtype="category"), on=[None, "2004-01-01"])
    assert (codes.tolist(), errors) == (["CUB", "SCG"], [])


@pytest.mark.parametrize(
    "number, system, on, code",
    [(2, "cow", None, "USA"), ("002", "cow", None, "USA"), (2.0, "gw", None, "USA"), ("840", "iso", None,
     "USA"),
     (365, "cow", "1980-01-01", "SUN"), (365, "gw", "1995-01-01", "RUS"), (260, "cow", "1970-01-01", "DEU"),
     (255, "cow", "2000-01-01", "DEU"), (260, "gw", "2000-01-01", "DEU"), (345, "cow", "1990-01-01", "YUG"),
     (345, "cow", "2004-01-01", "SCG"), (345, "cow", "2010-01-01", "SRB"), (340, "gw", "2010-01-01", "SRB"),
     (678, "gw", "2000-01-01", "YEM"), (679, "cow", "2000-01-01", "YEM"), (678, "cow", "1980-01-01", "YAR"),
     (651, "cow", "1960-01-01", "UAR"), (816, "cow", "1970-01-01", "VDR"), (730, "cow", None, "KOX"),
     (891, "iso", "2004-01-01", "SCG"), ("516", "iso", None, "NAM"), (347, "gw", None, "XKX")],
)  # fmt: skip
def test_a_number_means_a_state_of_its_system_on_a_day(number, system, on, code):
    assert resolve_state(number, system=system, on=on) == code


def test_a_number_outside_its_spell_is_refused_or_accepted_as_asked():
    codes, errors = from_numbers([370, 365], "cow", on="1950-01-01")
    assert codes.tolist() == ["", "SUN"]
    assert errors[0].error.code == "state.not_a_state_then"
    assert from_numbers([370, 365], "cow", on="1950-01-01", outside="accept")[0].tolist() == ["BLR", "SUN"]
    with pytest.raises(ValueError, match="outside"):
        from_numbers([2], outside="ignore")


def test_a_mix_of_systems_is_named_by_row():
    with pytest.raises(StateError) as caught:
        require_one_system(["US", "USA", "002", 345, "RU"])
    assert str(caught.value) == (
        "the column mixes systems of codes. iso2: row 0 (US), row 4 (RU); iso3: row 1 (USA); cow;gw: row 2 "
        "(002), "
        "row 3 (345). Write all in one system."
    )
    assert caught.value.code == "state.mixed_systems"


def test_each_system_is_recognised():
    looks = detect_system(["us", "USA", "SUN", "XKX", "Cuba", "EU", "679", 340, "004", "??"])
    assert looks["looks_like"].tolist() == [
        "iso2", "iso3", "iso3", "own", "name", "organisation", "cow", "gw;iso_numeric", "iso_numeric",
        "unknown",
    ]  # fmt: skip
    assert require_one_system(["2", "20"]) == "cow;gw"
    assert detect_system(["US", "US"])[["n", "first_row"]].to_numpy().tolist() == [[2, 0]]


# --- laws ---------------------------------------------------------------------------------------

UNAMBIGUOUS = sorted(
    {name for row in STATES.itertuples() for name in (row.name, *filter(None, row.aliases.split(";")))}
    - set(STATES["name"][STATES["valid_to"] != ""])
)


def outcome(name, **options):
    try:
        return resolve_state(name, **options)
    except StateError as error:
        return error.code


@given(st.sampled_from(STATES["code"].tolist() + ORGANISATIONS["code"].tolist()))
def test_resolving_a_code_returns_it(code):
    assert resolve_state(code) == code
    assert resolve_state(code.lower()) == code


@given(st.sampled_from(UNAMBIGUOUS), st.data())
def test_case_spaces_dots_and_forms_do_not_matter(name, data):
    wanted = outcome(name)
    raised = "".join(data.draw(st.sampled_from([sign.lower(), sign.upper()])) for sign in name)
    for spelling in (raised, name.replace(" ", "  "), f" {name}\u00a0", f"The {name}", name + ".",
                     unicodedata.normalize("NFD", name), "\u200e" + name):  # fmt: skip
        assert outcome(spelling) == wanted


@given(st.text(max_size=12))
def test_any_text_gives_a_known_code_or_a_state_error(text):
    known = set(STATES["code"]) | set(ORGANISATIONS["code"])
    assert outcome(text) in known or outcome(text).startswith("state.")


@given(st.sampled_from(STATES["name"].tolist()), st.dates(dt.date(1816, 1, 1), dt.date(2025, 11, 1)))
def test_what_resolves_on_a_day_existed_on_it(name, day):
    found = outcome(name, on=day)
    assert found in ("state.ambiguous", "state.not_a_state_then") or exists(found, day)


@given(st.sampled_from(STATES["name"].tolist()), st.dates(dt.date(1816, 1, 1), dt.date(2025, 11, 1)))
def test_between_two_turning_days_a_name_means_the_same(name, day):
    turns = turning_days()
    at = int(np.searchsorted(np.array(turns), day.isoformat(), side="right"))
    start = turns[at - 1] if at else day
    assert outcome(name, on=day) == outcome(name, on=start)


# --- the tables ---------------------------------------------------------------------------------


def test_the_tables_keep_what_their_packages_assert():
    for name in ("states", "organisations"):
        package = json.loads(path(name, "datapackage.json").read_text(encoding="utf-8"))
        tables = {item["name"]: read_text_table(name, item["path"]) for item in package["resources"]}
        assert {table: len(rows) for table, rows in tables.items()} == package["assertions"]["rows"]
        for item in package["resources"]:
            assert not tables[item["name"]].duplicated(item["primary_key"]).any()
        for column, allowed in package["assertions"]["allowed"].items():
            found = [set(rows[column]) for rows in tables.values() if column in rows]
            assert set().union(*found) <= set(allowed)
    counts = package["assertions"]["members_on"]
    assert {org: len(members(org, counts["day"])) for org in counts["count"]} == counts["count"]


def test_every_row_of_the_tables_is_sound():
    states = load_states()
    known = set(STATES["code"])
    assert (states["source"] != "").all()
    assert (MEMBERS["source"] != "").all()
    for frame, columns in ((states, ("valid_from", "valid_to")), (MEMBERS, ("start", "end"))):
        for day in pd.concat([frame[column] for column in columns]):
            assert day == "" or DAY.fullmatch(day)
        dated = frame[(frame[columns[0]] != "") & (frame[columns[1]] != "")]
        assert (dated[columns[0]] < dated[columns[1]]).all()
    for column in ("parent", "continues", "successors", "claims"):
        assert set(filter(None, ";".join(STATES[column]).split(";"))) <= known
    assert set(MEMBERS["member"]) <= known
    assert not known & set(ORGANISATIONS["code"])


def test_spells_of_one_code_do_not_overlap():
    for _, rows in load_states().groupby("code"):
        assert (rows["valid_to"].iloc[:-1].to_numpy() <= rows["valid_from"].iloc[1:].to_numpy()).all()


def test_iso_codes_are_unique_and_well_formed():
    for column, form in (("iso2", "[A-Z]{2}"), ("iso3", "[A-Z]{3}"), ("numeric", "[0-9]{3}")):
        values = STATES.loc[STATES[column] != "", column]
        assert values.str.fullmatch(form).all()
    assert (STATES.loc[STATES["iso3"] != "", "iso3"] == STATES.loc[STATES["iso3"] != "", "code"]).all()
    current = STATES[STATES["source"].str.startswith("ISO 3166-1")]
    assert len(current) == 249
    assert not current["iso2"].duplicated().any()
    assert not current["numeric"].duplicated().any()


def test_no_alias_is_the_code_of_another_state():
    codes = {key(code): code for code in STATES["code"]}
    for row in STATES.itertuples():
        for alias in filter(None, row.aliases.split(";")):
            assert codes.get(key(alias), row.code) == row.code


def test_two_states_share_a_name_only_where_we_mean_it():
    bearers = defaultdict(set)
    for row in STATES.itertuples():
        for name in (row.name, row.iso2, *row.aliases.split(";")):
            bearers[key(name)].add(row.code)
    shared = {name: codes for name, codes in bearers.items() if name and len(codes) > 1}
    assert shared == {
        "korea": {"KOR", "PRK", "KOX"}, "congo": {"COD", "COG"}, "germany": {"DEU", "DDR"},
        "yemen": {"YEM", "YAR", "YMD"}, "viet nam": {"VNM", "VDR", "RVN", "ANM"},
        "vietnam": {"VNM", "VDR", "RVN", "ANM"}, "virgin islands": {"VGB", "VIR"}, "saint martin": {"MAF",
        "SXM"},
        "cs": {"CSK", "SCG"}, "ai": {"AIA", "AFI"}, "ge": {"GEO", "GEL"}, "sk": {"SVK", "SKM"},
    }  # fmt: skip


def test_the_frames_are_fresh_copies():
    states, memberships = load_states(), load_organisations()
    states["name"] = "spoilt"
    memberships["member"] = "spoilt"
    assert state_name("CUB") == "Cuba"
    assert (load_states()["name"] != "spoilt").all()
    assert (load_organisations()["member"] != "spoilt").all()


# --- organisations ------------------------------------------------------------------------------


def test_members_are_dated():
    assert "GBR" in members("EU", on="2020-01-31")
    assert "GBR" not in members("EU", on="2020-02-01")
    assert "RUS" in members("G8", on="2010-01-01")
    assert members("G8", on="2015-01-01") == ()
    assert members("G7", on="1975-12-01") == ("DEU", "FRA", "GBR", "ITA", "JPN", "USA")
    assert members("BRICS", on="2024-06-01") == (
        "ARE",
        "BRA",
        "CHN",
        "EGY",
        "ETH",
        "IND",
        "IRN",
        "RUS",
        "ZAF",
    )
    assert len(members("UN", on="2012-01-01")) == 193
    assert len(members("NATO", on="2024-03-07")) == 32
    assert "SUN" in members("UN", on="1991-12-25")
    assert members("WARSAW", on="1970-01-01") == ("BGR", "CSK", "DDR", "HUN", "POL", "ROU", "SUN")


def test_the_organisations_of_a_state_are_dated():
    assert organisations_of("RUS", on="2000-01-01") == ("CIS", "CSTO", "G8", "UN")
    assert organisations_of("NIC", on="2024-01-01") == ("ALBA", "UN")
    assert organisations_of("TWN", on="2024-01-01") == ()


@pytest.mark.parametrize(
    "call, message",
    [(lambda: members("XYZ", on="2000-01-01"), "'XYZ' is not an organisation of ours"),
     (lambda: organisations_of("Cuba", on="2000-01-01"), "'Cuba' is not a code of ours. Resolve names with"),
     (lambda: state_name("QQQ"), "'QQQ' is not a code of ours"),
     (lambda: members("EU", on=None), "on: None is not a day")],
)  # fmt: skip
def test_unknown_codes_and_days_are_refused(call, message):
    with pytest.raises(StateError, match=f"^{re.escape(message)}"):
        call()


EARLY_MEMBERS = {
    ("UN", "BLR"), ("UN", "UKR"), ("UN", "IND"), ("UN", "PHL"), ("UN", "SYR"), ("LAS", "SYR"), ("LAS", "JOR"),
    ("CIS", "BLR"), ("CIS", "UKR"), ("CIS", "ARM"), ("CIS", "AZE"), ("CIS", "RUS"),
}  # fmt: skip


def test_members_existed_when_they_joined_but_for_the_known_few():
    early = {(row.org, row.member) for row in MEMBERS.itertuples() if not exists(row.member, row.start)}
    assert early <= EARLY_MEMBERS


# --- the published lists ------------------------------------------------------------------------

LISTS = {"cow": ("cow_system.csv", "ccode", "2016-12-31"), "gw": ("gw_system.csv", "gwcode", "2020-12-31")}
DIFFERS = {
    ("gw", 255): "last day 1945-05-08 as in COW, not 1945-05-07",
    ("gw", 260): "from the Basic Law, not from the first government", ("gw",
     265): "from the day of foundation",
    ("gw", 340): "Serbia existed while it was occupied from 1915", ("gw", 366): "Baltic days as in COW",
    ("gw", 367): "Baltic days as in COW", ("gw", 368): "Baltic days as in COW",
    ("gw", 433): "Senegal from the end of the Mali Federation, as in COW",
    ("gw", 511): "Zanzibar from its seat in the United Nations; the union is of 1964-04-26",
    ("gw", 517): "slip: 1962-01-07 for 1962-07-01", ("gw",
     600): "Morocco until the protectorate of 1912, as in COW",
    ("gw", 616): "independence on 1956-03-20, as in COW", ("gw", 651): "Egypt until 1882, as in COW",
    ("gw", 781): "independence on 1965-07-26, as in COW", ("gw",
     812): "independence on 1953-10-23, as in COW",
    ("gw", 935): "independence on 1980-07-30", ("gw", 971): "slip: 1968-12-31 for 1968-01-31",
    ("cow", 260): "from the Basic Law, not from sovereignty in 1955",
    ("cow", 265): "from the day of foundation, not from sovereignty in 1954",
    ("cow", 341): "independence on 2006-06-03, as in GW", ("cow",
     345): "Yugoslavia existed while it was occupied",
    ("cow", 511): "Zanzibar from its seat in the United Nations; the union is of 1964-04-26",
    ("cow", 600): "Morocco from the first day of the list, as in GW",
    ("cow", 616): "Tunisia from the first day of the list, as in GW",
    ("cow", 651): "Egypt 1827 and 1922, as in GW", ("cow",
     652): "Syria 1946-01-01 as in GW; union of 1958-02-22",
    ("cow", 678): "Yemen from 1918, as in GW", ("cow",
     935): "independence, not the seat in the United Nations",
    ("cow", 946): "independence, not the seat in the United Nations",
    ("cow", 947): "independence, not the seat in the United Nations",
    ("cow", 955): "independence, not the seat in the United Nations",
    ("cow", 970): "independence, not the seat in the United Nations",
}  # fmt: skip


def joined(spells):
    """Spells in order, those that touch joined into one."""
    found = []
    for start, end in sorted(spells):
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, end))
    return found


def published(system):
    name, number, last = LISTS[system]
    spells = defaultdict(list)
    with open(DATA / "states" / name, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            end = dt.date.fromisoformat(row["end"]) + dt.timedelta(days=1)
            open_end = row["end"] == last
            spells[int(float(row[number]))].append((row["start"], "" if open_end else end.isoformat()))
    return {number: joined(rows) for number, rows in spells.items()}


def ours(system):
    spells = defaultdict(list)
    for row in load_states().itertuples():
        for number in filter(None, getattr(row, system).split(";")):
            spells[int(number)].append((row.valid_from, row.valid_to))
    return {number: joined(rows) for number, rows in spells.items()}


@needs_lists
@pytest.mark.parametrize("system", LISTS)
def test_every_state_of_the_published_lists_has_its_number(system):
    assert set(ours(system)) == set(published(system))


@needs_lists
def test_days_agree_with_gleditsch_and_ward_or_the_difference_has_a_reason():
    theirs, own = published("gw"), ours("gw")
    assert {("gw", number) for number in theirs if theirs[number] != own[number]} == {
        case for case in DIFFERS if case[0] == "gw"
    }


@needs_lists
def test_days_agree_with_the_correlates_of_war_or_with_gleditsch_and_ward_or_the_difference_has_a_reason():
    theirs, own, other = published("cow"), ours("cow"), published("gw")
    unexplained = {
        ("cow", number) for number in theirs if own[number] not in (theirs[number], other.get(number))
    }
    assert unexplained == {case for case in DIFFERS if case[0] == "cow"}


@needs_lists
def test_every_published_spell_resolves_by_number_on_a_day_within():
    for system in LISTS:
        for number, spells in published(system).items():
            for start, end in spells:
                middle = dt.date.fromisoformat(start) + (dt.date.fromisoformat(end or "2016-12-31")
                                                         - dt.date.fromisoformat(start)) / 2  # fmt: skip
                code = resolve_state(number, system=system, on=middle)
                assert exists(code, middle)


def test_importing_states_is_light():
    heavy = "print([m for m in sys.modules if m.split('.')[0] in ('scipy', 'sklearn', 'matplotlib')])"
    command = [sys.executable, "-c", f"import sys, risk.states; {heavy}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
