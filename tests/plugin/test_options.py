# SPDX-License-Identifier: GPL-3.0-or-later
"""The options page and the self-test."""

from __future__ import annotations

import shutil

import pytest
import translations
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from tests.core.test_sink import small_disk


@pytest.fixture
def page(plugin, tiny_model):
    from dbcr.plugin import settings
    from dbcr.plugin.options import OptionsPage

    settings.MODEL.write(str(tiny_model))
    yield OptionsPage()
    for setting in settings.ALL:
        setting.write(setting.default)


def test_every_field_shows_and_stores_its_setting(page):
    from dbcr.plugin import settings

    page.fields[settings.DEVICE].setCurrentText("cpu")
    page.fields[settings.OVERLAP].setValue(96)
    page.fields[settings.COMPRESSION].setCurrentText("zstd")
    page.apply()
    assert settings.DEVICE.read() == "cpu" and settings.OVERLAP.read() == 96 and settings.COMPRESSION.read() == "zstd"
    from dbcr.plugin.options import OptionsPage

    again = OptionsPage()
    assert again.fields[settings.DEVICE].currentText() == "cpu" and again.fields[settings.OVERLAP].value() == 96


@pytest.mark.parametrize("language", ["en", *translations.LANGUAGES])
def test_what_an_empty_field_stands_for_can_be_read_in_every_language(plugin, qgis_app, language):
    from dbcr.plugin.options import OptionsPage
    from qgis.gui import QgsFileWidget

    translator = QTranslator()
    if language != "en":
        assert translator.load(str(translations.FOLDER / f"dbcr_{language}.qm"))
        QCoreApplication.installTranslator(translator)
    page = OptionsPage()
    page.resize(620, 700)
    page.show()
    qgis_app.processEvents()
    lines = [field.lineEdit() for field in page.findChildren(QgsFileWidget)]
    cut = [
        line.placeholderText()
        for line in lines
        if line.fontMetrics().horizontalAdvance(line.placeholderText()) > line.width() - 30
    ]
    QCoreApplication.removeTranslator(translator)
    page.close()
    assert lines and cut == []


def test_the_self_test_names_device_time_and_checksum(page, wait_until):
    page.test()
    wait_until(lambda: page.test_button.isEnabled())
    text = page.test_result.text()
    assert "CPU" in text and "s per tile" in text and "checksum" in text


def test_the_self_test_gives_the_same_checksum_again(page, tiny_model):
    from dbcr.plugin.self_test import run_self_test
    from dbcr.plugin.settings import runtime_folder

    results = [run_self_test(runtime_folder(), str(tiny_model), "cpu", 1) for _ in range(2)]
    assert results[0].checksum == results[1].checksum


def test_a_self_test_without_room_for_its_tile_says_so(page, tiny_model, tmp_path, monkeypatch):
    from dbcr.dbcr_core.errors import OutputError
    from dbcr.plugin.self_test import run_self_test
    from dbcr.plugin.settings import runtime_folder

    with small_disk(tmp_path / "disk", "64k") as disk:
        monkeypatch.setattr("tempfile.tempdir", str(disk))
        with pytest.raises(OutputError, match="free some space"):
            run_self_test(runtime_folder(), str(tiny_model), "cpu", 1)


def test_the_self_test_tells_whether_the_result_is_right(page, tmp_path):
    from dataclasses import replace

    from dbcr.dbcr_core.errors import DeviceError
    from dbcr.dbcr_core.model_card import bundled_model_path
    from dbcr.dbcr_core.model_file import read_model_file, write_model_file
    from dbcr.plugin.self_test import run_self_test
    from dbcr.plugin.settings import runtime_folder

    right = run_self_test(runtime_folder(), "", "cpu", 1)
    assert right.difference < 2e-5 and "right: within 0.0000" in right.line()
    model = read_model_file(bundled_model_path())
    card = replace(model.card, answer=tuple(value + 0.01 for value in model.card.answer))
    write_model_file(str(tmp_path / "other.dbcr"), card, {name: model.graph(name) for name in model.card.sha256})
    with pytest.raises(DeviceError, match="off by 0.0100"):
        run_self_test(runtime_folder(), str(tmp_path / "other.dbcr"), "cpu", 1)


