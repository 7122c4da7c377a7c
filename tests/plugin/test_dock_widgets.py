# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock by keyboard, its tooltips, its icons in both themes, and that it fits a narrow place."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest
import translations
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QPoint, QRect, Qt, QTranslator
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QSlider, QStyle, QStyleOptionSlider

QGIS_MENUS = set("jevlsoprdwmch")
"""Letters that QGIS's own menus take in English (Project, Edit, View …)."""

NIGHT_MAPPING = (
    "QSlider::groove:horizontal {border: 1px solid; height: 0.4em; margin: 0.15em 1px}"
    "QSlider::handle:horizontal {border: 1px solid; width: 1.3em; margin: -0.15em -1px}"
)
"""What QGIS's dark theme says of sliders."""


def controls(dock) -> list:
    """All that a user can operate in the dock's body, runtime panel included."""
    body = dock.widget().widget()
    found = [
        widget
        for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider)
        for widget in body.findChildren(kind)
        if not isinstance(widget.parent(), (QComboBox, QLineEdit))
    ]
    # Arrows of the collapsible boxes are driven by the box itself.
    return [widget for widget in found if widget.objectName() != "collapseButton"]


@pytest.fixture
def shown(dock, qgis_app):
    """The dock with everything in it visible: missing runtime, open boxes."""
    widget = dock.dock
    widget.set_runtime_problem("missing")
    for button in (widget.preview, widget.run_box.run, widget.assess_box.assess, widget.compare_lines.flip):
        button.setEnabled(True)
    widget.assess_box.setCollapsed(False)
    widget.setFloating(True)
    widget.resize(420, 1200)
    widget.show()
    qgis_app.processEvents()
    return widget


def test_every_control_is_reached_by_tab(shown, qgis_app):
    wanted = [widget for widget in controls(shown) if widget.isEnabled() and widget.isVisible()]
    assert len(wanted) > 20
    chain, current = set(), shown.optical
    while current not in chain:
        chain.add(current)
        current = current.nextInFocusChain()
    for widget in wanted:
        name = f"{type(widget).__name__} {widget.toolTip()!r}"
        assert widget in chain and widget.focusPolicy() & Qt.FocusPolicy.TabFocus, name


def test_tab_goes_from_top_to_bottom(shown):
    wanted = {widget for widget in controls(shown) if widget.isEnabled() and widget.isVisible()}
    order, current = [], shown.optical
    while current not in order:
        order.append(current)
        current = current.nextInFocusChain()
    # The chain is a ring: the runtime panel above the pickers comes round last.
    tops = [widget.mapTo(shown, QPoint(0, 0)).y() for widget in order if widget in wanted]
    above = sum(top < tops[0] - 4 for top in tops)
    tops = tops[-above:] + tops[:-above] if above else tops
    assert all(below >= top - 12 for top, below in zip(tops, tops[1:])), tops


def test_every_control_says_what_it_does(shown):
    for widget in controls(shown):
        assert len(widget.toolTip()) > 10, f"{type(widget).__name__} {getattr(widget, 'text', str)()}"


def test_every_control_has_a_name_for_screen_readers(shown):
    buddies = {label.buddy() for label in shown.findChildren(QLabel) if label.buddy()}
    for widget in controls(shown):
        has_text = isinstance(widget, QAbstractButton) and widget.text().strip("…. ")
        assert has_text or widget.accessibleName() or widget in buddies, widget.toolTip()


def test_mnemonics_are_unique_and_leave_qgis_its_menus(shown):
    texts = [widget.text() for widget in controls(shown) if isinstance(widget, QAbstractButton)]
    texts += [label.text() for label in shown.findChildren(QLabel) if label.buddy()]
    letters = Counter(letter.lower() for text in texts for letter in re.findall(r"&(\w)", text))
    assert len(letters) >= 8 and max(letters.values()) == 1
    assert not set(letters) & QGIS_MENUS


def test_the_slider_and_the_boxes_obey_the_keyboard(shown, dock):
    shown.dial.slider.setFocus()
    before = shown.dial.nfe
    QTest.keyClick(shown.dial.slider, Qt.Key.Key_Right)
    assert shown.dial.nfe == before + 1
    QTest.keyClick(shown.compare_lines.swipe, Qt.Key.Key_Space)
    assert shown.compare_lines.swipe.isChecked() and dock._canvas.mapTool() is dock.compare.tool
    dock.compare.show_over_map("sar")
    visible = dock.compare.over_map.isVisible()
    QTest.keyClick(dock._canvas, Qt.Key.Key_Space)
    assert dock.compare.over_map.isVisible() != visible


