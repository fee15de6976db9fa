"""Lists, orders, programmes, roll calls, scores and trade shares: made-up files by hand, real ones whole."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zipfile

import list_files as good
import numpy as np
import pandas as pd
import pytest

from risk import sources
from risk.reading import TableError
from risk.sources.xml_records import DEEPEST
from risk.ties import Ties, check_ties, load_ties
from risk.votes import agreement


@pytest.fixture
def written(tmp_path):
    """A function that writes a file and gives its path."""

    def write(name: str, text: str):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refused(read, *arguments, **options) -> TableError:
    with pytest.raises(TableError) as caught:
        read(*arguments, **options)
    return caught.value


def days(column: pd.Series) -> list[str]:
    return column.dt.strftime("%Y-%m-%d").fillna("").tolist()


def balanced(reading) -> bool:
    report = reading.report
    return (
        report.rows_read == report.accepted + report.rejected
        and report.accepted == len(reading.table)
        and report.rejected == len(reading.rejected)
    )


# --- OFAC


def test_ofac_csv_without_header(written):
    """Twelve columns, -0- for nothing, programmes joined by '] [', a control-Z at the end."""
    table = sources.read_ofac(written("SDN.CSV", good.OFAC_ROWS.replace("\n", "\r\n") + "\x1a\r\n")).table
    assert table["entity_id"].tolist() == ["101", "102", "103"]
    assert table["name"].tolist() == ["EXAMPLE BANK, LTD.", "EXAMPLE TANKER", "DOE, Ann"]
    assert table["kind"].tolist() == ["entity", "vessel", "individual"]
    assert table["programmes"].tolist() == ["CUBA", "SDGT;IRAN-EO13902", "NPWMD"]
    assert set(table["action"]) == {"listed"}


def test_ofac_rows_without_header_count_from_line_one(written):
    error = refused(sources.read_ofac, written("sdn.csv", good.OFAC_ROWS + "104,short\n"))
    assert (error.code, error.row) == ("row.ragged", 4)


def test_ofac_xml(written):
    reading = sources.read_ofac(written("sdn.xml", good.ofac_xml(good.OFAC_ENTRIES, 3)))
    table = reading.table
    assert table["entity_id"].tolist() == ["101", "103", "105"]
    assert table["name"].tolist() == ["EXAMPLE BANK & CO", "DOE, Ann", "EXAMPLE DRONE"]
    assert table["programmes"].tolist() == ["CUBA", "NPWMD;RUSSIA-EO14024", "NPWMD"]
    assert table["countries"].tolist() == ["Cuba", "", ""]
    assert set(days(table["date"])) == {"2024-05-03"}
    assert table["kind"].tolist() == ["entity", "individual", ""]
    assert reading.report.unmapped == (("kind", "Satellite", 1),)


def test_ofac_xml_with_lost_entries_is_refused(written):
    error = refused(sources.read_ofac, written("sdn.xml", good.ofac_xml(good.OFAC_ENTRIES, 4)))
    assert error.code == "file.count"
    assert "3 entries where 4" in str(error)


def test_ofac_xml_without_its_count_is_refused(written):
    text = good.ofac_xml(good.OFAC_ENTRIES, 3).replace("Record_Count", "Recrod_Count")
    assert refused(sources.read_ofac, written("sdn.xml", text)).code == "file.count"


def test_other_xml_of_ofac_is_refused_with_the_file_to_take(written):
    text = '<?xml version="1.0"?><sanctionsData xmlns="https://example.org/ENHANCED_XML"><publicationInfo/></sanctionsData>'
    error = refused(sources.read_ofac, written("SDN_ENHANCED.XML", text))
    assert error.code == "xml.root"
    assert "SDN.XML and SDN.CSV are read" in str(error)


def test_ofac_changes_by_day(written):
    table = sources.read_ofac(written("changes.csv", good.OFAC_CHANGES)).table
    assert table["action"].tolist() == ["added", "removed", "changed"]
    assert days(table["date"]) == ["2021-08-20", "2021-08-23", "2021-08-23"]
    assert table["programmes_before"].tolist() == ["", "", "NPWMD"]
    assert table["programmes"].tolist() == ["CUBA", "CUBA", "NPWMD;RUSSIA-EO14024"]


def test_an_unknown_change_is_refused(written):
    text = good.OFAC_CHANGES.replace("REMOVE", "RENAME")
    assert refused(sources.read_ofac, written("changes.csv", text)).code == "action.unknown"


def test_counts_by_day_are_list_plus_added_minus_removed(written):
    listed = sources.read_ofac(written("sdn.csv", good.OFAC_PLAIN)).table
    counts = sources.count_by_day(listed, sources.read_ofac(written("changes.csv", good.OFAC_CHANGES)).table)
    found = {(str(day.date()), programme): n for day, programme, _, _, n in counts.itertuples(index=False)}
    assert found == {
        ("2021-08-20", "CUBA"): 1 + 1,
        ("2021-08-23", "CUBA"): 1 + 1 - 1,
        ("2021-08-23", "RUSSIA-EO14024"): 0 + 1,  # NPWMD stands on both sides of the change: no change of it
    }


def test_counts_are_labelled_context_and_name_no_state(written):
    table = sources.read_ofac(written("sdn.csv", good.OFAC_PLAIN)).table
    counts = sources.count_entities(table)
    assert counts.set_index("programmes")["context_entities"].to_dict() == {
        "CUBA": 1,
        "SDGT": 1,
        "IRAN": 1,
        "NPWMD": 1,
    }
    assert not {"target", "sender", "state", "scope", "start"} & {*table.columns, *counts.columns}


def test_ofac_real_files(real_data):
    listed = sources.read_ofac(real_data / "ofac" / "sdn_snapshot_20210818.csv")
    changes = sources.read_ofac(real_data / "ofac" / "sdn_changes_20210818_20240503.csv")
    assert (listed.report.accepted, changes.report.accepted) == (9083, 8016)
    assert balanced(listed)
    assert balanced(changes)
    assert changes.table["action"].value_counts().to_dict() == {"added": 6809, "removed": 927, "changed": 280}
    assert listed.table["kind"].value_counts().to_dict() == {
        "individual": 4688, "entity": 3711, "vessel": 407, "aircraft": 277,
    }  # fmt: skip
    counts = sources.count_by_day(listed.table, changes.table)
    assert (counts["context_entities"] >= 0).all()  # nothing is removed that was not on the list


# --- EU, UN, UK


@pytest.mark.parametrize(("name", "text"), [("eu.csv", good.EU_CSV), ("eu.xml", good.EU_XML)])
def test_eu_list(written, name, text):
    reading = sources.read_eu_list(written(name, text), records=2)
    table = reading.table
    assert table["entity_id"].tolist() == ["13", "20"]
    assert table["name"].tolist() == ["Ann Doe", "Example Bank"]
    assert table["kind"].tolist() == ["individual", "entity"]
    assert table["programmes"].tolist() == ["IRQ", "UKR"]
    assert days(table["listed_on"]) == ["2003-07-07", "2022-02-25"]
    assert set(days(table["date"])) == {"2024-05-03"}
    assert table["reference"].tolist() == ["1210/2003 (OJ L169)", "2022/332 (OJ L53)"]
    assert table["countries"].tolist() == ["IQ", ""]
    assert balanced(reading)


def test_further_rows_on_an_entity_are_counted_and_never_raise(written):
    reading = sources.read_eu_list(written("eu.csv", good.EU_CSV))
    assert reading.rejected["code"].tolist() == ["scope.further_row", "scope.further_row"]
    assert reading.rejected["row"].tolist() == [3, 4]


def test_an_entity_has_the_programmes_and_countries_of_all_its_rows(written):
    rows = good.EU_CSV.replace("IRQ;Ann Doe;IQ", "IRQ;Ann Doe;").replace("IRQ;A. Doe;", "SYR;A. Doe;IQ")
    table = sources.read_eu_list(written("eu.csv", rows.replace("IRQ;;", "SYR;;SY"))).table
    assert table["programmes"].tolist() == ["IRQ;SYR", "UKR"]
    assert table["countries"].tolist() == ["IQ;SY", ""]
    assert sources.count_entities(table)["programmes"].tolist() == ["IRQ", "SYR", "UKR"]


def test_un_list(written):
    table = sources.read_un_list(written("un.xml", good.UN_XML), records=2).table
    assert table["name"].tolist() == ["ANN MARY DOE", "EXAMPLE SHIPPING"]
    assert table["kind"].tolist() == ["individual", "entity"]
    assert table["programmes"].tolist() == ["DRC", "DPRK"]
    assert table["reference"].tolist() == ["CDi.999", "KPe.999"]
    assert days(table["listed_on"]) == ["2012-12-31", "2016-03-02"]
    assert table["countries"].tolist() == ["Rwanda", "Democratic People's Republic of Korea"]
    assert set(days(table["date"])) == {"2024-05-03"}


def test_uk_list_keeps_the_primary_name(written):
    reading = sources.read_uk_list(written("ConList.csv", good.UK_CSV), records=2)
    table = reading.table
    assert table["name"].tolist() == ["Ann Mary DOE", "EXAMPLE TANKER"]
    assert table["kind"].tolist() == ["individual", "vessel"]
    assert table["programmes"].tolist() == ["Belarus", "Russia"]
    assert days(table["listed_on"]) == ["2020-12-31", "2022-03-04"]
    assert set(days(table["date"])) == {"2024-05-03"}
    assert reading.rejected[["row", "code"]].to_numpy().tolist() == [[3, "scope.further_row"]]
    assert balanced(reading)


@pytest.mark.parametrize(("name", "text"), [("uk.csv", good.UKSL_CSV), ("uk.xml", good.UKSL_XML)])
def test_the_list_that_took_the_place_of_ofsis(written, name, text):
    reading = sources.read_uk_list(written(name, text), records=3)
    table = reading.table
    assert table["entity_id"].tolist() == ["BEL0001", "RUS0002", "DPR0003"]
    assert table["name"].tolist() == ["Ann Mary DOE", "EXAMPLE TANKER", "EXAMPLE SHIPPING"]
    assert table["kind"].tolist() == ["individual", "vessel", "entity"]
    assert table["programmes"].tolist() == [
        "The Belarus Regulations",
        "The Russia Regulations",
        "The DPRK Regulations",
    ]
    assert days(table["listed_on"]) == ["2020-12-31", "2022-03-04", "2016-03-02"]
    assert set(days(table["date"])) == {"2026-02-13"}
    assert table["reference"].tolist() == ["14001", "14002", "14003"]
    assert table["countries"].tolist() == ["Belarus", "", ""]
    assert balanced(reading)


@pytest.mark.parametrize(
    ("read", "name", "text"),
    [(sources.read_uk_list, "uk.csv", good.UK_CSV), (sources.read_ofac, "sdn.csv", good.OFAC_ROWS)],
)
def test_lines_may_end_as_on_old_macintoshes(written, read, name, text):
    path = written(name, text)
    expected = read(path).table
    path.write_bytes(text.replace("\n", "\r").encode())
    pd.testing.assert_frame_equal(read(path).table, expected)


def test_entries_under_one_number_without_a_day_are_a_conflict(written):
    text = good.OFAC_PLAIN.replace("102", "101").replace("103", "101")
    error = refused(sources.read_ofac, written("sdn.csv", text))
    assert error.code == "entity_id.conflict"
    assert "rows 2, 3, 4" in str(error)


@pytest.mark.parametrize(
    ("read", "name", "text"),
    [
        (sources.read_eu_list, "eu.xml", good.EU_XML),
        (sources.read_uk_list, "uk.xml", good.UKSL_XML),
        (sources.read_un_list, "un.xml", good.UN_XML),
        (sources.read_uk_list, "uk.csv", good.UK_CSV),
        (sources.read_ofac, "sdn.csv", good.OFAC_PLAIN),
    ],
)
def test_a_list_with_another_number_of_entries_than_expected_is_refused(written, read, name, text):
    assert refused(read, written(name, text), records=99).code == "file.count"


# --- XML files that are not what they seem


XML = [
    (sources.read_ofac, good.ofac_xml(good.OFAC_ENTRIES, 3)),
    (sources.read_eu_list, good.EU_XML),
    (sources.read_un_list, good.UN_XML),
    (sources.read_uk_list, good.UKSL_XML),
]
xml_lists = pytest.mark.parametrize(("read", "text"), XML, ids=["ofac", "eu", "un", "uk"])


def with_prolog(text: str, prolog: str) -> str:
    head, _, rest = text.partition("?>\n")
    return f"{head}?>\n{prolog}{rest}"


@xml_lists
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_a_doctype_is_refused(written, read, text, doctype):
    assert refused(read, written("list.xml", with_prolog(text, doctype))).code == "xml.doctype"


@xml_lists
def test_deep_nesting_is_refused(written, read, text):
    end = text.rindex("</")
    deep = text[:end] + "<a>" * DEEPEST + "</a>" * DEEPEST + text[end:]
    assert refused(read, written("list.xml", deep)).code == "xml.depth"
    level = text[:end] + "<a>" * (DEEPEST - 1) + "</a>" * (DEEPEST - 1) + text[end:]
    assert read(written("list.xml", level)).report.accepted


@xml_lists
def test_a_list_that_stops_early_is_refused_wherever_it_stops(written, read, text):
    for share in (0.2, 0.5, 0.9):
        error = refused(read, written("list.xml", text[: int(len(text) * share)]))
        assert error.code == "file.damaged"


@xml_lists
def test_web_pages_and_other_xml_are_refused(written, read, text):
    page = "<!DOCTYPE html><html><body>503</body></html>"
    assert refused(read, written("list.xml", page)).code == "file.page"
    assert refused(read, written("list.xml", '<?xml version="1.0"?><html/>')).code == "file.page"
    assert refused(read, written("list.xml", '<?xml version="1.0"?><rss/>')).code == "xml.root"


@xml_lists
def test_broken_xml_names_its_line(written, read, text):
    lines = text.split("\n")
    lines[3] += "<&"
    error = refused(read, written("list.xml", "\n".join(lines)))
    assert (error.code, error.row) == ("xml.invalid", 4)


@xml_lists
def test_xml_is_read_packed_and_capped(tmp_path, read, text):
    plain, packed, archive = tmp_path / "l.xml", tmp_path / "l.xml.gz", tmp_path / "l.zip"
    plain.write_text(text, encoding="utf-8")
    packed.write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("l.xml", text)
    for path in (packed, archive):
        pd.testing.assert_frame_equal(read(path).table, read(plain).table)
    assert refused(read, plain, max_bytes=100).code == "file.too_large"
    assert refused(read, plain, max_rows=1).code == "file.too_large"
    packed.write_bytes(gzip.compress(text.encode() + b" " * 10**6))
    assert refused(read, packed, max_bytes=10**5).code == "file.too_large"
    packed.write_bytes(gzip.compress(text.encode())[:-20])
    assert refused(read, packed).code == "file.damaged"
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("m.xml", text)
    assert refused(read, archive).code == "file.members"
    for name in ("../l.xml", "/l.xml", "C:l.xml"):
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr(name, text)
        assert refused(read, archive).code == "file.members"


def test_xml_is_streamed(tmp_path):
    """What is not taken of a record is not kept: ten megabytes of remarks pass through less than three."""
    entry = "<sdnEntry><uid>{}</uid><lastName>N</lastName><sdnType>Entity</sdnType><remarks>{}</remarks></sdnEntry>\n"
    path = tmp_path / "sdn.xml"
    path.write_text(good.ofac_xml("".join(entry.format(n, "x" * 50_000) for n in range(200)), 200))
    tracemalloc.start()
    reading = sources.read_ofac(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.report.accepted == 200
    assert peak < 3_000_000 < path.stat().st_size / 3


@xml_lists
def test_xml_that_is_not_there(tmp_path, read, text):
    assert refused(read, tmp_path / "none.xml").code == "file.missing"
    assert refused(read, tmp_path).code == "file.folder"
    (tmp_path / "empty.xml").write_bytes(b"")
    assert refused(read, tmp_path / "empty.xml").code == "table.empty"
    assert refused(read, "https://example.org/list.xml").code == "file.address"


@xml_lists
def test_a_list_without_records_is_refused(written, read, text):
    root = text[text.index("<", 30) :].split("\n")[0].rstrip(">")
    name = root.split()[0][1:]
    count = "<publshInformation><Record_Count>0</Record_Count></publshInformation>"
    assert refused(read, written("list.xml", f"{root}>{count}</{name}>")).code == "table.empty"


# --- executive orders


def test_orders_of_the_federal_register(written):
    reading = sources.read_executive_orders(written("orders.csv", good.ORDERS))
    table = reading.table
    assert table["order_id"].tolist() == ["EO 13692", "EO 13526"]
    assert days(table["signed"]) == ["2015-03-08", "2009-12-29"]
    assert days(table["published"]) == ["2015-03-11", "2010-01-05"]
    assert reading.rejected["code"].tolist() == ["scope.correction", "scope.not_an_order"]
    assert balanced(reading)


def test_orders_as_an_answer_of_the_api(written):
    document = {
        "executive_order_number": 13692, "signing_date": "2015-03-08", "publication_date": "2015-03-11",
        "title": "Made-up", "agencies": [{"name": "x"}], "president": {"name": "y"}, "document_number": "2015-05677",
        "citation": None, "subtype": "Executive Order",
    }  # fmt: skip
    answer = {"count": 1, "total_pages": 1, "results": [document]}
    for made in (answer, [document]):
        table = sources.read_executive_orders(written("orders.json", json.dumps(made))).table
        assert table[["order_id", "citation"]].to_numpy().tolist() == [["EO 13692", ""]]
    error = refused(sources.read_executive_orders, written("orders.json", json.dumps(answer | {"count": 2})))
    assert error.code == "file.count"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[{"number": 1, "number": 2}]', "json.duplicate_key"),
        ('[{"number": NaN}]', "json.nan"),
        ('{"results": 3}', "json.shape"),
        ('{"results": []}', "table.empty"),
        ('[{"number": 1}', "json.invalid"),
        ("[" * 100_000, "json.depth"),
    ],
)
def test_json_that_is_not_what_it_seems(written, text, code):
    assert refused(sources.read_executive_orders, written("orders.json", text)).code == code


def test_presidential_actions_without_numbers(written):
    text = (
        "title,date_published,is_eo,url\nOne,2025-01-21 01:27:04+00:00,TRUE,https://example.org/1\n"
        "Two,2025-01-22 00:00:00,FALSE,https://example.org/2\n"
    )
    reading = sources.read_executive_orders(written("actions.csv", text))
    assert reading.table[["number", "order_id"]].to_numpy().tolist() == [["", "https://example.org/1"]]
    assert days(reading.table["published"]) == ["2025-01-21"]
    assert reading.rejected["code"].tolist() == ["scope.not_an_order"]


def test_real_orders_make_1425_numbers(real_data):
    folder = real_data / "exec_orders"
    readings = {
        name: sources.read_executive_orders(folder / f"{name}.csv") for name in ("nara", "tecna7", "ucb")
    }
    assert {name: reading.report.accepted for name, reading in readings.items()} == {
        "nara": 733, "tecna7": 999, "ucb": 1000,
    }  # fmt: skip
    assert readings["tecna7"].rejected["code"].tolist() == ["scope.correction"]
    numbers = set().union(*(reading.table["number"] for reading in readings.values()))
    assert (len(numbers), min(numbers), max(numbers)) == (1425, "12890", "14363")


def test_real_actions_with_one_row_torn(real_data):
    path = real_data / "exec_orders" / "eledroos.csv"
    error = refused(sources.read_executive_orders, path)
    assert (error.code, error.row) == ("row.ragged", 116)
    reading = sources.read_executive_orders(path, errors="quarantine")
    assert (reading.report.rows_read, reading.report.accepted) == (369, 74)
    assert reading.rejected["code"].value_counts().to_dict() == {"scope.not_an_order": 294, "row.ragged": 1}


# --- programmes


def test_programmes(written):
    reading = sources.read_programmes(written("programmes.csv", good.PROGRAMMES))
    table = reading.table
    assert table["sender"].tolist() == ["EU", "USA", "GBR", "CHE"]
    assert table["targets"].tolist() == ["BLR", "RUS;UA-14;UA-43", "", ""]
    assert reading.report.unmapped == (("territories", "md-pmr", 1),)


def test_programmes_without_one_whole_row(written):
    header = good.PROGRAMMES.split("\n")[0]
    reading = sources.read_programmes(
        written("programmes.csv", f"{header}\nEU-BLR,Belarus\n"), errors="quarantine"
    )
    assert reading.table.empty
    assert reading.rejected["code"].tolist() == ["row.ragged"]


def test_real_programmes(real_data):
    reading = sources.read_programmes(real_data / "programmes" / "programmes_2026.csv")
    assert reading.report.accepted == 261
    assert reading.table["sender"].value_counts()[["EU", "USA", "GBR", "CHE"]].to_dict() == {
        "EU": int(reading.table["issuer"].str.startswith("eu_").sum()),
        "USA": int(reading.table["issuer"].str.startswith("us_").sum()),
        "GBR": int(reading.table["issuer"].str.startswith("gb_").sum()),
        "CHE": int(reading.table["issuer"].str.startswith("ch_").sum()),
    }
    assert [text for _, text, _ in reading.report.unmapped] == ["md-pmr"]


# --- roll calls


@pytest.fixture
def votes(written):
    return sources.read_roll_calls(written("votes.csv", good.VOTES), written("calls.csv", good.ROLL_CALLS))


def test_votes_name_the_state_of_the_day(votes):
    found = {(rcid, state): vote for rcid, state, vote in votes.table.itertuples(index=False)}
    assert found == {
        (1, "SUN"): 1, (1, "CUB"): 1, (1, "USA"): 3, (2, "SUN"): 1, (2, "USA"): 2,
        (3, "RUS"): 1, (3, "USA"): 3, (3, "SCG"): 3,
    }  # fmt: skip
    assert votes.rejected["code"].tolist() == ["scope.absent", "scope.not_a_member"]
    assert balanced(votes)


def test_roll_calls_carry_what_risk_votes_reads(votes):
    calls = votes.roll_calls.table
    assert calls["date_precision"].tolist() == ["month", "month", "day"]
    assert calls["year"].tolist() == [1983, 1991, 2005]
    assert calls["importantvote"].isna().tolist() == [False, True, False]
    found = agreement(votes.table, calls)
    assert found.loc[(found["a"] == "CUB") & (found["b"] == "USA"), "value"].tolist() == [0.0]


def test_votes_that_carry_their_roll_calls(written):
    reading = sources.read_roll_calls(written("UNVotes.csv", good.VOTES_WITH_CALLS))
    assert reading.table.to_numpy().tolist() == [[1, "SUN", 1], [1, "USA", 3], [3, "RUS", 1]]
    assert reading.rejected["code"].tolist() == ["scope.no_state", "scope.absent"]
    assert balanced(reading)
    calls = reading.roll_calls
    assert balanced(calls)
    assert calls.table["rcid"].tolist() == [1, 3]
    assert days(calls.table["date"]) == ["1983-11-02", "2005-11-08"]
    assert calls.table["importantvote"].isna().tolist() == [False, True]


def test_votes_that_disagree_on_the_day_of_their_roll_call_are_refused(written):
    text = good.VOTES_WITH_CALLS.replace('1,0,1983-11-02,"R/38/7"', '1,0,1983-11-03,"R/38/7"', 1)
    error = refused(sources.read_roll_calls, written("UNVotes.csv", text))
    assert error.code == "rcid.conflict"
    assert "rows 2, 3" in str(error)


def test_votes_on_unknown_roll_calls_and_unknown_votes_are_refused(written):
    calls = written("calls.csv", good.ROLL_CALLS)
    assert (
        refused(sources.read_roll_calls, written("v.csv", "rcid,ccode,vote\n9,2,1\n"), calls).code
        == "rcid.unknown"
    )
    assert (
        refused(sources.read_roll_calls, written("v.csv", "rcid,ccode,vote\n1,2,4\n"), calls).code
        == "vote.unknown"
    )
    assert (
        refused(sources.read_roll_calls, written("v.csv", "rcid,ccode,vote\n1,999,1\n"), calls).code
        == "state.unknown"
    )


@pytest.mark.parametrize("number", ["inf", "1e400", "-inf"])
def test_numbers_without_end_are_no_roll_calls_and_no_states(written, number):
    for row, column in ((f"{number},2,1", "rcid"), (f"1,{number},1", "state"), (f"1,2,{number}", "vote")):
        error = refused(sources.read_roll_calls, written("v.csv", f"rcid,ccode,vote\n{row}\n1,40,1\n"))
        assert (error.code, error.row, error.column) == ("number.infinite", 2, column)


def test_without_roll_calls_only_numbers_of_one_meaning_are_read(written):
    path = written("v.csv", "rcid,ccode,vote\n1,2,1\n1,40,3\n1,365,3\n")
    error = refused(sources.read_roll_calls, path)
    assert (error.code, error.row) == ("state.unknown", 4)
    assert "roll_calls=" in str(error)
    reading = sources.read_roll_calls(path, errors="quarantine")
    assert reading.table["state"].tolist() == ["USA", "CUB"]
    assert reading.roll_calls is None


def test_broken_numbers_of_roll_calls_are_refused(written):
    calls = written("calls.csv", good.ROLL_CALLS)
    for row, code in (("1.5,2,1", "rcid.form"), ("1,2.5,1", "state.form"), ("1,2,300", "vote.unknown")):
        assert (
            refused(sources.read_roll_calls, written("v.csv", f"rcid,ccode,vote\n{row}\n"), calls).code
            == code
        )


def test_one_state_with_two_votes_is_refused(written):
    calls = written("calls.csv", good.ROLL_CALLS)
    path = written("v.csv", "rcid,ccode,vote\n1,2,1\n1,2,3\n1,40,1\n1,40,1\n")
    reading = sources.read_roll_calls(path, calls, errors="quarantine")
    assert reading.rejected["code"].tolist() == ["rcid.conflict", "rcid.conflict", "duplicate.exact"]
    assert refused(sources.read_roll_calls, path, calls).code == "rcid.conflict"


def test_real_roll_calls(real_data):
    folder = real_data / "unga"
    reading = sources.read_roll_calls(folder / "votes_1946_2020.parquet", folder / "rollcalls_1946_2020.csv")
    assert (reading.report.accepted, reading.roll_calls.report.accepted) == (886_809, 6_299)
    assert balanced(reading)
    assert reading.table["vote"].value_counts().to_dict() == {1: 707_515, 2: 112_602, 3: 66_692}
    assert not reading.table.duplicated(["rcid", "state"]).any()
    dated = reading.table.merge(reading.roll_calls.table[["rcid", "date"]])
    assert dated.loc[dated["state"] == "RUS", "date"].min() > pd.Timestamp("1991-12-25")
    assert dated.loc[dated["state"] == "SUN", "date"].max() < pd.Timestamp("1991-12-26")
    assert agreement(reading.table, reading.roll_calls.table)["value"].dropna().between(0, 1).all()


# --- GGE


def test_gge_gives_the_state_of_the_year(written):
    reading = sources.read_gge(written("gge.csv", good.GGE))
    assert reading.table[["a", "b", "year"]].to_numpy().tolist() == [
        ["SUN", "USA", 1962],
        ["RUS", "USA", 1995],
    ]
    assert reading.table["score"].tolist()[0] == -0.4
    assert np.isnan(reading.table["score"].tolist()[1])
    assert reading.table["n_events"].tolist() == [9, 0]
    assert reading.rejected["code"].tolist() == ["scope.no_state_then"]


def test_a_score_outside_its_range_is_refused(written):
    assert refused(sources.read_gge, written("gge.csv", good.GGE.replace("-0.4", "-4"))).column == "score"


def test_real_gge(real_data):
    reading = sources.read_gge(real_data / "gge" / "dyad_geopolitical_scores_Major24.csv")
    assert (reading.report.rows_read, reading.report.accepted) == (20_700, 20_700)  # 276 dyads in 75 years
    assert reading.table["score"].isna().sum() == 3_681
    # the publisher's rule: no event, and the dynamic score is 0.7 of that of the year before
    rows = reading.table[(reading.table["a"] == "ARG") & (reading.table["b"] == "AUS")].sort_values("year")
    quiet = (rows["n_events"] == 0).to_numpy()[1:]
    dynamic = rows["score_dynamic"].to_numpy()
    np.testing.assert_allclose(dynamic[1:][quiet], 0.7 * dynamic[:-1][quiet], rtol=1e-12)


# --- trade shares


def test_a_tie_is_the_mean_of_both_flows(written):
    reading = sources.read_trade_shares(written("shares.csv", good.TRADE), known_on="2024-06-01")
    shares = reading.table.set_index(["state", "partner"])["share"].to_dict()
    assert shares == {("VEN", "CHN"): (10 + 35) / 200, ("VEN", "USA"): 50 / 200, ("PSE", "JOR"): 5 / 100}
    assert reading.rejected["code"].tolist() == ["scope.merged", "scope.no_state", "duplicate.share"]
    pd.testing.assert_frame_equal(check_ties(reading.table), reading.table)
    assert balanced(reading)


def test_shares_keep_their_year_and_an_earlier_day_uses_none(written):
    ties = sources.read_trade_shares(written("shares.csv", good.TRADE)).table
    assert set(zip(ties["year"], days(ties["known_on"]))) == {(2023, "2024-12-31"), (2019, "2020-12-31")}
    known = Ties(ties)
    day = pd.Timestamp("1970-01-01")
    count = [(pd.Timestamp(text) - day).days for text in ("2020-12-30", "2020-12-31", "2024-12-31")]
    assert [len(known.latest(n)) for n in count] == [0, 1, 3]


def test_the_day_of_publication_is_reported_as_assumed(written):
    path = written("shares.csv", good.TRADE)
    assert "known_on.assumed" in {note.code for note in sources.read_trade_shares(path).report.notes}
    told = sources.read_trade_shares(path, known_on="2024-06-01")
    assert "known_on.assumed" not in {note.code for note in told.report.notes}
    assert set(days(told.table["known_on"])) == {"2024-06-01"}


def test_one_flow_with_two_shares_is_refused(written):
    text = good.TRADE + "VEN,CHN,Venezuela,China,import,36,2023\n"
    assert refused(sources.read_trade_shares, written("shares.csv", text)).code == "share.conflict"


def test_real_trade_shares_make_the_embedded_ties(real_data):
    reading = sources.read_trade_shares(real_data / "trade" / "factbook_2023_partner_shares.csv")
    assert (reading.report.rows_read, reading.report.accepted) == (2_327, 1_655)
    assert balanced(reading)
    assert reading.table.groupby(["state", "year"])["share"].sum().max() <= 1
    embedded = load_ties().query("year == 2023")
    both = embedded.merge(reading.table, on=["state", "partner", "year"], suffixes=("", "_read"))
    assert len(both) == len(embedded)
    np.testing.assert_allclose(both["share"], both["share_read"], atol=1e-9)


# --- encodings


@pytest.mark.parametrize(
    ("read", "name", "text"),
    [
        (sources.read_ofac, "sdn.csv", good.OFAC_PLAIN.replace("DOE", "DOÉ")),
        (sources.read_eu_list, "eu.csv", good.EU_CSV.replace("Ann Doe", "Ann Doé")),
        (sources.read_uk_list, "uk.csv", good.UK_CSV.replace("Ann", "Anné")),
    ],
)
def test_an_encoding_is_told_never_guessed(tmp_path, read, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="cp1252")
    error = refused(read, path)
    assert error.code == "file.encoding"
    assert "encoding=" in str(error)
    assert read(path, encoding="cp1252").table["name"].str.contains("É|é").sum() == 1
