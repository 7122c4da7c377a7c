# SPDX-License-Identifier: GPL-3.0-or-later
"""One address through QGIS's own network settings (proxy, certificates), given up as soon as the user wants it."""

from __future__ import annotations

from qgis.core import QgsFeedback, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QEventLoop, QTimer, QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ..dbcr_core.errors import BackendMissingError, Cancelled

LOOKS_MILLISECONDS = 100
"""Between two looks at whether the user has cancelled."""


def download(address: str, feedback: QgsFeedback) -> bytes:
    """What lies there; raises BackendMissingError where it cannot be had, Cancelled when `feedback` says so.

    Safe in any thread. QgsBlockingNetworkRequest is not used, as with a feedback that is cancelled halfway it waits for
    good, or takes what has come so far for all there is (QGIS 3.22).
    """
    if feedback.isCanceled():
        raise Cancelled()
    reply = QgsNetworkAccessManager.instance().get(_request(address))
    loop, looks = QEventLoop(), QTimer()
    reply.finished.connect(loop.quit)
    looks.timeout.connect(lambda: reply.abort() if feedback.isCanceled() else None)
    looks.start(LOOKS_MILLISECONDS)
    try:
        if not reply.isFinished():
            loop.exec()
        if feedback.isCanceled():
            raise Cancelled()
        if reply.error() != QNetworkReply.NetworkError.NoError:
            raise BackendMissingError(
                f"{address} cannot be downloaded ({reply.errorString()}); check the network, or install from a wheel."
            )
        return bytes(reply.readAll())
    finally:
        looks.stop()
        reply.deleteLater()


def _request(address: str) -> QNetworkRequest:
    """Follows redirections, and asks the network even for what was fetched before."""
    request = QNetworkRequest(QUrl(address))
    for attribute, value in (
        (QNetworkRequest.Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy),
        (QNetworkRequest.Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork),
    ):
        request.setAttribute(attribute, value)
    return request
