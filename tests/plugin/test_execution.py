# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks wait for the next job while the plugin is loaded, and no longer, whatever runs while it is unloaded."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def execution(dbcr):
    from dbcr.plugin import execution

    execution.close()
    yield execution
    execution.close()


@pytest.fixture
def a_job(execution, job, tmp_path):
    """Runs a job; while(): called in its midst."""

    class Port:
        def __init__(self, meanwhile) -> None:
            self.meanwhile = meanwhile

        def report(self, fraction, text):
            self.meanwhile()

        def message(self, text):
            pass

        warning = message

        def cancelled(self):
            return False

    options = {"optical": job["OPTICAL"], "sar": job["SAR"], "model": job["MODEL"], "output": job["OUTPUT"]}
    return lambda meanwhile=lambda: None: execution.run_job(options, Port(meanwhile), "", Path(tmp_path))


def test_a_network_waits_for_the_next_job(execution, a_job):
    a_job()
    assert execution.networks._spare.thing is not None


def test_what_is_handed_back_after_the_end_is_closed(execution, a_job):
    a_job(execution.close)
    assert execution.networks._spare.thing is None
    a_job()
    assert execution.networks._spare.thing is not None, "the plugin was loaded once more"


def test_unloading_closes_what_the_docks_runs_hand_back_as_they_end(execution, dock, plugin, monkeypatch):
    class Network:
        is_open = True

        def close(self) -> None:
            self.is_open = False

    network, end_of_runs = Network(), dock.runs.close
    monkeypatch.setattr(dock.runs, "close", lambda: (end_of_runs(), execution.networks._spare.put("any", network)))
    plugin.unload()
    assert not network.is_open and execution.networks._spare.thing is None
