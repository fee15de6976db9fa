"""The public contract: names, signatures, a light import, frozen results."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys

import pytest

import risk

NAMES = [
    "load_events",
    "load_sanctions",
    "load_states",
    "load_codebook",
    "load_coverage",
    "load_positions",
    "load_triggers",
    "read_events",
    "check_events",
    "EventError",
    "resolve_state",
    "StateError",
    "Recipe",
    "load_recipe",
    "DEFAULT_RECIPE",
    "Scorer",
]
METHODS = [
    "alignment",
    "exposure",
    "change",
    "what_if",
    "history",
    "panel",
    "ranking",
    "features",
    "portfolio",
    "needed",
]
ALIGNMENT = [
    "a",
    "b",
    "as_of",
    "value",
    "interval",
    "interval_level",
    "cooperation",
    "conflict",
    "volume",
    "contested",
    "prior",
    "kappa",
    "coverage",
    "data_through",
    "contributions",
    "recipe",
    "by",
    "attribution",
    "plot",
    "to_dict",
    "cite",
    "save",
]
CONTRIBUTIONS = [
    "event_id",
    "date",
    "event_type",
    "family",
    "actor",
    "recipient",
    "intensity",
    "weight",
    "share",
    "leave_one_out",
    "source",
]
EXPOSURE = [
    "state",
    "as_of",
    "F",
    "F_by_sender",
    "E",
    "E_upper",
    "tie_coverage",
    "in_force",
    "onset",
    "partners",
    "plot",
    "to_dict",
    "cite",
    "save",
]
EVENTS = [
    "event_id",
    "date",
    "date_precision",
    "end",
    "actor",
    "recipient",
    "participants",
    "event_type",
    "act_id",
    "stage",
    "measure_id",
    "magnitude",
    "value",
    "confidence",
    "known_on",
    "end_known_on",
    "title",
    "publisher",
    "source",
    "url",
    "checked",
    "note",
]
SANCTIONS = [
    "measure_id",
    "spell",
    "sender",
    "target",
    "territory",
    "programme",
    "authority",
    "article",
    "instrument",
    "scope",
    "start",
    "end",
    "known_on",
    "end_known_on",
    "title",
    "publisher",
    "source",
    "url",
    "checked",
    "note",
]


@pytest.fixture(scope="module")
def score():
    return risk.Scorer().alignment("Venezuela", "Russia", as_of="2025-10-15")


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there(name):
    assert getattr(risk, name) is not None
    assert name in dir(risk)


@pytest.mark.parametrize("name", METHODS)
def test_the_scorer_asks_for_dates_by_name(name):
    parameters = inspect.signature(getattr(risk.Scorer, name)).parameters
    for word in ("as_of", "known_on", "start", "end"):
        if word in parameters and name != "what_if":
            assert parameters[word].kind is inspect.Parameter.KEYWORD_ONLY
    if "as_of" in parameters:
        assert parameters["as_of"].default is inspect.Parameter.empty


def test_results_have_the_documented_attributes(score):
    assert not [name for name in ALIGNMENT if not hasattr(score, name)]
    assert list(score.contributions.columns[:11]) == CONTRIBUTIONS
    exposure = risk.Scorer().exposure("VEN", as_of="2025-10-15")
    assert not [name for name in EXPOSURE if not hasattr(exposure, name)]


def test_tables_have_the_documented_columns():
    assert list(risk.load_events().columns) == EVENTS
    assert list(risk.load_sanctions().columns) == SANCTIONS
    assert list(risk.load_coverage().columns) == ["a", "b", "family", "start", "end", "threshold"]


def test_results_are_frozen(score):
    with pytest.raises(dataclasses.FrozenInstanceError):
        score.value = 0.0
    table = score.contributions
    table.loc[0, "share"] = 99.0
    assert score.contributions["share"].max() < 1


def test_the_order_asked_is_the_order_given(score):
    assert (score.a, score.b) == ("VEN", "RUS")


def test_the_import_is_light():
    code = (
        "import sys, risk; [getattr(risk, name) for name in dir(risk)]; "
        "print([name for name in ('sklearn', 'scipy.stats', 'matplotlib') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_public_name_has_a_docstring_with_an_example():
    for name in NAMES:
        thing = getattr(risk, name)
        if inspect.isfunction(thing) or name in ("Scorer", "Recipe"):
            assert ">>>" in (inspect.getdoc(thing) or ""), name
