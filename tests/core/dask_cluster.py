# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dask cluster of this machine, for tests: a scheduler and workers in processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time

import distributed

START_SECONDS = 120
# A worker that slows the network down, so that a kill falls into the work.
SLOW_WORKER = """
import sys, time
from dbcr_core.predictors.onnx_predictor import OnnxPredictor
known = OnnxPredictor.predict_clear
def slow(self, *arguments):
    time.sleep(0.15)
    return known(self, *arguments)
OnnxPredictor.predict_clear = slow
"""
RUN = """
import sys
from distributed.cli.dask_worker import main
sys.argv[0] = "dask-worker"
main()
"""


class Cluster:
    """A scheduler that knows nothing of the engine, and `workers` slow workers; more of any kind join by `add`."""

    def __init__(self, folder, repository, workers):
        self._folder, self._repository = folder, str(repository)
        # The scheduler chooses its port and tells it in a file; workers start after that. A worker that starts first
        # may be given the very port meant for the scheduler, and then all wait for each other.
        contact = folder / "scheduler.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(contact), "--no-dashboard"]
        self.processes = [self._start("-m", "distributed.cli.dask_scheduler", *options, path="")]
        try:
            self.address = self._address_told_in(contact)
            self.workers = self.add(*[SLOW_WORKER] * workers) if workers else []
        except BaseException:
            self.close()
            raise

    def add(self, *codes, path=None, threads=1):
        """Starts a worker for each code, which it runs first, and waits for them; returns their processes.

        path: where they find modules, this repository if None. threads: of each.
        """
        options = ["--no-nanny", "--no-dashboard", "--nthreads", str(threads)]
        started = [self._start("-c", code + RUN, self.address, *options, path=path) for code in codes]
        before = len(self.processes) - 1
        self.processes += started
        lost = sum(process.poll() is not None for process in self.processes[: before + 1])
        with self.client() as client:
            client.wait_for_workers(before + len(started) - lost, timeout=START_SECONDS)
        return started

    def client(self):
        """A client of its own."""
        return distributed.Client(self.address, timeout=START_SECONDS, set_as_default=False)

    def address_of(self, process):
        """Where a worker listens."""
        with self.client() as client:
            return next(address for address, pid in client.run(os.getpid).items() if pid == process.pid)

    def _address_told_in(self, contact):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.processes[0].poll() is None:
            with contextlib.suppress(OSError, ValueError):
                return json.loads(contact.read_text())["address"]
            time.sleep(0.05)
        raise AssertionError(f"The scheduler did not start:\n{(self._folder / 'cluster.log').read_text()}")

    def _start(self, *arguments, path=None):
        log = open(self._folder / "cluster.log", "ab")  # noqa: SIM115 (the child keeps it)
        environment = {**os.environ, "PYTHONPATH": self._repository if path is None else path}
        return subprocess.Popen([sys.executable, *arguments], cwd=self._folder, env=environment, stdout=log, stderr=log)

    def close(self):
        """Ends everything."""
        for process in reversed(self.processes):
            process.kill()
            process.wait()
