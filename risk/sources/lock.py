"""A lock beside a file: who holds it and for how long; the lock of a dead process is taken over."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from risk.sources.download import FetchError

__all__ = ["Holder", "locked"]

_STALE = 3600.0
_STEP = 0.1


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: process, machine, and the lock's age in seconds by the clock of its own disk."""

    pid: int
    host: str
    age: float

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, for {self.age:.0f} seconds"

    @property
    def gone(self) -> bool:
        """Whether the holder has died (only known on this machine) or held on far too long."""
        if self.host == socket.gethostname() and self.pid > 0:
            return not _alive(self.pid) or (os.name == "nt" and self.age > _STALE)
        return self.age > _STALE


def _alive(pid: int) -> bool:
    if os.name == "nt":
        return True  # there os.kill ends the process it is asked about
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def locked(place: Path, wait: float = 10.0) -> Iterator[Path]:
    """
    Hold the lock of a file.

    Parameters
    ----------
    place : Path
        The lock is ``<place>.lock``.
    wait : float
        Seconds to wait for another holder.

    Raises
    ------
    FetchError
        ``fetch.locked``, naming the holder and the lock's age.
    """
    lock = place.with_name(place.name + ".lock")
    until = time.monotonic() + wait
    while not _taken(lock):
        holder = _holder(lock)
        if holder is not None and holder.gone:
            _take_away(lock, holder)
        elif time.monotonic() >= until:
            raise FetchError(
                f"{place.name} is held by {holder or 'another process'}; lock {lock}", "fetch.locked"
            )
        else:
            time.sleep(_STEP)
    try:
        yield lock
    finally:
        lock.unlink(missing_ok=True)


def _taken(lock: Path) -> bool:
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    except OSError as reason:
        raise FetchError(f"{lock.parent} cannot be written: {reason.strerror}", "fetch.cache") from reason
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump({"pid": os.getpid(), "host": socket.gethostname()}, stream)
    return True


def _holder(lock: Path) -> Holder | None:
    """Who holds the lock; None while it is being written or has just gone."""
    try:
        told = json.loads(lock.read_text(encoding="utf-8"))
        age = max(0.0, _now_on_disk(lock) - lock.stat().st_mtime)
        return Holder(int(told["pid"]), str(told["host"]), age)
    except (OSError, ValueError, KeyError, TypeError):
        return _unreadable(lock)


def _unreadable(lock: Path) -> Holder | None:
    """A lock without a holder's name is that of a writer killed at birth, once it is old."""
    try:
        age = max(0.0, _now_on_disk(lock) - lock.stat().st_mtime)
    except OSError:
        return None
    return Holder(0, "an unnamed machine", age) if age > 5.0 else None


def _now_on_disk(lock: Path) -> float:
    """The time by the clock that also stamped the lock (a network disk has its own)."""
    probe = lock.with_name(f".clock-{os.getpid()}-{lock.name}")
    try:
        probe.touch()
        return probe.stat().st_mtime
    finally:
        probe.unlink(missing_ok=True)


def _take_away(lock: Path, holder: Holder) -> None:
    """Put the lock of a holder that is gone aside; if another one came between, put it back."""
    aside = lock.with_name(f".gone-{os.getpid()}-{lock.name}")
    try:
        os.rename(lock, aside)
    except FileNotFoundError:
        return
    found = _holder(aside)
    try:
        if found is not None and (found.pid, found.host) != (holder.pid, holder.host):
            os.link(aside, lock)
    except FileExistsError:
        pass
    finally:
        aside.unlink(missing_ok=True)
