"""What several tests share: tables drawn by hypothesis, and where the real data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from risk.events import check_events

settings.register_profile(
    "risk", deadline=None, max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True
)
settings.load_profile("risk")

CODES = ["RUS", "VEN", "USA", "CHN", "CUB"]
TYPES = [
    "diplomacy.head_visit", "energy.oil", "arms.contract", "force.incident", "pressure.tariff", "drill.naval",
    "treaty.partnership", "treaty.in_force", "force.war", "defence.base", "technology.space",
]  # fmt: skip
STATES_OF_AFFAIRS = {"treaty.in_force", "force.war", "defence.base"}
STAGES = ["signed", "parliament_a", "ratified_a", ""]
DAYS = st.dates(pd.Timestamp("2000-01-01").date(), pd.Timestamp("2025-12-31").date())


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a skip that says where it was looked for."""
    folder = Path(os.environ.get("RISK_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder} (set RISK_DATA)")
    return folder


@st.composite
def event_rows(draw, index: int) -> dict:
    """One row of an event table."""
    kind = draw(st.sampled_from(TYPES))
    date = pd.Timestamp(draw(DAYS))
    actor, recipient = draw(st.permutations(CODES))[:2]
    row = {
        "event_id": f"e{index}",
        "date": date,
        "end": pd.NaT,
        "actor": actor,
        "recipient": recipient,
        "participants": "",
        "event_type": kind,
        "act_id": draw(st.sampled_from(["", "", "act1", "act2"])),
        "stage": draw(st.sampled_from(STAGES)) if kind == "treaty.partnership" else "",
        "magnitude": draw(st.sampled_from([float("nan"), 0.5, 1.0, 3.0])),
        "confidence": draw(st.sampled_from([0.3, 0.75, 1.0])),
        "known_on": date + pd.Timedelta(days=draw(st.sampled_from([0, 0, 1, 40, 900]))),
        "end_known_on": pd.NaT,
        "publisher": draw(st.sampled_from(["", "P", "Q", "R"])),
        "source": draw(st.sampled_from(["", "s", "t"])),
    }
    if kind in STATES_OF_AFFAIRS and draw(st.booleans()):
        row["end"] = date + pd.Timedelta(days=draw(st.integers(0, 4000)))
        row["end_known_on"] = row["end"] + pd.Timedelta(days=draw(st.sampled_from([0, 30])))
    if kind in ("drill.naval", "technology.space") and draw(st.booleans()):
        row |= {
            "actor": "",
            "recipient": "",
            "participants": ";".join(sorted(draw(st.permutations(CODES))[:3])),
        }
    return row


@st.composite
def event_tables(draw, min_size: int = 1, max_size: int = 14) -> pd.DataFrame:
    """A checked event table."""
    size = draw(st.integers(min_size, max_size))
    return check_events(pd.DataFrame([draw(event_rows(index)) for index in range(size)]))
