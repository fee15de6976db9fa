"""Rolling origin with an expanding window: at every date each model learns from the past and says the next year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from risk.onset import LeakageError, OnsetScorecard

__all__ = ["NAIVE", "Model", "backtest", "boosting", "climatology", "persistence", "scorecard", "single"]

Model = Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]
"""Given training rows (with outcome) and test rows (without): a probability per test row."""

NAIVE = ("climatology", "persistence", "net score")


def climatology(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
    """
    The base rate so far, for everyone.

    Examples
    --------
    >>> climatology(pd.DataFrame({"happened": [0, 1]}), pd.DataFrame(index=[0])).tolist()
    [0.5]
    """
    return np.full(len(test), (train["happened"].sum() + 0.5) / (len(train) + 1))


def persistence(recent: str) -> Model:
    """What followed so far where the last year held an event, and where it held none."""

    def model(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
        rate = climatology(train, train.iloc[:1])[0]
        cells = train.groupby(train[recent] > 0)["happened"].agg(["sum", "size"])
        says = (cells["sum"] + rate) / (cells["size"] + 1)
        return (test[recent] > 0).map(says).fillna(rate).to_numpy(dtype=float)

    return model


def single(column: str, sign: int = -1) -> Model:
    """A logistic curve through one column: what a score alone says."""
    return scorecard({column: sign}, plain=True)


def scorecard(signs: Mapping[str, int], *, plain: bool = False, **options) -> Model:
    """The onset scorecard on the named columns; ``plain``: ridge 1, no folds, no calibration."""

    def model(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
        card = OnsetScorecard(signs=dict(signs), **options)
        time = None if plain else train.index.get_level_values("as_of").to_numpy()
        names = list(signs)
        return card.fit(train[names], train["happened"], time=time).predict_proba(test[names])[:, 1]

    return model


def boosting(columns: Sequence[str]) -> Model:
    """Gradient boosting on the same columns: the ceiling of a black box, to say what transparency costs."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    def model(train: pd.DataFrame, test: pd.DataFrame) -> np.ndarray:
        trees = HistGradientBoostingClassifier(
            max_iter=100,
            learning_rate=0.06,
            max_leaf_nodes=8,
            min_samples_leaf=20,
            l2_regularization=1.0,
            random_state=0,
        )
        return trees.fit(train[list(columns)], train["happened"]).predict_proba(test[list(columns)])[:, 1]

    return model


def backtest(
    table: pd.DataFrame, models: Mapping[str, Model], *, first: object, horizon: pd.DateOffset | None = None
) -> pd.DataFrame:
    """
    Say every year from the years before it alone.

    Parameters
    ----------
    table : pandas.DataFrame
        Index with a level ``as_of``; the columns models need and ``happened``. If there is a column ``label_from``, a
        row whose outcome begins on or before its date is refused.
    models : mapping of str to Model
    first : day
        The first date to say; rows before it only train.
    horizon : pandas.DateOffset, optional
        How long outcomes stay open (one year): a row trains only once its outcome is closed.

    Returns
    -------
    pandas.DataFrame
        Index of the table from ``first`` on; ``happened`` and a probability per model.

    Raises
    ------
    LeakageError
        If an outcome begins before its features end.
    ValueError
        If a date has no training rows of both classes.
    """
    horizon = pd.DateOffset(years=1) if horizon is None else horizon
    as_of = pd.DatetimeIndex(table.index.get_level_values("as_of"))
    if "label_from" in table.columns and (pd.DatetimeIndex(table["label_from"]) <= as_of).any():
        row = table.index[np.argmax(pd.DatetimeIndex(table["label_from"]) <= as_of)]
        raise LeakageError(
            f"the outcome of {row} begins on or before the day its features end; give it a lag"
        )
    closed = as_of + horizon
    parts = []
    for date in np.unique(as_of[as_of >= pd.Timestamp(first)]):
        train, test = table[closed <= date], table[as_of == date]
        if train["happened"].nunique() < 2:
            raise ValueError(
                f"{pd.Timestamp(date):%Y-%m-%d}: no past rows of both classes to learn from; begin later"
            )
        unseen = test.drop(columns="happened")
        with threadpool_limits(1):  # small fits: threads cost more than they give
            said = {name: model(train, unseen) for name, model in models.items()}
        parts.append(pd.DataFrame({"happened": test["happened"], **said}, index=test.index))
    return pd.concat(parts)
