"""The scorecard that learns: a scikit-learn classifier whose explanation is its calculation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from risk.onset.fitting import calibrate, clustered_covariance, fit_logistic, log_loss, past_folds
from risk.onset.model import OnsetModel

__all__ = ["OnsetScorecard"]

MIN_EVENTS_TO_CALIBRATE = 20


class OnsetScorecard(ClassifierMixin, BaseEstimator):
    """
    Discrete-time hazard as a ridge logistic regression on named features with sign constraints.

    Each row is a state at a date and the outcome is whether the event comes within the horizon (Beck, Katz & Tucker
    1998, doi:10.2307/2991857: grouped duration data are binary data).

    Parameters
    ----------
    signs : mapping or sequence, optional
        Which way a feature may work, by name (for a frame) or by place: +1, -1 or 0 for free. None: all free.
    ridge : float or "auto"
        Strength of the pull to 0 on standardised features. ``"auto"``: with ``time``, the one of ``ridges`` with the
        least log loss on folds that come after their training rows; without, 1.
    ridges : sequence of float
    n_folds : int
        Time-ordered folds for ridge and calibration.
    calibrated : bool
        Whether a sigmoid is fitted to the out-of-fold log odds and folded into the coefficients (only with ``time``
        and at least 20 events in the folds).
    pdo, points0, odds0 : float
        Points form: ``points0`` points at odds of ``odds0`` to 1 against the event, ``pdo`` points double the odds.
    level : float
        Of the intervals.

    Attributes
    ----------
    classes_, n_features_in_, feature_names_in_
        As scikit-learn has them.
    intercept_, coef_ : float, ndarray of shape (n_features,)
        Log odds, on the features' own scale, calibration included.
    covariance_ : ndarray, shape (n_features + 1, n_features + 1)
        Of intercept and coefficients, clustered by ``groups``.
    ridge_, calibration_ : float, tuple of (intercept, slope)
    factor_, offset_ : float
        ``pdo / ln 2`` and ``points0 - factor ln odds0`` (Siddiqi 2006, *Credit Risk Scorecards*).

    Examples
    --------
    >>> X = pd.DataFrame({"hostile": [0.0, 0.1, 1.0, 1.2, 2.0, 2.2]})
    >>> card = OnsetScorecard(signs={"hostile": 1}).fit(X, [0, 0, 0, 1, 1, 1])
    >>> bool(card.coef_[0] > 0), round(float(card.factor_), 4), round(float(card.offset_), 3)
    (True, 28.8539, 487.123)
    """

    def __init__(
        self,
        signs: Mapping[str, int] | Sequence[int] | None = None,
        ridge: float | str = "auto",
        ridges: Sequence[float] = (1.0, 10.0, 100.0),
        n_folds: int = 5,
        calibrated: bool = True,
        pdo: float = 20.0,
        points0: float = 600.0,
        odds0: float = 50.0,
        level: float = 0.9,
    ):
        self.signs = signs
        self.ridge = ridge
        self.ridges = ridges
        self.n_folds = n_folds
        self.calibrated = calibrated
        self.pdo = pdo
        self.points0 = points0
        self.odds0 = odds0
        self.level = level

    def __sklearn_tags__(self):
        """Two classes only."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X, y, groups=None, time=None) -> OnsetScorecard:
        """
        Learn from rows of which the outcome is known.

        Parameters
        ----------
        X : array-like or frame, shape (n, n_features)
        y : array-like of two classes, the greater being the event
        groups : array-like, optional
            Rows of one group (a target) are not independent: intervals are clustered by it.
        time : array-like, optional
            When each row stood; orders the folds of ridge and calibration.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y", raise_unknown=True)
        if kind != "binary":
            raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
        self.classes_, happened = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("y holds one class only; a hazard needs rows with the event and rows without")
        check_consistent_length(X, groups, time)
        groups = None if groups is None else np.asarray(groups)
        self._learn(X, happened, groups, None if time is None else np.asarray(time))
        self.factor_ = self.pdo / np.log(2)
        self.offset_ = self.points0 - self.factor_ * np.log(self.odds0)
        return self

    def _learn(self, X, y, groups, time) -> None:
        signs = self._signs()
        centre, scale = X.mean(axis=0), X.std(axis=0)
        scale = np.where(
            scale > 1e-12 * np.maximum(np.abs(centre), 1), scale, np.inf
        )  # constants weigh nothing
        self.ridge_, shift, slope = self._tune(X, y, signs, time)
        z = (X - centre) / scale
        fit = fit_logistic(z, y, self.ridge_, signs)
        self.calibration_ = (shift, slope)
        back = np.zeros(
            (X.shape[1] + 1, X.shape[1] + 1)
        )  # from standardised to own scale, calibration included
        back[0, 0], back[0, 1:] = 1.0, -centre / scale
        back[1:, 1:] = np.diag(1 / scale)
        whole = slope * back @ np.concatenate([[fit[0]], fit[1]])
        self.intercept_, self.coef_ = float(whole[0] + shift), whole[1:]
        covariance = clustered_covariance(z, y, fit, self.ridge_, groups)
        self.covariance_ = slope**2 * back @ covariance @ back.T
        self.base_rate_, self.n_events_, self.n_rows_ = float(y.mean()), int(y.sum()), len(y)

    def _tune(self, X, y, signs, time) -> tuple[float, float, float]:
        """Ridge strength, and intercept and slope of the calibration, from folds in the order of time."""
        ridges = list(self.ridges) if self.ridge == "auto" else [float(self.ridge)]
        folds = [] if time is None else past_folds(time, self.n_folds)
        folds = [(train, test) for train, test in folds if 0 < y[train].sum() < len(train)]
        if not folds:
            return (1.0 if self.ridge == "auto" else ridges[0]), 0.0, 1.0
        rows = np.concatenate([test for _, test in folds])
        tried = [np.concatenate([_ahead(X, y, *fold, ridge, signs) for fold in folds]) for ridge in ridges]
        best = int(np.argmin([log_loss(found, y[rows]) for found in tried]))
        if not self.calibrated or y[rows].sum() < MIN_EVENTS_TO_CALIBRATE:
            return ridges[best], 0.0, 1.0
        shift, slope = calibrate(tried[best], y[rows])
        return ridges[best], shift, float(slope[0])

    def _signs(self) -> np.ndarray:
        if self.signs is None:
            return np.zeros(self.n_features_in_, dtype=int)
        if not isinstance(self.signs, Mapping):
            signs = np.asarray(self.signs, dtype=int)
            if signs.shape != (self.n_features_in_,):
                raise ValueError(f"signs: {len(signs)} signs for {self.n_features_in_} features")
            return signs
        if not hasattr(self, "feature_names_in_"):
            raise ValueError("signs by name need X as a frame with named columns")
        unknown = sorted(set(self.signs) - set(self.feature_names_in_))
        if unknown:
            raise ValueError(f"signs: no feature is called {', '.join(unknown)}")
        return np.array([self.signs.get(name, 0) for name in self.feature_names_in_], dtype=int)

    def decision_function(self, X) -> np.ndarray:
        """Calibrated log odds of the event."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self.intercept_ + X @ self.coef_

    def predict_proba(self, X) -> np.ndarray:
        """Probabilities of no event and event, shape (n, 2)."""
        p = expit(self.decision_function(X))
        return np.column_stack([1 - p, p])

    def predict(self, X) -> np.ndarray:
        """The likelier class; at low base rates nearly always no event, so look at probabilities."""
        event = self.decision_function(X) > 0
        return self.classes_[event.astype(int)]

    def points(self, X) -> np.ndarray:
        """Points of each row: ``offset - factor * log odds``; more points, less risk."""
        return self.offset_ - self.factor_ * self.decision_function(X)

    def points_by_feature(self, X) -> pd.DataFrame:
        """Exact shares of the points: a column ``base`` and one per feature; a row's sum is its points."""
        names = self._names()
        self.decision_function(X)  # the same checks
        values = validate_data(self, X, dtype=np.float64, reset=False)
        table = pd.DataFrame(-self.factor_ * values * self.coef_, columns=names)
        table.insert(0, "base", self.offset_ - self.factor_ * self.intercept_)
        return table

    def coefficients(self) -> pd.DataFrame:
        """One row per feature: ``feature, coefficient, low, high``; NaN interval where a sign bound holds it at 0."""
        check_is_fitted(self)
        error = np.sqrt(np.clip(np.diag(self.covariance_)[1:], 0, None))
        error = np.where(self.coef_ == 0, np.nan, error) * norm.ppf(0.5 + self.level / 2)
        low, high = self.coef_ - error, self.coef_ + error
        columns = {"feature": self._names(), "coefficient": self.coef_, "low": low, "high": high}
        return pd.DataFrame(columns)

    def to_model(self, **card) -> OnsetModel:
        """The fitted numbers with where they come from, ready to be saved; see :class:`risk.onset.OnsetModel`."""
        check_is_fitted(self)
        return OnsetModel.of(
            features=self._names(),
            intercept=self.intercept_,
            coefficients=self.coef_.tolist(),
            covariance=self.covariance_.tolist(),
            base_rate=self.base_rate_,
            points={"pdo": self.pdo, "points0": self.points0, "odds0": self.odds0},
            level=self.level,
            card={
                "ridge": self.ridge_,
                "calibration": list(self.calibration_),
                "rows": self.n_rows_,
                "events": self.n_events_,
                **card,
            },
        )

    def save(self, path: str | PathLike[str], **card):
        """Write the fitted numbers as JSON with what they come from; returns the path. Never a pickle."""
        return self.to_model(**card).save(path)

    def _names(self) -> list[str]:
        named = getattr(self, "feature_names_in_", None)
        return list(named) if named is not None else [f"x{place}" for place in range(self.n_features_in_)]


def _ahead(X, y, train, test, ridge: float, signs) -> np.ndarray:
    """Log odds of test rows from training rows alone: scale, coefficients and all."""
    centre, scale = X[train].mean(axis=0), X[train].std(axis=0)
    scale = np.where(scale > 1e-12 * np.maximum(np.abs(centre), 1), scale, np.inf)
    intercept, coefficients = fit_logistic((X[train] - centre) / scale, y[train], ridge, signs)
    return intercept + (X[test] - centre) / scale @ coefficients
