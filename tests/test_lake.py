"""The lake: the same sums on every engine, months on disk, and scores that do not know they came from sums."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("narwhals", reason="extra `lake` is not installed")
pytest.importorskip("duckdb", reason="extra `lake` is not installed")
pytest.importorskip("pyarrow", reason="extra `lake` is not installed")

from risk import Recipe, Scorer, check_events, load_codebook
from risk.codebook import CodebookError
from risk.lake import (
    LakeError,
    actor_codes,
    append_days,
    as_events,
    check_months,
    daily_sums,
    generate,
    kept_whole,
    lake_panel,
    lazy_daily_sums,
    left_out,
    open_lake,
)
from risk.lake import panel as lake_panel_module
from risk.lake.shapes import GDELT_1, GDELT_2
from risk.ledger import no_positions, no_sanctions, no_ties, open_ledger
from risk.sources.gdelt import read_gdelt
from risk.states import exists

SHARED = Path(os.environ.get("RISK_DATA", Path(__file__).parents[2] / "shared" / "data"))
BOOK = load_codebook()
ALONE = {"sanctions": no_sanctions(), "ties": no_ties(), "positions": no_positions()}
PLAIN = ["event_id", "date", "known_on", "actor", "recipient", "event_type"]
EVERY_ENGINE = os.environ.get("RISK_ENGINES") == "all"  # as .ci/run has it: what is missing then fails


def needed(package: str, extra: str):
    """The package; without it a failure where every engine is to be tested, a skip elsewhere."""
    if EVERY_ENGINE:
        return importlib.import_module(package)
    return pytest.importorskip(package, reason=f"extra `{extra}` is not installed")


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    sql = needed("pyspark.sql", "spark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.fail(
            "pyspark is installed but java is not: install a Java 17 runtime (openjdk-17-jre-headless)"
        )
    home = str(tmp_path_factory.mktemp("spark"))
    builder = sql.SparkSession.builder.master("local[2]").appName("risk-lake")
    options = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.sql.warehouse.dir": home,
        "spark.local.dir": home, "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
        "spark.ui.showConsoleProgress": "false",
    }  # fmt: skip
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(params=["duckdb", "polars", "dask", "spark"])
def engine(request):
    if request.param == "spark":
        return request.getfixturevalue("spark")
    package = {"dask": "dask.dataframe"}.get(request.param, request.param)
    needed(package, "engines")
    return request.param


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("lake")
    wanted = {
        "gdelt.csv": "gdelt",
        "gdelt.csv.gz": "gdelt",
        "events.csv": "events",
        "events.parquet": "events",
    }
    options = {"n_days": 500, "n_states": 25, "late": 0.2}
    return {
        name: generate(folder / name, 8_000, rng=np.random.default_rng(7), shape=shape, **options)
        for name, shape in wanted.items()
    }


def rich_events() -> pd.DataFrame:
    """Rows with everything that weighs: magnitudes, money, confidences, late news, and rows for the ledger."""
    rows = [
        ("r1", "2024-01-05", "", "RUS", "VEN", "arms.contract", "", "5000", "0.9", "", "", ""),
        ("r2", "2024-01-05", "", "VEN", "RUS", "arms.contract", "", "", "0.75", "", "", ""),
        ("r3", "2024-01-05", "2024-03-01", "RUS", "VEN", "arms.contract", "2.5", "", "1", "", "", ""),
        ("r4", "2024-02-10", "", "USA", "VEN", "pressure.threat", "", "", "0.95", "", "", ""),
        ("r5", "2024-02-10", "2024-02-12", "USA", "VEN", "pressure.threat", "0.5", "", "0.95", "", "", ""),
        ("r6", "2024-02-11", "", "RUS", "VEN", "treaty.partnership", "", "", "1", "act", "signed", ""),
        ("r7", "2024-04-01", "", "RUS", "VEN", "treaty.in_force", "", "", "1", "act", "", ""),
        ("r8", "2024-03-03", "", "", "", "drill.joint", "", "", "1", "", "", "CHN;IRN;RUS"),
        ("r9", "2024-03-04", "", "RUS", "SYR", "defence.base", "", "", "1", "", "", ""),
        ("s1", "2024-03-04", "", "CHN", "VEN", "economy.loan", "", "1", "1", "", "", ""),
        ("s2", "2024-03-04", "", "RUS", "UKR", "force.invasion", "", "", "1", "", "", ""),
    ]
    columns = [
        "event_id", "date", "known_on", "actor", "recipient", "event_type", "magnitude", "value", "confidence",
        "act_id", "stage", "participants",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns, dtype=str)


def rich_csv(folder: Path) -> Path:
    path = folder / "rich.csv"
    rich_events().to_csv(path, index=False)
    return path


def slow_sums(path: Path) -> dict:
    """Daily sums of a GDELT file, row by row."""
    types = dict(zip(BOOK.cameo["code"], BOOK.cameo["event_type"]))
    states = dict(actor_codes().itertuples(index=False, name=None))
    sums: dict = defaultdict(lambda: [0.0, 0])
    for line in path.read_text().splitlines():
        row = dict(zip(GDELT_2, line.split("\t")))
        sides = sorted(states.get(row[f"Actor{n}CountryCode"], "") for n in (1, 2))
        kind, day = types.get(row["EventCode"], ""), row["SQLDATE"]
        date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        if not kind or "" in sides or sides[0] == sides[1] or not all(exists(side, date) for side in sides):
            continue
        cell = sums[(*sides, kind, pd.Timestamp(date), pd.Timestamp(row["DATEADDED"][:8]))]
        cell[0] += float(BOOK.intensity([kind])[0] * BOOK.default_magnitude([kind])[0])
        cell[1] += 1
    return {key: tuple(value) for key, value in sums.items()}


def test_the_sums_are_those_of_the_slow_twin(files):
    sums = daily_sums(files["gdelt.csv"], BOOK, "goldstein")
    found = {tuple(row[:5]): tuple(row[5:]) for row in sums.itertuples(index=False, name=None)}
    expected = slow_sums(files["gdelt.csv"])
    assert found.keys() == expected.keys()
    assert all(found[key] == pytest.approx(expected[key], rel=1e-9) for key in found)
    assert len(found) > 500


@pytest.mark.parametrize("name", ["gdelt.csv", "gdelt.csv.gz", "events.csv", "events.parquet"])
def test_every_engine_gives_the_same_sums(files, engine, name):
    found = daily_sums(open_lake(files[name], engine), BOOK, "plover")
    pd.testing.assert_frame_equal(found, daily_sums(files[name], BOOK, "plover"), rtol=1e-9, atol=1e-12)
    assert len(found) > 500


def test_every_engine_weighs_magnitude_money_and_confidence(tmp_path, engine):
    found = daily_sums(open_lake(rich_csv(tmp_path), engine))
    g = dict(zip(found["event_type"], BOOK.intensity(found["event_type"])))
    typical = BOOK.types["typical_value"]
    contract = g["arms.contract"] * ((1 + np.log10(5000 / typical["arms.contract"])) * 0.9 + 0.75)
    loan = g["economy.loan"] * max(0.25, 1 + np.log10(1 / typical["economy.loan"]))
    expected = {
        ("RUS", "VEN", "2024-01-05", "2024-01-05"): (contract, 2),
        ("RUS", "VEN", "2024-01-05", "2024-03-01"): (g["arms.contract"] * 2.5, 1),
        ("USA", "VEN", "2024-02-10", "2024-02-10"): (g["pressure.threat"] * 0.95, 1),
        ("USA", "VEN", "2024-02-10", "2024-02-12"): (g["pressure.threat"] * 0.5 * 0.95, 1),
        ("CHN", "VEN", "2024-03-04", "2024-03-04"): (loan, 1),
        ("RUS", "UKR", "2024-03-04", "2024-03-04"): (g["force.invasion"] * 10, 1),
    }
    keys = zip(found["a"], found["b"], found["day"].astype(str), found["known_on"].astype(str))
    values = zip(found["weight"], found["n_events"])
    assert dict(zip(keys, values)) == {key: pytest.approx(value, rel=1e-9) for key, value in expected.items()}


def test_a_frame_in_memory_is_a_lake_too_and_is_not_changed(files):
    frame = pd.read_parquet(files["events.parquet"])
    before = frame.copy(deep=True)
    found = daily_sums(frame)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(found, daily_sums(files["events.parquet"]), rtol=1e-9)
    timed = frame.assign(date=pd.to_datetime(frame["date"]), known_on=pd.to_datetime(frame["known_on"]))
    pd.testing.assert_frame_equal(daily_sums(timed), found, rtol=1e-9)


def test_the_lazy_sums_stay_on_their_engine(files, engine):
    lazy = lazy_daily_sums(open_lake(files["events.csv"], engine))
    expected = "pyspark" if not isinstance(engine, str) else engine
    assert lazy.implementation.value == expected
    assert lazy.collect_schema().names() == ["a", "b", "event_type", "day", "known_on", "weight", "n_events"]


def test_a_relation_of_a_connection_of_ones_own(files):
    import duckdb

    own = duckdb.connect()
    relation = own.sql(f"select * from '{files['events.parquet']}'")
    pd.testing.assert_frame_equal(daily_sums(relation), daily_sums(files["events.parquet"]), rtol=1e-9)


def gdelt_rows(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    names = ["SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "EventCode", "DATEADDED"]
    return pd.DataFrame(list(rows), columns=names, dtype=str)


def test_cameo_codes_are_text():
    lake = gdelt_rows(
        ("20240501", "VEN", "RUS", "057", "20240501"),
        ("20240501", "RUS", "VEN", "10", "20240501"),
        ("20240501", "RUS", "VEN", "010", "20240501"),
    )
    assert daily_sums(lake)["event_type"].tolist() == ["pressure.demand", "treaty.agreement"]
    with pytest.raises(LakeError, match="'010' is not '10'"):
        daily_sums(lake.assign(EventCode=[57, 10, 10]))


def test_days_may_be_whole_numbers():
    lake = gdelt_rows(("20240501", "VEN", "RUS", "057", "20240502001500"))
    numbers = lake.assign(SQLDATE=[20240501], DATEADDED=[20240502001500])
    pd.testing.assert_frame_equal(daily_sums(numbers), daily_sums(lake))
    assert daily_sums(lake)["known_on"].astype(str).tolist() == ["2024-05-02"]


def test_states_count_while_they_exist_and_every_row_is_accounted_for():
    lake = gdelt_rows(
        ("19850101", "SUN", "USA", "057", "19850101"),
        ("20010101", "SUN", "USA", "057", "20010101"),
        ("19850101", "RUS", "USA", "057", "19850101"),
        ("20240101", "ROM", "USA", "057", "20240101"),
        ("20240101", "NAM", "USA", "057", "20240101"),
        ("20240101", "EUR", "USA", "057", "20240101"),
        ("20240101", "", "USA", "057", "20240101"),
        ("20240101", "USA", "USA", "057", "20240101"),
        ("20240101", "USA", "FRA", "9999", "20240101"),
    )
    assert set(daily_sums(lake)["a"]) == {"SUN", "ROU", "NAM"}
    told = {(reason, value): n for reason, value, n in left_out(lake).itertuples(index=False, name=None)}
    assert told == {
        ("counted", ""): 3,
        ("state did not exist", ""): 2,
        ("actor unknown", "EUR"): 1,
        ("no actor", ""): 1,
        ("one state", ""): 1,
        ("code refused", "9999"): 1,
    }
    own = pd.concat([actor_codes(), pd.DataFrame({"code": ["EUR"], "state": ["FRA"]})], ignore_index=True)
    assert daily_sums(lake, actors=own)["n_events"].sum() == 4


def test_left_out_adds_up(files):
    for name in ("gdelt.csv", "events.parquet"):
        table = left_out(files[name])
        assert table["n_rows"].sum() == 8_000
        counted = table.loc[table["reason"] == "counted", "n_rows"].sum()
        assert counted == daily_sums(files[name])["n_events"].sum()


def test_an_older_file_has_58_columns(tmp_path):
    values = {
        "SQLDATE": "20130405",
        "Actor1CountryCode": "VEN",
        "Actor2CountryCode": "RUS",
        "EventCode": "057",
    }
    line = "\t".join((values | {"DATEADDED": "20130406"}).get(name, "") for name in GDELT_1)
    (tmp_path / "20130406.export.CSV").write_text(line + "\n")
    sums = daily_sums(tmp_path / "20130406.export.CSV")
    (tmp_path / "201303.csv").write_text(line.rpartition("\t")[0] + "\n")
    pd.testing.assert_frame_equal(daily_sums(tmp_path / "201303.csv"), sums)
    assert (len(GDELT_1), len(GDELT_2)) == (58, 61)
    assert sums["known_on"].astype(str).tolist() == ["2013-04-06"]


def test_published_rows_of_gdelt():
    path = SHARED / "gdelt" / "export_sample_2026.tsv"
    if not path.exists():
        pytest.skip(f"{path} is not at hand (RISK_DATA)")
    assert left_out(path)["n_rows"].sum() == 33
    pd.testing.assert_frame_equal(daily_sums(path), daily_sums([path, path]).assign(
        weight=lambda sums: sums["weight"] / 2, n_events=lambda sums: sums["n_events"] // 2))  # fmt: skip


def test_the_lake_counts_what_the_reader_of_gdelt_reads(files):
    reading = read_gdelt(files["gdelt.csv"], "quarantine", actors="any", merge=False)
    pd.testing.assert_frame_equal(daily_sums(reading.table[PLAIN]), daily_sums(files["gdelt.csv"]), rtol=1e-9)
    assert reading.report.accepted == len(reading.table) > 500


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_sums_add_up_over_parts_in_any_order(data):
    states = st.sampled_from(["RUS", "VEN", "USA", "CHN"])
    kinds = st.sampled_from(["drill.joint", "pressure.threat", "economy.loan"])
    days = st.sampled_from(["2024-01-01", "2024-01-02"])
    rows = data.draw(st.lists(st.tuples(days, states, states, kinds), min_size=2, max_size=12))
    cut = data.draw(st.integers(1, len(rows) - 1))
    frame = pd.DataFrame(rows, columns=["date", "actor", "recipient", "event_type"])
    both = pd.concat([daily_sums(frame[cut:]), daily_sums(frame[:cut][::-1])])
    keys = ["day", "a", "b", "event_type", "known_on"]
    added = both.groupby(keys, as_index=False)[["weight", "n_events"]].sum()
    whole = daily_sums(frame)
    pd.testing.assert_frame_equal(added[whole.columns], whole, rtol=1e-9, check_dtype=False)
    assert whole["n_events"].sum() == (frame["actor"] != frame["recipient"]).sum()


def test_sums_score_like_the_events(files):
    raw = check_events(pd.read_parquet(files["events.parquet"])[PLAIN])
    dates = pd.date_range("2015-01-31", periods=18, freq="ME")
    recipe = Recipe(scale="plover")
    for scale, chosen in (("goldstein", None), ("plover", recipe), ("goldstein", recipe)):
        events = as_events(daily_sums(files["events.parquet"], BOOK, scale), scale=scale)
        expected, found = (Scorer(table, recipe=chosen, **ALONE).panel(dates) for table in (raw, events))
        pd.testing.assert_frame_equal(found, expected, rtol=1e-9, atol=1e-12)
    assert len(events) < len(raw)


def test_sums_written_by_an_engine_and_read_back_score_alike(files, engine, tmp_path):
    written = lazy_daily_sums(open_lake(files["events.parquet"], engine)).collect("pyarrow")
    written.write_parquet(tmp_path / "sums.parquet")
    found = as_events(pd.read_parquet(tmp_path / "sums.parquet")).sort_values("event_id", ignore_index=True)
    expected = as_events(daily_sums(files["events.parquet"])).sort_values("event_id", ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)


def test_what_the_ledger_needs_stays_whole(tmp_path):
    path = rich_csv(tmp_path)
    whole = kept_whole(path)
    assert sorted(whole["event_id"]) == ["r6", "r7", "r8", "r9"]
    expected = Scorer(rich_events(), **ALONE)
    found = Scorer(as_events(daily_sums(path), whole), **ALONE)
    for a, b in (
        ("RUS", "VEN"),
        ("USA", "VEN"),
        ("CHN", "IRN"),
        ("RUS", "SYR"),
        ("CHN", "VEN"),
        ("RUS", "UKR"),
    ):
        for day in ("2024-01-05", "2024-02-28", "2024-03-05", "2025-12-31"):
            one, other = (scorer.alignment(a, b, as_of=day).value for scorer in (expected, found))
            assert other == pytest.approx(one, rel=1e-9, nan_ok=True)


def test_what_is_told_later_does_not_count_before():
    lake = gdelt_rows(("20240101", "RUS", "VEN", "057", "20240601"))
    scorer = Scorer(as_events(daily_sums(lake)), **ALONE)
    assert np.isnan(scorer.alignment("RUS", "VEN", as_of="2024-05-31").value)
    assert scorer.alignment("RUS", "VEN", as_of="2024-06-01").value > 0


@pytest.mark.parametrize("batch", [700, 1 << 18])
def test_the_panel_of_the_lake_is_the_panel_of_the_events(files, engine, batch, monkeypatch):
    monkeypatch.setattr(lake_panel_module, "BATCH", batch)
    raw = pd.read_parquet(files["events.parquet"])[PLAIN].astype(str)
    dates = pd.date_range("2014-06-30", periods=36, freq="ME")
    ledger = open_ledger(raw.iloc[:0], **ALONE)
    found = lake_panel(open_lake(files["events.parquet"], engine), dates, ledger)
    pd.testing.assert_frame_equal(found, Scorer(raw, **ALONE).panel(dates), rtol=1e-9, atol=1e-12)


def test_the_panel_adds_the_ledgers_own_events(tmp_path):
    path = rich_csv(tmp_path)
    dates = pd.date_range("2024-01-31", periods=30, freq="ME")
    ledger = open_ledger(kept_whole(path), **ALONE)
    expected = Scorer(rich_events(), **ALONE).panel(dates)
    pd.testing.assert_frame_equal(lake_panel(path, dates, ledger), expected, rtol=1e-9, atol=1e-12)


def contents(lake: Path) -> dict[str, bytes]:
    return {file.parent.name: file.read_bytes() for file in sorted(lake.glob("month=*/*.parquet"))}


@pytest.mark.parametrize("name", ["gdelt.csv", "events.csv", "events.parquet"])
def test_a_lake_by_month_gives_the_sums_of_its_files(files, name, tmp_path):
    report = append_days(tmp_path / "lake", files[name])
    assert report["rows_after"].sum() == 8_000
    found = daily_sums(tmp_path / "lake")
    pd.testing.assert_frame_equal(found, daily_sums(files[name]), rtol=1e-9, atol=1e-12)


def test_months_arrive_in_any_order_and_twice(files, tmp_path):
    frame = pd.read_parquet(files["events.parquet"])
    parts = np.array_split(np.random.default_rng(0).permutation(len(frame)), 5)
    for part in [*parts[::-1], parts[2], parts[0]]:
        append_days(tmp_path / "lake", frame.iloc[part])
    pd.testing.assert_frame_equal(daily_sums(tmp_path / "lake"), daily_sums(frame), rtol=1e-9)
    assert check_months(tmp_path / "lake")["n_rows"].sum() == len(frame)


def test_a_late_file_touches_only_its_months(files, tmp_path):
    append_days(tmp_path, files["events.csv"])
    before = contents(tmp_path)
    late = pd.DataFrame(
        {"event_id": "late", "date": ["2015-03-31"], "known_on": "2015-12-01", "actor": "RUS", "recipient": "VEN",
         "event_type": "drill.joint"}
    )  # fmt: skip
    report = append_days(tmp_path, late)
    after = contents(tmp_path)
    assert report["month"].tolist() == ["2015-03"]
    assert {month for month in after if after[month] != before.get(month)} == {"month=2015-03"}
    assert after.keys() == before.keys()


def test_a_crash_leaves_the_old_month_and_no_rubbish(files, tmp_path, monkeypatch):
    append_days(tmp_path, files["events.csv"])
    before = contents(tmp_path)

    def dies(*_):
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", dies)
        with pytest.raises(OSError, match="no space"):
            append_days(tmp_path, files["events.parquet"])
    assert contents(tmp_path) == before
    assert {file.name for file in tmp_path.rglob("*") if file.is_file()} == {"events.parquet"}
    append_days(tmp_path, files["events.parquet"])


def test_one_writer_at_a_time(files, tmp_path):
    (tmp_path / ".writing").touch()
    with pytest.raises(LakeError, match="another writer is at work"):
        append_days(tmp_path, files["events.csv"])
    assert contents(tmp_path) == {}


def test_a_flipped_bit_is_found_and_not_written_on(files, tmp_path):
    append_days(tmp_path, files["events.csv"])
    file = tmp_path / "month=2015-03" / "events.parquet"
    damaged = bytearray(file.read_bytes())
    damaged[200] ^= 1
    file.write_bytes(damaged)
    found = check_months(tmp_path).set_index("month")["problem"]
    assert "damaged" in found["2015-03"]
    assert (found.drop("2015-03") == "").all()
    row = pd.read_csv(files["events.csv"], dtype=str).query("date == '2015-03-05'").iloc[:1]
    with pytest.raises(LakeError, match="damaged"):
        append_days(tmp_path, row)
    assert file.read_bytes() == bytes(damaged)


def test_corrections_replace_the_row_they_correct(tmp_path):
    rows = pd.DataFrame(
        {
            "event_id": ["e1"],
            "date": ["2024-05-01"],
            "actor": "RUS",
            "recipient": "VEN",
            "event_type": "drill.joint",
        }
    )
    append_days(tmp_path, rows)
    append_days(tmp_path, rows.assign(event_type="drill.naval"))
    assert daily_sums(tmp_path)["event_type"].tolist() == ["drill.naval"]


def test_larger_than_memory(files, tmp_path):
    path = generate(
        tmp_path / "big.parquet", 600_000, rng=np.random.default_rng(1), shape="events", n_states=150
    )
    small = daily_sums(open_lake(path, memory="60MB"))
    assert small["n_events"].sum() == 600_000
    pd.testing.assert_frame_equal(small, daily_sums(path), rtol=1e-9)


def test_what_cannot_be_a_lake_says_why(files, tmp_path):
    frame = pd.read_parquet(files["events.parquet"])
    (tmp_path / "wide.csv").write_text("a\tb\tc\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "x.zip").write_bytes(b"PK")
    cases = [
        (tmp_path / "nowhere.csv", "not there"),
        (tmp_path / "wide.csv", "3 tab-separated columns"),
        (tmp_path / "empty.csv", "is empty"),
        (tmp_path / "x.zip", "unpack it"),
        ([files["events.csv"], files["events.parquet"]], "open them apart"),
        (frame.drop(columns="recipient"), "columns missing from the lake: recipient"),
        (frame.assign(known_on=frame["known_on"].astype(str)), "write both days in one form"),
        (3.14, "a lake is a path or a frame"),
    ]
    for lake, message in cases:
        with pytest.raises(LakeError, match=message):
            daily_sums(lake)
    (tmp_path / "folder").mkdir()
    with pytest.raises(LakeError, match="holds no Parquet file"):
        daily_sums(tmp_path / "folder")
    with pytest.raises(CodebookError, match="not in codebook"):
        daily_sums(frame.assign(event_type="drill.jiont"))
    with pytest.raises(LakeError, match="no column event_id"):
        append_days(tmp_path / "new", frame.drop(columns="event_id"))
    append_days(tmp_path / "new", frame)
    with pytest.raises(LakeError, match="columns and the new rows' differ: title"):
        append_days(tmp_path / "new", frame.assign(title="x"))


def test_made_up_files_follow_zipf_and_their_seed(tmp_path):
    paths = [
        generate(tmp_path / f"{n}.csv", 20_000, rng=np.random.default_rng(seed), exponent=1.0, n_states=40)
        for n, seed in enumerate((5, 5, 6))
    ]
    texts = [path.read_bytes() for path in paths]
    assert texts[0] == texts[1] != texts[2]
    assert 400 < len(texts[0]) / 20_000 < 500
    frame = pd.read_csv(paths[0], sep="\t", names=list(GDELT_2), dtype=str, keep_default_na=False)
    assert (frame["Actor2CountryCode"] == "").mean() == pytest.approx(0.3, abs=0.02)
    one, two = frame["Actor1CountryCode"], frame["Actor2CountryCode"]
    dyads = (one + two)[(one != two) & (two != "")].value_counts()
    n = 40 * 39
    first = 1 / np.sum(1 / np.arange(1, n + 1))  # share of the first of n ranks under Zipf's law
    assert dyads.iloc[0] / dyads.sum() == pytest.approx(first, rel=0.15)
    assert dyads.iloc[0] / dyads.iloc[9] == pytest.approx(10, rel=0.4)
    with pytest.raises(ValueError, match="shape must be"):
        generate(tmp_path / "x.csv", 1, rng=np.random.default_rng(0), shape="icews")


def test_a_lake_without_acts_gives_empty_tables():
    lake = gdelt_rows(("20240501", "RUS", "RUS", "057", "20240501"))
    sums = daily_sums(lake)
    assert (len(sums), list(sums)) == (0, ["a", "b", "event_type", "day", "known_on", "weight", "n_events"])
    assert as_events(sums).empty
    ledger = open_ledger(rich_events().iloc[:0], **ALONE)
    assert lake_panel(lake, ["2024-06-30"], ledger).empty


def acts(**cells) -> pd.DataFrame:
    """One plain act, with some cells changed or added."""
    row = {
        "event_id": "e1",
        "date": "2024-05-01",
        "actor": "RUS",
        "recipient": "VEN",
        "event_type": "drill.joint",
    }
    return pd.DataFrame([row | cells])


UNUSABLE = [
    ({"magnitude": -1.0}, "magnitude out of range", "-1.0"),
    ({"magnitude": np.inf}, "magnitude out of range", "inf"),
    ({"magnitude": "2e6"}, "magnitude out of range", "2e6"),
    ({"confidence": 0.0}, "confidence out of range", "0.0"),
    ({"confidence": 7.0}, "confidence out of range", "7.0"),
    ({"value": "-5"}, "value out of range", "-5"),
    ({"event_type": "drill.jiont"}, "type unknown", "drill.jiont"),
    ({"date": ""}, "not a day", ""),
]


@pytest.mark.parametrize("cells, reason, value", UNUSABLE)
def test_a_row_that_the_checked_table_refuses_is_refused_here_too(cells, reason, value):
    good = acts(**dict.fromkeys(cells.keys() - {"event_type", "date"}, ""))
    lake = pd.concat([good.astype(str), acts(event_id="e2", **cells).astype(str)], ignore_index=True)
    assert sorted(left_out(lake).to_numpy().tolist()) == sorted([["counted", "", 1], [reason, value, 1]])
    with pytest.raises((LakeError, CodebookError)):
        daily_sums(lake)
    with pytest.raises(LakeError):
        lake_panel(lake, ["2024-06-30"], open_ledger(rich_events().iloc[:0], **ALONE))
    with pytest.raises(ValueError):
        check_events(lake)


def test_every_engine_refuses_what_would_turn_the_sign(tmp_path, engine):
    rows = pd.concat([acts(magnitude=2.0), acts(event_id="e2", magnitude=-2.0)])
    rows.to_csv(tmp_path / "rows.csv", index=False)
    lake = open_lake(tmp_path / "rows.csv", engine)
    with pytest.raises(LakeError, match="1 sums hold rows that cannot be used"):
        daily_sums(lake)
    told = left_out(lake).set_index("reason")["n_rows"].to_dict()
    assert told == {"counted": 1, "magnitude out of range": 1}
    stay = lazy_daily_sums(lake).collect("pandas").to_native()
    with pytest.raises(LakeError, match="cannot be used"):
        as_events(stay)


@pytest.mark.parametrize(
    "day", ["20240230", "20230229", "19000229", "20241301", "2024", "abc", "", "20240431"]
)
def test_a_day_that_is_none_is_counted_as_such(tmp_path, day):
    good = ("20240229", "VEN", "RUS", "057", "20240501")
    for n, bad in enumerate(((day, *good[1:]), (*good[:4], day))):
        lake = gdelt_rows(good, bad)
        assert left_out(lake).to_numpy().tolist() == [["counted", "", 1], ["not a day", day, 1]]
        with pytest.raises(LakeError, match="without a day"):
            append_days(tmp_path / str(n), lake.assign(GLOBALEVENTID=["1", "2"]))
        assert not contents(tmp_path / str(n))
    with pytest.raises(LakeError, match="cannot be"):
        daily_sums(lake)


def test_the_pattern_of_days_is_the_calendar():
    import re

    from risk.lake.shapes import DAY

    days = pd.date_range("1800-01-01", "2099-12-31", unit="s").strftime("%Y%m%d")
    made = {
        f"{year}{month:02d}{day:02d}"
        for year in range(1796, 2104)
        for month in range(14)
        for day in range(33)
    }
    assert {text for text in made if re.search(DAY, text)} == set(days)


def test_a_state_that_is_gone_does_not_enter_the_panel():
    lake = pd.concat([acts(), acts(event_id="e2", actor="SUN", date="1985-01-01")])
    ledger = open_ledger(rich_events().iloc[:0], **ALONE)
    assert len(lake_panel(lake, ["2024-06-30"], ledger)) == 2
    with pytest.raises(LakeError, match=r"SUN did not exist on 1991-12-26 \(1 sums\)"):
        lake_panel(lake.assign(date=["2024-05-01", "1991-12-26"]), ["2024-06-30"], ledger)
    lake_panel(lake.assign(date=["2024-05-01", "1991-12-25"]), ["2024-06-30"], ledger)


def test_numbers_as_act_ids_stay_whole():
    lake = pd.concat([acts(act_id=5), acts(event_id="e2", act_id=np.nan)], ignore_index=True)
    assert kept_whole(lake)["event_id"].tolist() == ["e1"]
    assert daily_sums(lake)["n_events"].tolist() == [1]
    assert daily_sums(lake.assign(act_id=np.nan))["n_events"].tolist() == [2]


def test_actors_of_ones_own_must_be_one_state_each():
    lake = gdelt_rows(("20240501", "VEN", "RUS", "057", "20240501"))
    with pytest.raises(LakeError, match="twice: its rows would count twice"):
        daily_sums(lake, actors=pd.concat([actor_codes()] * 2))
    with pytest.raises(LakeError, match="no column state"):
        daily_sums(lake, actors=actor_codes().drop(columns="state"))


def test_text_files_that_cannot_be_read_as_they_are_say_where(tmp_path):
    import gzip

    def file(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    head, row = b"event_id,date,actor,recipient,event_type\n", b"e1,2024-05-01,RUS,VEN,drill.joint\n"
    gdelt = ("\t" * 60 + "\n").encode()
    swapped = b"event_id,date,recipient,actor,event_type\n" + row
    cases = [
        (file("short.csv", head + row + b"e2,2024-05-01,RUS\n"), "Line: 3"),
        (file("long.csv", head + row[:-1] + b",x\n"), "Line: 2"),
        (file("narrow.csv", gdelt * 2 + b"\t\n"), "Line: 3"),
        ([file("one.csv", head + row), file("two.csv", swapped)], "two.csv has other columns than one.csv"),
        ([file("new.csv", gdelt), file("old.csv", ("\t" * 57 + "\n").encode())], "old.csv has other columns"),
        (file("twice.csv", b"date," + head + b"2024-05-01," + row), "'date' twice"),
        (file("plain.csv.gz", head + row), "cannot be read"),
        (file("cut.csv.gz", gzip.compress(head + row * 5_000)[:-20]), "cannot be read"),
        (file("nothing.parquet", b""), "cannot be read"),
    ]
    for lake, message in cases:
        with pytest.raises(LakeError, match=message):
            daily_sums(lake)
    quoted = b'"event_id","date","actor","recipient","event_type","a, b"\n' + row[:-1] + b',"x, ""y""\nz"\n'
    assert daily_sums(file("quoted.csv", quoted))["n_events"].tolist() == [1]


def test_a_lake_keeps_to_one_shape_and_every_row_has_an_id(tmp_path):
    append_days(tmp_path / "lake", acts())
    rows = gdelt_rows(("20200101", "VEN", "RUS", "057", "20200101"))
    with pytest.raises(LakeError, match="holds events rows and these are gdelt rows"):
        append_days(tmp_path / "lake", rows.assign(GLOBALEVENTID="1"))
    with pytest.raises(LakeError, match="without GLOBALEVENTID"):
        append_days(tmp_path / "new", pd.concat([rows.assign(GLOBALEVENTID=name) for name in ("1", "")]))
    assert not contents(tmp_path / "new")
    with pytest.raises(LakeError, match="is a file"):
        append_days(tmp_path / "lake" / "month=2024-05" / "events.parquet", acts())
    with pytest.raises(LakeError, match="not a folder"):
        check_months(tmp_path / "nowhere")


def test_a_killed_writer_is_named_and_its_rubbish_goes(tmp_path):
    writer = (
        "import os, signal, sys, pandas as pd; from risk.lake import append_days, months\n"
        "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "append_days(sys.argv[1], pd.DataFrame({'event_id': ['e1'], 'date': '2024-05-01', 'actor': 'RUS',\n"
        "            'recipient': 'VEN', 'event_type': 'drill.joint'}))\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", writer, str(tmp_path)], cwd=Path(__file__).parents[1])
    assert killed.wait() == -signal.SIGKILL
    assert contents(tmp_path) == {}
    with pytest.raises(LakeError, match=rf"process {killed.pid} on .*, for \d+ s\); remove it if none is"):
        append_days(tmp_path, acts())
    (tmp_path / ".writing").unlink()
    append_days(tmp_path, acts())
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["events.parquet"]
    assert daily_sums(tmp_path)["n_events"].tolist() == [1]
