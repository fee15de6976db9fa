"""
Copies of outside files, by name: a download is checked before it takes the place of the last good copy.

A download goes into a temporary file of the cache folder; only
when its length, its SHA-256 or its number of records is right does it replace the copy that is there, in one step.
Whatever goes wrong, the last good copy stays. Nothing is unpacked: the readers read packed files.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tqdm import tqdm

from risk.sources.download import Download, FetchError, Source
from risk.sources.lock import locked

__all__ = ["Count", "FetchError", "cache_folder", "fetch_file", "place_of"]

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)", re.IGNORECASE)

Count = Callable[[Path], int]


@dataclass(frozen=True)
class Stamp:
    """What is remembered beside a copy: where it came from, what it is, what the server said of its day."""

    url: str
    sha256: str
    size: int
    records: int | None
    served: str
    modified: str


def cache_folder(cache: str | os.PathLike[str] | None = None) -> Path:
    """The folder of the copies: ``cache``, else ``RISK_CACHE``, else ``risk`` in the user's cache folder."""
    if cache is not None:
        return Path(cache).absolute()
    if os.environ.get("RISK_CACHE"):
        return Path(os.environ["RISK_CACHE"]).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "risk"


def place_of(name: str, cache: str | os.PathLike[str] | None = None) -> Path:
    """
    Where the copy of a name lies; a name that could leave the folder is refused.

    Examples
    --------
    >>> place_of("sdn.xml", "/tmp").name
    'sdn.xml'
    >>> place_of("../sdn.xml")
    Traceback (most recent call last):
    risk.sources.download.FetchError: '../sdn.xml' is no name of a copy; use a-z, 0-9, '.', '_', '-', at most 64 ...
    """
    if not _NAME.fullmatch(name) or name.split(".")[0] in _DEVICES or name.endswith((".", ".lock", ".stamp")):
        words = "use a-z, 0-9, '.', '_', '-', at most 64 characters, a letter or digit first"
        raise FetchError(f"{name!r} is no name of a copy; {words}", "fetch.name")
    folder = cache_folder(cache)
    place = folder / name
    if place.is_symlink() or place.resolve().parent != folder.resolve():
        raise FetchError(f"{place} leads out of the cache; remove it", "fetch.name")
    return place


def fetch_file(
    name: str,
    url: str,
    *,
    sha256: str = "",
    count: Count | None = None,
    least: int = 1,
    hosts: tuple[str, ...] = (),
    cache: str | os.PathLike[str] | None = None,
    refresh: bool = False,
    retries: int = 4,
    timeout: float = 30.0,
    progress: bool = True,
    max_bytes: int = 2**31,
) -> Path:
    """
    A file by name: the copy in the cache if it is sound, else a download that passes its check.

    Parameters
    ----------
    name : str
        Of the copy: ``[a-z0-9][a-z0-9._-]{0,63}``.
    url : str
        https (http only on this machine itself).
    sha256 : str
        What the file must hash to. Without it ``count`` is needed.
    count : callable, optional
        Number of records in a file; it raises where the file is none of its kind.
    least : int
        Fewest records the file must hold.
    hosts : tuple of str
        Hosts that may serve it besides the one of ``url``; a redirect to any other is refused.
    cache : str or path, optional
        See :func:`cache_folder`.
    refresh : bool
        Download even if a sound copy is there.
    retries : int
        Attempts after the first, for failures that pass (a broken line, a busy or throttling server).
    timeout : float
        Seconds without a byte.
    progress : bool
        Whether a progress bar is shown.
    max_bytes : int
        Cap on the file.

    Returns
    -------
    pathlib.Path
        The copy. On failure the last good copy is left as it was.

    Raises
    ------
    FetchError
        ``fetch.*``.
    """
    place = place_of(name, cache)
    if not sha256 and count is None:
        raise FetchError(
            f"{name}: give sha256= or count=; an unchecked download is not kept", "fetch.unchecked"
        )
    source = Source(url, hosts, timeout, retries, max_bytes)
    check = _Check(sha256.lower(), count, least)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise FetchError(f"{place.parent} cannot be made: {reason.strerror}", "fetch.cache") from reason
    with locked(place):
        if not refresh and place.exists() and _is_sound(place, url, check):
            return place
        return _replace(place, source, check, progress)


@dataclass(frozen=True)
class _Check:
    """What a file must be to become the copy."""

    sha256: str
    count: Count | None
    least: int

    def records(self, file: Path, digest: str) -> int | None:
        """Number of records where they are counted; raises where the file is not what it must be."""
        if self.sha256 and digest != self.sha256:
            raise FetchError(f"SHA-256 is {digest}, not {self.sha256}", "fetch.hash")
        if self.count is None:
            return None
        try:
            found = self.count(file)
        except (ValueError, OSError) as reason:
            raise FetchError(f"the file cannot be read: {reason}", "fetch.content") from reason
        if found < self.least:
            raise FetchError(f"the file holds {found} records, fewer than {self.least}", "fetch.count")
        return found


def _stamp_of(place: Path) -> Path:
    return place.with_name(place.name + ".stamp")


def _is_sound(place: Path, url: str, check: _Check) -> bool:
    """Whether the copy is what its stamp says, or (without one) passes the check itself."""
    with place.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    try:
        stamp = json.loads(_stamp_of(place).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stamp = {}
    if isinstance(stamp, dict) and stamp.get("sha256") == digest and stamp.get("url") == url:
        return not check.sha256 or check.sha256 == digest
    try:
        check.records(place, digest)
    except FetchError:
        return False
    return not stamp or bool(check.sha256)


def _replace(place: Path, source: Source, check: _Check, progress: bool) -> Path:
    """Download beside the copy, check, and take its place."""
    handle, name = tempfile.mkstemp(prefix=".part-", suffix=f"-{place.name}", dir=place.parent)
    part = Path(name)
    try:
        os.close(handle)
        download = Download(source)
        bar = tqdm(total=None, unit="B", unit_scale=True, desc=place.name, disable=not progress, leave=False)
        with bar:
            digest = download.into(part, bar.update, bar.reset)
        _refuse_page(part)
        records = check.records(part, digest)
        stamp = Stamp(source.url, digest, part.stat().st_size, records, download.served, download.modified)
        os.replace(part, place)
        _write_stamp(place, stamp)
    except FetchError as reason:
        kept = f"; the last good copy stays at {place}" if place.exists() else ""
        raise FetchError(f"{place.name} from {source.url}: {reason}{kept}", reason.code) from reason
    except OSError as reason:
        raise FetchError(
            f"{place}: cannot be written: {reason.strerror or reason}", "fetch.cache"
        ) from reason
    finally:
        part.unlink(missing_ok=True)
    return place


def _refuse_page(part: Path) -> None:
    with part.open("rb") as stream:
        start = stream.read(1024)
    if _PAGE.match(start):
        raise FetchError("the server answered with a web page, not the file", "fetch.page")


def _write_stamp(place: Path, stamp: Stamp) -> None:
    handle, name = tempfile.mkstemp(prefix=".part-", suffix="-stamp", dir=place.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(asdict(stamp), stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, _stamp_of(place))
    finally:
        Path(name).unlink(missing_ok=True)
