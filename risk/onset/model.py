"""The scorecard that is shipped: numbers in JSON with a schema, a checksum and where they come from."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from pathlib import Path
from statistics import NormalDist

import numpy as np

from risk import datasets
from risk.display import html_table

__all__ = ["SCHEMA", "ModelError", "OnsetModel", "load_model"]

SCHEMA = "risk.onset/1"
TASKS = ("any", "first")
MAX_BYTES = 5_000_000
_BINARY = {
    b"\x80": "a pickle",
    b"\x93NUMPY": "a NumPy array file",
    b"PK\x03\x04": "a zip (joblib, npz or torch)",
    b"\x1f\x8b": "a gzip (joblib)",
    b"\x89HDF": "an HDF5 file",
    b"x\x9c": "zlib data (joblib)",
}
_KEYS = (
    "schema",
    "features",
    "intercept",
    "coefficients",
    "covariance",
    "base_rate",
    "points",
    "level",
    "card",
)


class ModelError(ValueError):
    """A model file that is not used: what is wrong with it, and what to do."""


@dataclass(frozen=True, eq=False, repr=False)
class OnsetModel:
    """
    A fitted scorecard as plain numbers.

    Schema ``risk.onset/1``; a file of another schema is refused, never converted in silence. The SHA-256 is over the
    file's other fields as sorted compact JSON, so an edited file is noticed.

    Attributes
    ----------
    features : tuple of str
    intercept : float
    coefficients : ndarray
        Log odds per unit of each feature.
    covariance : ndarray
        Of intercept and coefficients.
    base_rate : float
        Share of training rows with the event.
    points : mapping
        ``pdo, points0, odds0``.
    level : float
        Of the intervals.
    card : dict
        Senders, horizon, data, window, recipe digest, measured skill: where the numbers come from.
    """

    features: tuple[str, ...]
    intercept: float
    coefficients: np.ndarray
    covariance: np.ndarray
    base_rate: float
    points: Mapping[str, float]
    level: float
    card: dict

    @classmethod
    def of(
        cls, *, features, intercept, coefficients, covariance, base_rate, points, level, card
    ) -> OnsetModel:
        """A checked model from plain numbers."""
        names = tuple(str(name) for name in features)
        beta, spread = _numbers("coefficients", coefficients), _numbers("covariance", covariance)
        if beta.shape != (len(names),) or spread.shape != (len(names) + 1,) * 2:
            raise ModelError(
                f"model: {len(names)} features, but coefficients of {beta.shape} and covariance of {spread.shape}"
            )
        if len(set(names)) != len(names):
            raise ModelError("model: a feature stands twice")
        rate = float(_numbers("base_rate", base_rate))
        if not 0 < rate < 1:
            raise ModelError(f"model: base_rate {rate} is not between 0 and 1")
        scale = {
            name: float(_numbers(f"points.{name}", points[name])) for name in ("pdo", "points0", "odds0")
        }
        level = float(_numbers("level", level))
        if not 0 < level < 1 or not isinstance(card, dict):
            raise ModelError("model: level must be between 0 and 1, and card a table")
        return cls(
            names, float(_numbers("intercept", intercept)), beta, spread, rate, scale, level, dict(card)
        )

    def probability(self, row: Mapping[str, float]) -> tuple[float, float, float]:
        """
        Probability of the event and its interval, from named feature values.

        The interval is that of the fitted log odds (uncertain coefficients), not of the outcome.
        """
        x = self._row(row)
        log_odds = self.intercept + float(self.coefficients @ x)
        design = np.append(1.0, x)
        spread = math.sqrt(max(float(design @ self.covariance @ design), 0.0))
        reach = NormalDist().inv_cdf(0.5 + self.level / 2) * spread
        return tuple(_expit(log_odds + step) for step in (0.0, -reach, reach))  # type: ignore[return-value]

    def points_of(self, row: Mapping[str, float]) -> dict[str, float]:
        """
        Points by feature, with ``base``; their sum is ``offset - factor * log odds``.

        ``factor = pdo / ln 2``, ``offset = points0 - factor ln odds0``; more points, less risk.
        """
        factor = self.points["pdo"] / math.log(2)
        offset = self.points["points0"] - factor * math.log(self.points["odds0"])
        shares = -factor * self.coefficients * self._row(row)
        return {
            "base": offset - factor * self.intercept,
            **dict(zip(self.features, shares.tolist(), strict=True)),
        }

    def _row(self, row: Mapping[str, float]) -> np.ndarray:
        missing = [name for name in self.features if name not in row]
        if missing:
            raise ModelError(f"model: no value for {', '.join(missing)}")
        return _numbers("features", [row[name] for name in self.features])

    @property
    def name(self) -> str:
        """Fitted on whose measures, until when, and from which data, in a phrase."""
        card = self.card
        vintage = f", vintage {card['vintage']}" if "vintage" in card else ""
        return (
            f"scorecard of {card.get('senders', 'own rows')}{vintage} ({card.get('data', 'data not named')})"
        )

    def to_dict(self) -> dict:
        """The fields of the file, checksum included."""
        fields = {
            "schema": SCHEMA,
            "features": list(self.features),
            "intercept": self.intercept,
            "coefficients": self.coefficients.tolist(),
            "covariance": self.covariance.tolist(),
            "base_rate": self.base_rate,
            "points": dict(self.points),
            "level": self.level,
            "card": self.card,
        }
        return {**fields, "sha256": checksum(fields)}

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the model as JSON; returns the path."""
        where = Path(path).expanduser()
        where.write_text(json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
        return where

    @classmethod
    def load(cls, path: str | PathLike[str]) -> OnsetModel:
        """
        Read a model from JSON.

        Raises
        ------
        ModelError
            For a pickle or another binary file (by its first bytes; nothing in it is run), for JSON that was edited,
            is of another schema, or holds NaN.
        """
        where = Path(path).expanduser()
        try:
            content = where.read_bytes()
        except OSError as error:
            raise ModelError(f"{where}: {error}") from None
        if len(content) > MAX_BYTES:
            raise ModelError(f"{where}: over {MAX_BYTES:,} bytes; a scorecard is a few thousand")
        for magic, what in _BINARY.items():
            if content.startswith(magic):
                raise ModelError(
                    f"{where} is {what}, which is never read: it can run code or hide it. Save as JSON"
                )
        try:
            fields = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant)
        except ModelError as error:
            raise ModelError(f"{where}: {error}") from None
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise ModelError(f"{where} is not JSON text") from None
        return cls.from_dict(fields, str(where))

    @classmethod
    def from_dict(cls, fields: object, where: str = "model") -> OnsetModel:
        """A model from the fields of a file, schema and checksum checked."""
        if not isinstance(fields, dict) or fields.get("schema") != SCHEMA:
            found = fields.get("schema") if isinstance(fields, dict) else None
            raise ModelError(f"{where}: schema {found!r} is not {SCHEMA!r}; fit it again with this version")
        plain = {key: value for key, value in fields.items() if key != "sha256"}
        absent, extra = set(_KEYS) - set(plain), set(plain) - set(_KEYS)
        if absent or extra:
            raise ModelError(f"{where}: fields missing {sorted(absent)}, unknown {sorted(extra)}")
        if fields.get("sha256") != checksum(plain):
            raise ModelError(f"{where}: the SHA-256 does not match; the file was edited or cut")
        try:
            return cls.of(**{key: plain[key] for key in _KEYS if key != "schema"})
        except (KeyError, TypeError) as error:
            raise ModelError(f"{where}: {error}") from None

    def __repr__(self) -> str:
        card = self.card
        return (
            f"<OnsetModel {self.name}: {len(self.features)} features, {card.get('events', '?')} events in "
            f"{card.get('rows', '?')} rows, base rate {self.base_rate:.3f}>"
        )

    def _repr_html_(self) -> str:
        rows = [["(intercept)", self.intercept], *zip(self.features, self.coefficients.tolist())]
        return html_table(["feature", "log odds per unit"], rows, repr(self)[1:-1])


