"""Check the event record against other records; counts and agreement rates as markdown.

    RISK_DATA=../shared/data python datasets/events/check.py [--write]
    python datasets/events/check.py --sample N | --alpha N

``--write`` puts the tables into README.md between its markers. ``--sample`` prints N rows without day and sign,
``--alpha`` N rows without type and direction, for a reader who has not seen ours; the seed is the file's SHA-256.
"""

from __future__ import annotations

import argparse
import re
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from evidence import (  # noqa: E402
    DOCUMENT,
    ORDER,
    AbsentData,
    fingerprint,
    markdown,
    percent,
    put_between,
    raw_folder,
    read_documents,
    read_orders,
    read_text,
    share,
    wide,
)  # fmt: skip

from risk.codebook import load_codebook  # noqa: E402
from risk.datasets import describe  # noqa: E402
from risk.states import StateError, from_numbers, resolve_state  # noqa: E402

RECORD = HERE / "events.csv"
COVERAGE = HERE.parent / "coverage" / "coverage.csv"
SCRIPT = "datasets/events/check.py"
DRAFT = re.compile(r"S/\d{4}/\d+")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATES = re.compile(
    rf"\b(?:\d{{1,2}} )?(?:{MONTHS})\b(?: \d{{1,2}}(?!\d))?(?:,? \d{{4}})?|\b(?:19|20)\d\d(?:-\d\d){{0,2}}\b"
    r"|(?<=[a-z]-)\d{2,4}\b"
)
VETOERS = {"China": "CHN", "France": "FRA", "Russia": "RUS", "USA": "USA", "UK": "GBR"}
LAST_MME, LAST_SIPRI, LAST_VETO, FIRST_VETO = 2010, 2024, "2022-07-08", "1999-01-01"


def parties(row) -> list[str]:
    """States and organisations of a row."""
    return row.participants.split(";") if row.participants else [row.actor, row.recipient]


def families(events: pd.DataFrame) -> pd.Series:
    return events["event_type"].str.split(".").str[0]


def dyad_counts(events: pd.DataFrame) -> pd.Series:
    """Number of rows of each dyad; an act of several states counts for each of its pairs."""
    pairs = [
        "-".join(pair) for row in events.itertuples() for pair in combinations(sorted(set(parties(row))), 2)
    ]
    return pd.Series(pairs, dtype=object).value_counts()


def state_counts(events: pd.DataFrame) -> pd.Series:
    return pd.Series([code for row in events.itertuples() for code in parties(row)]).value_counts()


def count_tables(events: pd.DataFrame, focal: list[str]) -> dict[str, pd.DataFrame]:
    """Counts by family and by decade with how the rows were checked, by state and by focal dyad."""
    checked = events["checked"].str.split(":").str[0]
    by_family = pd.crosstab(families(events), checked, margins=True, margins_name="all").reset_index(
        names="family"
    )
    decade = events["date"].str[:3] + "0s"
    by_decade = pd.crosstab(decade, checked, margins=True, margins_name="all").reset_index(names="decade")
    states = state_counts(events)
    top = states.head(30).rename_axis("state").reset_index(name="rows")
    dyads = dyad_counts(events).reindex(focal, fill_value=0).rename_axis("dyad").reset_index(name="rows")
    sets = (
        events.loc[checked == "dataset", "checked"]
        .value_counts()
        .rename_axis("checked")
        .reset_index(name="rows")
    )
    return {
        "By family": by_family, "By decade": by_decade, f"By state (30 of {len(states)})": wide(top, 3),
        "Focal dyads": wide(dyads, 4), "Confirmed by a data set": sets,
    }  # fmt: skip


def coverage_matrix(windows: pd.DataFrame, focal: list[str], families: list[str]) -> pd.DataFrame:
    """Years of the declared windows of each focal dyad by family; an empty cell is not declared."""
    first, end = windows["start"].str[:4], pd.to_datetime(windows["end"]) - pd.Timedelta(days=1)
    last = end.dt.year.astype(str)
    years = first.where(first == last, first + "-" + last.str[2:])
    dyad = windows["a"] + "-" + windows["b"]
    cells = years.groupby([dyad, windows["family"]]).agg(", ".join).unstack(fill_value="")
    table = cells.reindex(index=focal, columns=families, fill_value="")
    return table.rename_axis(index="dyad", columns=None).reset_index()


