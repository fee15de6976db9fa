"""Check the sanctions record against orders, GSDB, TIES and EUSANCT; counts and rates as markdown.

    RISK_DATA=../shared/data python datasets/sanctions/check.py [--write]

A case of another data set (sender, target, year it begins or sanctions are imposed) is *matched* when a spell of ours
of the same sender and target begins within a year, *covered* when none does but one of ours is in force in that year,
and *theirs only* otherwise; misses.csv gives the reason for each of those. Scope is read off their own columns.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from evidence import (  # noqa: E402
    ORDER,
    AbsentData,
    fingerprint,
    markdown,
    percent,
    put_between,
    raw_folder,
    read_orders,
    read_text,
)  # fmt: skip

from risk.datasets import describe  # noqa: E402
from risk.states import StateError, from_numbers, resolve_state  # noqa: E402

RECORD, MISSES = HERE / "sanctions.csv", HERE / "misses.csv"
SCRIPT = "datasets/sanctions/check.py"
FIRST_YEAR = 1990
LAST_YEAR = {"GSDB": 2016, "TIES": 2005, "EUSANCT": 2015}  # last year of each data set
SENDERS = {"United States": "USA", "EU": "EU", "EEC": "EU", "UN": "UN", "United Kingdom": "GBR"}
COW_SENDERS = {2: "USA", 200: "GBR", 1000: "EU"}
BODIES = {"1830": "EU", "1653": "EU", "4400": "UN"}
COMMA_IN_NAME = re.compile(r", (?!The|Arab|Democratic|North|South)")
# names of the data sets that no list of states has; where the record files a group, so does the comparison
ALIASES = {
    "Egypt, Arab Rep.": "EGY", "Ethiopia (excludes Eritrea)": "ETH", "Yemen, North": "YEM", "Balkans": "YUG",
    "Terrorist Organizations (Taliban)": "AFG", "Terrorist Organizations (Taliban and Al-Qaeda)": "AFG",
}  # fmt: skip
TIES_TRADE_ISSUES, TIES_AID = {11, 12, 13, 14}, {"7", "9"}  # trade, environment disputes; aid cut, travel
EUSANCT_AID = {"8", "9", "10", "."}
CASE = ["data_set", "case", "sender", "target", "year", "imposed", "kind"]


def code_of(name: str, year: int) -> str:
    """The target code of a name, as the record files it; empty for what is no state."""
    if name in ALIASES:
        return ALIASES[name]
    for day in ("12-31", "01-01"):
        try:
            return as_filed(resolve_state(name, on=f"{year}-{day}"))
        except StateError:
            continue
    return ""


def as_filed(code: str) -> str:
    """Serbia and Montenegro stands under YUG in the record, to 2006."""
    return "YUG" if code == "SCG" else code


def numbered(numbers: pd.Series, years: pd.Series) -> list[str]:
    """Target codes of Correlates of War numbers."""
    days = years.astype(int).astype(str) + "-07-01"
    return [as_filed(code) for code in from_numbers(numbers, "cow", on=days, outside="accept")[0]]


def cases_gsdb(folder: Path) -> pd.DataFrame:
    """
    GSDB cases by the four senders, one row per case, sender and target.

    Kind is empty with an arms embargo, or with measures on both trade and finance; else ``trade`` or ``aid``.
    """
    raw = pd.read_csv(folder / "gsdb" / "gsdb_r4_to_2016.csv", keep_default_na=False)
    rows = []
    for case in raw.itertuples():
        year = int(case.begin)
        senders = {SENDERS[s.strip()] for s in case.sanctioning_state.split(",") if s.strip() in SENDERS}
        targets = {code_of(name.strip(), year) for name in COMMA_IN_NAME.split(case.sanctioned_state)} - {""}
        kind = "" if case.arms or (case.trade and case.financial) else "trade" if case.trade else "aid"
        rows += [("GSDB", str(case.case_id), s, t, year, year, kind) for s in senders for t in targets]
    return pd.DataFrame(rows, columns=CASE)


def cases_ties(folder: Path) -> pd.DataFrame:
    """
    TIES cases with sanctions imposed by the four senders, one row per case and sender.

    Kind is ``trade`` for disputes on trade, the environment, labour or drugs, ``aid`` for aid cuts and travel alone.
    """
    raw = pd.read_excel(folder / "ties" / "TIESv4.xls").query("imposition == 1")
    raw = raw.assign(target=numbered(raw["targetstate"], raw["startyear"]))
    rows = []
    for case in raw.to_dict("records"):
        senders = {COW_SENDERS[case[f"sender{i}"]] for i in range(1, 6) if case[f"sender{i}"] in COW_SENDERS}
        senders |= {BODIES[b] for b in re.findall(r"\d{4}", str(case["institutionid"])) if b in BODIES}
        year = int(case["startyear"])
        put = pd.to_numeric(case["sancimpositionstartyear"], errors="coerce")
        means = set(re.findall(r"\d+", str(case["sanctiontype"])))
        kind = "trade" if case["issue1"] in TIES_TRADE_ISSUES else "aid" if means <= TIES_AID else ""
        put = int(put) if put > 0 else year
        rows += [("TIES", str(case["caseid"]), s, case["target"], year, put, kind) for s in senders]
    return pd.DataFrame(rows, columns=CASE)


def cases_eusanct(folder: Path) -> pd.DataFrame:
    """EUSANCT cases with sanctions imposed, one row per case and sender; kind ``aid`` for aid and diplomacy alone."""
    raw = pd.read_excel(folder / "eusanct" / "EUSANCT_case_level.xls")
    raw = raw.assign(target=numbered(raw["targetstate"], raw["caseid"].astype(str).str[:4]))
    rows = []
    for case in raw.to_dict("records"):
        for name, sender in (("EU", "EU"), ("US", "USA"), ("UN", "UN")):
            if case[f"imposition{name}"] != 1:
                continue
            days = [
                pd.to_numeric(case[c], errors="coerce")
                for c in (f"startyear{name}", f"imposition{name}_year")
            ]
            begin, put = (int(a if pd.notna(a) else b) for a, b in (days, days[::-1]))
            means = set(str(case[f"imposition{name}_type"]).split(";"))
            kind = "aid" if means <= EUSANCT_AID else ""
            rows.append(("EUSANCT", str(case["caseid"]), sender, case["target"], begin, put, kind))
    return pd.DataFrame(rows, columns=CASE)


def in_scope(cases: pd.DataFrame) -> pd.Series:
    """Neither an aid, visa or diplomatic step, nor a trade dispute, nor British (before 2021: European measures)."""
    return (cases["kind"] == "") & (cases["sender"] != "GBR")


def with_years(record: pd.DataFrame) -> pd.DataFrame:
    """Our spells with the first and last year of each."""
    last = record["end"].str[:4].where(record["end"] != "", "9999").astype(int)
    return record.assign(first=record["start"].str[:4].astype(int), last=last)


def compare(ours: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Add ``outcome`` and our ``act`` to the cases since 1990 on targets of ours."""
    ours = with_years(ours)
    cases = cases[(cases["imposed"] >= FIRST_YEAR) & cases["target"].isin(set(ours["target"]))]
    same = dict(list(ours.groupby(["sender", "target"])))
    none = ours.iloc[:0]
    found = [_outcome(same.get((c.sender, c.target), none), c) for c in cases.itertuples()]
    return cases.assign(outcome=[f[0] for f in found], act=[f[1] for f in found])


