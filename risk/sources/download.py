"""One download: hosts held to a list, broken lines and busy servers tried again, lengths compared."""

from __future__ import annotations

import hashlib
import http.client
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

__all__ = ["Download", "FetchError", "Source"]

_CHUNK = 1 << 16
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_LONGEST_WAIT = 120.0
_AGENT = "geopolitical-risk (Python toolkit; reads published lists)"


class FetchError(OSError):
    """
    A file that could not be fetched, and why.

    Attributes
    ----------
    code : str
        ``fetch.*``.
    """

    def __init__(self, message: str, code: str):
        super().__init__(message)
        self.code = code


class _Passing(Exception):
    """A failure that may pass; ``wait`` is what the server asks for, in seconds."""

    def __init__(self, reason: FetchError, wait: float | None = None):
        super().__init__(str(reason))
        self.reason, self.wait = reason, wait


@dataclass(frozen=True)
class Source:
    """
    Where a file comes from and how patiently.

    Parameters
    ----------
    url : str
        https, or http on this machine.
    hosts : tuple of str
        Other hosts that may serve it.
    timeout : float
        Seconds without a byte.
    retries : int
        Attempts after the first.
    max_bytes : int
        Cap on the file.
    """

    url: str
    hosts: tuple[str, ...] = ()
    timeout: float = 30.0
    retries: int = 4
    max_bytes: int = 2**31

    def __post_init__(self) -> None:
        self.admit(self.url)

    def admit(self, url: str) -> None:
        """Refuse an address that is not https or whose host is not on the list."""
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
        allowed = {(urllib.parse.urlsplit(self.url).hostname or ""), *self.hosts}
        if not host or host not in allowed:
            listed = ", ".join(sorted(filter(None, allowed)))
            raise FetchError(f"host {host!r} is not among those allowed ({listed}); see hosts=", "fetch.host")
        if parts.scheme != "https" and not (
            parts.scheme == "http" and host in ("127.0.0.1", "::1", "localhost")
        ):
            raise FetchError(f"{url!r} is not an https address", "fetch.scheme")
        if parts.username or parts.password:
            raise FetchError("the address holds a user name; it is not used", "fetch.scheme")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to a host of the list."""

    max_redirections = 5

    def __init__(self, source: Source):
        self.source = source

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        self.source.admit(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Download:
    """
    The run of one download.

    Attributes
    ----------
    served, modified : str
        What the server said: ``Date`` and ``Last-Modified``.
    """

    def __init__(self, source: Source):
        self.source = source
        self.served, self.modified = "", ""
        self.opener = urllib.request.build_opener(_Redirects(source))

    def into(
        self, file: Path, moved: Callable[[int], object], restarted: Callable[[int | None], object]
    ) -> str:
        """
        Write the file and give its SHA-256.

        Parameters
        ----------
        file : Path
            Overwritten.
        moved : callable
            Told the number of bytes of each piece.
        restarted : callable
            Told the length, or None, as an attempt begins.

        Raises
        ------
        FetchError
            The last attempt's reason.
        """
        attempts = self.source.retries + 1
        for attempt in range(attempts):
            try:
                return self._once(file, moved, restarted)
            except _Passing as failure:
                wait = min(2.0**attempt, 30.0) if failure.wait is None else failure.wait
                if attempt + 1 == attempts:
                    told = f"{failure.reason} ({attempts} attempts)"
                    raise FetchError(told, failure.reason.code) from failure
                if wait > _LONGEST_WAIT:
                    told = f"{failure.reason}; the server asks to wait {wait:.0f} seconds, try again then"
                    raise FetchError(told, failure.reason.code) from failure
                time.sleep(wait)
        raise FetchError("retries must be 0 or more", "fetch.retries")

    def _once(
        self, file: Path, moved: Callable[[int], object], restarted: Callable[[int | None], object]
    ) -> str:
        request = urllib.request.Request(
            self.source.url, headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"}
        )
        try:
            with self.opener.open(request, timeout=self.source.timeout) as answer:
                return self._kept(answer, file, moved, restarted)
        except urllib.error.HTTPError as reason:
            told = FetchError(f"the server answers {reason.code} {reason.reason}", "fetch.status")
            if reason.code in _PASSING:
                raise _Passing(told, _asked_wait(reason.headers)) from None
            raise told from None
        except FetchError:
            raise
        except urllib.error.URLError as reason:
            if isinstance(reason.reason, FetchError):
                raise reason.reason from None
            raise _Passing(FetchError(f"no connection: {reason.reason}", "fetch.connection")) from None
        except (http.client.HTTPException, ConnectionError, TimeoutError) as reason:
            told = FetchError(f"the line broke: {type(reason).__name__}", "fetch.truncated")
            raise _Passing(told) from None

    def _kept(
        self,
        answer: http.client.HTTPResponse,
        file: Path,
        moved: Callable[[int], object],
        restarted: Callable[[int | None], object],
    ) -> str:
        length = answer.headers.get("Content-Length", "")
        expected = int(length) if length.isdigit() else None
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise FetchError("the server packs the file unasked", "fetch.encoding")
        self._refuse_large(expected or 0)
        restarted(expected)
        digest, total = hashlib.sha256(), 0
        with file.open("wb") as stream:
            while piece := answer.read(_CHUNK):
                total += len(piece)
                self._refuse_large(total)
                digest.update(piece)
                stream.write(piece)
                moved(len(piece))
            stream.flush()
            os.fsync(stream.fileno())
        if expected is not None and total != expected:
            raise _Passing(FetchError(f"{total} of {expected} bytes came", "fetch.truncated"))
        self.served, self.modified = (answer.headers.get(name, "") for name in ("Date", "Last-Modified"))
        return digest.hexdigest()

    def _refuse_large(self, size: int) -> None:
        if size > self.source.max_bytes:
            raise FetchError(f"the file is larger than max_bytes={self.source.max_bytes}", "fetch.too_large")


def _asked_wait(headers: Message) -> float | None:
    """Seconds of ``Retry-After``; a day and hour is held against the server's own ``Date``."""
    asked = (headers.get("Retry-After") or "").strip()
    if asked.isdigit():
        return float(asked)
    try:
        until, now = (parsedate_to_datetime(text) for text in (asked, headers.get("Date") or ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None