@pytest.mark.parametrize("sheet", ["", NIGHT_MAPPING])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_curve_stands_over_the_handle_in_either_direction_and_under_a_style_sheet(
    shown, qgis_app, direction, sheet
):
    dial = shown.dial
    dial.setLayoutDirection(direction)
    dial.slider.setStyleSheet(sheet)
    slider, option = dial.slider, QStyleOptionSlider()
    for nfe in (1, 4, 10):
        slider.setValue(nfe)
        qgis_app.processEvents()
        slider.initStyleOption(option)
        complex_slider, handle = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        centre = slider.style().subControlRect(complex_slider, option, handle, slider).center()
        place = dial._background._place(nfe, 0.5)
        assert abs(slider.mapTo(dial, centre).x() - dial._background.mapTo(dial, place.toPoint()).x()) <= 2
    dial.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_icons_stand_out_in_both_themes_and_are_sharp_on_dense_screens(qgis_app, dbcr):
    from dbcr.plugin import icons

    names = sorted(path.stem for path in icons.FOLDER.glob("*.svg"))
    assert "swipe" in names
    for window, text in (("#f0f0f0", "#101010"), ("#323232", "#e0e0e0")):
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor(window))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(text))
        for name in names:
            made = icons.icon(name, palette)
            assert {size.width() for size in made.availableSizes()} >= {16, 32, 48}
            image = made.pixmap(48, 48).toImage()
            inks = [
                image.pixelColor(x, y).lightness()
                for x in range(image.width())
                for y in range(image.height())
                if image.pixelColor(x, y).alpha() > 200
            ]
            assert inks, name
            contrast = abs(sorted(inks)[len(inks) // 2] - QColor(window).lightness())
            assert contrast > 90, f"{name} on {window}"


def test_every_icon_a_button_asks_for_is_there(dock, dbcr):
    from dbcr.plugin.dock_widgets import ICON

    buttons = [button for button in dock.dock.findChildren(QAbstractButton) if button.property(ICON)]
    assert len(buttons) == 8 and not any(button.icon().isNull() for button in buttons)


def test_nothing_is_cut_off_at_the_narrowest(shown, qgis_app):
    shown.resize(shown.minimumSizeHint().width(), 900)
    qgis_app.processEvents()
    body = shown.widget().widget()
    assert shown.width() <= 400
    assert shown.run_box.run.y() == shown.run_box.copy.y()
    for widget in controls(shown):
        if widget.isVisible():
            assert widget.mapTo(body, QPoint(0, 0)).x() + widget.width() <= body.width(), widget.toolTip()
            if isinstance(widget, QAbstractButton):
                assert widget.width() >= widget.minimumSizeHint().width() - 2, widget.text()


@pytest.mark.parametrize("language", ("en", *translations.LANGUAGES))
def test_it_fits_beside_the_map_in_every_language_and_a_large_font_and_nothing_is_cut_off(
    dbcr, qgis_app, wait_until, language
):
    from dbcr.plugin.dock import DbcrDock

    translator = QTranslator()
    assert translator.load(str(translations.FOLDER / f"dbcr_{language}.qm")) or language == "en"
    qgis_app.installTranslator(translator)
    dock = DbcrDock(None, 1)
    qgis_app.removeTranslator(translator)
    font = dock.font()
    font.setPointSize(16)
    dock.setFont(font)
    dock.assess_box.setCollapsed(False)
    dock.show()
    for width in (430, 900):
        wait_until(lambda width=width: dock.resize(width, 1200) or dock.width() == width, seconds=5)
        body, ways = dock.widget().widget(), dock.compare_lines
        parts = [widget for widget in controls(dock) if widget.isVisible()]
        for widget in parts:
            assert body.rect().contains(QRect(widget.mapTo(body, QPoint(0, 0)), widget.size())), widget.toolTip()
            if isinstance(widget, QAbstractButton):
                assert widget.width() >= widget.minimumSizeHint().width() - 2, widget.text()
        assert ways.swipe.y() == ways.side_by_side.y() or width < 900
        places = [QRect(widget.mapTo(body, QPoint(0, 0)), widget.size()) for widget in parts]
        assert not any(one.intersects(other) for one, other in itertools.combinations(places, 2))
        assert max(ways.flip.geometry().right(), ways.side_by_side.geometry().right()) == ways.rect().right()
    dock.deleteLater()


def test_the_options_page_explains_every_field(plugin):
    from dbcr.plugin.options import OptionsPage

    page = OptionsPage()
    for field in page.fields.values():
        assert len(field.toolTip()) > 10
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in page.findChildren(kind):
            if not isinstance(widget.parent(), (QComboBox, QLineEdit)) and widget.focusPolicy():
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.toolTip()
    assert QgsApplication.instance() is not None
