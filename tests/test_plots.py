"""Pictures as a person sees them: nothing cut, nothing on top of something else, an empty state that says so."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import risk
from risk.drawing import spread, wrapped
from risk.plots import plot_contributions, plot_exposure, plot_history

AS_OF = "2025-10-15"
STORIES = [("VEN", "RUS"), ("UKR", "RUS"), ("PRK", "USA"), ("IRN", "CHN"), ("VEN", "TUR")]


@pytest.fixture(scope="module")
def scorer():
    return risk.Scorer()


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def assert_all_inside(figure) -> None:
    """Everything drawn lies on the page, a pixel of rounding aside."""
    figure.canvas.draw()
    drawn = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert max(drawn.x1 - width, drawn.y1 - height, -drawn.x0, -drawn.y0) <= 0.01, drawn


@pytest.mark.parametrize("dyad", STORIES, ids="-".join)
def test_no_text_of_a_history_is_cut_and_no_number_covers_another(scorer, dyad):
    ax = scorer.plot_history(*dyad, start="2000-01-01", end=AS_OF)
    assert_all_inside(ax.figure)
    numbers = [text.get_window_extent() for text in ax.texts if text.get_text().isdigit()]
    assert numbers, "at least one event is marked"
    assert all(left.x1 < right.x0 for left, right in pairwise(numbers))


@pytest.mark.parametrize("dyad", STORIES, ids="-".join)
def test_no_label_of_a_waterfall_is_cut_or_covers_another(scorer, dyad):
    ax = scorer.alignment(*dyad, as_of=AS_OF).plot()
    assert_all_inside(ax.figure)
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert all(upper.y0 >= lower.y1 for upper, lower in pairwise(boxes))


@pytest.mark.parametrize("state", ["VEN", "RUS", "USA", "ISL"])
def test_exposure_says_what_it_shows_and_cuts_nothing(scorer, state):
    axes = scorer.exposure(state, as_of=AS_OF).plot()
    assert_all_inside(axes[0].figure)
    assert [ax.get_title(loc="left") for ax in axes] == ["Measures in force", "Through partners"]
    assert axes[0].figure.get_suptitle().startswith(f"Sanctions exposure {state} as of {AS_OF}")


def test_the_bars_of_exposure_add_up_to_what_they_split(scorer):
    one = scorer.exposure("RUS", as_of=AS_OF)
    widths = [sum(bar.get_width() for bar in ax.patches) for ax in one.plot()]
    assert widths == pytest.approx([one.F, one.E], abs=1e-9)


def test_the_bars_of_a_waterfall_add_up_to_the_score(scorer):
    one = scorer.alignment("UKR", "RUS", as_of=AS_OF)
    assert sum(bar.get_width() for bar in one.plot(top=5).patches) == pytest.approx(one.value)


def test_a_what_if_is_drawn_from_the_score_to_the_score_with_all_steps(scorer):
    recipe = risk.DEFAULT_RECIPE.replace(scale="plover", name="plover")
    one = scorer.what_if("VEN", "RUS", as_of="2025-10-28", drop="rus-ven-2025-partnership", recipe=recipe)
    ax = one.plot()
    assert_all_inside(ax.figure)
    assert len(ax.patches) == len(one.steps) + 1, "two steps, and what they do together"
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(one.total)


def test_a_what_if_without_steps_has_nothing_to_draw(scorer):
    ax = scorer.what_if("VEN", "RUS", as_of=AS_OF).plot()
    assert "nothing on record" in [text.get_text() for text in ax.texts]


def test_what_is_not_on_record_is_said_and_has_no_axes(scorer):
    history = scorer.history("URY", "ISL", start="2000-01-01", end=AS_OF)
    nothing = scorer.alignment("URY", "ISL", as_of=AS_OF).contributions
    exposed = plot_exposure(pd.DataFrame({"share": []}), pd.DataFrame({"path": [], "amount": []}))
    for ax in (plot_history(history), plot_contributions(nothing, np.nan), *exposed):
        assert "nothing on record" in [text.get_text() for text in ax.texts]
        assert not ax.axison


def test_a_direction_is_told_without_colour(scorer):
    for bar in scorer.alignment("UKR", "RUS", as_of=AS_OF).plot().patches:
        assert bool(bar.get_hatch()) == (bar.get_width() < 0)


def test_dollars_are_no_formula():
    table = pd.DataFrame({"date": [pd.Timestamp("2024-01-01")], "title": ["$5 to $6"], "share": [0.5]})
    ax = plot_contributions(table, 0.5, title="$a$")
    assert not any(text.get_parse_math() for text in [*ax.get_yticklabels(), ax._left_title])


def test_a_label_breaks_between_words_and_says_where_it_stops():
    text = wrapped(pd.Timestamp("2024-02-29"), "word " * 60, line=20, lines=2)
    assert text.startswith("2024-02-29  word")
    assert text.endswith("word …")
    assert [len(line) <= 20 for line in text.splitlines()] == [True, True]


def test_crowded_places_move_apart_and_no_further():
    places = spread(np.array([0.1, 0.50, 0.505, 0.51, 0.9]), gap=0.02)
    assert np.diff(places).min() >= 0.02 - 1e-12
    assert places[[0, 2, 4]] == pytest.approx([0.1, 0.505, 0.9])
    assert spread(np.array([0.1, 0.9]), gap=0.02).tolist() == [0.1, 0.9]
