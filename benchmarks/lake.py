"""
How fast and how large: the lake against `wc -l`, pandas, plain DuckDB and plain PySpark.

Everything is a ratio of times taken in one run, the best of three, tasks in turn; every measurement is a process of its
own, so that peak memory is its own too. Beside the clock stands the processor time of all threads, which other work on
the machine disturbs less. The defaults finish in a few minutes; the sizes of the documented run are
``--csv-rows 2000000 --parquet-rows 50000000 --spark-rows 10000000 --panel-rows 10000000 100000000``.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from risk.codebook import load_codebook
from risk.lake import daily_sums, generate, lake_panel, lazy_daily_sums, open_lake
from risk.lake.shapes import GDELT_2
from risk.ledger import no_positions, no_sanctions, no_ties, open_ledger

NEEDED = ["SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "EventCode", "DATEADDED"]
PLAIN_SQL = """
    SELECT a, b, event_type, date AS day, known_on, sum(unit) AS weight, count(*) AS n_events
    FROM (SELECT least(actor, recipient) AS a, greatest(actor, recipient) AS b, event_type, date, known_on
          FROM '{path}' WHERE actor <> recipient)
    JOIN types USING (event_type) GROUP BY ALL
"""


def type_weights() -> pd.Series:
    """Weight of one plain event of each type."""
    types = load_codebook().types
    return (types["goldstein"] * types["default_magnitude"]).rename("unit")


def count_lines(path: str) -> None:
    subprocess.run(["wc", "-l", path], check=True, capture_output=True)


def csv_sums(path: str) -> None:
    daily_sums(path)


def csv_scan(path: str) -> None:
    """The csv reader under the sums, asked for nothing but the number of rows."""
    relation = open_lake(path).to_native()
    relation.aggregate("count(*)").fetchall()


def csv_lines(path: str) -> None:
    """DuckDB finding line ends alone: every row as one text, no columns."""
    import duckdb

    duckdb.sql(
        f"SELECT count(line) FROM read_csv('{path}', delim='\x01', quote='', escape='', header=false, "
        "auto_detect=false, columns={'line': 'VARCHAR'})"
    ).fetchall()


def arrow_columns(path: str) -> None:
    """Arrow's reader, the needed columns alone."""
    from pyarrow import csv

    csv.read_csv(
        path,
        read_options=csv.ReadOptions(column_names=list(GDELT_2)),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=csv.ConvertOptions(
            include_columns=NEEDED, column_types=dict.fromkeys(NEEDED, "string")
        ),
    )


def pandas_columns(path: str) -> None:
    pd.read_csv(path, sep="\t", names=list(GDELT_2), usecols=NEEDED, dtype=str, quoting=3, na_filter=False)


def parquet_lazy_sums(path: str) -> None:
    lazy_daily_sums(path).collect("pyarrow")


def parquet_sums(path: str) -> None:
    daily_sums(path)


def parquet_sql(path: str) -> None:
    import duckdb

    types = type_weights().reset_index()
    own = duckdb.connect(config={"memory_limit": "700MB", "preserve_insertion_order": False})
    own.register("types", types)
    own.sql(PLAIN_SQL.format(path=path)).to_arrow_table()


def month_ends(path: str) -> None:
    nothing = pd.DataFrame(
        {name: pd.Series(dtype=str) for name in ("event_id", "date", "actor", "recipient", "event_type")}
    )
    ledger = open_ledger(nothing, sanctions=no_sanctions(), ties=no_ties(), positions=no_positions())
    lake_panel(path, pd.date_range("2015-01-31", "2024-12-31", freq="ME"), ledger)


TASKS: dict[str, Callable[[str], None]] = {
    task.__name__: task
    for task in (
        count_lines, csv_sums, csv_scan, csv_lines, arrow_columns, pandas_columns,
        parquet_lazy_sums, parquet_sums, parquet_sql, month_ends,
    )
}  # fmt: skip


