"""The whole card: every backtest, alignment against the world and interval coverage, as one Markdown text."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from risk import __version__, datasets
from risk.exposure import SENDERS
from risk.kernels import net_ratio
from risk.ledger import Ledger, open_ledger
from risk.validation import prose, world
from risk.validation.calibration import Evidence, evidence, fit, held_out_gain, profile
from risk.validation.gge_panel import GGE_FILE, GSDB_FILE, gge_report, gge_table, gge_years
from risk.validation.intervals import coverage_by_rho, matched_rho
from risk.validation.outside import EUSANCT_FILE, outside_reports
from risk.validation.own import TASKS, own_predictions, own_report, own_table
from risk.validation.report import Report

__all__ = ["card", "docs_card", "outside_data"]

SEED = 20251231
DRAWS = 100
GGE_TASKS = (("any", "any new case"), ("first", "first case of the dyad"))
OUTSIDE = (GGE_FILE, GSDB_FILE, EUSANCT_FILE, world.ATOP_FILE, world.SIPRI_FILE, world.ICEWS_FILE)


def card(
    real_data: Path | None = None, *, out: Path | None = None, echo: Callable[[str], object] | None = print
) -> str:
    """
    Measure everything that is claimed, and say where it fails.

    Parameters
    ----------
    real_data : path, optional
        Folder of outside data; None: only what the embedded record can show.
    out : path, optional
        File to write the card to (``docs/validation.md``).
    echo : callable, optional
        Given each part as it is done; None: silence.

    Returns
    -------
    str
        Markdown; the same for the same data.
    """
    ledger, parts = open_ledger(), []
    for part in _parts(ledger, None if real_data is None else Path(real_data)):
        parts.append(part)
        if echo is not None:
            echo(part)
    text = "\n".join(parts)
    if out is not None:
        Path(out).write_text(text, encoding="utf-8")
    return text


def _parts(ledger: Ledger, folder: Path | None) -> Iterator[str]:
    rng = np.random.default_rng(SEED)
    yield _head(ledger, folder)
    yield "## Onset on the embedded record\n\n" + prose.POOLED
    reports, untested = _own(ledger, rng)
    yield from (report.to_markdown() for report in reports.values())
    yield from untested
    if folder is not None:
        yield "## Onset judged by others' records\n\n" + prose.OTHERS
        asked = {
            sender: report for (sender, task), report in reports.items() if task == "any" and sender != "GBR"
        }
        for report in outside_reports(asked, folder, rng, draws=DRAWS):
            yield report.to_markdown(misses=0)
        yield "## Onset on GGE and GSDB (upper bounds)\n\n" + prose.ORIENTATION
        yield from _gge(folder, rng)
    yield "## Alignment against the world\n"
    yield from _world(ledger, folder, rng)
    yield "## Intervals: next year's net ratio\n\n" + prose.INTERVALS
    table = world.next_year(ledger, range(1999, 2025), world.MIN_EVENTS)
    yield _coverage("the embedded record", table, ledger, rng)
    icews = None if folder is None else world.icews_ledger(folder)
    if icews is not None:
        table = world.next_year(icews, range(2006, 2015), world.MIN_EVENTS)
        yield _coverage("ICEWS (a random tenth of 2005-2015)", table, icews, rng)
    yield "## The recipe's numbers, fitted once\n\n" + prose.FITTED
    yield _fitted("the embedded record", evidence(ledger, range(1999, 2025)), 2014, rng)
    if icews is not None:
        data = evidence(icews, range(2005, 2015), prior=ledger)
        yield _fitted("ICEWS (a random tenth of 2005-2015)", data, 2010, rng, free_base=True)
    yield prose.LIMITS


def _head(ledger: Ledger, folder: Path | None) -> str:
    through = datasets.describe("events")["coverage"]["through"]
    record, events = _digest(datasets.path("sanctions", "sanctions.csv")), f"{len(ledger.events):,} events"
    recipe, spells = ledger.recipe, f"{len(ledger.sanctions):,} spells"
    lines = [
        "# Validation",
        "",
        f"Made by `risk.validation.card` of geopolitical-risk {__version__}; no figure in it is typed "
        "by hand. Rolling origin, expanding window: what is said of a year is learnt from the years before it alone. "
        "Intervals are 90 %, from "
        "resampled targets (dyads from the alignment part on). Skill is 1 - Brier / Brier of the expanding "
        "climatology.",
        "",
        "| data | what | SHA-256 |",
        "|---|---|---|",
        f"| {ledger.version} | {events} through {through} | {_digest(datasets.path('events', 'events.csv'))} |",
        f"| sanctions record | {spells}, to {ledger.sanctions['start'].max():%Y-%m-%d} | {record} |",
        f"| recipe {recipe.name} | kappa {recipe.kappa:g}, rho {recipe.rho:g} | {recipe.digest[:12]} |",
    ]
    if folder is None:
        lines.append("| outside data | not at hand: the parts that need it are left out | |")
    else:
        lines += [f"| {file.as_posix()} | outside data | {_digest(folder / file)} |" for file in OUTSIDE]
    return "\n".join(lines) + "\n"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _own(ledger: Ledger, rng: np.random.Generator) -> tuple[dict[tuple[str, str], Report], list[str]]:
    """The report of every sender and task, and why some have none."""
    table = own_table(ledger)
    said = own_predictions(table)
    reports: dict[tuple[str, str], Report] = {}
    untested = []
    for sender in SENDERS:
        for task in TASKS:
            try:
                reports[sender, task] = own_report(table, said, sender, task, rng, draws=DRAWS)
            except ValueError as reason:
                untested.append(f"### {sender}: {task}\n\nNot tested, and not shown: {reason}.\n")
    return reports, untested


def _gge(folder: Path, rng: np.random.Generator) -> Iterator[str]:
    for task, what in GGE_TASKS:
        table = gge_table(folder, task)
        for sender in ("USA", None):
            try:
                yield gge_report(table, sender, what, rng, draws=DRAWS).to_markdown()
            except ValueError as reason:
                yield f"### {sender}: {what}\n\nNot tested: {reason}.\n"


def _world(ledger: Ledger, folder: Path | None, rng: np.random.Generator) -> Iterator[str]:
    said = world.against_measures(ledger, folder, rng, DRAWS)
    yield (
        "Rank correlation of the score from events alone (no prior) with other measures, embedded record, year ends "
        "1999-2020:\n\n" + _correlations(said)
    )
    if folder is None:
        return
    yield _known_groups(ledger, folder, rng)
    yield (
        "Next year's mean GGE score on GGE's panel (year ends 1985-2023, hindsight) from this year's figures. What is "
        "foretold is a mean, which GGE's rule estimates by construction:\n\n"
        + _correlations(world.gge_next_year(folder, rng, DRAWS))
    )


def _known_groups(ledger: Ledger, folder: Path, rng: np.random.Generator) -> str:
    """Allies against rivals; score and groups never from the same data where that can be helped."""
    allies, forced = world.allied_years(folder), world.force_years(ledger)
    ours, gge = world.own_scores(ledger, range(1999, 2019)), gge_years(folder)
    friendly, hostile = ((gge[f"{letter}_fast"] + gge[f"{letter}_slow"]).to_numpy() for letter in "CD")
    gge["net_ratio"] = net_ratio(friendly, hostile, 1.0, 0.0)
    cold = gge.loc[gge["score_dynamic"] < 0, ["year", "a", "b"]]
    gge = gge[gge["year"].between(1999, 2018)]
    cases = [
        ("our score, own record", "GGE score below 0", ours, cold, "events_only"),
        ("our score, own record", "force in 5 years, same record: circular", ours, forced, "events_only"),
        ("our formula on GGE", "force in 5 years, own record", gge, forced, "net_ratio"),
        ("GGE's score", "force in 5 years, own record", gge, forced, "score_dynamic"),
    ]
    lines = [
        "Allies (ATOP 5, defence) against rivals, dyad-years 1999-2018: chance that the ally scores higher.",
        "",
    ]
    lines += ["| score | rivals | AUC (90 %) | allied | rival |", "|---|---|---|---|---|"]
    for name, against, scores, rivals, value in cases:
        found = world.allies_against_rivals(scores, allies, rivals, value, rng, DRAWS)
        lines.append(
            f"| {name} | {against} | {found['auc']:.3f} ({found['low']:.3f}, {found['high']:.3f}) | "
            f"{found['allied']} | {found['rival']} |"
        )
    return "\n".join(lines) + "\n"


def _correlations(table: pd.DataFrame) -> str:
    lines = ["| measure | Spearman (90 %) | n | dyads |", "|---|---|---|---|"]
    lines += [
        f"| {row.measure} | {row.rho_s:.3f} ({row.low:.3f}, {row.high:.3f}) | {row.n:,} | {row.dyads:,} |"
        for row in table.itertuples()
    ]
    return "\n".join(lines) + "\n"


def _coverage(name: str, table: pd.DataFrame, ledger: Ledger, rng: np.random.Generator) -> str:
    found = coverage_by_rho(table, ledger.recipe)
    one_way = f"{(table['ratio'].abs() == 1).mean():.0%}"
    lines = [
        f"### On {name}",
        "",
        f"{len(table)} dyad-years with at least {world.MIN_EVENTS} events in the next year; in {one_way} of them "
        "all go one way.",
        "",
        "| rho | foretold: all | friendly | hostile | of p: all | friendly | hostile | mean width |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found.itertuples():
        shares = (row.all, row.friendly, row.hostile, row.p_all, row.p_friendly, row.p_hostile)
        lines.append(
            f"| {row.rho:g} | " + " | ".join(f"{share:.3f}" for share in shares) + f" | {row.width:.2f} |"
        )
    lines += [
        "",
        f"{_matched(found)} ({int(found['n_friendly'].iloc[0])} friendly, {int(found['n_hostile'].iloc[0])} hostile "
        f"dyad-years). {_at_recipe(coverage_by_rho(table, ledger.recipe, [ledger.recipe.rho]).iloc[0])}",
        "",
        "Rank correlation with next year's net ratio:",
        "",
        _correlations(world.rank_correlations(table, ["value", "gge", "last"], "ratio", rng, DRAWS)),
    ]
    return "\n".join(lines)


def _matched(found: pd.DataFrame) -> str:
    rho = matched_rho(found)
    if np.isnan(rho):
        return "Coverage of 90 % is not reached at any of these"
    return (
        "Coverage of 90 % is reached already at rho = 1"
        if rho == 1
        else f"Coverage of 90 % is matched at rho = {rho:.1f}"
    )


def _at_recipe(row: pd.Series) -> str:
    within = all(0.87 <= share <= 0.93 for share in (row["friendly"], row["hostile"]))
    return (
        f"At the recipe's rho of {row['rho']:g}: {row['friendly']:.3f} of the friendly, {row['hostile']:.3f} of the "
        f"hostile; {'both' if within else 'not both'} inside 87-93 %."
    )


def _fitted(
    name: str, data: Evidence, last: int, rng: np.random.Generator, *, free_base: bool = False
) -> str:
    """The profile of each parameter, and what a joint fit on the earlier years gains on the later ones."""
    base = ", the base row fitted again at each value" if free_base else ""
    lines = [
        f"### By {name}",
        "",
        f"{len(data.rows):,} dyad-years, {len(set(data.dyads)):,} dyads{base}.",
        "",
    ]
    lines += [
        "| parameter | recipe | fitted alone (90 %) | gain (90 %) | what it is |",
        "|---|---|---|---|---|",
    ]
    families = [f"persistence.{family}" for family in data.families]
    tables = [
        profile(data, rng, free_base=free_base, draws=DRAWS),
        profile(data, rng, names=families, free_base=free_base, draws=DRAWS, n=11),
    ]
    for row in pd.concat(tables).reset_index().itertuples():
        lines.append(
            f"| {row.parameter} | {row.default:.4g} | {row.fitted:.3g} ({row.low:.3g}, {row.high:.3g}) | "
            f"{row.gain:+.4f} ({row.gain_low:+.4f}, {row.gain_high:+.4f}) | {row.meaning} |"
        )
    joint = ", ".join(f"{key} {value:.3g}" for key, value in fit(data).items())
    later = held_out_gain(data, last, rng, draws=DRAWS)
    lines += [
        "",
        f"All at once: {joint}. Fitted on {later['n_fit']:,} dyad-years to {last} and judged on the {later['n']:,} "
        f"after, that gains {later['gain']:+.4f} ({later['low']:+.4f}, {later['high']:+.4f}) over the recipe.",
        "",
    ]
    return "\n".join(lines)


def outside_data(given: Path | None = None) -> Path | None:
    """The folder of outside data: the one given, else ``RISK_DATA``, else beside the checkout; None without one."""
    named = given or (Path(os.environ["RISK_DATA"]) if os.environ.get("RISK_DATA") else None)
    if named is not None and not named.is_dir():
        raise FileNotFoundError(f"outside data: {named} is no folder")
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return named or (beside if beside.is_dir() else None)


def docs_card() -> Path | None:
    """``docs/validation.md`` of the checkout that the package lies in; None where it is installed."""
    file = Path(__file__).resolve().parents[2] / "docs" / "validation.md"
    return file if file.is_file() else None
