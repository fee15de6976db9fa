"""The whole alignment path once more, slowly and in plain Python: loops, dictionaries, the formulas as written."""

from __future__ import annotations

import math
from itertools import combinations

import pandas as pd

from risk.codebook import load_codebook

BOOK = load_codebook()
TYPES = BOOK.types


def day(stamp) -> int:
    """Day number of a timestamp."""
    return (stamp - pd.Timestamp("1970-01-01")).days


def memory(event: dict, as_of: int, known_on: int, clocks) -> float:
    """K of one event with dates as day numbers (None: none)."""
    age = as_of - event["date"]
    if age < 0 or event["known_on"] > known_on:
        return 0.0
    fast, slow, p, r = clocks["fast"], clocks["slow"], event["persistence"], event["standing"]
    if r is None:
        return (1 - p) * 2 ** (-age / fast) + p * 2 ** (-age / slow)
    ended = event["end"] is not None and event["end"] <= as_of and event["end_known_on"] <= known_on
    if not ended:
        return r + (1 - r) * 2 ** (-age / slow)
    since = as_of - event["end"]
    at_end = r + (1 - r) * 2 ** (-(event["end"] - event["date"]) / slow)
    return at_end * ((1 - p) * 2 ** (-since / fast) + p * 2 ** (-since / slow))


def rows_of(events: pd.DataFrame, recipe) -> list[dict]:
    """Every event as a dictionary with its weight, before reports are merged."""
    rows = []
    for event in events.to_dict("records"):
        kind = TYPES.loc[event["event_type"]]
        fraction = 1.0
        if event["stage"]:
            stages = BOOK.stages
            here = stages[(stages["event_type"] == event["event_type"]) & (stages["stage"] == event["stage"])]
            fraction = float(here["fraction"].iloc[0])
        magnitude = float(kind["default_magnitude"])
        if not math.isnan(event["magnitude"]):
            magnitude = event["magnitude"]
        elif not math.isnan(event["value"]) and not pd.isna(kind["typical_value"]) and event["value"] > 0:
            magnitude = min(max(1 + math.log10(event["value"] / float(kind["typical_value"])), 0.25), 10)
        states = (
            event["participants"].split(";")
            if event["participants"]
            else [event["actor"], event["recipient"]]
        )
        share = 1.0 if recipe.pair_weight == "full" else 1 / (len(states) - 1)
        standing = kind["standing"] if kind["kind"] == "state" else None
        rows.append(
            {
                **event,
                "g": float(kind[recipe.scale]),
                "base": float(kind[recipe.scale]) * fraction * magnitude,
                "share_of_pair": share,
                "pairs": {tuple(sorted(pair)) for pair in combinations(states, 2)},
                "persistence": float(kind["persistence"]),
                "standing": None if standing is None else float(standing),
                "date": day(event["date"]),
                "known_on": day(event["known_on"]),
                "end": None if pd.isna(event["end"]) else day(event["end"]),
                "end_known_on": None if pd.isna(event["end_known_on"]) else day(event["end_known_on"]),
            }
        )
    return rows


def stocks(events: pd.DataFrame, a: str, b: str, as_of: str, known_on: str, recipe) -> tuple[float, float]:
    """C and D of a dyad."""
    now, known = day(pd.Timestamp(as_of)), day(pd.Timestamp(known_on))
    here = [row for row in rows_of(events, recipe) if tuple(sorted((a, b))) in row["pairs"]]
    seen = [row for row in here if row["date"] <= now and row["known_on"] <= known]
    cooperation = conflict = 0.0
    done = set()
    for row in sorted(seen, key=lambda row: (row["known_on"], row["event_id"])):
        key = (row["act_id"], row["event_type"], row["stage"], tuple(sorted(row["pairs"])))
        if row["act_id"] and key in done:
            continue
        done.add(key)
        reports = [row]
        if row["act_id"]:
            reports = [
                other
                for other in sorted(here, key=lambda other: (other["known_on"], other["event_id"]))
                if (other["act_id"], other["event_type"], other["stage"], tuple(sorted(other["pairs"])))
                == key
                and other["known_on"] <= known
            ]
        left, origins = 1.0, set()
        for report in reports:
            named = {(name, report[name].casefold()) for name in ("publisher", "source") if report[name]}
            named = named or {"nobody"}
            if not named & origins:
                left *= 1 - report["confidence"]
            origins |= named
        if row["act_id"] and row["standing"] is None:
            force = [o for o in here if o["act_id"] == row["act_id"] and o["standing"] is not None]
            force = sorted(force, key=lambda o: (o["known_on"], o["date"]))[:1]
            if force and force[0]["date"] <= now and force[0]["known_on"] <= known:
                continue
        weight = row["base"] * (1 - left) * row["share_of_pair"] * memory(row, now, known, recipe.clocks)
        if weight > 0:
            cooperation += weight
        else:
            conflict -= weight
    return cooperation, conflict
