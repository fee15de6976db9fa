"""Every choice that makes a score, in one frozen, named, hashed object that reads and writes TOML."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from numbers import Real
from pathlib import Path

__all__ = ["DEFAULT_RECIPE", "FrozenMap", "Recipe", "RecipeError", "load_recipe"]

SCALES = ("goldstein", "plover")
SCOPES = ("comprehensive", "government", "sectoral", "list-based", "sub-territory")
PRIOR_ROWS = ("base", "votes", "shared_pressure")


class RecipeError(ValueError):
    """A recipe that cannot make a score; the text names the field and what it takes."""


class FrozenMap(Mapping[str, float]):
    """
    A small read-only, hashable mapping of names to numbers.

    Examples
    --------
    >>> clocks = FrozenMap({"fast": 365.25, "slow": 3652.5})
    >>> clocks["fast"], len(clocks)
    (365.25, 2)
    """

    __slots__ = ("_items",)
    _items: dict[str, float]

    def __init__(self, items: Mapping[str, float]):
        object.__setattr__(self, "_items", dict(items))

    def __setattr__(self, name, value):
        raise AttributeError("a FrozenMap cannot be changed")

    def __getitem__(self, key: str) -> float:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self):
        return FrozenMap, (dict(self._items),)


def _numbers(name: str, given: object) -> FrozenMap:
    if not isinstance(given, Mapping):
        raise RecipeError(f"{name}: {given!r} is not a table of names and numbers")
    return FrozenMap({str(key): _number(f"{name}.{key}", value) for key, value in given.items()})


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise RecipeError(f"{name}: {value!r} is not a finite number")
    return float(value)


def _toml(value: object) -> str:
    """A text, number or truth value as TOML: JSON's form, but letters beyond U+FFFF and DEL differ."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _require(condition: bool, name: str, value: object, needs: str) -> None:
    if not condition:
        raise RecipeError(f"{name}: {value!r} must be {needs}")


