# SPDX-License-Identifier: GPL-3.0-or-later
"""The check behind `make lint` finds what Qt 6 no longer has, and nothing where all is well."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from qt6_check import faults_in
from qt6_stubs import Stubs

IMPORTS = """
from qgis.PyQt.QtCore import QEvent, QTimer, Qt
from qgis.PyQt.QtGui import QFontMetrics, QPainter
from qgis.PyQt.QtWidgets import QAction, QFrame, QLabel, QSlider, QWidget
"""


@pytest.fixture(scope="module")
def stubs() -> Stubs:
    if not Path(sys.prefix, "qt6").exists():
        pytest.skip("Qt 6's stubs are installed for `make lint`")
    return Stubs(Path(sys.prefix, "qt6", "PyQt6"))


@pytest.mark.parametrize(
    "code, fault",
    [
        ("x = Qt.AlignCenter", "Qt has no AlignCenter"),
        ("x = QFrame.NoFrame", "QFrame has no NoFrame"),
        ("x = Qt.ItemDataRole.Unknown", "ItemDataRole has no Unknown"),
        ("x = QEvent.Type.MouseMove.nothing", None),
        ("QFontMetrics.width", "QFontMetrics has no width"),
        ("dialog.exec_()", ".exec_ is not in Qt 6, use exec()"),
        ("from qgis.PyQt.QtGui import QMatrix", "PyQt6.QtGui has no QMatrix"),
        ("from qgis.PyQt.QtCore import QRegExp", "PyQt6.QtCore has no QRegExp"),
        ("from PyQt5.QtCore import QObject", "import PyQt5.QtCore through qgis.PyQt"),
        ("from qgis.PyQt import QtCore\nx = QtCore.Qt.white", "Qt has no white"),
        ("class W(QWidget):\n  def f(self):\n    self.getContentsMargins()", "QWidget has no getContentsMargins"),
        ("class W(QWidget):\n  def wheelEvent(self, e):\n    e.delta()", "QWheelEvent has no delta"),
        ("class W(QWidget):\n  def mousePressEvent(self, e):\n    e.localPos()", "QMouseEvent has no localPos"),
        ("def f():\n  t = QLabel()\n  t.setMargins(1)", "QLabel has no setMargins"),
        (
            "class W(QWidget):\n  def __init__(self):\n    self.p = QPainter()\n    self.p.initFrom(self)",
            "has no initFrom",
        ),
    ],
)
def test_what_qt_6_lacks_is_found(stubs, code, fault) -> None:
    found = [text for _, text in faults_in(IMPORTS + code, stubs)]
    if fault is None:
        assert found == []
    else:
        assert len(found) == 1 and fault in found[0]


def test_what_qt_6_has_is_left_alone(stubs) -> None:
    code = (
        IMPORTS
        + """
class Dial(QSlider):
    def __init__(self):
        super().__init__(Qt.Orientation.Horizontal)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.later)
        self.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.action = QAction("x", self)
    def later(self):
        self.setValue(self.minimum())
        self.own = 1
        return self.own
    def mouseMoveEvent(self, event):
        return event.position().x()
"""
    )
    assert faults_in(code, stubs) == []


def test_enumerations_of_qgis_must_be_scoped(stubs) -> None:
    pytest.importorskip("qgis.core")
    imports = "from qgis.core import Qgis, QgsProcessingParameterNumber\n"
    assert faults_in(imports + "x = QgsProcessingParameterNumber.Type.Integer, Qgis.MessageLevel.Info", stubs) == []
    ((line, text),) = faults_in(imports + "x = QgsProcessingParameterNumber.Integer", stubs)
    assert line == 2 and "scope the enumeration, Type.Integer" in text


def test_qgis_itself_keeps_qt_5_out_of_reach_of_the_stubs(stubs) -> None:
    assert not any(os.path.samefile(entry, Path(sys.prefix, "qt6")) for entry in sys.path if os.path.isdir(entry))