def checksum(fields: Mapping[str, object]) -> str:
    """
    SHA-256 of fields as sorted compact JSON.

    Examples
    --------
    >>> checksum({"a": 1})[:8]
    '015abd7f'
    """
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def load_model(sender: str, task: str = "any", *, as_of: int | None = None) -> OnsetModel | None:
    """
    The embedded scorecard, or None where it is not shown for a sender and task: there it lost to a naive baseline.

    One scorecard is fitted for all senders; ``datasets/onset/skill.csv`` says for which senders and tasks it beat every
    naive baseline in the rolling backtest.

    Parameters
    ----------
    sender : str
        Code.
    task : {"any", "first"}
        Any new measure, or the first against a target that the sender never sanctioned.
    as_of : int, optional
        Day. Of the yearly vintages the latest is taken whose outcomes had all closed by then, so that no coefficient
        knows what came after; None before the first. Without it, the latest vintage.

    Examples
    --------
    >>> load_model("VAT") is None
    True
    """
    if task not in TASKS:
        raise ValueError(f"task {task!r}: use one of {', '.join(TASKS)}")
    if (sender, task) not in _shown():
        return None
    vintages = {int(file.stem[-4:]): file for file in datasets.path("onset").glob("scorecard-[0-9]*.json")}
    last = max(vintages, default=0) if as_of is None else _last_closed_year(as_of)
    usable = [year for year in vintages if year <= last]
    return OnsetModel.load(vintages[max(usable)]) if usable else None


@lru_cache(maxsize=1)
def _shown() -> frozenset[tuple[str, str]]:
    """Senders and tasks for which the embedded scorecard is shown."""
    table = datasets.read_text_table("onset", "skill.csv")
    chosen = table[table["shown"] == "yes"]
    return frozenset(zip(chosen["sender"], chosen["task"], strict=True))


def _last_closed_year(day: int) -> int:
    """The last year whose 31 December is not after the day."""
    return int((np.datetime64(day, "D") + 1).astype("datetime64[Y]").astype(int)) + 1969


def _numbers(name: str, given: object) -> np.ndarray:
    if isinstance(given, Sequence) and any(
        isinstance(value, (str, bool)) or value is None for value in given
    ):
        raise ModelError(f"model: {name} holds something that is no number")
    try:
        values = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ModelError(f"model: {name} is not made of numbers") from None
    if not np.isfinite(values).all():
        raise ModelError(f"model: {name} holds NaN or infinity; a model with a missing number says nothing")
    return values


def _refuse_constant(name: str) -> float:
    raise ModelError(f"{name} is no number a model may hold; a model with a missing number says nothing")


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