def _outcome(spells: pd.DataFrame, case) -> tuple[str, str]:
    years = (case.year, case.imposed)
    gap = pd.concat([(spells["first"] - year).abs() for year in years], axis=1).min(axis=1)
    if len(gap) and gap.min() <= 1:
        return "matched", spells.loc[gap.idxmin(), "authority"]
    force = spells[(spells["first"] <= case.imposed) & (spells["last"] >= case.imposed)]
    return ("covered", force["authority"].iloc[0]) if len(force) else ("theirs only", "")


def ours_only(ours: pd.DataFrame, cases: pd.DataFrame, last: int) -> pd.DataFrame:
    """First spells of ours, 1990 to ``last``, without a case of the same sender and target within a year."""
    years = [(c.sender, c.target, year) for c in cases.itertuples() for year in (c.year, c.imposed)]
    known = {(sender, target, year + d) for sender, target, year in years for d in (-1, 0, 1)}
    first = with_years(ours).query("spell == '1'")
    first = first[first["first"].between(FIRST_YEAR, last)]
    lone = [(r.sender, r.target, r.first) not in known for r in first.itertuples()]
    return first[lone]


def compare_all(ours: pd.DataFrame, folder: Path) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """All cases with their outcome, and what only the record has, by data set."""
    parts, lone = [], {}
    for name, read in {"GSDB": cases_gsdb, "TIES": cases_ties, "EUSANCT": cases_eusanct}.items():
        cases = read(folder)
        parts.append(compare(ours, cases))
        lone[name] = ours_only(ours, cases, LAST_YEAR[name])
    return pd.concat(parts, ignore_index=True), lone


