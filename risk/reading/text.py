"""Rules for the text of a cell: what is repaired (and counted), what is shown, what is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from risk.reading.problems import quoted

__all__ = ["Cleaned", "clean_text", "controls_in", "mixed_script", "repaired", "trimmed"]

_HIDDEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = (
    " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_PROSE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]+")
_NOT_SPACE = re.compile(r"[^ \t\n]+")
_BLOCK = 50_000
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "FULLWIDTH")

_UTF8_LEAD = np.zeros(0x110000, dtype=bool)
_UTF8_LEAD[0xC2:0xF5] = True
_UTF8_TAIL = np.zeros(0x110000, dtype=bool)
_UTF8_TAIL[0x80:0xC0] = True
_UTF8_TAIL[[ord(sign) for sign in bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")]] = True

_PLAIN = bytes(range(0x20, 0x7F)) + b"\n"
_ODD_ASCII = np.ones(129, dtype=bool)
_ODD_ASCII[[*_PLAIN, 128]] = False

NOTES = {
    "text.trimmed": "cells had spaces around them, taken away",
    "text.hidden_removed": "cells had invisible or direction characters, taken away",
    "text.hidden_shown": "cells had invisible or direction characters, shown as \\u....",
    "text.composed": "cells were put into Unicode form NFC",
}


@dataclass
class Cleaned:
    """Text of the distinct cells after repair; what was repaired (code -> places); what is refused."""

    values: list[str]
    repairs: dict[str, list[int]] = field(default_factory=dict)
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)

    def repair(self, place: int, code: str, text: str) -> None:
        """Put ``text`` at ``place`` if it differs, and remember why."""
        if text != self.values[place]:
            self.values[place] = text
            self.repairs.setdefault(code, []).append(place)


def clean_text(values: Sequence[object], prose: bool, one_alphabet: bool = True) -> Cleaned:
    """
    Clean the distinct cells of a text column.

    Spaces around (no-break ones too) go, letters are composed (NFC). In names and codes invisible and
    direction characters go; in prose they are shown. Control characters other than tab (and, in prose, the
    line end), mojibake and, in names, words that mix alphabets are refused.

    Parameters
    ----------
    values : sequence
        Distinct cells; None is a missing one and becomes ``""``.
    prose : bool
        Whether the column holds free text rather than names or codes.
    one_alphabet : bool
        Whether words of names may not mix alphabets.

    Returns
    -------
    Cleaned

    Examples
    --------
    >>> clean_text(["  Cuba\u00a0", None], prose=False).values
    ['Cuba', '']
    >>> clean_text(["CÃ´te d'Ivoire"], prose=False).refused[0][1]
    '"CÃ´te d\\'Ivoire" was read in the wrong encoding; did you mean "Côte d\\'Ivoire"?'
    """
    cleaned = Cleaned(_texts(values))
    if not set(map(type, values)) <= {str, type(None)}:
        for place, value in enumerate(values):
            if not isinstance(value, str) and value is not None:
                _from_other_type(cleaned, place, value)
    for place in _worth_a_look(cleaned.values):
        _clean(cleaned, place, prose, one_alphabet and not prose)
    return cleaned


def _texts(values: Sequence[object]) -> list[str]:
    """The cells that are text; others are empty for now."""
    if set(map(type, values)) == {str}:
        return [*map(str, values)]
    return [value if isinstance(value, str) else "" for value in values]


def _from_other_type(cleaned: Cleaned, place: int, value: object) -> None:
    if isinstance(value, int) and not isinstance(value, bool):
        cleaned.values[place] = str(value)
    else:
        message = f"{quoted(value)} is {_article(type(value).__name__)}, not text"
        cleaned.refused[place] = ("text.type", message)


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0].lower() in "aeiou" else f"a {noun}"


def _worth_a_look(values: Sequence[str]) -> list[int]:
    """Places of cells that a rule may concern; a column of plain text costs one pass over its characters."""
    found: list[int] = []
    for start in range(0, len(values), _BLOCK):
        found += [start + place for place in _odd_places(values[start : start + _BLOCK])]
    return found


def _odd_places(values: Sequence[str]) -> list[int]:
    joined = "\n" + "\n".join(values) + "\n"
    if joined.count("\n") != len(values) + 1:
        return list(range(len(values)))
    if joined.isascii():
        content = joined.encode()
        if not (content.translate(None, _PLAIN) or b"\n " in content or b" \n" in content):
            return []
        points = np.frombuffer(content, np.uint8)
        bad = _ODD_ASCII[points]
    else:
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        bad = _odd_points(points)
    line_end, space = points == 10, points == 32
    bad[1:] |= space[1:] & line_end[:-1]
    bad[:-1] |= space[:-1] & line_end[1:]
    return np.unique(np.searchsorted(np.flatnonzero(line_end), np.flatnonzero(bad)) - 1).tolist()


def _odd_points(points: np.ndarray) -> np.ndarray:
    """Which code points a rule may concern by themselves, or (mojibake) with the one before them."""
    bad = _ODD_ASCII[np.minimum(points, 128)]
    high = np.flatnonzero(points > 127)
    signs, place = np.unique(points[high], return_inverse=True)
    bad[high] = np.array([_is_odd(chr(sign)) for sign in signs.tolist()], dtype=bool)[place]
    pair = (np.diff(high) == 1) & _UTF8_LEAD[points[high[:-1]]] & _UTF8_TAIL[points[high[1:]]]
    bad[high[1:][pair]] = True
    return bad


@lru_cache(maxsize=10_000)
def _is_odd(sign: str) -> bool:
    if sign == "\n" or (sign.isascii() and sign.isprintable()):
        return False
    composes = unicodedata.category(sign)[0] == "M" or "\u1160" <= sign <= "\u11ff"
    other = unicodedata.name(sign, "").split(" ")[0] in _SCRIPTS[1:]
    return not sign.isprintable() or composes or other or not unicodedata.is_normalized("NFC", sign)


def _clean(cleaned: Cleaned, place: int, prose: bool, one_alphabet: bool) -> None:
    text = cleaned.values[place]
    if prose:
        text = cleaned.values[place] = text.replace("\r\n", "\n").replace("\r", "\n")
        shown = _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text.strip("\ufeff"))
        cleaned.repair(place, "text.hidden_shown", shown)
    else:
        cleaned.repair(place, "text.hidden_removed", _HIDDEN.sub("", text))
    cleaned.repair(place, "text.composed", unicodedata.normalize("NFC", cleaned.values[place]))
    cleaned.repair(place, "text.trimmed", cleaned.values[place].strip(_SPACES))
    text = cleaned.values[place]
    if told := _control_in(text, prose):
        cleaned.refused[place] = ("text.control", told)
        cleaned.values[place] = text.encode("utf-8", "backslashreplace").decode("utf-8")
    elif (better := repaired(text)) != text:
        message = f"{quoted(text)} was read in the wrong encoding; did you mean {quoted(better)}?"
        cleaned.refused[place] = ("text.mojibake", message)
    elif one_alphabet and (odd := mixed_script(text)):
        cleaned.refused[place] = ("text.mixed_script", odd)


def _control_in(text: str, prose: bool) -> str:
    """A sentence about the first control character (or half of a surrogate pair) of a text, or ``""``."""
    control = (_CONTROL_IN_PROSE if prose else _CONTROL).search(text)
    if not control:
        return ""
    what = "half a character" if "\ud800" <= control[0] <= "\udfff" else "control character"
    return f"{what} U+{ord(control[0]):04X} in {quoted(text)}; take it out"


def controls_in(values: Sequence[object]) -> dict[int, tuple[str, str]]:
    """
    Verdicts on the cells of a column that is kept as it is: only control characters are refused.

    Examples
    --------
    >>> controls_in(["plain", "re\\x1b[31md"])
    {1: ('text.control', "control character U+001B in 're\\\\x1b[31md'; take it out")}
    """
    texts = _texts(values)
    told = {place: _control_in(texts[place], prose=True) for place in _worth_a_look(texts)}
    return {place: ("text.control", message) for place, message in told.items() if message}


def trimmed(values: Sequence[object]) -> tuple[list[object], dict[str, list[int]]]:
    """
    Cells of a column of days or numbers without spaces around and invisible characters; what was repaired.

    Examples
    --------
    >>> trimmed(["\u00a02024-01-05 ", 7])
    (['2024-01-05', 7], {'text.trimmed': [0]})
    """
    cleaned = Cleaned(_texts(values))
    for place in _worth_a_look(cleaned.values):
        cleaned.repair(place, "text.hidden_removed", _HIDDEN.sub("", cleaned.values[place]))
        cleaned.repair(place, "text.trimmed", cleaned.values[place].strip(_SPACES))
    both = zip(values, cleaned.values)
    return [text if isinstance(value, str) else value for value, text in both], cleaned.repairs


def repaired(text: str) -> str:
    """
    Text as it was before UTF-8 bytes were read as a Western one-byte encoding; unchanged if it was not so.

    Examples
    --------
    >>> repaired("EspaÃ±a"), repaired("España")
    ('España', 'España')
    """
    whole = _decoded_again(text)
    if whole != text or text.isascii():
        return whole if whole == text else repaired(whole)
    return _NOT_SPACE.sub(lambda word: _decoded_again(word[0]), text)


def _decoded_again(text: str) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def mixed_script(text: str) -> str:
    """
    A sentence about the letter that comes from another alphabet than the rest of its word, or ``""``.

    Examples
    --------
    >>> mixed_script("Ru\u0455sia")
    "'Ruѕsia' mixes alphabets: letter 3 is CYRILLIC SMALL LETTER DZE (U+0455), the others are LATIN"
    >>> mixed_script("Россия")
    ''
    """
    for word in _WORD.finditer(text):
        scripts = [unicodedata.name(letter, "").split(" ")[0] for letter in word[0]]
        known = [script for script in scripts if script in _SCRIPTS]
        if len(set(known)) > 1:
            usual = max(_SCRIPTS, key=known.count)
            odd = next(i for i, script in enumerate(scripts) if script in _SCRIPTS and script != usual)
            letter = word[0][odd]
            name = f"letter {word.start() + odd + 1} is {unicodedata.name(letter)} (U+{ord(letter):04X})"
            return f"{text!r} mixes alphabets: {name}, the others are {usual}"
    return ""
