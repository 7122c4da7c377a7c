# SPDX-License-Identifier: GPL-3.0-or-later
"""Model files damaged anywhere, cards with any values, and sound archives whose graphs are not what the card says."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from dbcr_core.errors import ModelError
from dbcr_core.model_card import ModelCard
from dbcr_core.model_file import CARD_NAME, GRAPH_NAMES, TILE_GRAPH_NAMES, read_model_file
from tests.fuzz.child import check
from tests.fuzz.damage import damaged
from tests.fuzz.ledger import cases, note
from tests.fuzz.outcomes import REFUSED, assert_one_sentence, run
from tests.fuzz.scenes import write_model, write_optical, write_radar


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("models")
    made = {"optical": write_optical(folder / "s2.tif"), "sar": write_radar(folder / "s1.tif"), "folder": folder}
    return {**made, "model": Path(write_model(folder / "tiny.dbcr"))}


@pytest.fixture(scope="module")
def graphs(scene) -> dict:
    model = read_model_file(str(scene["model"]))
    return {name: model.graph(name) for name in GRAPH_NAMES}


@pytest.fixture(scope="module")
def card(scene) -> dict:
    return json.loads(read_model_file(str(scene["model"])).card.to_json())


def write_archive(path: Path, card: dict, graphs: dict, true_hashes: bool = True) -> None:
    """A model file that is sound but for what the card and the graphs hold."""
    if true_hashes:
        card = {**card, "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in graphs.items()}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(CARD_NAME, json.dumps(card))
        for name, content in graphs.items():
            archive.writestr(name, content)


@cases(1200)
@given(data=st.data())
def test_a_model_file_damaged_anywhere_is_refused_or_the_same_model(scene, graphs, data):
    path = scene["folder"] / "damaged.dbcr"
    path.write_bytes(data.draw(damaged(scene["model"].read_bytes(), 1200)))
    try:
        model = read_model_file(str(path))
        assert {name: model.graph(name) for name in GRAPH_NAMES} == graphs
    except ModelError as error:
        assert_one_sentence(error)
        note("damaged model files", "refused")
    else:
        note("damaged model files", "accepted")


@cases(60)
@given(data=st.data())
def test_the_whole_command_refuses_a_truncated_model_and_leaves_nothing_behind(scene, data):
    content = scene["model"].read_bytes()
    path = scene["folder"] / "cut.dbcr"
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    words = ("--optical", scene["optical"], "--sar", scene["sar"], "--output", str(scene["folder"] / "out.tif"))
    assert run(("remove-clouds", *words, "--model", str(path)), scene["folder"]) == REFUSED
    note("damaged model files", "refused")


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.integers(-5, 3000),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from((1e308, -1e308, 1e-320, "VV", "B01", "linear", "i2sb", "\ud800", "a\nb")),
)
JSON = st.one_of(SCALARS, st.lists(SCALARS, max_size=4), st.dictionaries(st.text(max_size=4), SCALARS, max_size=3))
EXTREMES = {
    "optical_clip_dn": st.tuples(st.floats(), st.floats()).map(list),
    "sar_clip_db": st.fixed_dictionaries({"VV": st.lists(st.floats(), max_size=3), "VH": st.just([-32.5, 0])}),
    "timesteps": st.lists(st.integers(-1, 1001), max_size=12).map(lambda steps: sorted({*steps, 1000})),
    "tile_size": st.sampled_from((0, 8, 63, 64, 72, 2048, 2056, 10**9)),
    "mask_threshold": st.floats(),
    "heads": st.lists(st.sampled_from(("scale", "opacity", "clear")), max_size=4),
    "schedule": st.fixed_dictionaries(
        {"kind": st.sampled_from(("linear", "i2sb", "x"))}, optional={"beta_max": SCALARS, "steps": SCALARS}
    ),
    "metrics": JSON,
    "sha256": st.dictionaries(st.sampled_from(GRAPH_NAMES), SCALARS),
}


@st.composite
def changes(draw: st.DrawFn, fields: list[str]) -> dict:
    """One to three fields of a card with extreme or foreign values."""
    names = draw(st.lists(st.sampled_from(fields), min_size=1, max_size=2, unique=True))
    return {name: draw(st.one_of(EXTREMES.get(name, JSON), EXTREMES.get(name, JSON), JSON)) for name in names}


@cases(1200)
@given(data=st.data())
def test_a_card_with_any_values_is_accepted_whole_or_refused(card, data):
    text = json.dumps({**card, **data.draw(changes(sorted(card)))})
    try:
        read = ModelCard.from_json(text)
    except ModelError as error:
        assert_one_sentence(error)
        note("model cards", "refused")
    else:
        assert read.bridge_schedule.alphas[-1] == 1 and read.id
        note("model cards", "accepted")


@cases(150)
@given(data=st.data())
def test_a_model_with_an_extreme_card_runs_or_is_refused(scene, graphs, card, child, data):
    path = scene["folder"] / "extreme.dbcr"
    extreme = data.draw(changes([name for name in sorted(card) if name != "sha256"]))
    write_archive(path, {**card, **extreme}, graphs)
    check(child, path, "model cards")


TYPES = (TensorProto.FLOAT, TensorProto.FLOAT, TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64)
SIZES = st.sampled_from(("n", "h", "w", 1, 2, 13, 16, None))
NAMES = ("sar", "x_t", "step", "clear", "scale", "opacity", *(f"sar_features_{i}" for i in range(5)), "other")


@st.composite
def foreign_graphs(draw: st.DrawFn, inputs: tuple, outputs: tuple) -> bytes:
    """A valid network that passes its first input on, with a slip in a name, a shape or a type."""
    slip = draw(st.sampled_from(("none", "name", "shape", "type", "fewer", "output")))
    ins = [[name, TensorProto.FLOAT, ["n", channels, "h", "w"]] for name, channels in inputs]
    for value in ins:
        if value[0] == "step":
            value[1:] = [TensorProto.INT64, [1]]
    outs = [[name, TensorProto.FLOAT, ["n", None, "h", "w"]] for name in outputs]
    chosen = draw(st.sampled_from((*ins, *outs)))
    if slip == "name":
        chosen[0] = draw(st.sampled_from(NAMES))
    elif slip == "shape":
        chosen[2] = draw(st.lists(SIZES, max_size=5))
    elif slip == "type":
        chosen[1] = draw(st.sampled_from(TYPES))
    elif slip == "fewer" and len(outs) > 1:
        outs.pop()
    kinds = st.sampled_from(("Identity", "Shape", "ReduceMean", "Transpose", "Flatten", "Log"))
    nodes = []
    for name, kind, _ in outs:
        operation = draw(kinds) if slip == "output" else "Identity"
        source = ins[-1] if name == "opacity" else ins[0]
        nodes.append(helper.make_node(operation, [source[0]], [f"{name}_raw"]))
        nodes.append(helper.make_node("Cast", [f"{name}_raw"], [name], to=kind))
    graph = helper.make_graph(
        nodes,
        "foreign",
        [helper.make_tensor_value_info(*value) for value in ins],
        [helper.make_tensor_value_info(name, kind, None if slip == "output" else shape) for name, kind, shape in outs],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


FEATURES = tuple(f"sar_features_{level}" for level in range(4))
ENCODER = foreign_graphs((("sar", 2),), FEATURES)
BRIDGE = foreign_graphs((("x_t", 13), ("step", 1), *((name, 2) for name in FEATURES)), ("clear", "scale", "opacity"))


@cases(350)
@given(encoder=st.none() | ENCODER, bridge=st.none() | BRIDGE)
def test_graphs_that_are_not_what_the_card_says_run_or_are_refused(scene, graphs, card, child, encoder, bridge):
    path = scene["folder"] / "foreign.dbcr"
    given_graphs = {"sar_encoder.onnx": encoder, "bridge_step.onnx": bridge}
    write_archive(path, card, {name: content or graphs[name] for name, content in given_graphs.items()})
    check(child, path, "network graphs")


@cases(500)
@given(data=st.data(), name=st.sampled_from(GRAPH_NAMES))
def test_damaged_graphs_with_matching_hashes_never_crash_the_process(scene, graphs, card, child, data, name):
    path = scene["folder"] / "damaged_graph.dbcr"
    write_archive(path, card, {**graphs, name: data.draw(damaged(graphs[name]))})
    check(child, path, "network graphs")


@cases(200)
@given(data=st.data(), name=st.sampled_from(TILE_GRAPH_NAMES))
def test_damaged_graphs_for_a_tile_never_crash_the_process(scene, graphs, card, child, data, name):
    path = scene["folder"] / "damaged_tile_graph.dbcr"
    tiled = {**graphs, **dict(zip(TILE_GRAPH_NAMES, graphs.values()))}
    write_archive(path, card, {**tiled, name: data.draw(damaged(tiled[name]))})
    check(child, path, "network graphs")


def test_an_archive_of_a_future_zip_version_is_refused(scene):
    content = bytearray(scene["model"].read_bytes())
    content[content.index(b"PK\x01\x02") + 6] = (
        175  # "version needed to extract" 17.5; found by coverage-guided fuzzing
    )
    path = scene["folder"] / "future.dbcr"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="not a DB-CR model file"):
        read_model_file(str(path))
