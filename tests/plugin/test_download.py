# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plugin fetches from the network, from a server of the test's own, in a thread as QGIS's tasks have it."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from qgis.core import QgsApplication, QgsFeedback, QgsTask

CONTENT = bytes(range(256)) * 4000


class Answers(BaseHTTPRequestHandler):
    """/whole at once, /moved by way of another address, /slow only its first half; nothing else."""

    def do_GET(self) -> None:
        self.close_connection = True
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/whole")
            self.end_headers()
        elif self.path in ("/whole", "/slow"):
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            is_whole = self.path == "/whole"
            self.wfile.write(CONTENT if is_whole else CONTENT[: len(CONTENT) // 2])
            self.wfile.flush()
            if not is_whole:
                self.server.is_halfway.set()
                self.server.may_end.wait(30)
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as made:
        made.is_halfway, made.may_end = threading.Event(), threading.Event()
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.may_end.set()
        made.shutdown()


class Download(QgsTask):
    """Keeps what came, or the error."""

    def __init__(self, server, path: str, feedback: QgsFeedback) -> None:
        super().__init__("download")
        self.outcome: object = None
        self._address, self._feedback = f"http://127.0.0.1:{server.server_port}{path}", feedback

    def run(self) -> bool:
        from dbcr.plugin.download import download

        try:
            self.outcome = download(self._address, self._feedback)
        except Exception as error:
            self.outcome = error
        return True


@pytest.fixture
def fetched(plugin, server, wait_until):
    """path → what `download` gave for it in a background task."""

    def fetch(path: str, halfway=lambda feedback: None) -> object:
        feedback = QgsFeedback()
        task = Download(server, path, feedback)
        QgsApplication.taskManager().addTask(task)
        wait_until(lambda: server.is_halfway.is_set() or task.outcome is not None)
        halfway(feedback)
        wait_until(lambda: task.outcome is not None, 20)
        return task.outcome

    return fetch


@pytest.mark.parametrize("path", ["/whole", "/moved"])
def test_a_file_comes_whole_from_wherever_it_has_moved_to(fetched, path):
    assert fetched(path) == CONTENT


def test_an_address_that_is_not_there_is_named_with_the_remedy(fetched):
    from dbcr.dbcr_core.errors import BackendMissingError

    error = fetched("/missing")
    assert isinstance(error, BackendMissingError)
    assert "/missing cannot be downloaded (" in str(error) and str(error).endswith("install from a wheel.")


@pytest.mark.parametrize("attempt", range(3))
def test_a_download_that_is_cancelled_halfway_ends_at_once(fetched, attempt):
    from dbcr.dbcr_core.errors import Cancelled

    cancelled_at = []

    def cancel(feedback: QgsFeedback) -> None:
        cancelled_at.append(time.monotonic())
        feedback.cancel()

    assert isinstance(fetched("/slow", cancel), Cancelled)
    assert time.monotonic() - cancelled_at[0] < 5


def test_what_was_cancelled_before_is_not_even_asked_for(plugin, server):
    from dbcr.dbcr_core.errors import Cancelled
    from dbcr.plugin.download import download

    feedback = QgsFeedback()
    feedback.cancel()
    with pytest.raises(Cancelled):
        download(f"http://127.0.0.1:{server.server_port}/slow", feedback)
    assert not server.is_halfway.is_set()