def test_the_self_test_says_what_is_wrong_with_a_model(page, wait_until):
    from dbcr.plugin import settings

    page.fields[settings.MODEL].setFilePath("/does/not/exist.dbcr")
    page.test()
    wait_until(lambda: page.test_button.isEnabled())
    assert "no model file" in page.test_result.text()


def test_the_cache_tells_its_size_and_is_cleared(page):
    from types import SimpleNamespace

    from dbcr.plugin.options import OptionsPage
    from dbcr.plugin.preview_cache import SHARED

    SHARED.put("ground", SimpleNamespace(nbytes=12_000_000, pictures={}))
    again = OptionsPage()
    assert "12 MB" in again.cache_used.text()
    again.cache_button.click()
    assert "0 MB" in again.cache_used.text() and SHARED.nbytes == 0


def test_the_page_may_close_during_the_self_test(page, wait_until):
    from qgis.core import QgsApplication

    page.test()
    page.deleteLater()
    wait_until(lambda: QgsApplication.taskManager().countActiveTasks() == 0)


def test_the_dock_takes_over_what_the_options_store(dock, plugin, tiny_model, tmp_path, wait_until):
    from dbcr.plugin import settings

    dock.ask_preview()
    wait_until(lambda: dock.compare.has_preview and dock.previews.is_idle)
    other = shutil.copyfile(tiny_model, tmp_path / "other.dbcr")
    page = plugin._options.createWidget()
    page.fields[settings.MODEL_FOLDER].setFilePath(str(tmp_path))
    page.apply()
    assert dock.dock.model.findData(str(other)) >= 0 and dock.compare.has_preview
    page.fields[settings.MODEL].setFilePath(str(other))
    page.apply()
    assert dock.dock.model.currentData() == str(other) and not dock.compare.has_preview
    wait_until(lambda: dock.compare.has_preview)
    settings.MODEL_FOLDER.write("")


def test_a_model_folder_offers_files_however_their_ending_is_written_and_no_folders(dbcr, tmp_path):
    from dbcr.plugin import models

    (tmp_path / "a folder.dbcr").mkdir()
    for name in ("small.dbcr", "LARGE.DBCR", "notes.txt"):
        (tmp_path / name).write_text("")
    assert [name for _, name in models.choices(str(tmp_path), "")][1:] == ["LARGE", "small"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [(" ", "https://pypi.org/simple"), (" https://mirror.example/simple ", "https://mirror.example/simple")],
)
def test_blanks_are_no_part_of_a_package_index_and_none_is_the_usual_one(plugin, monkeypatch, written, asked):
    import processing
    from dbcr.plugin import runtime, settings

    indexes: list = []

    def install(folder, index, fetch, build) -> runtime.RuntimeStatus:
        indexes.append(index)
        return runtime.RuntimeStatus(str(folder), "9.9")

    monkeypatch.setattr(runtime, "load", lambda folder: runtime.RuntimeStatus(None, problem=runtime.MISSING))
    monkeypatch.setattr(runtime, "install_from_index", install)
    settings.PACKAGE_INDEX.write(written)
    processing.run("dbcr:installruntime", {})
    settings.PACKAGE_INDEX.write(settings.PACKAGE_INDEX.default)
    assert indexes == [asked]


def test_a_stored_value_of_another_type_falls_back_to_the_default(plugin):
    from dbcr.plugin import settings
    from qgis.core import QgsSettings

    QgsSettings().setValue("dbcr/overlap", "many")
    assert settings.OVERLAP.read() == settings.OVERLAP.default
    settings.OVERLAP.write(settings.OVERLAP.default)