def check_orders(events: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Rows whose source is an Executive Order, with the day and document number in the exports; NaN: not in them."""
    source = events["source"]
    rows = events[source.str.match(r"Executive Order \d{5}")].copy()
    rows["number"] = rows["source"].str.extract(ORDER, expand=False)
    rows["signed"] = rows["number"].map(orders["signed"])
    rows["document"] = rows["number"].map(orders["document"])
    told = rows["source"].str.extract(DOCUMENT, expand=False)
    rows["day_agrees"] = (rows["date"] == rows["signed"]).where(rows["signed"].notna())
    rows["document_agrees"] = (told == rows["document"]).where(rows["signed"].notna() & told.notna())
    return rows


def check_documents(events: pd.DataFrame, documents: pd.Series) -> pd.DataFrame:
    """Rows that name a document of the years of the list and are no Executive Order, with its day of publication."""
    events = events[~events["source"].str.match("Executive Order")]
    text = events["source"] + " " + events["note"]
    rows = events.assign(document=text.str.extract(DOCUMENT, expand=False))
    rows = rows[rows["document"].str.match(r"202[0-6]-", na=False)]
    published = rows["document"].map(documents)
    by_publication = rows["note"].str.contains("Dated by publication|Day of publication")
    agrees = (rows["date"] == published).where(by_publication & published.notna())
    return rows.assign(published=published, day_agrees=agrees)


def check_vetoes(events: pd.DataFrame, vetoes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows on a veto with the day and the vetoing states in the list; and vetoes of the list without a row."""
    day = pd.to_datetime(vetoes["date"], format="mixed").dt.strftime("%Y-%m-%d")
    who = vetoes[["member_veto1", "member_veto2", "member_veto3"]].apply(
        lambda row: {VETOERS[name] for name in row if name in VETOERS}, axis=1
    )
    known = pd.DataFrame({"draft": vetoes["draft"], "day": day, "who": who, "topic": vetoes["crisis_topic"]})
    rows = events[families(events) == "diplomacy"].copy()
    rows["draft"] = (rows["title"] + " " + rows["source"]).str.extract(rf"({DRAFT.pattern})", expand=False)
    rows = rows[rows["draft"].notna() & (rows["date"] <= LAST_VETO)].merge(known, on="draft", how="left")
    rows["agrees"] = [
        row.date == row.day and row.actor in (row.who if isinstance(row.who, set) else ())
        for row in rows.itertuples()
    ]
    recent = known[(known["day"] >= FIRST_VETO) & ~known["draft"].isin(rows["draft"])]
    return rows, recent


def check_drills(events: pd.DataFrame, mme: pd.DataFrame) -> pd.DataFrame:
    """Drills to the last year of the exercise list: how near an exercise of the same states begins."""
    last = events["date"].str[:4].astype(int) <= LAST_MME
    rows = events[(families(events) == "drill") & last & (events["event_type"] != "drill.cancelled")].copy()
    mme = mme[mme["s.year"].astype(int) >= 1998].copy()
    mme["code"] = from_numbers(mme["gwcode"], "gw", on=mme["s.year"] + "-12-31", outside="accept")[0]
    groups = mme.groupby("MMEID")
    who = groups["code"].agg(set)
    start = pd.to_datetime(
        groups[["s.year", "s.month", "s.day"]].first().agg("-".join, axis=1), errors="coerce"
    )
    year = groups["s.year"].first()
    rows["found"] = [_nearest(row, who, start, year) for row in rows.itertuples()]
    return rows


def _nearest(row, who: pd.Series, start: pd.Series, year: pd.Series) -> str:
    same = who.map(lambda states: set(parties(row)) <= states)
    if len(row.date) == 10 and (abs(start[same] - pd.Timestamp(row.date)).dt.days <= 1).any():
        return "day"
    return "year" if (year[same] == row.date[:4]).any() else "none"


def check_arms(events: pd.DataFrame, sipri: pd.DataFrame) -> pd.DataFrame:
    """Orders, licences and deliveries against the arms register: a deal of the same pair near the same year."""
    kinds = ["arms.contract", "arms.delivery", "arms.licence"]
    rows = events[
        events["event_type"].isin(kinds) & (events["date"].str[:4].astype(int) <= LAST_SIPRI)
    ].copy()
    names = pd.unique(sipri[["Recipient", "Supplier"]].to_numpy().ravel())
    codes = {name: _code(name) for name in names}
    pair = sipri["Supplier"].map(codes) + "-" + sipri["Recipient"].map(codes)
    delivered = sipri["Year(s) of delivery"].str.findall(r"\d{4}")
    years: dict[str, set[int]] = {}
    for key, ordered, given in zip(pair, sipri["Year of order"], delivered, strict=True):
        years.setdefault(key, set()).update(int(y) for y in [ordered, *given] if y.isdigit())
    rows["found"] = [
        any(abs(int(row.date[:4]) - y) <= 1 for y in years.get(f"{row.actor}-{row.recipient}", ()))
        for row in rows.itertuples()
    ]
    return rows


def _code(name: str) -> str:
    try:
        return resolve_state(name, on="2010-01-01", before="predecessor")
    except StateError:
        return ""


def read_sipri(folder: Path) -> pd.DataFrame:
    file = folder / "sipri" / "trade_register_a.csv"
    lines = file.read_text(encoding="latin-1").splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("Recipient,"))
    return read_text(file, skiprows=head, encoding="latin-1")


