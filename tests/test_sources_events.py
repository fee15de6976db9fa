"""Readers of machine-coded event feeds: hand-expected values, laws, and the whole of the real files."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from feed_files import (
    GDELT_1,
    GDELT_2,
    ICEWS_RAW,
    ICEWS_SHORT,
    PHOENIX_DAILY,
    PHOENIX_HISTORICAL,
    POLECAT,
    gdelt_row,
    side,
)

from risk import check_events, load_codebook
from risk.datasets import read_text_table
from risk.events import EVENTS
from risk.sources import read_gdelt, read_icews, read_phoenix, read_polecat
from risk.sources.coded_events import acts_of_cameo, countries
from risk.sources.feed import FeedError
from risk.sources.told_once import MOST
from risk.states.book import open_book

FILES = {
    "gdelt 1.0": (read_gdelt, "20140302.export.CSV", GDELT_1),
    "gdelt 2.0": (read_gdelt, "20140302101500.export.CSV", GDELT_2),
    "icews raw": (read_icews, "events.2014.tab", ICEWS_RAW),
    "icews short": (read_icews, "icews.txt", ICEWS_SHORT),
    "polecat": (read_polecat, "ngecEvents.DV.2020.txt", POLECAT),
    "phoenix daily": (read_phoenix, "events.full.20140620.txt", PHOENIX_DAILY),
    "phoenix historical": (read_phoenix, "PhoenixNYT.csv", PHOENIX_HISTORICAL),
}


@pytest.fixture
def read(tmp_path):
    def read_one(name, text=None, **options):
        reader, file, good = FILES[name]
        path = tmp_path / file
        path.write_text(good if text is None else text, encoding="utf-8")
        return reader(path, **options)

    return read_one


def refusals(reading) -> dict[int, str]:
    return dict(zip(reading.rejected["row"], reading.rejected["code"]))


def short(reading, *more) -> list[tuple]:
    columns = ["actor", "recipient", "event_type", *more]
    return list(reading.table[columns].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("actors", ["state", "any"])
@pytest.mark.parametrize("merge", [True, False])
def test_the_table_is_a_checked_event_table(read, name, actors, merge):
    reading = read(name, actors=actors, merge=merge)
    assert tuple(reading.table.columns[: len(EVENTS.names)]) == EVENTS.names
    pd.testing.assert_frame_equal(check_events(reading.table), reading.table)
    report = reading.report
    assert report.rows_read == report.accepted + report.rejected
    assert (report.accepted, report.rejected) == (len(reading.table), len(reading.rejected))
    assert reading.table["event_id"].is_unique
    assert (reading.table["checked"] == "").all()
    assert (reading.table["publisher"] != "").all()


@pytest.mark.parametrize("version", ["gdelt 1.0", "gdelt 2.0"])
def test_gdelt_by_hand(read, version):
    reading = read(version)
    assert short(reading, "event_id", "confidence", "n_reports", "code") == [
        ("CHN", "RUS", "diplomacy.meeting", "gdelt:101", 1 - 0.5**2, 2, "040"),
        ("USA", "ROU", "diplomacy.minister_visit", "gdelt:104", 0.5, 1, "043"),
        ("RUS", "UKR", "force.clash", "gdelt:105", MOST, 9, "190"),
        ("EGY", "PSE", "treaty.agreement", "gdelt:106", 0.5, 1, "057"),
        ("RUS", "USA", "pressure.demand", "gdelt:107", 0.5, 1, "10"),
    ]
    assert refusals(reading) == {
        2: "duplicate.report",
        3: "duplicate.report",
        8: "scope.type",
        9: "scope.domestic",
        10: "scope.region",
        11: "scope.no_country",
        12: "scope.unknown_country",
        13: "scope.organisation",
    }
    assert reading.report.unmapped == (("recipient", "XQZ", 1),)
    first = reading.table.iloc[0]
    assert (str(first["date"].date()), str(first["known_on"].date())) == ("2014-03-01", "2014-03-02")
    assert first["url"] == "https://example.org/1"
    assert first["source"] == "GDELT Event Database, record 101"


def test_gdelt_places_are_fips(read):
    assert "gdelt:111" not in set(read("gdelt 2.0").table["event_id"])
    filled = read("gdelt 2.0", fill_country=True).table.set_index("event_id")
    assert filled.loc["gdelt:111", ["actor", "recipient"]].tolist() == ["CHN", "FRA"]


def test_gdelt_any_actor_takes_the_opposition_too(read):
    text = gdelt_row(2, id="1", **side("a", "RUS", "OPP"), **side("b", "USA"), code="051") + "\n"
    assert refusals(read("gdelt 2.0", text)) == {1: "scope.sub_state"}
    assert short(read("gdelt 2.0", text, actors="any")) == [("RUS", "USA", "diplomacy.statement")]


def test_gdelt_with_header_by_names(read, real_data):
    labels = pd.read_csv(real_data / "gdelt" / "column_labels.csv")["tableId"].tolist()
    assert len(labels) == 61
    both = read("gdelt 2.0", "\t".join(labels) + "\n" + GDELT_2)
    pd.testing.assert_frame_equal(both.table, read("gdelt 2.0").table)
    assert both.rejected["row"].tolist() == (read("gdelt 2.0").rejected["row"] + 1).tolist()


def test_gdelt_later_reports_do_not_reach_back(read):
    """What became known later changes neither the confidence nor the day of knowledge of what was known before."""
    whole = read("gdelt 2.0").table.set_index("event_id")
    early = "\n".join(row for row in GDELT_2.splitlines() if row.split("\t")[0] != "103") + "\n"
    pd.testing.assert_frame_equal(whole, read("gdelt 2.0", early).table.set_index("event_id"))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_gdelt_order_of_rows_does_not_matter(read, order):
    rows = GDELT_2.splitlines()
    text = "\n".join([rows[place] for place in order] + rows[3:]) + "\n"
    table = read("gdelt 2.0", text).table
    assert table["confidence"].tolist() == read("gdelt 2.0").table["confidence"].tolist()
    assert table["known_on"].tolist() == read("gdelt 2.0").table["known_on"].tolist()


def test_gdelt_merging_can_be_left_off(read):
    table = read("gdelt 2.0", merge=False).table
    meetings = table[table["event_type"] == "diplomacy.meeting"]
    assert meetings["event_id"].tolist() == ["gdelt:101", "gdelt:102", "gdelt:103"]
    assert meetings["confidence"].tolist() == [0.5, 0.75, 0.5]


def test_gdelt_same_record_twice(read):
    row = gdelt_row(2, id="5", **side("a", "RUS"), **side("b", "USA"), code="040")
    reading = read("gdelt 2.0", f"{row}\n{row}\n")
    assert refusals(reading) == {2: "duplicate.exact"}
    assert reading.table["confidence"].tolist() == [0.5]
    other = gdelt_row(2, id="5", **side("a", "RUS"), **side("b", "CHN"), code="040")
    with pytest.raises(FeedError) as error:
        read("gdelt 2.0", f"{row}\n{other}\n")
    assert error.value.code == "event_id.conflict"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"day": "20140230"}, "date.invalid"),
        ({"day": "2014"}, "date.invalid"),
        ({"day": ""}, "date.missing"),
        ({"day": "17991231"}, "date.range"),
        ({"sources": "many"}, "number.invalid"),
        ({"added": "yesterday"}, "date.invalid"),
    ],
)
def test_broken_rows_raise_and_can_be_put_aside(read, cells, code):
    good = gdelt_row(1, id="1", **side("a", "RUS"), **side("b", "USA"), code="040")
    bad = gdelt_row(1, **({"id": "2", "code": "042", **side("a", "RUS"), **side("b", "USA")} | cells))
    with pytest.raises(FeedError) as error:
        read("gdelt 1.0", f"{good}\n{bad}\n")
    assert (error.value.code, error.value.row) == (code, 2)
    assert refusals(read("gdelt 1.0", f"{good}\n{bad}\n", errors="quarantine")) == {2: code}


def test_codes_are_text(read):
    text = "".join(
        gdelt_row(1, id=str(at), **side("a", "NAM"), **side("b", "USA"), code=code) + "\n"
        for at, code in enumerate(["010", "10", "040", "40"])
    )
    reading = read("gdelt 1.0", text)
    assert reading.table["code"].tolist() == ["10", "040"]
    assert refusals(reading) == {1: "scope.type", 4: "scope.unknown_type"}
    assert reading.report.unmapped == (("code", "40", 1),)
    assert set(reading.table["actor"]) | set(reading.table["recipient"]) == {"NAM", "USA"}


def test_a_state_is_the_one_of_the_day(read):
    rows = [
        gdelt_row(
            1, id="1", day="19850305", added="20120101", **side("a", "RUS"), **side("b", "USA"), code="040"
        ),
        gdelt_row(
            1, id="2", day="19850305", added="20120101", **side("a", "UKR"), **side("b", "USA"), code="040"
        ),
    ]
    reading = read("gdelt 1.0", "\n".join(rows) + "\n")
    assert short(reading) == [("SUN", "USA", "diplomacy.meeting")]
    assert refusals(reading) == {2: "scope.not_then"}


def test_icews_raw_by_hand(read):
    reading = read("icews raw")
    assert short(reading, "event_id", "confidence", "n_reports", "code") == [
        ("BGD", "VNM", "diplomacy.meeting", "icews:1", 1 - 0.25**2, 2, "040"),
        ("COG", "FRA", "diplomacy.minister_visit", "icews:4", 0.75, 1, "042"),
    ]
    assert refusals(reading) == {
        3: "duplicate.report", 4: "duplicate.report", 6: "scope.sub_state", 7: "scope.no_country",
    }  # fmt: skip
    assert reading.table["note"].tolist() == ["story published by First Paper"] * 2
    assert ("code.zeros", 2) in {(note.code, note.n) for note in reading.report.notes}


def test_icews_both_sides_of_one_story_are_one_report(read):
    two = "\n".join(ICEWS_RAW.splitlines()[:3]) + "\n"
    assert read("icews raw", two).table["n_reports"].tolist() == [1]


def test_icews_short_by_hand(read):
    reading = read("icews short")
    assert short(reading, "event_id", "n_reports") == [
        ("BGD", "VNM", "diplomacy.meeting", "icews:BGD-VNM-diplomacy.meeting-2014-05-07", 1),
        ("COG", "COD", "diplomacy.minister_visit", "icews:COG-COD-diplomacy.minister_visit-2014-05-08", 1),
        ("VAT", "FRA", "diplomacy.minister_visit", "icews:VAT-FRA-diplomacy.minister_visit-2014-05-09", 1),
        ("NGA", "CMR", "pressure.threat", "icews:NGA-CMR-pressure.threat-2014-05-09", 1),
    ]
    assert refusals(reading) == {
        2: "duplicate.report", 6: "scope.sub_state", 7: "scope.no_country", 8: "scope.no_country",
        9: "scope.type", 10: "scope.organisation", 11: "scope.unknown_type",
    }  # fmt: skip
    assert reading.report.unmapped == (("code", "'Dance with'", 1),)


def test_icews_numbered_form(tmp_path):
    (tmp_path / "entity2id.txt").write_text("China\t0\nForeign_Affairs_(Japan)\t1\n")
    (tmp_path / "relation2id.txt").write_text("Consult\t0\nMake_a_visit\t1\n")
    (tmp_path / "train.txt").write_text("0\t1\t1\t0\t-1\n1\t0\t0\t24\t-1\n")
    (tmp_path / "test.txt").write_text("0\t0\t1\t8016\t-1\n0\t0\t9\t8016\t-1\n")
    with pytest.raises(FeedError) as error:
        read_icews(tmp_path)
    assert (error.value.code, error.value.row) == ("recipient.unknown", 4)
    reading = read_icews(tmp_path, errors="quarantine")
    assert short(reading) == [
        ("CHN", "JPN", "diplomacy.minister_visit"),
        ("CHN", "JPN", "diplomacy.meeting"),
        ("CHN", "JPN", "diplomacy.meeting"),
    ]
    assert reading.table["date"].dt.strftime("%m-%d").tolist() == ["01-01", "01-02", "12-01"]
    assert len(read_icews(tmp_path / "train.txt").table) == 2


def test_polecat_by_hand(read):
    reading = read("polecat")
    assert short(reading, "event_id", "confidence", "n_reports", "code") == [
        ("RUS", "VEN", "diplomacy.minister_visit", "polecat:p1", 1 - 0.25**2, 2, "CONSULT/visit"),
        ("USA", "COL", "economy.aid", "polecat:p3", 0.75, 1, "AID"),
        ("ISR", "SYR", "force.strike", "polecat:p4", 0.75, 1, "ASSAULT/aerial"),
    ]
    assert refusals(reading) == {
        3: "duplicate.report", 6: "scope.several", 7: "scope.type", 8: "scope.sub_state",
        9: "scope.unknown_type", 10: "scope.no_country",
    }  # fmt: skip
    assert str(reading.table["known_on"].iloc[0].date()) == "2020-02-04"


def test_phoenix_by_hand(read):
    daily = read("phoenix daily")
    assert short(daily, "event_id", "url") == [
        ("USA", "IRQ", "diplomacy.statement", "phoenix:1", "https://example.org/a"),
        ("RUS", "UKR", "force.clash", "phoenix:2", ""),
    ]
    assert refusals(daily) == {
        3: "scope.sub_state", 4: "scope.organisation", 5: "scope.no_country", 6: "scope.region",
    }  # fmt: skip
    historical = read("phoenix historical")
    assert short(historical, "code") == [
        ("USA", "YUG", "force.strike", "195"),
        ("SUN", "USA", "diplomacy.meeting", "040"),
    ]
    assert refusals(historical) == {4: "scope.type"}


@pytest.mark.parametrize("name", FILES)
def test_wrong_options(read, name):
    with pytest.raises(ValueError, match="actors"):
        read(name, actors="all")
    with pytest.raises(ValueError, match="confidence"):
        read(name, confidence=0)


def test_windows_and_old_macintosh_line_ends(read, tmp_path):
    for ends in ("\r\n", "\r"):
        path = tmp_path / "a.export.CSV"
        path.write_bytes(GDELT_2.replace("\n", ends).encode())
        pd.testing.assert_frame_equal(read_gdelt(path).table, read("gdelt 2.0").table)


def test_cells_in_quotes(read):
    header, *rows = ICEWS_RAW.splitlines()
    text = "\n".join([header] + ["\t".join(f'"{cell}"' for cell in row.split("\t")) for row in rows]) + "\n"
    pd.testing.assert_frame_equal(read("icews raw", text).table, read("icews raw").table)


@pytest.mark.parametrize("system", ["cameo", "fips"])
def test_country_codes_mean_our_states(system):
    found = countries(system)
    assert set(filter(None, found.values())) <= set(open_book().actors)
    assert len(found) > 200
    own = {code for code, state in found.items() if state and code != state}
    if system == "cameo":
        assert own == {"ROM", "TMP", "MTN", "IMY", "WSB", "GZS"}
    else:
        assert (found["CH"], found["AU"], found["RS"], found["UP"], found["KS"]) == (
            "CHN",
            "AUT",
            "RUS",
            "UKR",
            "KOR",
        )
        assert not {"SUN", "YUG"} & set(found.values())


def test_every_act_of_icews_is_on_the_cameo_list():
    acts = read_text_table("actors", "icews_acts.csv")
    assert acts["name"].str.casefold().is_unique
    assert set(acts["code"]) <= set(load_codebook().cameo["code"])
    assert all(re.fullmatch("[0-9]{2,4}", code) for code in acts["code"])


def test_every_published_cameo_code_is_mapped_or_refused():
    book = load_codebook()
    acts = acts_of_cameo(list(book.cameo["code"]), book)
    assert all(bool(act.event_type) != (act.refusal == "scope.type") for act in acts)
    assert not book.is_state([act.event_type for act in acts if act.event_type]).any()


def test_icews_2014_whole(real_data):
    reading = read_icews(real_data / "icews" / "icews14")
    assert reading.report.rows_read == 90_730
    assert reading.report.unmapped == ()
    assert reading.table["date"].min() >= pd.Timestamp("2014-01-01")
    assert reading.table["date"].max() <= pd.Timestamp("2014-12-31")
    pd.testing.assert_frame_equal(check_events(reading.table), reading.table)
    assert not reading.rejected["code"].str.startswith("date").any()


def test_icews_2014_sides_by_another_road(real_data):
    """Rows between two different states, by a plain loop over the brackets."""
    folder = real_data / "icews" / "icews14"
    names = {}
    for line in (folder / "entity2id.txt").read_text(encoding="utf-8").splitlines():
        name, number = line.split("\t")
        inside = name.rsplit("_(", 1)[1][:-1] if name.endswith(")") else name
        names[number] = inside.replace("_", " ").lower()
    pairs = 0
    wanted = {"china", "japan", "south korea", "iran", "iraq", "france"}
    for part in ("train", "valid", "test"):
        for line in (folder / f"{part}.txt").read_text().splitlines():
            a, _, b, *_ = line.split("\t")
            pairs += names[a] != names[b] and names[a] in wanted and names[b] in wanted
    reading = read_icews(folder, actors="any", merge=False)
    codes = ["CHN", "JPN", "KOR", "IRN", "IRQ", "FRA"]
    ours = reading.table["actor"].isin(codes) & reading.table["recipient"].isin(codes)
    whole = reading.rejected[reading.rejected["code"] == "scope.type"]
    assert 0 < pairs - int(ours.sum()) <= len(whole)


def test_icews_tenth_and_raw_sample_whole(real_data):
    tenth = read_icews(real_data / "icews" / "icews_2005_2015_tenth_a.txt")
    assert tenth.report.rows_read == 46_275
    assert tenth.report.unmapped == ()
    raw = read_icews(real_data / "icews" / "icews_raw_sample.csv")
    assert raw.report.rows_read == 4_993
    assert raw.report.unmapped == ()
    assert raw.table["event_id"].str.startswith("icews:3").all()


def test_gdelt_sample_whole(real_data):
    reading = read_gdelt(real_data / "gdelt" / "export_sample_2026.tsv")
    assert reading.report.rows_read == 33
    assert short(reading, "event_id") == [
        ("ISR", "PSE", "force.clash", "gdelt:1317585056"),
        ("CHN", "TWN", "force.blockade", "gdelt:1317593172"),
        ("ISR", "UGA", "force.clash", "gdelt:1317593686"),
        ("PAK", "SAU", "treaty.agreement", "gdelt:1317593010"),
    ]


def test_rejected_rows_cost_only_themselves(tmp_path):
    """The same sound rows give the same table however many others stand between them."""
    sound = [
        gdelt_row(2, id=str(at), day=f"201403{at:02}", **side("a", "RUS"), **side("b", "USA"), code="040")
        for at in range(1, 29)
    ]
    noise = [
        gdelt_row(2, id=f"9{at}", **side("a", "", "OPP"), **side("b", "USA"), code="040") for at in range(500)
    ]
    plain, mixed = tmp_path / "plain.CSV", tmp_path / "mixed.CSV"
    plain.write_text("\n".join(sound) + "\n")
    mixed.write_text("\n".join([*noise, *sound]) + "\n")
    pd.testing.assert_frame_equal(read_gdelt(plain).table, read_gdelt(mixed).table)
    assert np.array_equal(read_gdelt(mixed).rejected["row"], np.arange(1, 501))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/\u202eabc", "https://example.org/\\u202eabc"),
        (" https://example.org/ ", "https://example.org/"),
    ],
)
def test_text_of_a_feed_follows_the_text_rules(read, address, shown):
    text = gdelt_row(2, id="1", **side("a", "RUS"), **side("b", "USA"), code="040", url=address) + "\n"
    reading = read("gdelt 2.0", text)
    assert reading.table["url"].tolist() == [shown]
    pd.testing.assert_frame_equal(check_events(reading.table), reading.table)


@pytest.mark.parametrize(
    ("cells", "code"), [({"url": "CÃ´te d'Ivoire"}, "text.mojibake"), ({"id": ""}, "record.missing")]
)
def test_text_of_a_feed_that_cannot_be_used(read, cells, code):
    row = {"id": "1", "code": "040", **side("a", "RUS"), **side("b", "USA")} | cells
    assert refusals(read("gdelt 2.0", gdelt_row(2, **row) + "\n", errors="quarantine")) == {1: code}