def spark_tasks(path: str) -> None:
    """Both PySpark queries in one session, in turn; prints their times and the largest difference."""
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f

    began = time.perf_counter()
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.memory", "3g").config("spark.sql.shuffle.partitions", "8")
    spark = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    start = time.perf_counter() - began
    rows = type_weights()
    types = spark.createDataFrame(list(zip(rows.index, rows)), ["event_type", "unit"])

    def plain():
        events = spark.read.parquet(path).where("actor <> recipient")
        sided = events.select(f.least("actor", "recipient").alias("a"), f.greatest("actor", "recipient").alias("b"),
                              "event_type", f.col("date").alias("day"), "known_on")  # fmt: skip
        keys = ["a", "b", "event_type", "day", "known_on"]
        return sided.join(f.broadcast(types), "event_type").groupBy(keys).agg(
            f.sum("unit").alias("weight"), f.count("*").alias("n_events"))  # fmt: skip

    def ours():
        return lazy_daily_sums(open_lake(path, spark)).to_native()

    times: dict[str, list[float]] = {"plain": [], "ours": []}
    for _ in range(3):
        for name, query in (("plain", plain), ("ours", ours)):
            began = time.perf_counter()
            query().write.format("noop").mode("overwrite").save()
            times[name].append(time.perf_counter() - began)
    keys = ["a", "b", "event_type", "day", "known_on"]
    both = plain().join(
        ours().withColumnRenamed("weight", "w").withColumnRenamed("n_events", "n"), keys, "full"
    )
    off = both.select(
        f.max(f.abs(f.coalesce(f.col("weight") - f.col("w"), f.lit(9.0)))),
        f.max(f.abs(f.col("n") - f.col("n_events"))),
    )
    difference = [float(value) for value in off.first()]
    spark.stop()
    print(
        json.dumps({"start": start, **{name: min(taken) for name, taken in times.items()}, "off": difference})
    )


