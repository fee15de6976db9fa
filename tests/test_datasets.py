"""The embedded tables against the assertions in their descriptions."""

from __future__ import annotations

import csv
import json
import re
from itertools import combinations

import pandas as pd
import pytest

import risk
from risk.datasets import describe, path, read_text_table
from risk.states import exists, load_organisations

CHECKED = re.compile(r"official|two sources|one source|dataset: [a-z_]+(, [a-z_]+)*")
NAMES = sorted(item.name for item in path().iterdir() if (item / "datapackage.json").is_file())
ORGANISATIONS = set(load_organisations()["org"])


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return read_text_table("events", "events.csv")


@pytest.fixture(scope="module")
def measures() -> pd.DataFrame:
    return read_text_table("sanctions", "sanctions.csv")


def parties(row) -> list[str]:
    return row.participants.split(";") if row.participants else [row.actor, row.recipient]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_describes_itself(name):
    described = describe(name)
    assert {"name", "title", "version", "sources", "licenses"} <= set(described), name
    assert described["name"] == name
    assert (path(name) / "README.md").is_file()


@pytest.mark.parametrize("name", ["events", "sanctions", "ties", "coverage"])
def test_files_are_plain_reviewable_text(name):
    raw = path(name, f"{name}.csv").read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8").splitlines()))
    assert len({len(row) for row in rows}) == 1
    assert all(cell == cell.strip() for row in rows for cell in row)


def test_events_are_sorted_and_enough(events):
    wanted = describe("events")["assertions"]
    assert len(events) >= wanted["min_rows"]
    keys = [
        (row.date + "-00" if len(row.date) < 10 else row.date, row.event_id) for row in events.itertuples()
    ]
    assert keys == sorted(keys)
    families = events["event_type"].str.split(".").str[0].value_counts()
    short = {
        name: int(families.get(name, 0))
        for name, n in wanted["min_per_family"].items()
        if families.get(name, 0) < n
    }
    assert not short
    states = pd.Series([code for row in events.itertuples() for code in parties(row)]).value_counts()
    assert len(states) >= wanted["min_states"]
    assert not {code: n for code, n in wanted["min_per_state"].items() if states.get(code, 0) < n}
    assert (events["measure_id"] != "").sum() >= wanted["min_linked_to_measures"]


def test_every_focal_dyad_has_its_events(events):
    wanted = describe("events")["assertions"]
    pairs = ["-".join(p) for row in events.itertuples() for p in combinations(sorted(parties(row)), 2)]
    counts = pd.Series(pairs).value_counts()
    assert len(wanted["focal_dyads"]) == 39
    assert wanted["min_per_focal_dyad"] >= 25
    few = {
        d: int(counts.get(d, 0))
        for d in wanted["focal_dyads"]
        if counts.get(d, 0) < wanted["min_per_focal_dyad"]
    }
    assert not few


@pytest.mark.parametrize("name", ["events", "sanctions"])
def test_every_row_has_a_source_and_says_how_it_was_checked(name):
    table = read_text_table(name, f"{name}.csv")
    for column in ("title", "publisher", "source"):
        assert (table[column] != "").all(), column
    bad = [text for text in table["checked"] if not CHECKED.fullmatch(text)]
    assert not bad
    by_data_set = table.loc[table["checked"].str.startswith("dataset"), "checked"].value_counts()
    assert by_data_set.max() <= describe(name)["assertions"]["max_rows_by_one_data_set"]
    addresses = table.loc[table["url"] != "", "url"]
    assert addresses.str.match(r"https?://[^\s]+$").all()


def test_most_events_are_confirmed(events):
    well = events["checked"].str.match(r"official|two sources|dataset")
    assert well.mean() >= describe("events")["assertions"]["min_share_well_checked"]


@pytest.mark.parametrize(("name", "column"), [("events", "date"), ("sanctions", "start")])
def test_nothing_lies_in_the_future_and_little_after_the_day_the_record_runs_through(name, column):
    described = describe(name)
    days = read_text_table(name, f"{name}.csv")[column].str[:10]
    assert days.max() <= described["assertions"]["latest"]
    assert (days > described["coverage"]["through"]).mean() <= 0.02


