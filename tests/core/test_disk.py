# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on systems that lack what Linux has: each fallback is really taken, and does what it promises."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import types
from pathlib import Path

import pytest

from dbcr_core import disk
from tests.systems import IS_WINDOWS, posix_only

HOLDER = "import sys, time; sys.path.insert(0, sys.argv[2]); from dbcr_core import disk; f = open(sys.argv[1], 'ab');\
 held = disk.hold(f, sys.argv[1] + '.lock'); print('held' if held else 'not', flush=True); sys.stdin.read()"


def holder(path: Path, repository: Path) -> subprocess.Popen:
    """A process that holds the file until its stdin ends."""
    command = [sys.executable, "-c", HOLDER, str(path), str(repository)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_file_is_held_by_one_process_until_it_ends_or_is_killed(tmp_path, repository) -> None:
    path = tmp_path / "a.raw"
    path.touch()
    first = holder(path, repository)
    assert first.stdout.readline() == "held\n"
    with open(path, "ab") as file:
        assert disk.hold(file, f"{path}.lock") is None
        first.kill()
        first.communicate()
        let_go = disk.hold(file, f"{path}.lock")
        assert let_go is not None
        let_go()
    assert os.listdir(tmp_path) == (["a.raw", "a.raw.lock"] if IS_WINDOWS else ["a.raw"])


@posix_only("Windows's own locks are what the test above holds")
def test_without_posix_locks_a_file_beside_is_locked_and_let_go(tmp_path, monkeypatch) -> None:
    """Windows's module by what is documented of it: locking() raises OSError where the byte is locked."""
    locked: set[str] = set()

    def locking(descriptor: int, mode: int, count: int) -> None:
        name = os.readlink(f"/proc/self/fd/{descriptor}")
        if name in locked:
            raise PermissionError(errno.EACCES, "locked")
        locked.add(name)

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_NBLCK=2))
    beside = str(tmp_path / "a.raw.lock")
    with open(tmp_path / "a.raw", "wb") as file:
        let_go = disk.hold(file, beside)
        assert let_go is not None and locked == {beside}
        assert disk.hold(file, beside) is None
        let_go()


@pytest.mark.parametrize("missing", ["not offered", "not supported"])
def test_space_is_checked_where_it_cannot_be_claimed(tmp_path, monkeypatch, missing) -> None:
    if missing == "not offered":
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    else:

        def refuse(*_: int) -> None:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")

        monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    with open(tmp_path / "a.raw", "wb") as file:
        disk.reserve(file, 12345, tmp_path)
        assert os.path.getsize(tmp_path / "a.raw") == 12345
        with pytest.raises(OSError) as caught:
            disk.reserve(file, 10**18, tmp_path)
    assert caught.value.errno == errno.ENOSPC


def test_files_and_folders_are_synced_whatever_the_system_allows(tmp_path, monkeypatch) -> None:
    (tmp_path / "a").write_bytes(b"x")
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(descriptor), real(descriptor)))
    disk.sync_path(tmp_path / "a")
    disk.sync_path(tmp_path)
    disk.sync_path(tmp_path / "missing")
    assert len(synced) == (1 if IS_WINDOWS else 2)  # Windows opens no folder
    assert (tmp_path / "a").read_bytes() == b"x"


def test_a_text_file_is_replaced_as_a_whole_or_not_at_all(tmp_path, monkeypatch) -> None:
    path = tmp_path / "a.json"
    disk.write_text(str(path), "ä\udc80\n")
    assert path.read_bytes() == "ä\\udc80\n".encode()

    def refuse(*_: str) -> None:
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="no room"):
        disk.write_text(str(path), "new")
    assert path.read_bytes() == "ä\\udc80\n".encode() and os.listdir(tmp_path) == ["a.json"]


def test_a_folders_stamp_changes_with_any_file_in_it_but_not_with_what_was_derived_from_one(tmp_path) -> None:
    inner = tmp_path / "GRANULE" / "IMG_DATA"
    inner.mkdir(parents=True)
    band, product = inner / "B02.jp2", tmp_path / "MTD.xml"
    for file in (band, product):
        file.write_bytes(b"1")
    seen = [disk.stamp(str(tmp_path))]
    for path in (inner / "B02.jp2.aux.xml", tmp_path / "MTD.xml.aux.xml", inner / "B02.jp2.ovr"):
        path.write_bytes(b"statistics")
        assert disk.stamp(str(tmp_path)) == seen[0]
    band.write_bytes(b"12")
    seen.append(disk.stamp(str(tmp_path)))
    os.utime(product, (1, 1))
    seen.append(disk.stamp(str(tmp_path)))
    (inner / "B03.jp2").write_bytes(b"1")
    seen.append(disk.stamp(str(tmp_path)))
    band.unlink()
    seen.append(disk.stamp(str(tmp_path)))
    assert len(set(seen)) == len(seen)
    assert disk.stamp(str(tmp_path / "none")) == "gone"


def test_work_goes_on_meanwhile_is_waited_for_and_its_failure_told() -> None:
    begun, done = threading.Event(), []

    def work(value: int) -> None:
        begun.set()
        done.append(value)

    with disk.meanwhile(work, 7):
        assert begun.wait(10)
    assert done == [7]
    with pytest.raises(OSError, match="no room"), disk.meanwhile(_fail):
        done.append(8)
    assert done == [7, 8]
    # What the block itself raises matters more.
    with pytest.raises(KeyError), disk.meanwhile(_fail):
        raise KeyError


def _fail() -> None:
    raise OSError("no room")