def comparison(events: pd.DataFrame, folder: Path) -> tuple[pd.DataFrame, list[str]]:
    """One row per outside record with its agreement, and the rows that disagree or are not there."""
    orders = check_orders(events, read_orders(folder))
    covered = orders[orders["signed"].notna()]
    documents = check_documents(events, read_documents(folder))
    vetoes, unseen = check_vetoes(events, read_text(folder / "unsc" / "vetoes.csv"))
    drills = check_drills(events, read_text(folder / "exercises" / "mme_v7_long.csv"))
    arms = check_arms(events, read_sipri(folder))
    on_day, near = drills["found"] == "day", drills["found"] != "none"
    agreed = {
        "Executive Orders: signing day": covered["day_agrees"],
        "Executive Orders: document number": covered["document_agrees"],
        "Executive Orders: held by the exports": orders["signed"].notna(),
        "other Federal Register documents to February 2026: in the list": documents["published"].notna(),
        "of these, rows dated by publication: day": documents["day_agrees"],
        "Security Council vetoes to July 2022: number, day and state": vetoes["agrees"],
        f"drills to {LAST_MME} in MME: same states, start within a day": on_day,
        "drills, same states and year": near,
        f"arms orders and deliveries to {LAST_SIPRI} in SIPRI: same pair, within a year": arms["found"],
    }
    table = pd.DataFrame(
        {"compared with": list(agreed), "agrees": [share(flags) for flags in agreed.values()]}
    )
    odd = [f"order, other day: {r.event_id} ({r.signed})" for r in covered.itertuples() if not r.day_agrees]
    odd += [f"veto, not as listed: {r.event_id}" for r in vetoes.itertuples() if not r.agrees]
    odd += [f"drill, not in MME: {r.event_id}" for r in drills.itertuples() if r.found == "none"]
    odd += [f"arms, not in SIPRI: {r.event_id}" for r in arms.itertuples() if not r.found]
    text = "; ".join(f"{r.draft} ({r.topic})" for r in unseen.itertuples())
    odd.append(f"vetoes since 1999 without a row here: {text}")
    return table, odd


def report(events: pd.DataFrame) -> str:
    """The counts and, where the outside data is at hand, the comparison, as markdown."""
    about = describe("events")
    well = events["checked"].str.match("official|two sources|dataset").sum()
    parts = [
        f"{len(events)} rows, SHA-256 `{fingerprint(RECORD)}`, version {about['version']}, "
        f"data through {about['coverage']['through']}. Confirmed (official, data set or two sources): "
        f"{percent(int(well), len(events))}. Named as an act of the sanctions record: "
        f"{(events['measure_id'] != '').sum()}."
    ]
    for title, table in count_tables(events, about["assertions"]["focal_dyads"]).items():
        parts += [f"### {title}", markdown(table)]
    windows = read_text(COVERAGE)
    matrix = coverage_matrix(windows, about["assertions"]["focal_dyads"], list(load_codebook().families))
    dyads = len(windows[["a", "b"]].drop_duplicates())
    parts += [
        "### Declared windows of the focal dyads",
        f"{len(windows)} windows of {dyads} dyads; a cell holds their years, an empty cell is not declared. "
        "What each claims is its `threshold` in `../coverage`.",
        markdown(matrix),
    ]
    try:
        table, odd = comparison(events, raw_folder())
    except AbsentData as absent:
        return "\n\n".join([*parts, f"Not compared: {absent}"])
    return "\n\n".join(
        [*parts, "### Against other records", markdown(table), "\n".join(f"- {o}" for o in odd)]
    )


def draw(events: pd.DataFrame, size: int) -> pd.DataFrame:
    """Rows drawn without replacement; the seed is the SHA-256 of the file, modulo 2**32."""
    rng = np.random.default_rng(int(fingerprint(RECORD), 16) % 2**32)
    return events.iloc[rng.choice(len(events), size=size, replace=False)]


def blind_sample(events: pd.DataFrame, size: int) -> pd.DataFrame:
    """A draw with parties, family and title, every date taken out; columns for another reader to fill."""
    rows = draw(events, size)
    title = rows["title"].str.replace(DATES, "[...]", regex=True)
    return _numbered(rows, family=families(rows), title=title, day="", sign="", source="")


def blind_alpha(events: pd.DataFrame, size: int) -> pd.DataFrame:
    """A draw with parties and title only, for a second coding of type and direction."""
    rows = draw(events, size)
    return _numbered(rows, title=rows["title"], event_type="", actor="", recipient="")


def _numbered(rows: pd.DataFrame, **columns) -> pd.DataFrame:
    """The draw under running numbers: an event_id would tell the day."""
    number = [f"{n + 1:03d}" for n in range(len(rows))]
    states = ["; ".join(sorted(parties(row))) for row in rows.itertuples()]
    return pd.DataFrame({"nr": number, "parties": states}, index=rows.index).assign(**columns)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--alpha", type=int)
    told = parser.parse_args(argv)
    events = read_text(RECORD)
    if told.sample:
        print(blind_sample(events, told.sample).to_csv(index=False, lineterminator="\n"), end="")
    elif told.alpha:
        print(blind_alpha(events, told.alpha).to_csv(index=False, lineterminator="\n"), end="")
    elif told.write:
        put_between(HERE / "README.md", SCRIPT, report(events))
    else:
        print(report(events))


if __name__ == "__main__":
    main(sys.argv[1:])
