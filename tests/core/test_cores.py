# SPDX-License-Identifier: GPL-3.0-or-later
"""How many cores count: those that the process may run on, or fewer where a control group rations their time."""

from __future__ import annotations

import pytest

from dbcr_core import cores

V2, V1 = "0::/a/b\n", "5:memory:/x\n4:cpu,cpuacct:/a/b\n1:name=systemd:/a/b\n0::/\n"


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        (V2, {"a/b/cpu.max": "200000 100000\n"}, 2),
        (V2, {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "250000 100000\n"}, 2.5),
        (V2, {"a/b/cpu.max": "400000 100000\n", "a/cpu.max": "150000 100000\n"}, 1.5),
        ("0::/\n", {"cpu.max": "300000 100000\n"}, 3),
        ("0::/../c\n", {"cpu.max": "300000 100000\n"}, 3),
        (V1, {"cpu/a/b/cpu.cfs_quota_us": "-1\n", "cpu/a/b/cpu.cfs_period_us": "100000\n"}, None),
        (V1, {"cpu/cpu.cfs_quota_us": "50000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 0.5),
        (V2, {"a/b/cpu.max": "nonsense"}, None),
        (V2, {"a/b/cpu.max": "1 0"}, None),
        (V2, {}, None),
        ("nonsense", {}, None),
        (None, {"cpu.max": "100000 100000"}, None),
    ],
)
def test_a_quota_of_the_group_or_of_one_around_it_is_read(tmp_path, groups, files, expected):
    if groups is not None:
        (tmp_path / "proc" / "self").mkdir(parents=True)
        (tmp_path / "proc" / "self" / "cgroup").write_text(groups)
    for name, text in files.items():
        path = tmp_path / "sys" / "fs" / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = cores._quota(str(tmp_path))
    assert found == expected if expected else found > 1e9


@pytest.mark.parametrize(("quota", "expected"), [(0.5, 1), (1.2, 2), (3.0, 3), (64.0, 4)])
def test_a_quota_is_rounded_up_and_counts_beside_the_cores_that_are_there(monkeypatch, quota, expected):
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(cores, "_quota", lambda: quota)
    assert cores.available_cores() == expected
