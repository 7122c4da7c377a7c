# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbcr_core.errors import ModelError
from dbcr_core.model_card import ModelCard
from dbcr_core.model_file import read_model_file, write_model_file
from tests.core.predictors import plain_card

GRAPHS = {"sar_encoder.onnx": b"first graph", "bridge_step.onnx": b"second graph"}
TILE_GRAPHS = {"sar_encoder.tile.onnx": b"third graph", "bridge_step.tile.onnx": b"fourth graph"}


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "m.dbcr"
    write_model_file(str(path), plain_card(heads=("opacity",), metrics={"a": {"b": [1, 2]}}), GRAPHS)
    return path


def test_a_written_model_reads_back_with_its_card_and_graphs(model):
    read = read_model_file(str(model))
    assert read.card.heads == ("opacity",) and read.card.timesteps[-1] == 1000
    assert read.graph("bridge_step.onnx") == b"second graph"
    assert ModelCard.from_json(read.card.to_json()) == read.card


def test_a_model_may_hold_graphs_for_a_tile_both_or_none(model, tmp_path):
    path = tmp_path / "tiled.dbcr"
    write_model_file(str(path), plain_card(), {**GRAPHS, **TILE_GRAPHS})
    read = read_model_file(str(path))
    assert read.has_tile_graphs and not read_model_file(str(model)).has_tile_graphs
    assert read.graph("bridge_step.tile.onnx") == b"fourth graph" and read.graph("bridge_step.onnx") == b"second graph"
    for name in TILE_GRAPHS:
        with pytest.raises(ModelError, match="exactly the graphs"):
            write_model_file(str(path), plain_card(), {**GRAPHS, name: b"alone"})
    assert read_model_file(str(path)) == read


def test_a_card_that_names_other_graphs_than_the_file_holds_is_refused(tmp_path):
    path = tmp_path / "m.dbcr"
    written = write_model_file(str(path), plain_card(), {**GRAPHS, **TILE_GRAPHS})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("card.json", written.to_json())
        for name, content in GRAPHS.items():
            archive.writestr(name, content)
    with pytest.raises(ModelError, match="names other graphs"):
        read_model_file(str(path))


def test_the_same_model_is_the_same_bytes(model, tmp_path):
    again = tmp_path / "n.dbcr"
    read = read_model_file(str(model))
    write_model_file(str(again), read.card, GRAPHS)
    assert again.read_bytes() == model.read_bytes()


def test_a_text_file_is_no_model(tmp_path):
    path = tmp_path / "m.dbcr"
    path.write_text("not a model")
    with pytest.raises(ModelError, match="not a DB-CR model file"):
        read_model_file(str(path))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"no model file at .*nothing\.dbcr"):
        read_model_file(str(tmp_path / "nothing.dbcr"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_truncated_or_altered_model_is_refused(model, tmp_path, data):
    content = bytearray(model.read_bytes())
    damaged = tmp_path / "damaged.dbcr"
    if data.draw(st.booleans()):
        damaged.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    else:
        start = content.index(b"second graph")
        content[start + data.draw(st.integers(0, 11))] ^= data.draw(st.integers(1, 255))
        damaged.write_bytes(content)
    with pytest.raises(ModelError):
        read_model_file(str(damaged))


def test_a_compressed_archive_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.dbcr"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", plain_card().to_json())
        for name in GRAPHS:
            archive.writestr(name, b"0" * 10_000_000)
    with pytest.raises(ModelError, match="compressed or too large"):
        read_model_file(str(path))


def test_an_archive_with_a_foreign_file_is_refused(model):
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr("run.py", "print()")
    with pytest.raises(ModelError, match="not a DB-CR model file"):
        read_model_file(str(model))
