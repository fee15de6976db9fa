"""Downloads against a server on this machine that truncates, redirects, throttles, lies and dies."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import socket
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import list_files as good
import pytest

from risk import sources
from risk.sources import download, fetch, lock
from risk.sources.copies import cache_folder, fetch_file, place_of
from risk.sources.fetch import FetchError

GOOD = b"rcid,vote\n" + b"".join(b"%d,1\n" % n for n in range(20_000))
OLD = b"rcid,vote\n1,1\n"
SHA = hashlib.sha256(GOOD).hexdigest()


class Server(ThreadingHTTPServer):
    """Answers by a script, one entry per request; the last entry is repeated."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.asked = deque(), []

    def plays(self, *answers):
        self.script.extend(answers)
        return f"http://127.0.0.1:{self.server_port}/file.csv"

    def handle_error(self, request, client_address):
        """A client that hangs up is part of the play."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.script[0] if len(self.server.script) == 1 else self.server.script.popleft()
        answer(self)
        self.close_connection = True

    def log_message(self, *_):
        """Silent."""

    def head(self, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Connection", "close")
        self.end_headers()


def whole(body=GOOD, **headers):
    def answer(handler):
        handler.head(Content_Length=len(body), **headers)
        handler.wfile.write(body)

    return answer


def truncated(handler):
    handler.head(Content_Length=len(GOOD))
    handler.wfile.write(GOOD[:1000])


def without_length(handler):
    handler.head()
    handler.wfile.write(GOOD)


def dies_midway(handler):
    handler.head(Transfer_Encoding="chunked")
    handler.wfile.write(b"400\r\n" + GOOD[:0x400] + b"\r\n400\r\n" + GOOD[:100])
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()


def says(status, **headers):
    def answer(handler):
        handler.head(status, Content_Length=0, **headers)

    return answer


def page(handler):
    body = b"<!DOCTYPE html><html><body>We are sorry</body></html>"
    handler.head(Content_Length=len(body), Content_Type="text/html")
    handler.wfile.write(body)


@pytest.fixture
def server():
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield made
        made.shutdown()


@pytest.fixture(autouse=True)
def naps(monkeypatch):
    """The waits between attempts, noted instead of slept."""
    noted = []
    monkeypatch.setattr(download.time, "sleep", noted.append)
    return noted


@pytest.fixture
def get(tmp_path):
    def run(url, name="votes.csv", **options):
        return fetch_file(name, url, cache=tmp_path, progress=False, **{"sha256": SHA, **options})

    return run


def fault(run, *arguments, **options) -> FetchError:
    with pytest.raises(FetchError) as caught:
        run(*arguments, **options)
    return caught.value


def lines(path) -> int:
    return path.read_bytes().count(b"\n") - 1


def left(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- what goes right


def test_a_good_file_is_kept_with_its_stamp(server, get, tmp_path):
    path = get(server.plays(whole(Last_Modified="Mon, 01 Apr 2024 00:00:00 GMT")))
    assert path.read_bytes() == GOOD
    assert left(tmp_path) == ["votes.csv", "votes.csv.stamp"]
    stamp = json.loads((tmp_path / "votes.csv.stamp").read_text())
    assert (stamp["sha256"], stamp["size"], stamp["modified"]) == (
        SHA,
        len(GOOD),
        "Mon, 01 Apr 2024 00:00:00 GMT",
    )


def test_a_sound_copy_is_not_fetched_again_unless_asked(server, get):
    url = server.plays(whole())
    assert get(url) == get(url)
    assert len(server.asked) == 1
    get(url, refresh=True)
    assert len(server.asked) == 2


def test_a_record_count_stands_for_a_hash(server, get):
    path = get(server.plays(without_length), sha256="", count=lines, least=20_000)
    assert json.loads(path.with_name("votes.csv.stamp").read_text())["records"] == 20_000


def test_a_copy_changed_on_the_disk_is_fetched_again(server, get):
    url = server.plays(whole())
    path = get(url)
    path.write_bytes(GOOD.replace(b"7,1", b"7,3", 1))
    assert get(url).read_bytes() == GOOD
    assert len(server.asked) == 2


def test_a_copy_whose_stamp_was_lost_is_checked_itself(server, get):
    url = server.plays(whole())
    get(url).with_name("votes.csv.stamp").unlink()
    get(url)
    assert len(server.asked) == 1


def test_a_copy_from_another_address_is_not_taken_for_this_one(server, get):
    url = server.plays(whole())
    get(url, sha256="", count=lines)
    get(url + "?other", sha256="", count=lines)
    assert len(server.asked) == 2


# --- what goes wrong, and passes


@pytest.mark.parametrize("trouble", [truncated, dies_midway, says(503), says(500)])
def test_trouble_that_passes_is_waited_out(server, get, naps, trouble):
    assert get(server.plays(trouble, trouble, whole())).read_bytes() == GOOD
    assert naps == [1.0, 2.0]


def test_a_throttling_server_is_given_its_time(server, get, naps):
    date = {"Date": "Mon, 01 Apr 2024 10:00:00 GMT"}
    url = server.plays(
        says(429, Retry_After="7"),
        says(429, Retry_After="Mon, 01 Apr 2024 10:00:09 GMT", **date),
        says(429),
        whole(),
    )
    assert get(url).read_bytes() == GOOD
    assert naps[0] == 7.0
    assert naps[2] == 4.0  # nothing asked: 2 ** 2
    assert len(naps) == 3


def test_a_day_and_hour_to_wait_for_is_held_against_the_servers_clock():
    from email.message import Message

    headers = Message()
    headers["Retry-After"], headers["Date"] = "Mon, 01 Apr 2024 10:00:09 GMT", "Mon, 01 Apr 2024 10:00:00 GMT"
    assert download._asked_wait(headers) == 9.0


def test_a_server_that_asks_for_an_hour_is_not_slept_for(server, get, naps):
    error = fault(get, server.plays(says(429, Retry_After="3600"), whole()))
    assert error.code == "fetch.status"
    assert "3600 seconds" in str(error)
    assert naps == []


# --- what goes wrong and stays: the last good copy stays too


STAYS = {
    "truncated": (truncated, "fetch.truncated", 3),
    "dies midway": (dies_midway, "fetch.truncated", 3),
    "page with status 200": (page, "fetch.page", 1),
    "not found": (says(404), "fetch.status", 1),
    "busy for ever": (says(503), "fetch.status", 3),
    "throttled for ever": (says(429, Retry_After="1"), "fetch.status", 3),
    "another file": (whole(OLD), "fetch.hash", 1),
    "packed unasked": (whole(GOOD, Content_Encoding="gzip"), "fetch.encoding", 1),
}


@pytest.mark.parametrize(("trouble", "code", "asked"), STAYS.values(), ids=STAYS.keys())
def test_the_last_good_copy_stays(server, get, tmp_path, trouble, code, asked):
    url = server.plays(trouble)
    (tmp_path / "votes.csv").write_bytes(OLD)
    error = fault(get, url, retries=2)
    assert error.code == code
    assert "the last good copy stays" in str(error)
    assert len(server.asked) == asked
    assert (tmp_path / "votes.csv").read_bytes() == OLD
    assert left(tmp_path) == ["votes.csv"]


@pytest.mark.parametrize(("trouble", "code", "asked"), STAYS.values(), ids=STAYS.keys())
def test_without_a_copy_nothing_is_left(server, get, tmp_path, trouble, code, asked):
    assert fault(get, server.plays(trouble), retries=0).code == code
    assert left(tmp_path) == []


def test_too_few_records_are_refused(server, get, tmp_path):
    error = fault(get, server.plays(whole(OLD)), sha256="", count=lines, least=1000)
    assert error.code == "fetch.count"
    assert "1 records, fewer than 1000" in str(error)
    assert left(tmp_path) == []


def test_a_file_its_reader_cannot_read_is_refused(server, get, tmp_path):
    error = fault(
        get, server.plays(whole()), sha256="", count=lambda path: len(sources.read_un_list(path).table)
    )
    assert error.code == "fetch.content"
    assert left(tmp_path) == []


def test_an_unchecked_download_is_refused_before_it_begins(server, get):
    assert fault(get, server.plays(whole()), sha256="").code == "fetch.unchecked"
    assert server.asked == []


@pytest.mark.parametrize("sends", [whole(), without_length])
def test_a_file_over_the_cap_is_refused(server, get, tmp_path, sends):
    assert fault(get, server.plays(sends), max_bytes=1000).code == "fetch.too_large"
    assert left(tmp_path) == []


def test_a_server_that_is_silent_is_not_waited_for(get, server):
    done = threading.Event()
    url = server.plays(lambda handler: done.wait(5))
    try:
        assert fault(get, url, timeout=0.2, retries=0).code in ("fetch.connection", "fetch.truncated")
    finally:
        done.set()


def test_no_server_at_all(get):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert fault(get, f"http://127.0.0.1:{port}/x", retries=1).code == "fetch.connection"


# --- hosts


def test_a_redirect_to_another_host_is_refused(server, get, tmp_path):
    elsewhere = f"http://localhost:{server.server_port}/file.csv"
    url = server.plays(says(302, Location=elsewhere), whole())
    error = fault(get, url)
    assert error.code == "fetch.host"
    assert "'localhost'" in str(error)
    assert len(server.asked) == 1
    assert left(tmp_path) == []


def test_a_redirect_to_a_host_of_the_list_is_followed(server, get):
    url = server.plays(says(302, Location=f"http://localhost:{server.server_port}/file.csv"), whole())
    assert get(url, hosts=("localhost",)).read_bytes() == GOOD


def test_a_redirect_on_the_same_host_is_followed_and_a_ring_is_not(server, get):
    assert get(server.plays(says(301, Location="/new"), whole())).read_bytes() == GOOD
    server.script.clear()
    url = server.plays(says(301, Location="/a"), says(301, Location="/b"), says(301, Location="/a"))
    assert fault(get, url, name="ring.csv").code == "fetch.status"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x", "ftp://example.org/x", "file:///etc/hostname", "https://user:word@example.org/x",
        "https:///x", "example.org/x", "data:text/plain,x",
    ],
)  # fmt: skip
def test_addresses_that_are_not_https(get, url, tmp_path):
    assert fault(get, url).code in ("fetch.scheme", "fetch.host")
    assert left(tmp_path) == []


def test_a_redirect_off_https_is_refused():
    source = download.Source("https://example.org/x")
    with pytest.raises(FetchError, match="not an https"):
        source.admit("http://example.org/x")


# --- names that cannot leave the cache


@pytest.mark.parametrize(
    "name",
    [
        "../x", "a/b", "a\\b", "/etc/hostname", "C:x", "nul", "con.csv", "com1", "", ".", "..", ".hidden", "-x",
        "A.csv", "a" * 65, "a\n", "a b", "é", "x.lock", "x.stamp", "x.", "a\0",
    ],
)  # fmt: skip
def test_names_that_are_refused(get, server, tmp_path, name):
    assert fault(get, server.plays(whole()), name=name).code == "fetch.name"
    assert server.asked == []
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", ["a", "0", "un-list.xml", "a..b", "x" * 64])
def test_names_that_are_good(tmp_path, name):
    assert place_of(name, tmp_path) == tmp_path / name


def test_a_link_that_leads_out_is_refused(server, get, tmp_path):
    outside = tmp_path.parent / "outside.csv"
    outside.write_bytes(OLD)
    (tmp_path / "votes.csv").symlink_to(outside)
    assert fault(get, server.plays(whole())).code == "fetch.name"
    assert outside.read_bytes() == OLD


def test_where_the_cache_lies(monkeypatch, tmp_path):
    monkeypatch.setenv("RISK_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    monkeypatch.delenv("RISK_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "risk"
    assert cache_folder("x").is_absolute()


def test_a_cache_that_cannot_be_written(server, get, tmp_path):
    (tmp_path / "file").write_text("")
    error = fault(
        fetch_file, "a.csv", server.plays(whole()), sha256=SHA, cache=tmp_path / "file" / "x", progress=False
    )
    assert error.code == "fetch.cache"


def test_a_full_disk_leaves_the_copy(server, get, tmp_path, monkeypatch):
    url = server.plays(whole())
    (tmp_path / "votes.csv").write_bytes(OLD)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download.os, "fsync", full)
    error = fault(get, url)
    assert error.code == "fetch.cache"
    assert "No space left" in str(error)
    assert left(tmp_path) == ["votes.csv"]


# --- the lock


def hold(path, pid, host=None, age=0.0):
    path.write_text(json.dumps({"pid": pid, "host": host or socket.gethostname()}))
    then = time.time() - age
    os.utime(path, (then, then))


def dead_process() -> int:
    process = multiprocessing.get_context("fork").Process(target=int)
    process.start()
    process.join()
    return process.pid


def test_a_held_lock_names_its_holder_and_age(tmp_path, monkeypatch):
    monkeypatch.setattr(lock.time, "sleep", lambda _: None)
    hold(tmp_path / "x.csv.lock", os.getpid(), age=42)
    with pytest.raises(FetchError) as caught, lock.locked(tmp_path / "x.csv", wait=0.0):
        pytest.fail("the lock was given twice")
    assert caught.value.code == "fetch.locked"
    assert f"process {os.getpid()} on {socket.gethostname()}, for 42 seconds" in str(caught.value)
    assert left(tmp_path) == ["x.csv.lock"]


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path):
    hold(tmp_path / "x.csv.lock", dead_process())
    with lock.locked(tmp_path / "x.csv", wait=0.0):
        assert json.loads((tmp_path / "x.csv.lock").read_text())["pid"] == os.getpid()
    assert left(tmp_path) == []


@pytest.mark.parametrize(("age", "taken"), [(10, False), (4000, True), (-10_000, False)])
def test_the_lock_of_another_machine_is_taken_over_only_when_old(tmp_path, age, taken):
    hold(tmp_path / "x.csv.lock", 1, host="elsewhere", age=age)
    if taken:
        with lock.locked(tmp_path / "x.csv", wait=0.0):
            pass
        assert left(tmp_path) == []
    else:
        with pytest.raises(FetchError, match="elsewhere"), lock.locked(tmp_path / "x.csv", wait=0.0):
            pytest.fail("the lock was given twice")


def test_a_lock_without_a_name_is_taken_over_when_old(tmp_path):
    path = tmp_path / "x.csv.lock"
    path.write_text("")
    with pytest.raises(FetchError), lock.locked(tmp_path / "x.csv", wait=0.0):
        pytest.fail("the lock was given twice")
    os.utime(path, (0, 0))
    with lock.locked(tmp_path / "x.csv", wait=0.0):
        pass
    assert left(tmp_path) == []


def test_two_writers_take_turns(server, tmp_path):
    url = server.plays(whole())
    paths, errors = [], []

    def run():
        try:
            paths.append(fetch_file("votes.csv", url, sha256=SHA, cache=tmp_path, progress=False))
        except FetchError as reason:
            errors.append(reason)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(paths) == 4
    assert len(server.asked) == 1
    assert left(tmp_path) == ["votes.csv", "votes.csv.stamp"]


# --- publishers by name


NAMED = [
    (fetch.fetch_ofac, sources.read_ofac, good.ofac_xml(good.OFAC_ENTRIES, 3), 3),
    (fetch.fetch_un_list, sources.read_un_list, good.UN_XML, 2),
    (fetch.fetch_eu_list, sources.read_eu_list, good.EU_XML, 2),
    (fetch.fetch_uk_list, sources.read_uk_list, good.UKSL_XML, 3),
]


@pytest.mark.parametrize(("get_it", "read", "text", "count"), NAMED, ids=["ofac", "un", "eu", "uk"])
def test_lists_are_counted_by_their_own_readers(server, tmp_path, get_it, read, text, count):
    url = server.plays(whole(text.encode()))
    path = get_it(url, cache=tmp_path, least=count, progress=False)
    assert len(read(path).table) == count
    error = fault(get_it, url, cache=tmp_path, least=count + 1, progress=False, refresh=True)
    assert error.code == "fetch.count"
    assert path.read_text(encoding="utf-8") == text


def test_a_list_with_lost_entries_is_not_kept(server, tmp_path):
    text = good.ofac_xml(good.OFAC_ENTRIES, 4)
    error = fault(
        sources.fetch_ofac, server.plays(whole(text.encode())), cache=tmp_path, least=1, progress=False
    )
    assert error.code == "fetch.content"
    assert left(tmp_path) == []


def test_the_progress_bar_is_shown_when_asked(server, tmp_path, capsys):
    fetch_file("votes.csv", server.plays(whole()), sha256=SHA, cache=tmp_path)
    assert "votes.csv" in capsys.readouterr().err


def test_only_one_module_can_reach_the_network():
    """The rest of the package imports no client of any network."""
    package = Path(download.__file__).resolve().parents[1]
    clients = re.compile(
        r"^\s*(?:import|from) (urllib\.request|http\.client|ftplib|smtplib|requests|httpx|pooch)\b", re.M
    )
    found = {path.name for path in package.rglob("*.py") if clients.search(path.read_text(encoding="utf-8"))}
    assert found == {"download.py"}


def test_published_addresses_are_https():
    for url in (fetch.OFAC_URL, fetch.UN_URL, fetch.UK_URL):
        assert download.Source(url).url.startswith("https://")