def rates(done: pd.DataFrame, lone: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per data set: cases on our targets, matched, in scope and matched, covered, theirs only, ours only."""
    rows = []
    for name, cases in done.groupby("data_set", sort=False):
        hit, scope = cases["outcome"] == "matched", in_scope(cases)
        held = cases["outcome"] != "theirs only"
        rows.append((
            f"{name}, to {LAST_YEAR[name]}", percent(hit.sum(), len(cases)),
            percent((hit & scope).sum(), scope.sum()), percent((held & scope).sum(), scope.sum()),
            (~held).sum(), (~held & scope).sum(), len(lone[name]),
        ))  # fmt: skip
    columns = ["data set", "matched, all cases", "matched, in scope", "matched or covered, in scope",
               "theirs only", "of these in scope", "ours only"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def by_sender(done: pd.DataFrame) -> pd.DataFrame:
    table = pd.crosstab([done["data_set"], done["sender"]], done["outcome"]).reset_index()
    return table[["data_set", "sender", "matched", "covered", "theirs only"]]


def explained(done: pd.DataFrame, misses: pd.DataFrame) -> pd.DataFrame:
    """The cases that are theirs only, with the reason of misses.csv (empty where it has none)."""
    key = ["data_set", "case", "sender", "target"]
    missed = done[done["outcome"] == "theirs only"]
    return missed.merge(misses[[*key, "reason"]], on=key, how="left").fillna({"reason": ""})


def check_orders(ours: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """
    Measures whose authority is an Executive Order, with the signing day in the exports; NaN: not in them.

    ``at_once``: begun or known on the signing day. A directive under an older order, or a later effect, agrees where
    the note gives the signing day.
    """
    rows = ours[(ours["spell"] == "1") & ours["authority"].str.fullmatch(r"E\.O\. \d{5}")].copy()
    rows["number"] = rows["authority"].str.extract(ORDER, expand=False)
    rows["signed"] = rows["number"].map(orders["signed"])
    rows["at_once"] = (rows["signed"] == rows["start"]) | (rows["signed"] == rows["known_on"])
    noted = pd.Series([str(r.signed) in r.note for r in rows.itertuples()], index=rows.index)
    rows["day_agrees"] = (rows["at_once"] | noted).where(rows["signed"].notna())
    return rows


def count_tables(ours: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Counts of spells by sender with instrument and with how they were checked, by decade and by target."""
    checked = ours["checked"].str.split(",").str[0]
    margins = {"margins": True, "margins_name": "all"}
    targets = ours["target"].value_counts()
    text = ", ".join(f"{code} {n}" for code, n in targets.items())
    return {
        "By instrument": pd.crosstab(ours["instrument"], ours["sender"], **margins).reset_index(),
        "By scope": pd.crosstab(ours["scope"], ours["sender"], **margins).reset_index(),
        "By decade of the start": pd.crosstab(ours["start"].str[:3] + "0s", ours["sender"], **margins)
        .rename_axis("decade").reset_index(),
        "By how they were checked": pd.crosstab(checked, ours["sender"], **margins).reset_index(),
        f"By target ({len(targets)})": pd.DataFrame({"spells": [text]}),
    }  # fmt: skip


def comparison(ours: pd.DataFrame, misses: pd.DataFrame, folder: Path) -> str:
    orders = check_orders(ours, read_orders(folder))
    covered = orders[orders["signed"].notna()]
    done, lone = compare_all(ours, folder)
    missed = explained(done, misses)
    away = sorted(set(orders.loc[orders["signed"].isna(), "authority"]))
    odd = [f"{r.measure_id} ({r.start}; signed {r.signed})" for r in covered.itertuples() if not r.day_agrees]
    left = missed[in_scope(missed)].sort_values(["data_set", "sender", "target", "year"])
    parts = [
        "### Against other records",
        f"US orders: number and signing day agree for {percent(int(covered['day_agrees'].sum()), len(covered))} "
        f"measures whose order is in the exports; {int(covered['at_once'].sum())} begin or were known on that day, "
        f"for the rest the note gives it beside the later effect. Not in the exports: {', '.join(away) or 'none'}.",
        markdown(rates(done, lone)),
        markdown(by_sender(done)),
        f"Theirs only, explained in misses.csv: {percent((missed['reason'] != '').sum(), len(missed))}. In scope:",
        "\n".join(
            f"- {r.data_set} {r.sender} {r.target} {r.year} (case {r.case}): {r.reason}"
            for r in left.itertuples()
        ),
    ]
    return "\n\n".join([*parts[:2], *(f"Other day: {line}" for line in odd), *parts[2:]])


def report(ours: pd.DataFrame, misses: pd.DataFrame) -> str:
    """The counts and, where the outside data is at hand, the comparison, as markdown."""
    about = describe("sanctions")
    acts = len(ours[["sender", "target", "authority"]].drop_duplicates())
    parts = [
        f"{len(ours)} spells of {ours['measure_id'].nunique()} measures against {ours['target'].nunique()} targets, "
        f"{acts} distinct (sender, target, authority), SHA-256 `{fingerprint(RECORD)}`, version {about['version']}, "
        f"data through {about['coverage']['through']}."
    ]
    for title, table in count_tables(ours).items():
        parts += [f"### {title}", markdown(table)]
    try:
        parts.append(comparison(ours, misses, raw_folder()))
    except AbsentData as absent:
        parts.append(f"Not compared: {absent}")
    return "\n\n".join(parts)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args(argv)
    text = report(read_text(RECORD), read_text(MISSES))
    if told.write:
        put_between(HERE / "README.md", SCRIPT, text)
    else:
        print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
