# SPDX-License-Identifier: GPL-3.0-or-later
"""The two backends on the bundled model and real tiles."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio

from dbcr_core.errors import BackendMissingError, DeviceError, InputError, ModelError
from dbcr_core.model_card import bundled_model_path
from dbcr_core.model_file import GRAPH_NAMES, ModelFile, read_model_file, write_model_file
from dbcr_core.predictors import largest_batch, onnx_predictor, onnx_sessions, open_predictor
from dbcr_core.predictors.golden_tile import golden_tile
from dbcr_core.predictors.onnx_advance import advance_graph
from dbcr_core.predictors.onnx_edit import with_outputs, with_weights
from dbcr_core.predictors.onnx_sessions import available_devices
from dbcr_core.predictors.predictor import DeviceState
from dbcr_core.sampler import sample_bridge
from dbcr_core.schedule import timesteps
from dbcr_core.stored_values import OpticalRadiometry
from dbcr_core.tile_inputs import model_values, optical_tile, sar_tile


@pytest.fixture(scope="module")
def onnx():
    with_threads = open_predictor(bundled_model_path(), "cpu", threads=1)
    yield with_threads
    with_threads.close()


@pytest.fixture(scope="module")
def torch():
    pytest.importorskip("torch")
    predictor = open_predictor(bundled_model_path(), "torch-cpu", threads=1)
    yield predictor
    predictor.close()


@pytest.fixture(scope="module")
def tiles(sample, onnx):
    """Two real tiles: cloudy with SAR, and clear with half of the bands and without SAR."""
    with rasterio.open(sample / "optical_cloudy_2020-08-23_L1C.tif") as raster:
        cloudy = raster.read()[:, :256, :256]
    with rasterio.open(sample / "optical_clear_2020-06-04_L1C.tif") as raster:
        clear = raster.read()[:, 8:, 8:]
    with rasterio.open(sample / "sar_2020-09-03_GRD_dB.tif") as raster:
        decibel = raster.read()[:, :256, :256]
    dn = OpticalRadiometry(1e-4, 0.0, 0.0, False, "")
    rgb = (3, 2, 1)
    all_bands, three = (model_values(a, ~dn.missing(a), dn, onnx.card) for a in (cloudy, clear[list(rgb)]))
    return [
        (optical_tile(all_bands, tuple(range(13)), 256, onnx.card), sar_tile(decibel, (0, 1), 256, onnx.card)),
        (optical_tile(three, rgb, 256, onnx.card), sar_tile(None, (), 256, onnx.card)),
    ]


@pytest.mark.parametrize("nfe", [1, 3, 5])
def test_torch_and_onnx_agree_within_a_ten_thousandth_on_real_tiles(onnx, torch, tiles, nfe):
    for cloudy, sar in tiles:
        walks = [list(sample_bridge(p, cloudy, p.encode_sar(sar), nfe)) for p in (onnx, torch)]
        for mine, theirs in zip(*walks):
            assert np.abs(mine.prediction.clear - theirs.prediction.clear).max() < 1e-4
            if mine.number == 1:
                assert np.abs(mine.prediction.opacity - theirs.prediction.opacity).max() < 1e-3
                assert np.abs(mine.prediction.scale - theirs.prediction.scale).max() < 1e-3


def test_a_batch_gives_what_its_tiles_give_alone(onnx, tiles):
    cloudy, sar = (np.concatenate(parts) for parts in zip(*tiles))
    together = onnx.predict_clear(cloudy, 1000, onnx.encode_sar(sar)).clear
    for index, (one, its_sar) in enumerate(tiles):
        alone = onnx.predict_clear(one, 1000, onnx.encode_sar(its_sar)).clear
        assert np.abs(together[index] - alone[0]).max() < 2e-5


def test_the_network_uses_the_radar_and_finds_the_clouds(onnx, tiles):
    (cloudy, sar), _ = tiles
    prediction = onnx.predict_clear(cloudy, 1000, onnx.encode_sar(sar))
    without = onnx.predict_clear(cloudy, 1000, onnx.encode_sar(np.zeros_like(sar)))
    assert np.abs(prediction.clear - without.clear).mean() > 1e-4
    bright = cloudy[0, 1] > 0.4
    assert prediction.opacity[0, 0][bright].mean() > 0.8 and prediction.opacity[0, 0][~bright].mean() < 0.4
    assert prediction.clear[0, 1][bright].mean() < 0.25
    assert (prediction.scale > 0).all()


def test_a_step_that_the_table_does_not_hold_is_refused(onnx, tiles):
    with pytest.raises(InputError, match="t = 123"):
        onnx.predict_clear(tiles[0][0], 123, onnx.encode_sar(tiles[0][1]))


def test_threads_and_calls_at_once_change_no_byte(onnx, tiles):
    expected = [onnx.predict_clear(x, 1000, onnx.encode_sar(sar)) for x, sar in tiles]
    many = open_predictor(bundled_model_path(), "cpu", threads=2)
    shared = open_predictor(bundled_model_path(), "cpu", threads=2, at_once=9)
    assert (many.at_once, shared.at_once) == (1, 2)
    with ThreadPoolExecutor(2) as pool:
        together = pool.map(lambda tile: shared.predict_clear(tile[0], 1000, shared.encode_sar(tile[1])), tiles * 2)
        found = [list(together), [many.predict_clear(x, 1000, many.encode_sar(sar)) for x, sar in tiles] * 2]
    for predictions in found:
        for one, other in zip(expected * 2, predictions):
            for name in ("clear", "scale", "opacity"):
                assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@pytest.mark.parametrize("threads", [2, 4, 8, 12, 16])
def test_the_number_of_threads_does_not_change_the_image(onnx, tiles, threads):
    cloudy, sar = tiles[0]
    expected = onnx.predict_clear(cloudy, 1000, onnx.encode_sar(sar))
    other = open_predictor(bundled_model_path(), "cpu", threads=threads)
    found = other.predict_clear(cloudy, 1000, other.encode_sar(sar))
    assert found.clear.tobytes() == expected.clear.tobytes()
    assert found.opacity.tobytes() == expected.opacity.tobytes()
    assert np.abs(found.scale - expected.scale).max() < 1e-6


@pytest.mark.parametrize("heads", [("opacity",), None])
def test_after_enough_steps_those_that_are_not_first_leave_the_heads_out_and_keep_the_bytes(
    onnx, tiles, heads, monkeypatch
):
    monkeypatch.setattr("dbcr_core.predictors.onnx_predictor.LATER_STEPS", 5)
    (cloudy, sar), features = tiles[0], onnx.encode_sar(tiles[0][1])
    some = open_predictor(bundled_model_path(), "cpu", threads=2, at_once=2, heads=heads)

    def walk(_):
        return [step.prediction for step in sample_bridge(some, cloudy, some.encode_sar(sar), 3)]

    with ThreadPoolExecutor(2) as pool:
        walks = list(pool.map(walk, range(6)))
    expected = [step.prediction for step in sample_bridge(onnx, cloudy, features, 3)]
    for walked in walks:
        for found, full in zip(walked, expected):
            assert found.clear.tobytes() == full.clear.tobytes()
        assert heads or walked[0].scale.tobytes() == expected[0].scale.tobytes()
        assert walked[0].opacity.tobytes() == expected[0].opacity.tobytes()
    assert all(step.opacity is not None for step in walks[0][1:])
    assert [(step.opacity, step.scale) for step in walks[-1][1:]] == [(None, None)] * 2
    some.close()
    with pytest.raises(ModelError):
        some.predict_clear(cloudy, 333, features)


def test_images_that_are_no_tile_keep_the_heads_at_every_step(tiles, monkeypatch):
    monkeypatch.setattr("dbcr_core.predictors.onnx_predictor.LATER_STEPS", 1)
    cloudy, sar = (array[..., :64, :64] for array in tiles[0])
    some = open_predictor(bundled_model_path(), "cpu", threads=1)
    assert some.predict_clear(cloudy, 500, some.encode_sar(sar)).opacity.shape == (1, 2, 64, 64)


def test_torch_computes_the_heads_at_the_first_step_alone(torch, tiles):
    cloudy, sar = (array[..., :64, :64] for array in tiles[0])
    first, second = (step.prediction for step in sample_bridge(torch, cloudy, torch.encode_sar(sar), 2))
    assert first.opacity is not None and first.scale is not None
    assert second.opacity is None and second.scale is None


@pytest.mark.parametrize("heads", [(), ("opacity",), ("scale",), ("opacity", "scale", "unknown")])
def test_heads_that_nobody_wants_are_left_out_and_the_rest_keeps_its_bytes(onnx, tiles, heads):
    cloudy, sar = tiles[0]
    expected = onnx.predict_clear(cloudy, 1000, onnx.encode_sar(sar))
    some = open_predictor(bundled_model_path(), "cpu", threads=1, heads=heads)
    found = some.predict_clear(cloudy, 1000, some.encode_sar(sar))
    assert found.clear.tobytes() == expected.clear.tobytes()
    for name in ("scale", "opacity"):
        if name in heads:
            assert getattr(found, name).tobytes() == getattr(expected, name).tobytes()
        else:
            assert getattr(found, name) is None


def test_a_graph_cut_to_one_output_is_a_sound_and_smaller_graph():
    library = pytest.importorskip("onnx")
    whole = read_model_file(bundled_model_path()).graph("bridge_step.onnx")
    cut = library.load_from_string(with_outputs(whole, ["clear"]))
    library.checker.check_model(cut, full_check=True)
    before = library.load_from_string(whole).graph
    assert [value.name for value in cut.graph.output] == ["clear"] and len(before.output) == 3
    assert len(cut.graph.node) < len(before.node) and len(cut.graph.initializer) < len(before.initializer)
    assert not any("head" in value.name for value in cut.graph.initializer)
    # Nothing left out, nothing changed.
    assert with_outputs(whole, [value.name for value in before.output]) == whole
    for damaged in (whole[:-5], b"\x3a\xff\xff\xff\xff\x0f", b"\x3b", b"\x80"):
        with pytest.raises(ModelError, match="damaged"):
            with_outputs(damaged, ["clear"])


def test_a_graph_without_weights_borrows_those_it_lacks():
    library = pytest.importorskip("onnx")
    model = read_model_file(bundled_model_path())
    for name in GRAPH_NAMES:
        lender, nodes = model.graph(name), model.graph(name.replace(".onnx", ".tile.onnx"))
        before, other = (library.load_from_string(each) for each in (nodes, lender))
        after = library.load_from_string(with_weights(nodes, lender))
        library.checker.check_model(after, full_check=True)
        own, lent = ({value.name for value in each.graph.initializer} for each in (before, other))
        assert not own & lent and {value.name for value in after.graph.initializer} == own | lent
        assert list(after.graph.node) == list(before.graph.node) and len(nodes) < len(lender) / 8
        # What it has itself stays.
        assert with_weights(lender, lender) == lender
        for damaged in (nodes[:-5], b"\x3b", b""):
            with pytest.raises(ModelError, match="damaged"):
                with_weights(damaged, lender)


def test_a_tile_alone_and_with_others_gives_the_same(onnx, tiles):
    """On a processor one tile has graphs of its own, in strips; several at once have not."""
    (cloudy, sar), (other, other_sar) = tiles
    alone = onnx.predict_clear(cloudy, 1000, onnx.encode_sar(sar))
    features = onnx.encode_sar(np.concatenate([sar, other_sar]))
    both = onnx.predict_clear(np.concatenate([cloudy, other]), 1000, features)
    for name, tolerance in (("clear", 5e-6), ("scale", 5e-5), ("opacity", 2e-5)):
        first, second = getattr(both, name)
        assert np.abs(getattr(alone, name)[0] - first).max() < tolerance
        assert np.abs(second - first).max() > 0.01


@pytest.fixture(params=["onnx", "torch"])
def keeping(request, monkeypatch) -> tuple:
    """(predictor that keeps x_t in its device's memory, the list of what was copied from there)."""
    copied = []
    if request.param == "onnx":
        monkeypatch.setitem(onnx_sessions.KEEPS_STATE, "cpu", "cpu")
        fetch = onnx_predictor._fetch
        monkeypatch.setattr(onnx_predictor, "_fetch", lambda value: copied.append(1) or fetch(value))
        predictor = open_predictor(bundled_model_path(), "cpu", threads=1)
    else:
        pytest.importorskip("torch")
        predictor = open_predictor(bundled_model_path(), "torch-cpu", threads=1)
        fetch = predictor._fetch
        predictor._fetch = lambda value: copied.append(1) or fetch(value)
    yield predictor, copied
    predictor.close()


@pytest.mark.parametrize("stochastic", [False, True])
def test_a_device_with_its_own_memory_keeps_the_walk_there(onnx, tiles, keeping, stochastic):
    predictor, copied = keeping
    cloudy, sar = tiles[0]
    noises = {t: np.random.default_rng(t).standard_normal(cloudy.shape).astype(np.float32) for t in timesteps(4)}
    noise = noises.__getitem__ if stochastic else None
    expected = list(sample_bridge(onnx, cloudy, onnx.encode_sar(sar), 4, noise))
    copied.clear()
    walk = list(sample_bridge(predictor, cloudy, predictor.encode_sar(sar), 4, noise))
    # Only the last one's x̂₀ was asked for.
    assert len(copied) == 1 and all(isinstance(step.x_next, DeviceState) for step in walk[:-1])
    for mine, theirs in zip(walk, expected):
        assert np.abs(np.asarray(mine.x_next) - theirs.x_next).max() < 1e-5
        for name in ("clear", "scale", "opacity") if mine.number == 1 else ("clear",):
            assert np.abs(getattr(mine.prediction, name) - getattr(theirs.prediction, name)).max() < 1e-4
    assert len(copied) == 1 + 3 + 2 + 1 + 1 + 1


def test_a_prediction_that_was_copied_from_a_device_can_still_be_walked_on_from(onnx, tiles, keeping):
    predictor, copied = keeping
    cloudy, sar = tiles[0]
    features = predictor.encode_sar(sar)
    prediction = predictor.predict_clear(cloudy, 1000, features)
    assert prediction.scale is not None and len(copied) == 1
    on_device = np.asarray(predictor.advance(cloudy, prediction, 0.5, None))
    clear = prediction.clear
    assert "clear" not in prediction.values and prediction.clear is clear
    copied_first = np.asarray(predictor.advance(cloudy, prediction, 0.5, None))
    assert copied_first.tobytes() == on_device.tobytes()
    assert np.abs(on_device - (cloudy + clear) / 2).max() < 1e-6


def test_the_graph_of_a_step_is_sound_onnx():
    library = pytest.importorskip("onnx")
    library.checker.check_model(library.load_from_string(advance_graph()), full_check=True)


def test_inputs_that_the_wanted_outputs_do_not_need_are_not_asked_for(tmp_path, monkeypatch):
    library = pytest.importorskip("onnx")
    from tests.plugin.tiny_model import write_tiny_model

    path = str(write_tiny_model(tmp_path / "tiny.dbcr", tile_size=64))
    graph = with_outputs(read_model_file(path).graph("bridge_step.onnx"), ["clear"])
    assert [value.name for value in library.load_from_string(graph).graph.input] == ["x_t", "sar_features_0"]
    random = np.random.default_rng(0)
    x_t, sar = random.random((1, 13, 64, 64), np.float32), random.random((1, 2, 64, 64), np.float32)
    for heads in ((), ("opacity",), None):
        predictor = open_predictor(path, "cpu", heads=heads)
        clear = predictor.predict_clear(x_t, 1000, predictor.encode_sar(sar)).clear
        assert np.abs(clear - (x_t / 2 + sar.mean(1, keepdims=True) / 10)).max() < 1e-6
    monkeypatch.setattr("dbcr_core.predictors.onnx_predictor.LATER_STEPS", 1)
    later = predictor.predict_clear(x_t, 500, predictor.encode_sar(sar))
    assert later.opacity is None and (later.clear == clear).all()


def test_torch_leaves_unwanted_heads_on_the_device_and_tells_a_full_card(torch, tiles, monkeypatch):
    import torch as library

    cloudy, sar = tiles[0]
    some = open_predictor(bundled_model_path(), "torch-cpu", threads=1, heads=("opacity",))
    found = some.predict_clear(cloudy, 1000, some.encode_sar(sar))
    assert found.scale is None and found.opacity is not None
    expected = torch.predict_clear(cloudy, 1000, torch.encode_sar(sar))
    assert (found.clear == expected.clear).all() and expected.scale is not None

    def full(*_):
        raise library.cuda.OutOfMemoryError

    monkeypatch.setattr(some._network, "encode_sar", full)
    with pytest.raises(ModelError, match="too little memory.*'cpu'"):
        some.encode_sar(sar)


def test_a_batch_shrinks_until_it_fits():
    class Small:
        card = read_model_file(bundled_model_path()).card

        def encode_sar(self, sar):
            if len(sar) > 2:
                raise ModelError("too little memory")

        def predict_clear(self, x_t, t, features):
            assert x_t.shape[0] == 2

    failed = []
    assert largest_batch(Small(), failed.append) == 2 and failed == [8, 4]


def test_a_card_gets_sessions_of_one_shape_each_and_those_of_what_it_cannot_hold_go(monkeypatch):
    """On the processor in the card's place, with a memory that ends at four tiles."""
    monkeypatch.setattr(onnx_predictor, "BATCHING", ("cpu",))
    run = onnx_predictor.OnnxPredictor._run

    def small(self, session, inputs, *rest):
        if any(len(value) > 4 for name, value in inputs.items() if name == "sar"):
            raise ModelError("too little memory")
        return run(self, session, inputs, *rest)

    monkeypatch.setattr(onnx_predictor.OnnxPredictor, "_run", small)
    card = open_predictor(bundled_model_path(), "cpu", threads=1, at_once=2, heads=[])
    assert card.tiles_per_call == 4 and list(card._sessions) == [(4, 256)]
    cloudy, sar = golden_tile(256)
    four = card.predict_clear(np.repeat(cloudy, 4, axis=0), 1000, card.encode_sar(np.repeat(sar, 4, axis=0))).clear
    one = card.predict_clear(cloudy, 1000, card.encode_sar(sar)).clear
    assert np.abs(four - one).max() < 1e-5 and set(card._sessions) == {(4, 256), (1, 256)}
    assert open_predictor(bundled_model_path(), "cpu", threads=1, heads=[]).tiles_per_call == 1


def test_what_fails_while_it_computes_is_told_once_and_not_by_onnx_runtime_itself(onnx, capfd):
    features = onnx.encode_sar(np.zeros((2, 2, 64, 64), np.float32))
    with pytest.raises(ModelError, match="failed in the network"):
        onnx.predict_clear(np.zeros((1, 13, 64, 64), np.float32), 1000, features)
    assert capfd.readouterr() == ("", "")


def test_a_failure_in_the_network_is_one_sentence_and_names_the_way_out(onnx, monkeypatch):
    three = np.zeros((1, 3, 256, 256), np.float32)
    with pytest.raises(ModelError, match=r"failed in the network \(.+\); run it again\.$"):
        onnx.encode_sar(three)
    monkeypatch.setattr(onnx, "_name", "directml")
    with pytest.raises(DeviceError, match=r"failed in the network \(.+\); run it again, or use the device 'cpu'\.$"):
        onnx.encode_sar(three)


@pytest.mark.parametrize("device", ["cpu", "torch-cpu"])
def test_a_closed_model_says_so(tiles, device):
    if device.startswith("torch"):
        pytest.importorskip("torch")
    cloudy, sar = tiles[0]
    closed = open_predictor(bundled_model_path(), device, threads=1)
    features = closed.encode_sar(sar)
    closed.close()
    for call in (lambda: closed.encode_sar(sar), lambda: closed.predict_clear(cloudy, 1000, features)):
        with pytest.raises(ModelError, match="was closed; open it again"):
            call()


def test_features_serve_several_steps_and_know_their_size(onnx, tiles):
    cloudy, sar = tiles[0]
    features = onnx.encode_sar(sar)
    maps = sum((256 >> level) ** 2 * width for level, width in enumerate((24, 48, 88, 176)))
    assert features.nbytes == 4 * (maps + 22 + 44 + 88 + 176)
    first = onnx.predict_clear(cloudy, 1000, features).clear
    onnx.predict_clear(first, 500, features)
    assert (onnx.predict_clear(cloudy, 1000, features).clear == first).all()


@pytest.mark.parametrize(
    "device, words",
    [
        ("tensorrt", "TensorRT"),
        ("cuda", "CUDA"),
        ("directml", "DirectML"),
        ("coreml", "CoreML"),
        ("openvino", "OpenVINO"),
        ("torch-cuda", "cuda"),
        ("torch-mps", "mps"),
    ],
)
def test_a_device_that_is_not_there_is_refused_by_name_with_the_remedy(device, words):
    if device in available_devices() or (device == "torch-cuda" and _has_cuda()):
        pytest.skip("it is there")
    if device.startswith("torch"):
        pytest.importorskip("torch")
    with pytest.raises(BackendMissingError, match=words) as told:
        open_predictor(bundled_model_path(), device)
    assert "use " in str(told.value) and "\n" not in str(told.value)


class Runtime:
    """An ONNX Runtime whose card does not start: by an exception, or by going on with the CPU."""

    SessionOptions = __import__("onnxruntime").SessionOptions

    def __init__(self, error=None):
        self.error, self.asked = error, []

    def get_available_providers(self):
        return ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"]

    def preload_dlls(self):
        print("Failed to load libcublasLt.so.13")

    def InferenceSession(self, graph, sess_options, providers, **rest):  # noqa: N802
        assert rest == {"enable_fallback": 0}
        self.asked.append([name for name, _ in providers])
        if self.error:
            raise self.error
        return SimpleNamespace(get_providers=lambda: ["CPUExecutionProvider"])


@pytest.mark.parametrize("error", [None, RuntimeError("CUDA failure 100: no CUDA-capable device")])
@pytest.mark.parametrize("device, chain", [("cuda", ["CUDA"]), ("tensorrt", ["Tensorrt", "CUDA"])])
def test_a_card_without_its_libraries_is_told_with_what_is_missing(monkeypatch, capsys, device, chain, error):
    runtime = Runtime(error)
    monkeypatch.setattr(onnx_sessions, "import_runtime", lambda: runtime)
    with pytest.raises(BackendMissingError, match="does not start here; use 'auto' or 'cpu', or install .*NVIDIA"):
        onnx_sessions.open_sessions(read_model_file(bundled_model_path()), device, 1, None, ["clear"])
    assert runtime.asked[0] == [f"{name}ExecutionProvider" for name in chain]
    assert capsys.readouterr().out == ""


def test_an_unknown_device_is_refused():
    with pytest.raises(InputError, match="Unknown device"):
        open_predictor(bundled_model_path(), "abacus")


def _has_cuda() -> bool:
    return pytest.importorskip("torch").cuda.is_available()


def test_auto_names_what_really_runs():
    predictor = open_predictor(bundled_model_path(), "auto")
    assert ", ONNX Runtime " in predictor.device
    if available_devices() == ("cpu",):
        assert predictor.device.startswith("CPU") and predictor.why == ""


def test_a_missing_runtime_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(BackendMissingError, match="install"):
        open_predictor(bundled_model_path())


@pytest.mark.parametrize("device", ["cpu", "torch-cpu"])
def test_a_graph_that_is_no_onnx_is_refused_although_its_hash_fits(tmp_path, device):
    if device == "torch-cpu":
        pytest.importorskip("torch")
    card = read_model_file(bundled_model_path()).card
    path = str(tmp_path / "m.dbcr")
    write_model_file(path, card, {"sar_encoder.onnx": b"nonsense", "bridge_step.onnx": b"more of it"})
    with pytest.raises(ModelError):
        open_predictor(path, device)


def test_graphs_in_the_wrong_places_are_refused(tmp_path):
    model: ModelFile = read_model_file(bundled_model_path())
    path = str(tmp_path / "m.dbcr")
    swapped = {"sar_encoder.onnx": model.graph("bridge_step.onnx"), "bridge_step.onnx": model.graph("sar_encoder.onnx")}
    write_model_file(path, model.card, swapped)
    with pytest.raises(ModelError, match="inputs and outputs"):
        open_predictor(path)


def test_the_bundled_model_fits_the_plugin_zip_and_says_what_it_saw():
    model = read_model_file(bundled_model_path())
    assert len(open(model.path, "rb").read()) < 21_000_000  # noqa: SIM115
    assert {"data", "steps", "hours", "device", "seed", "commit"} <= set(model.card.training)
    assert len(model.card.limits) >= 3