def test_actors_exist_on_the_day(events):
    checked = risk.load_events()
    for row in checked.itertuples():
        for code in parties(row):
            assert code in ORGANISATIONS or exists(code, row.date), (row.event_id, code)


def test_an_act_is_not_told_twice(events):
    checked = risk.load_events()
    staged = checked[checked["act_id"] != ""]
    pair = (
        staged[["actor", "recipient"]].min(axis=1)
        + staged[["actor", "recipient"]].max(axis=1)
        + staged["participants"]
    )
    groups = staged.groupby([pair, "act_id", "event_type", "stage"])["date"]
    apart = (groups.max() - groups.min()).dt.days
    assert apart.max() <= 7, apart[apart > 7]


def test_a_measure_named_by_an_event_exists_and_has_its_sender_and_target(events, measures):
    named = events[events["measure_id"] != ""]
    sides = measures.drop_duplicates("measure_id").set_index("measure_id")[["sender", "target"]]
    assert set(named["measure_id"]) <= set(sides.index)
    expected = sides.loc[named["measure_id"]].to_numpy()
    assert (named[["actor", "recipient"]].to_numpy() == expected).all()


def test_an_order_told_by_an_event_is_not_counted_beside_its_measure(events, measures):
    order = r"(E\.O\. \d{5})"
    first = measures[measures["spell"] == "1"]
    known = {(r.sender, r.target, r.authority, r.start[:7]): r.measure_id for r in first.itertuples()}
    told = events.assign(order=events["title"].str.extract(order, expand=False))
    twice = [
        row.event_id
        for row in told[told["measure_id"] == ""].itertuples()
        if (row.actor, row.recipient, row.order, row.date[:7]) in known
    ]
    assert not twice


def test_the_sanctions_record_is_sorted_and_enough(measures):
    wanted = describe("sanctions")["assertions"]
    keys = [(r.sender, r.target, r.start, r.measure_id, int(r.spell)) for r in measures.itertuples()]
    assert keys == sorted(keys)
    assert len(measures) >= wanted["min_rows"]
    assert measures["target"].nunique() >= wanted["min_targets"]
    assert measures["measure_id"].nunique() >= wanted["min_measures"]
    senders = measures["sender"].value_counts()
    assert not {code: n for code, n in wanted["min_per_sender"].items() if senders.get(code, 0) < n}
    assert set(senders.index) == set(wanted["min_per_sender"])
    acts = measures[["sender", "target", "authority"]].drop_duplicates()
    assert len(acts) >= wanted["min_sender_target_authority"]
    assert ((measures["territory"] != "") == (measures["scope"] == "sub-territory")).all()


def test_spells_of_a_measure_follow_each_other(measures):
    table = risk.load_sanctions().sort_values(["measure_id", "spell"])
    for name, spells in table.groupby("measure_id"):
        assert spells["spell"].tolist() == list(range(1, len(spells) + 1)), name
        ends, starts = spells["end"].iloc[:-1].to_numpy(), spells["start"].iloc[1:].to_numpy()
        assert (ends <= starts).all(), name


def test_a_spell_that_follows_is_known_when_the_one_before_is_known_to_end():
    table = risk.load_sanctions().sort_values(["measure_id", "spell"])
    later = table.groupby("measure_id")[["start", "known_on"]].shift(-1)
    follows = (later["start"] == table["end"]).to_numpy()
    apart = (later["known_on"] != table["end_known_on"]).to_numpy() & follows
    assert not table.loc[apart, "measure_id"].tolist()


def test_an_arms_embargo_and_a_duty_cover_one_sector(measures):
    narrow = measures[measures["instrument"].isin(["arms", "tariff"])]
    assert set(narrow["scope"]) <= {"sectoral", "list-based", "sub-territory"}


def test_one_day_one_act_one_instrument_is_one_measure(measures):
    first = measures[measures["spell"] == "1"]
    same = ["sender", "target", "territory", "authority", "instrument", "start"]
    parts = first[first.duplicated(same, keep=False)]
    assert set(parts["authority"]) <= {"UNSCR 1521"}  # its diamonds and timber ended on different days