def one(task: str, path: str) -> None:
    """Run one task and print what it took: seconds, processor seconds, and the peak memory of the process in MB."""
    load_codebook()
    began, used = time.perf_counter(), processor_seconds()
    TASKS[task](path)
    taken = {"seconds": time.perf_counter() - began, "cpu": processor_seconds() - used}
    print(json.dumps(taken | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def processor_seconds() -> float:
    """What all threads of this process and its children have used so far."""
    both = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def measured(path: Path, *tasks: str, repeats: int = 3) -> list[dict[str, float]]:
    """Of each task the best of several processes and the largest peak; tasks take turns, to share the noise."""
    runs: dict[str, list[dict[str, float]]] = {task: [] for task in tasks}
    for _ in range(repeats):
        for task in tasks:
            command = [sys.executable, __file__, "--task", task, str(path)]
            runs[task].append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    chosen = {"seconds": min, "cpu": min, "peak": max}
    return [
        {name: choose(run[name] for run in found) for name, choose in chosen.items()}
        for found in runs.values()
    ]


def ratios(one: dict[str, float], other: dict[str, float]) -> tuple[float, str]:
    """How much longer one took than the other by the clock, and both by processor time."""
    detail = (
        f"{one['seconds']:.2f} s against {other['seconds']:.2f} s; processor {one['cpu'] / other['cpu']:.2f}"
    )
    return one["seconds"] / other["seconds"], f"{detail} ({one['cpu']:.2f} s against {other['cpu']:.2f} s)"


def say(what: str, ratio: float, goal: str, detail: str) -> None:
    print(f"{what:<52} {ratio:6.2f}   goal {goal:<10} {detail}", flush=True)


def bench_csv(folder: Path, n_rows: int) -> None:
    path = generate(folder / "gdelt.csv", n_rows, rng=np.random.default_rng(1))
    print(f"csv: {n_rows:,} rows x 61 columns, {path.stat().st_size / 1e6:.0f} MB")
    tasks = ("count_lines", "csv_sums", "csv_scan", "csv_lines", "arrow_columns", "pandas_columns")
    lines, sums, scan, whole, arrow, reader = measured(path, *tasks)
    rows = (
        ("csv to daily sums / wc -l", sums, lines, "<= 4.5"),
        ("  DuckDB's count(*) alone / wc -l", scan, lines, "(bound)"),
        ("  DuckDB, rows as one text each / wc -l", whole, lines, "(bound)"),
        ("  arrow, needed columns only / wc -l", arrow, lines, "(bound)"),
        ("pandas, needed columns only / csv to daily sums", reader, sums, ">= 2"),
    )
    for what, first, second, goal in rows:
        ratio, detail = ratios(first, second)
        say(what, ratio, goal, detail)
    say("peak memory, GB", sums["peak"] / 1024, "<= 1", f"pandas {reader['peak'] / 1024:.2f} GB")
    path.unlink()


def bench_parquet(folder: Path, n_rows: int) -> None:
    path = generate(folder / "events.parquet", n_rows, rng=np.random.default_rng(2), shape="events")
    print(f"Parquet: {n_rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
    lazy, full, sql = measured(path, "parquet_lazy_sums", "parquet_sums", "parquet_sql")
    for what, first, goal in (
        ("daily sums as arrow / plain DuckDB SQL", lazy, "<= 1.5"),
        ("daily sums as a sorted frame / plain DuckDB SQL", full, "(whole)"),
    ):
        ratio, detail = ratios(first, sql)
        say(what, ratio, goal, f"{detail}; peak {first['peak'] / 1024:.2f} GB")
    path.unlink()


def bench_spark(folder: Path, n_rows: int) -> None:
    path = generate(folder / "spark.parquet", n_rows, rng=np.random.default_rng(3), shape="events")
    command = [sys.executable, __file__, "--task", "spark", str(path)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout.splitlines()[-1])
    print(f"PySpark local[2]: {n_rows:,} rows, session start {found['start']:.1f} s apart")
    say(
        "daily sums / plain PySpark",
        found["ours"] / found["plain"],
        "<= 3",
        f"{found['ours']:.1f} s against {found['plain']:.1f} s",
    )
    say("  largest difference of a sum", found["off"][0], "<= 1e-9", f"of a count {found['off'][1]:.0f}")
    path.unlink()


def bench_panel(folder: Path, sizes: list[int]) -> None:
    taken = []
    for n_rows in sizes:
        path = generate(folder / "events.csv", n_rows, rng=np.random.default_rng(4), shape="events")
        size = path.stat().st_size / 1e6
        (found,) = measured(path, "month_ends", repeats=1)
        taken.append(found["seconds"] / n_rows)
        print(
            f"csv lake to 120 month ends of all dyads: {n_rows:,} rows, {size:.0f} MB, {found['seconds']:.1f} s"
        )
        say("  peak memory, GB", found["peak"] / 1024, "<= 2", f"{n_rows / found['seconds']:,.0f} rows/s")
        path.unlink()
    if len(taken) > 1:
        say("  time per row, largest / smallest size", taken[-1] / taken[0], "1 (linear)", "")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--csv-rows", type=int, default=500_000)
    parser.add_argument("--parquet-rows", type=int, default=5_000_000)
    parser.add_argument("--spark-rows", type=int, default=1_000_000)
    parser.add_argument("--panel-rows", type=int, nargs="*", default=[1_000_000, 4_000_000])
    parser.add_argument(
        "--folder", type=Path, help="where the made-up files go; a temporary folder by default"
    )
    parser.add_argument("--task", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        task, path = options.task
        spark_tasks(path) if task == "spark" else one(task, path)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for bench, size in (
            (bench_csv, options.csv_rows),
            (bench_parquet, options.parquet_rows),
            (bench_spark, options.spark_rows),
            (bench_panel, options.panel_rows),
        ):
            if size:
                bench(Path(folder), size)


if __name__ == "__main__":
    main()