@dataclass(frozen=True)
class Recipe:
    """
    Every choice that makes a score.

    Parameters
    ----------
    kappa : float
        Weight of the prior in full events, > 0.
    clocks : mapping or pair
        Half-lives in days: ``fast`` and ``slow``, > 0.
    scale : {"goldstein", "plover"}
        Codebook column that gives a type its intensity.
    rho : float
        How many recorded events carry the information of one independent event, >= 1; widens the interval. It belongs
        to a record, not to the formula: 1 claims nothing, ``DEFAULT_RECIPE`` has the value matched by coverage on the
        embedded record (``docs/validation.md``).
    severity : mapping
        Severity in [0, 1) of a sanctions measure by its scope.
    pass_through : float
        Share g in [0, 1) of a partner's exposure that is passed on to the next.
    prior_weights : mapping
        Weights >= 0 of the rows of the prior, ``base``, ``votes`` and ``shared_pressure`` (0 where
        not given); their sum is below 1.
    base : float
        What the base row says, in [-1, 1].
    reference_distance : float
        Distance of two UN ideal points at which the votes row says -1, in anchor units, > 0.
    expand_organisations : bool
        Whether an organisation's event enters its members' dyads.
    pair_weight : {"shared", "full"}
        An act of n states weighs 1/(n - 1) in each pair, or its full weight.
    name : str
        What people call it.

    Raises
    ------
    RecipeError
        Naming the field, its value and what it takes.

    Examples
    --------
    >>> Recipe(kappa=2.0).kappa
    2.0
    >>> Recipe.from_toml(DEFAULT_RECIPE.to_toml()) == DEFAULT_RECIPE
    True
    """

    kappa: float = 1.0
    clocks: FrozenMap = field(default_factory=lambda: FrozenMap({"fast": 365.25, "slow": 3652.5}))
    scale: str = "goldstein"
    rho: float = 1.0
    severity: FrozenMap = field(
        default_factory=lambda: FrozenMap(
            {
                "comprehensive": 0.8,
                "government": 0.35,
                "sectoral": 0.2,
                "list-based": 0.05,
                "sub-territory": 0.2,
            }
        )
    )
    pass_through: float = 0.3
    prior_weights: FrozenMap = field(
        default_factory=lambda: FrozenMap({"base": 0.1, "votes": 0.2, "shared_pressure": 0.15})
    )
    base: float = 0.0
    reference_distance: float = 2.0
    expand_organisations: bool = False
    pair_weight: str = "shared"
    name: str = "default"

    def __post_init__(self) -> None:
        if isinstance(self.clocks, (tuple, list)) and len(self.clocks) == 2:
            object.__setattr__(self, "clocks", {"fast": self.clocks[0], "slow": self.clocks[1]})
        for name in ("clocks", "severity", "prior_weights"):
            object.__setattr__(self, name, _numbers(name, getattr(self, name)))
        unknown = sorted(set(self.prior_weights) - set(PRIOR_ROWS))
        _require(not unknown, "prior_weights", unknown, f"rows among {', '.join(PRIOR_ROWS)}")
        weights = {row: self.prior_weights.get(row, 0.0) for row in PRIOR_ROWS}
        object.__setattr__(self, "prior_weights", FrozenMap(weights))
        for name in ("kappa", "rho", "pass_through", "base", "reference_distance"):
            object.__setattr__(self, name, _number(name, getattr(self, name)))
        self._check_numbers()
        self._check_tables()

    def _check_numbers(self) -> None:
        _require(self.kappa > 0, "kappa", self.kappa, "above 0")
        _require(self.rho >= 1, "rho", self.rho, "at least 1")
        _require(0 <= self.pass_through < 1, "pass_through", self.pass_through, "in [0, 1)")
        _require(-1 <= self.base <= 1, "base", self.base, "in [-1, 1]")
        _require(self.reference_distance > 0, "reference_distance", self.reference_distance, "above 0")
        _require(self.scale in SCALES, "scale", self.scale, f"one of {', '.join(SCALES)}")
        _require(
            self.pair_weight in ("shared", "full"), "pair_weight", self.pair_weight, "'shared' or 'full'"
        )
        for name in ("expand_organisations",):
            _require(isinstance(getattr(self, name), bool), name, getattr(self, name), "true or false")
        _require(isinstance(self.name, str) and self.name != "", "name", self.name, "a text")

    def _check_tables(self) -> None:
        _require(set(self.clocks) == {"fast", "slow"}, "clocks", self.clocks, "a table of fast and slow")
        for key, days in self.clocks.items():
            _require(days > 0, f"clocks.{key}", days, "above 0 days")
        _require(
            set(self.severity) == set(SCOPES), "severity", self.severity, f"a table of {', '.join(SCOPES)}"
        )
        for key, value in self.severity.items():
            _require(0 <= value < 1, f"severity.{key}", value, "in [0, 1)")
        for key, value in self.prior_weights.items():
            _require(value >= 0, f"prior_weights.{key}", value, "at least 0")
        total = math.fsum(self.prior_weights.values())
        _require(total < 1, "prior_weights", round(total, 12), "a table whose sum is below 1")

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe without its name: equal choices have equal digests."""
        plain = {key: value for key, value in self.to_dict().items() if key != "name"}
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()

    def replace(self, **changes) -> Recipe:
        """
        A recipe with some choices changed; tables take partial changes.

        Raises
        ------
        RecipeError
            For a value outside its domain, and for an empty table: it would change nothing and look as if it did.

        Examples
        --------
        >>> DEFAULT_RECIPE.replace(clocks={"fast": 180}).clocks["slow"]
        3652.5
        """
        for name in ("clocks", "severity", "prior_weights"):
            if isinstance(changes.get(name), Mapping):
                _require(bool(changes[name]), name, {}, "a table of the rows to change, 0 for none")
                changes[name] = {**getattr(self, name), **changes[name]}
        return replace(self, **changes)

    def to_dict(self) -> dict:
        """Plain numbers, texts and tables, in a fixed order."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {key: dict(value) if isinstance(value, FrozenMap) else value for key, value in values.items()}

    def to_toml(self) -> str:
        """The recipe as TOML text that :meth:`from_toml` reads back to an equal recipe."""
        values = self.to_dict()
        plain = [f"{key} = {_toml(value)}" for key, value in values.items() if not isinstance(value, dict)]
        tables = [
            "\n".join([f"\n[{key}]", *(f"{_toml(k)} = {v!r}" for k, v in value.items())])
            for key, value in values.items()
            if isinstance(value, dict)
        ]
        return "\n".join(plain + tables) + "\n"

    @classmethod
    def from_toml(cls, text: str) -> Recipe:
        """Read a recipe from TOML text; absent fields keep their defaults, unknown ones are refused."""
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(f"not TOML: {error}") from None
        except (ValueError, RecursionError):
            raise RecipeError("not TOML: a number is too long or tables too deep to be read") from None
        known = {item.name for item in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise RecipeError(f"unknown fields {', '.join(unknown)}; a recipe has {', '.join(sorted(known))}")
        return DEFAULT_RECIPE.replace(**values)

    def __repr__(self) -> str:
        return (
            f"<Recipe {self.name}: kappa {self.kappa:g}, clocks {self.clocks['fast']:g}/{self.clocks['slow']:g} days, "
            f"{self.scale} scale, digest {self.digest[:12]}>"
        )


DEFAULT_RECIPE = Recipe(rho=4.0)


def load_recipe(path: str | Path) -> Recipe:
    """
    Read a recipe from a TOML file.

    Raises
    ------
    RecipeError
        If the file cannot be read, is not TOML or holds a value outside its domain.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "mine.toml"
    >>> _ = file.write_text("kappa = 2.0", encoding="utf-8")
    >>> load_recipe(file).kappa
    2.0
    """
    try:
        where = Path(path).expanduser().resolve()
    except ValueError:
        raise RecipeError(f"{str(path)!r} is no path") from None
    try:
        return Recipe.from_toml(where.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RecipeError(f"{where}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        byte = f"byte 0x{error.object[error.start]:02x} at {error.start}"
        raise RecipeError(f"{where}: not UTF-8 ({byte}); TOML is UTF-8") from None
    except RecipeError as error:
        raise RecipeError(f"{where}: {error}") from None