@pytest.mark.parametrize(
    ("sender", "target", "before", "after"),
    [
        ("USA", "IRN", "2015-06-30", "2017-06-30"),  # relief under the nuclear deal
        ("EU", "IRN", "2015-06-30", "2017-06-30"),
        ("UN", "IRN", "2015-06-30", "2025-06-30"),
        ("USA", "LBY", "2004-04-28", "2004-04-29"),  # general licence of April 2004
        ("USA", "IRQ", "2003-05-22", "2003-05-23"),  # general licence of May 2003
        ("USA", "VEN", "2023-10-17", "2023-10-18"),  # General Licenses 43 and 44
        ("USA", "SYR", "2025-05-22", "2025-05-23"),  # General License 25
        ("GBR", "SYR", "2025-04-24", "2025-04-25"),
        ("EU", "GIN", "2014-04-14", "2014-04-15"),
    ],
)
def test_relief_lowers_what_is_in_force(sender, target, before, after):
    scorer = risk.Scorer()
    earlier, later = (scorer.exposure(target, as_of=day).F_by_sender[sender] for day in (before, after))
    assert later < earlier


@pytest.mark.parametrize(
    ("target", "day"),
    [("ZAF", "1995-01-01"), ("NGA", "2000-01-01"), ("LBR", "2017-01-01"), ("CIV", "2017-01-01")],
)
def test_a_programme_that_was_lifted_scores_nothing(target, day):
    assert risk.Scorer().exposure(target, as_of=day).F == 0


def test_nuclear_relief_reaches_every_secondary_measure_on_iran():
    frame = risk.Scorer().exposure("IRN", as_of="2017-06-30").in_force
    assert set(frame.loc[frame["instrument"] == "secondary", "scope"]) == {"list-based"}


def test_general_licence_44_makes_three_spells(measures):
    spells = measures[
        measures["measure_id"].isin(
            measures.loc[
                measures["note"].str.contains("GL 44|General License 44")
                | measures["title"].str.contains("GL 44|General License 44"),
                "measure_id",
            ]
        )
    ]
    assert {"2023-10-18"} <= set(spells["start"])
    assert len(spells) >= 3


def test_coverage_is_declared_for_dyads_and_families_that_exist():
    table = risk.load_coverage()
    assert (table["a"] < table["b"]).all()
    assert set(table["family"]) <= set(risk.load_codebook().families)
    assert (table["end"].isna() | (table["start"] < table["end"])).all()
    assert (table["threshold"] != "").all()
    described = describe("coverage")
    assert not table.duplicated(described["assertions"]["key"]).any()
    assert len(table) >= described["assertions"]["min_rows"]
    assert len(table[["a", "b"]].drop_duplicates()) >= described["assertions"]["min_dyads"]
    keys = list(table[["a", "b", "family", "start"]].itertuples(index=False, name=None))
    assert keys == sorted(keys)
    for row in table.itertuples():
        assert exists(row.a, row.start), row
        assert exists(row.b, row.start), row
    assert table["end"].max() <= pd.Timestamp(described["coverage"]["through"])


def test_a_window_of_coverage_is_not_empty(events):
    pairs = [
        (*pair, row.event_type.split(".")[0], row.date)
        for row in events.itertuples()
        for pair in combinations(sorted(parties(row)), 2)
    ]
    record = pd.DataFrame(pairs, columns=["a", "b", "family", "date"]).assign(n=1)
    for claim in read_text_table("coverage", "coverage.csv").itertuples():
        same = (record["a"] == claim.a) & (record["b"] == claim.b) & (record["family"] == claim.family)
        assert (same & (record["date"] >= claim.start) & (record["date"] < claim.end)).any(), claim


def test_ties_add_up_to_at_most_one():
    table = risk.load_ties()
    wanted = describe("ties")["assertions"]
    assert len(table) >= wanted["min_rows"]
    assert table["state"].nunique() >= wanted["min_states"]
    assert table.groupby(["state", "year"])["share"].sum().max() <= wanted["max_row_sum"] + 1e-9


def test_descriptions_are_json_with_known_keys():
    always = {"name", "title", "version", "licenses", "sources", "assertions"}
    for name in NAMES:
        found = json.loads(path(name, "datapackage.json").read_text(encoding="utf-8"))
        assert always <= set(found) <= always | {"coverage", "description", "method", "resources"}, name
        assert found["name"] == name
