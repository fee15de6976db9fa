"""Checked columns, kept as distinct texts and places until somebody asks for the whole column."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence

import numpy as np
import pandas as pd

__all__ = ["TEXT", "Columns", "distinct_rows", "first_and_place", "spread"]

TEXT = pd.Series([""], dtype="str").dtype


def spread(texts: Sequence[str], codes: np.ndarray) -> pd.Series:
    """A text column from its distinct values and the place of each row's value among them."""
    return pd.Series(pd.Series(texts, dtype="str").array.take(codes))


def first_and_place(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    For whole numbers: where each distinct one stands first, in the order of the numbers, and each row's place.

    What ``np.unique`` gives, without sorting the rows.

    Examples
    --------
    >>> [found.tolist() for found in first_and_place(np.array([7, 3, 7]))]
    [[1, 0], [1, 0, 1]]
    """
    codes, distinct = pd.factorize(keys)
    order = np.argsort(distinct)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    place = rank[codes]
    first = np.empty(len(order), np.int64)
    first[place[::-1]] = np.arange(len(keys) - 1, -1, -1)
    return first, place


def distinct_rows(*columns: pd.Series | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Where each combination of cells stands first, in the order of the rows, and each row's combination.

    Examples
    --------
    >>> [found.tolist() for found in distinct_rows(np.array([7, 3, 7]), np.array([1, 1, 1]))]
    [[0, 1], [0, 1, 0]]
    """
    place = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        codes, values = pd.factorize(column)
        place = pd.factorize(place * (len(values) + 1) + codes)[0].astype(np.int64)
    first = np.empty(place.max(initial=-1) + 1, np.int64)
    first[place[::-1]] = np.arange(len(place) - 1, -1, -1)
    return first, place


class Columns(MutableMapping[str, pd.Series]):
    """
    Columns by name; a text column that was put in as its distinct cells is spread when it is first asked for.

    Examples
    --------
    >>> columns = Columns()
    >>> columns.put("state", ["CUB", "RUS"], np.array([1, 0, 1]))
    >>> columns["state"].tolist(), columns.distinct("state")[0]
    (['RUS', 'CUB', 'RUS'], ['CUB', 'RUS'])
    """

    def __init__(self) -> None:
        self._made: dict[str, pd.Series | None] = {}
        self._cells: dict[str, tuple[Sequence[str], np.ndarray]] = {}

    def put(self, name: str, texts: Sequence[str], codes: np.ndarray, whole: pd.Series | None = None) -> None:
        """A column of text: what stands in it, the place in ``texts`` of each row's cell, the column if there."""
        self._made[name], self._cells[name] = whole, (texts, codes)

    def distinct(self, name: str) -> tuple[Sequence[str], np.ndarray]:
        """The texts that can stand in a text column, each once, and the place of each row's among them."""
        if name not in self._cells:
            codes, texts = pd.factorize(self[name])
            self._cells[name] = (texts.tolist(), codes.astype(np.int64))
        texts, codes = self._cells[name]
        if len(set(texts)) < len(texts):
            place, once = pd.factorize(np.array(texts, dtype=object))
            self._cells[name] = (once.tolist(), place[codes])
        return self._cells[name]

    def __getitem__(self, name: str) -> pd.Series:
        column = self._made[name]
        if column is None:
            column = self._made[name] = spread(*self._cells[name])
        return column

    def __setitem__(self, name: str, column: pd.Series) -> None:
        self._made[name] = column
        self._cells.pop(name, None)

    def __delitem__(self, name: str) -> None:
        del self._made[name]
        self._cells.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
