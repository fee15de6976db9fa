"""How a cell becomes the key that is looked up: what is forgiven (case, accents, dots) and what is not."""

from __future__ import annotations

import numbers
import re
import unicodedata

import pandas as pd

from risk.states.errors import StateError

__all__ = ["checked_text", "is_number", "key", "keys_of", "twice_named"]

_PLACEHOLDERS = frozenset(
    ["", "-", "--", "---", "–", "—", "?", ".", "..", "...", "n/a", "n.a.", "n.a", "#n/a", "nan", "<na>"]
    + ["nat", "none", "null", "nil", "unknown", "unspecified", "undefined", "missing", "not available"]
    + ["not given", "not applicable", "other", "others", "various", "tbd", "x", "xx", "xxx", "zz", "zzz"]
)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_INVERTED = re.compile(r"([^,()]+)(?:, ?([^,()]+)|\(([^()]+)\))")
_TWICE = re.compile(r"([^/()]+?) ?(?:\(([^()]+)\)|/([^/()]+))")
_DROPPED = str.maketrans(",()[]-‐‑–_", " " * 10, ".'’‘`´ʼʻ*\"")
_LETTERS = ("Lu", "Ll", "Lt", "Lo")


def checked_text(value: object) -> str:
    """
    The text of a cell, composed (NFKC), without invisible characters, trimmed.

    Raises
    ------
    StateError
        ``state.missing`` for a blank or a placeholder, ``state.type`` for what is no text,
        ``state.number`` for a number, ``state.mixed_script`` for look-alike letters.

    Examples
    --------
    >>> checked_text("\\u00a0Russia\\u200b ")
    'Russia'
    """
    if isinstance(value, str):
        text = _visible(value)
    elif value is None or value is pd.NA or value is pd.NaT or (is_number(value) and value != value):
        text = ""
    elif is_number(value):
        text = str(value)
    else:
        kind = type(value).__name__
        raise StateError(f"{value!r} is {kind}, not text. Write the name of a state.", "state.type")
    if text.casefold() in _PLACEHOLDERS:
        shown = value if isinstance(value, str) else ""
        message = f"{shown!r} names no state. Fill in the state, or leave the row out."
        raise StateError(message, "state.missing")
    if _NUMBER.fullmatch(text):
        message = f'{value!r} is a number. Say whose: system="cow", system="gw" or system="iso".'
        raise StateError(message, "state.number")
    _refuse_mixed_script(text)
    return text


def is_number(value: object) -> bool:
    """
    Whether a cell is a number other than a truth value.

    Examples
    --------
    >>> is_number(2), is_number(True), is_number("2")
    (True, False, False)
    """
    return isinstance(value, numbers.Number) and not isinstance(value, bool)


def key(text: str) -> str:
    """
    What two spellings of one name share: case, accents, dots, apostrophes, hyphens, ``the``, ``St.`` go.

    Examples
    --------
    >>> key("St. Lucia"), key("Côte d’Ivoire"), key("The  Bahamas")
    ('saint lucia', 'cote divoire', 'bahamas')
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    words = plain.casefold().translate(_DROPPED).replace("&", " and ").split()
    if len(words) > 1:
        words = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words if word != "the"]
    return " ".join(words)


def keys_of(text: str) -> list[str]:
    """
    The keys of a name: as written, and the right way round if it is inverted.

    Examples
    --------
    >>> keys_of("Korea, Republic of")
    ['korea republic of', 'republic of korea']
    """
    found = [key(text)]
    inverted = _INVERTED.fullmatch(text)
    if inverted:
        found.append(key(f"{inverted[2] or inverted[3]} {inverted[1]}"))
    return found


def twice_named(text: str) -> tuple[str, str, bool] | None:
    """
    The keys of two names of one state, and whether the second stands in brackets (else after a slash).

    Examples
    --------
    >>> twice_named("Myanmar (Burma)"), twice_named("Cuba")
    (('myanmar', 'burma', True), None)
    """
    found = _TWICE.fullmatch(text)
    return (key(found[1]), key(found[2] or found[3]), bool(found[2])) if found else None


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text)
    return " ".join("".join(sign for sign in composed if unicodedata.category(sign) != "Cf").split())


def _refuse_mixed_script(text: str) -> None:
    latin: list[tuple[int, str]] = []
    other: list[tuple[int, str]] = []
    for place, sign in enumerate(text, start=1):
        if unicodedata.category(sign) in _LETTERS:
            (latin if unicodedata.name(sign, "").startswith("LATIN") else other).append((place, sign))
    if latin and other:
        place, sign = other[0]
        raise StateError(
            f"{text!r} mixes scripts: character {place} is {sign!r} ({unicodedata.name(sign, 'unnamed')}). "
            "Type the name in Latin letters.",
            "state.mixed_script",
        )
