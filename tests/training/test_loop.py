# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop follows the paper's objective, resumes to the same step, and stops before it saves nonsense."""

from __future__ import annotations

import json
import math
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch
from scenes import make_scene, write_scene_folder

from dbcr_core.errors import DbcrError, InputError, ModelError
from dbcr_core.network import NetworkConfig, NetworkOutput
from training.checkpoints import load_checkpoint, save_checkpoint
from training.clouds import CloudSettings, CloudSimulator
from training.config import DataSettings, DropSettings, Stage, TrainConfig
from training.curves import add_line, draw_curves, read_lines
from training.files import alone_in
from training.loop import Trainer
from training.objective import (
    angle_loss,
    bridge_losses,
    draw_timesteps,
    gate_loss,
    point_on_bridge,
    reconstruction_loss,
    square_loss,
    with_levels,
)
from training.sampling import PROFILES, Batch, CropSampler
from training.validation import validate, validation_image, with_bands

NETWORK = NetworkConfig(
    widths=(4, 8), encoder_blocks=(1, 1), decoder_blocks=(1, 1), fusion_heads=(1, 2), middle_blocks=1, time_width=8,
    heads=("scale", "opacity"),
)  # fmt: skip
CONFIG = TrainConfig(
    name="tiny",
    data=DataSettings(pack="made in memory"),
    network=NETWORK,
    stages=(Stage(0.0, 16, 2),),
    steps=8,
    learning_rate=1e-2,
    warmup=2,
    validate_every=4,
    checkpoint_every=4,
)


def trainer(output, config=CONFIG, compiled=False) -> Trainer:
    scenes = [make_scene(seed=i, name=str(i)) for i in range(3)]
    sampler = CropSampler(scenes, config.data, DropSettings(), CloudSimulator(CloudSettings()), config.seed)
    return Trainer(config, sampler, output, compiled=compiled)


def batch(clear: float, cloudy: float, valid: float = 1.0) -> Batch:
    ones = torch.ones(2, 13, 8, 8)
    yes = torch.ones(2, dtype=torch.bool)
    return Batch(clear * ones, cloudy * ones, valid * ones, ones[:, :2], ones[:, :2], yes, ~yes)


def test_the_point_on_the_bridge_is_the_papers_mixture():
    x_t = point_on_bridge(batch(0.2, 0.6), torch.tensor([0.0, 0.25]), None)
    assert torch.allclose(x_t[0], torch.tensor(0.2)) and torch.allclose(x_t[1], torch.tensor(0.3))


def test_the_loss_is_the_mean_absolute_error_over_what_exists():
    known = batch(0.2, 0.6)
    valid = known.valid.clone()
    valid[:, 5:] = 0
    output = NetworkOutput(torch.full((2, 13, 8, 8), 0.5), None, None)
    assert float(reconstruction_loss(output, replace(known, valid=valid))) == pytest.approx(0.3)


def test_the_spectral_angle_asks_for_the_colour_and_not_for_the_brightness():
    known = batch(0.2, 0.6)
    brighter = NetworkOutput(torch.full((2, 13, 8, 8), 0.5), None, None)
    assert float(angle_loss(brighter, known)) < 0.002
    turned = known.clear.clone()
    turned[:, 0] *= 2  # 13 equal values against 12 and one of twice the size
    angle = math.acos(14 / math.sqrt(13 * 16))
    assert float(angle_loss(NetworkOutput(turned, None, None), known)) == pytest.approx(angle, rel=0.01)
    missing = known.valid.clone()
    missing[:, 0] = 0
    assert float(angle_loss(NetworkOutput(turned, None, None), replace(known, valid=missing))) < 0.002


def test_the_angle_counts_with_its_weight_and_nothing_is_added_by_default():
    known = batch(0.2, 0.6)
    output = NetworkOutput(known.clear * torch.linspace(0.5, 1.5, 13).view(1, -1, 1, 1), None, None)
    alpha = torch.ones(2)
    loss, alone = bridge_losses(output, known, alpha, 0.0)
    assert torch.equal(loss, alone)
    assert torch.allclose(bridge_losses(output, known, alpha, 0.0, 0.1)[1], loss + 0.1 * angle_loss(output, known))


def test_the_square_error_counts_large_errors_more_and_each_sample_alike():
    known = batch(0.2, 0.6)
    clear = known.clear.clone()
    clear[0, :, :4] += 0.4  # half of one sample is off: root of the mean square 0.4 / sqrt(2), absolute error 0.2
    output = NetworkOutput(clear, None, None)
    assert float(square_loss(output, known)) == pytest.approx((0.4 / math.sqrt(2) + 1e-3) / 2, rel=1e-3)
    missing = known.valid.clone()
    missing[:, :, :4] = 0
    assert float(square_loss(output, replace(known, valid=missing))) == pytest.approx(1e-3, rel=1e-3)
    loss, total = bridge_losses(output, known, torch.ones(2), 0.0, square_weight=0.5)
    assert torch.allclose(total, loss + 0.5 * square_loss(output, known))


def test_the_gate_is_taught_what_shines_through_and_only_where_the_input_is_all_cloudy():
    known = batch(0.2, 0.6)
    opacity = known.opacity.clone()
    opacity[:, 0], opacity[:, 0, :4] = 0.0, 1.0  # the upper half lies under an opaque cloud
    known = replace(known, opacity=opacity)
    right = (1 - opacity[:, :1]).expand(2, 13, 8, 8)
    alpha = torch.ones(2)

    def loss(kept, sample=known, alpha=alpha):
        return float(gate_loss(NetworkOutput(known.clear, None, None, kept), sample, alpha))

    assert loss(right) < 1e-4
    assert loss(torch.full_like(right, 0.5)) == pytest.approx(math.log(2), rel=1e-3)
    assert loss(1 - right) > 10
    assert loss(1 - right, alpha=torch.full((2,), 0.5)) == 0
    assert loss(1 - right, replace(known, opacity_known=torch.zeros(2, dtype=torch.bool))) == 0
    assert loss(1 - right, replace(known, valid=known.valid * right)) > 10
    assert float(gate_loss(NetworkOutput(known.clear, None, None), known, alpha)) == 0
    output = NetworkOutput(known.clear, None, None, torch.full_like(right, 0.5))
    total = bridge_losses(output, known, alpha, 0.0, gate_weight=0.1)[1]
    assert float(total) == pytest.approx(0.1 * math.log(2), rel=1e-3)


def test_only_the_parts_that_are_named_learn(tmp_path):
    still = trainer(tmp_path, replace(CONFIG, only=("decoder", "ending")))
    before = {name: weight.clone() for name, weight in still.network.state_dict().items()}
    still.run()
    moved = {name for name, weight in still.network.state_dict().items() if not torch.equal(weight, before[name])}
    assert moved and all(name.startswith(("decoder.", "ending.")) for name in moved)
    assert any(name.startswith("decoder.") for name in moved) and "ending.weight" in moved
    one = trainer(tmp_path / "one", replace(CONFIG, only=("ending.bias",))).network
    assert [name for name, weight in one.named_parameters() if weight.requires_grad] == ["ending.bias"]
    with pytest.raises(InputError, match="no part 'decoders'"):
        trainer(tmp_path, replace(CONFIG, only=("decoders",)))


def test_broad_levels_come_from_the_estimate_and_detail_from_the_clear_image():
    ones = torch.ones(2, 13, 64, 64)
    detail = 0.1 * (torch.arange(64) // 2 % 2) * ones
    clear, estimate = 0.2 + detail, 0.35 * ones
    yes = torch.ones(2, dtype=torch.bool)
    known = Batch(clear, clear, ones, ones[:, :2], ones[:, :2], yes, ~yes)
    found = with_levels(known, estimate).clear
    inner = (..., slice(18, 46))
    assert torch.allclose(
        found[inner], (0.3 + detail)[inner], atol=4e-3
    )  # the detail's own mean of 0.05 belongs to the level
    missing = ones.clone()
    missing[:, :, :30], missing[:, 3] = 0, 0
    gaps = replace(known, clear=clear * missing, valid=missing)
    found = with_levels(gaps, estimate * missing).clear
    assert torch.allclose(found[inner], ((0.3 + detail) * missing)[inner], atol=4e-3)
    kept = with_levels(known, clear).clear
    assert torch.allclose(kept, clear)
    own = with_levels(replace(known, surrounded=torch.tensor([True, False])), estimate).clear
    assert torch.equal(own[0], clear[0]) and not torch.allclose(own[1], clear[1])
    output = NetworkOutput(0.3 + detail, None, None)
    assert float(bridge_losses(output, known, torch.ones(2), 0.0, levels=estimate)[0]) < 0.01
    assert float(bridge_losses(output, known, torch.ones(2), 0.0)[0]) == pytest.approx(0.1, rel=1e-3)


def test_a_run_can_keep_the_levels_of_an_earlier_one(tmp_path):
    first = trainer(tmp_path / "first")
    first.run()
    again = replace(CONFIG, levels_of=str(tmp_path / "first" / "last.pt"))
    second = trainer(tmp_path / "second", again)
    before = {name: weight.clone() for name, weight in second.levels.network.state_dict().items()}
    assert second.run()
    assert all(torch.equal(weight, before[name]) for name, weight in second.levels.network.state_dict().items())
    assert not torch.equal(second.network.ending.weight, before["ending.weight"])
    wider = replace(again, network=replace(NETWORK, widths=(8, 16)))
    with pytest.raises(ModelError, match="levels_of"):
        trainer(tmp_path / "third", wider)


@pytest.mark.parametrize("walked", [0.0, 1.0])
def test_samples_stand_where_a_walk_leads_if_so_asked(tmp_path, walked):
    trainer(tmp_path / "first").run()
    config = replace(CONFIG, levels_of=str(tmp_path / "first" / "last.pt"), walked=walked, stages=(Stage(0.0, 16, 8),))
    run = trainer(tmp_path / "second", config)
    known, asked = run.sampler(0, 16, 8), {}
    for name in ("levels", "evaluation"):

        def noted(module, given, answer, name=name):
            asked[name] = (given, answer.clear.detach())

        getattr(run, name).register_forward_hook(noted)
    run.train_step(0.0)
    (level_x, level_t, _), estimate = asked["levels"]
    (x_t, t, _), _ = asked["evaluation"]
    assert len(t.unique()) > 4 and int(t.max()) < 1000
    alpha = run.alphas[t][:, None, None, None]
    begun = estimate if walked else known.clear
    assert torch.allclose(x_t, (1 - alpha) * begun + alpha * known.cloudy, atol=1e-6)
    assert torch.equal(level_t, torch.full_like(t, 1000) if walked else t)
    assert torch.equal(level_x, known.cloudy if walked else x_t)


def test_a_compiled_network_and_its_levels_learn_the_same(tmp_path, monkeypatch):
    trainer(tmp_path / "first").run()
    config = replace(CONFIG, levels_of=str(tmp_path / "first" / "last.pt"), steps=2)
    asked, compile_module = [], torch.nn.Module.compile

    def traced(module, **options):
        # Traced as always; what the graphs become in the end needs a compiler that not every machine has.
        asked.append(options)
        compile_module(module, backend="eager", **options)

    monkeypatch.setattr(torch.nn.Module, "compile", traced)
    losses = []
    for compiled in (False, True):
        run = trainer(tmp_path / str(compiled), config, compiled)
        losses.append([float(run.train_step(0.0)) for _ in range(2)])
    assert losses[0] == pytest.approx(losses[1], rel=1e-5) and asked == [{"dynamic": False}] * 2


def test_the_losses_have_a_slope_where_nothing_is_wrong():
    known = batch(0.2, 0.6)
    clear = known.clear.clone().requires_grad_()
    square_loss(NetworkOutput(clear, None, None), known).backward()
    assert torch.isfinite(clear.grad).all()


def test_the_angle_has_a_slope_for_black_pixels():
    known = batch(0.0, 0.0)
    clear = torch.zeros(2, 13, 8, 8, requires_grad=True)
    angle_loss(NetworkOutput(clear, None, None), known).backward()
    assert torch.isfinite(clear.grad).all()


def test_timesteps_are_uniform_from_1_to_1000_unless_told_otherwise():
    generator = torch.Generator().manual_seed(0)
    t = draw_timesteps(20_000, CONFIG, generator).float()
    assert t.min() == 1 and t.max() == 1000
    assert abs(float(t.mean()) - 500.5) < 10
    assert (draw_timesteps(9, replace(CONFIG, bridge=False), generator) == 1000).all()
    share = (draw_timesteps(5000, replace(CONFIG, terminal_share=0.4), generator) == 1000).float().mean()
    assert float(share) == pytest.approx(0.4, abs=0.03)


def test_a_run_that_was_interrupted_ends_with_the_same_weights(tmp_path):
    whole = trainer(tmp_path / "whole")
    assert whole.run()
    part = trainer(tmp_path / "part")
    for _ in range(4):
        part.train_step(part.progress())
    part._save(tmp_path / "part" / "last.pt")
    resumed = trainer(tmp_path / "part")
    assert resumed.resume() and resumed.step == 4
    while resumed.step < 8:
        resumed.train_step(resumed.progress())
    for a, b in zip(whole.average.average.parameters(), resumed.average.average.parameters()):
        assert torch.equal(a, b)


def test_a_run_writes_its_configuration_log_curve_and_checkpoints(tmp_path):
    validation = tmp_path / "validation"
    write_scene_folder(validation, make_scene(cloudy=True, size=16))
    config = replace(CONFIG, data=replace(CONFIG.data, validation=str(validation)))
    assert trainer(tmp_path / "run", config).run()
    for name in ("config.json", "log.jsonl", "last.pt", "best.pt", "loss.png", "validation.png"):
        assert (tmp_path / "run" / name).stat().st_size > 0, name
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [4, 8]
    assert all(line["psnr"] > 0 for line in lines)


def test_without_validation_images_the_newest_average_is_the_best(tmp_path):
    run = trainer(tmp_path)
    assert run.run()
    best = load_checkpoint(tmp_path / "best.pt")
    assert best["step"] == 8 and "optimiser" not in best
    assert all(torch.equal(value, best["average"][name]) for name, value in run.average.average.state_dict().items())


def test_a_run_that_was_killed_after_its_first_validation_is_not_written_over_by_another(tmp_path):
    config = replace(CONFIG, validate_every=3, checkpoint_every=400)
    killed = trainer(tmp_path, config)
    sampler = killed.sampler

    def until_the_fourth(step, crop, count):
        assert step < 4, "killed"
        return sampler(step, crop, count)

    killed.sampler = until_the_fourth
    with pytest.raises(AssertionError, match="killed"):
        killed.run()
    with pytest.raises(ModelError, match="differs in seed"):
        trainer(tmp_path, replace(config, seed=5)).resume()
    resumed = trainer(tmp_path, config)
    assert resumed.resume() and resumed.step == 3 and resumed.best == killed.best


@pytest.mark.parametrize("heard", [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGTERM, signal.SIGTERM)])
def test_ctrl_c_and_sigterm_end_the_step_and_lose_nothing(tmp_path, heard):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    run = trainer(tmp_path, replace(CONFIG, steps=500, validate_every=400, checkpoint_every=400))
    sampler = run.sampler

    def pressed(step, crop, count):
        if step == 2:
            for number in heard:
                signal.raise_signal(number)
        return sampler(step, crop, count)

    run.sampler = pressed
    assert not run.run() and run.interrupted and run.step == 3
    assert load_checkpoint(tmp_path / "best.pt")["step"] == 3, "without images to judge that costs nothing"
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    resumed = trainer(tmp_path, replace(CONFIG, steps=500))
    assert resumed.resume() and resumed.step == 3


def test_a_second_ctrl_c_interrupts_at_once(tmp_path):
    before = signal.getsignal(signal.SIGINT)
    run = trainer(tmp_path / "twice")
    run.sampler = lambda step, crop, count: [signal.raise_signal(signal.SIGINT) for _ in range(2)]
    with pytest.raises(KeyboardInterrupt):
        run.run()
    assert signal.getsignal(signal.SIGINT) is before


def test_training_lowers_the_loss(tmp_path):
    run = trainer(tmp_path, replace(CONFIG, steps=100, learning_rate=2e-2))
    unseen = run.sampler(10_000, 16, 16)

    def loss() -> float:
        t = torch.full((16,), 1000)
        return float(reconstruction_loss(run.evaluation(unseen.cloudy, t, unseen.sar), unseen))

    with torch.no_grad():
        before = loss()
    for _ in range(100):
        run.train_step(0.0)
    with torch.no_grad():
        assert loss() < 0.93 * before


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_last_good_checkpoint(tmp_path):
    run = trainer(tmp_path)
    run._save(tmp_path / "last.pt")
    good = (tmp_path / "last.pt").read_bytes()
    with torch.no_grad():
        run.network.ending.weight.fill_(float("nan"))
    with pytest.raises(DbcrError, match="lower learning_rate .* goes on from .*last.pt"):
        run.run()
    assert (tmp_path / "last.pt").read_bytes() == good
    lower = trainer(tmp_path, replace(CONFIG, learning_rate=1e-3))
    assert lower.resume() and lower.run()
    early = trainer(tmp_path / "early")
    with torch.no_grad():
        early.network.ending.weight.fill_(float("nan"))
    with pytest.raises(DbcrError, match="lower learning_rate .* begins anew"):
        early.run()
    assert sorted(path.name for path in (tmp_path / "early").iterdir()) == ["config.json"]


def test_a_checkpoint_of_another_configuration_is_refused_and_the_difference_named(tmp_path):
    trainer(tmp_path)._save(tmp_path / "last.pt")
    with pytest.raises(ModelError, match="differs in weight_decay"):
        trainer(tmp_path, replace(CONFIG, weight_decay=1e-2)).resume()
    assert trainer(tmp_path, replace(CONFIG, steps=99, validate_every=7)).resume()


def test_a_truncated_or_foreign_checkpoint_is_refused(tmp_path):
    path = tmp_path / "last.pt"
    trainer(tmp_path)._save(path)
    whole = path.read_bytes()
    for damaged in (b"", b"x", whole[:500], whole[:-2000], b"PK" + whole[2:90] * 9):
        path.write_bytes(damaged)
        with pytest.raises(ModelError) as told:
            load_checkpoint(path)
        assert str(told.value) == f"{path} is not a whole checkpoint; use an older one, or train anew."
    for state, match in (
        ({"format": 99}, "format 99"),
        ([1, 2], "not a checkpoint of `train`"),
        ({"weights": 1}, "not a checkpoint of `train`"),
        ({"format": 1, "average": {}}, "last.pt lacks config; name a last.pt or best.pt."),
    ):
        torch.save(state, path)
        with pytest.raises(ModelError, match=match):
            load_checkpoint(path)
    trainer(tmp_path)._save(path, weights_only=True)
    assert load_checkpoint(path)["step"] == 0
    with pytest.raises(ModelError, match="last.pt lacks network, optimiser; name a last.pt"):
        trainer(tmp_path).resume()


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path):
    class Payload:
        def __reduce__(self):
            return (print, ("executed",))

    save_checkpoint(tmp_path / "evil.pt", {"config": Payload()})
    with pytest.raises(ModelError, match="evil.pt"):
        load_checkpoint(tmp_path / "evil.pt")


def test_stages_follow_the_progress():
    config = replace(CONFIG, stages=(Stage(0.0, 16, 4), Stage(0.5, 32, 2)))
    assert [config.stage_at(p).crop for p in (0.0, 0.49, 0.5, 1.0)] == [16, 16, 32, 32]


def test_a_run_starts_from_the_weights_of_another_as_far_as_they_fit(tmp_path):
    first = trainer(tmp_path / "first")
    first.run()
    source = str(tmp_path / "first" / "last.pt")
    average = first.average.average.state_dict()
    gated = replace(CONFIG, init=source, network=replace(NETWORK, gated=True))
    begun = trainer(tmp_path / "second", gated).network.state_dict()
    assert torch.equal(begun["intro.weight"], average["intro.weight"])
    assert (begun["ending.weight"] == 0).all() and begun["ending.weight"].shape[0] == 26
    wider = replace(NETWORK, widths=(6, 12), time_width=9)
    shallow = first.average.average
    deeper = replace(CONFIG, init=source, network=replace(NETWORK, encoder_blocks=(1, 8)))
    same = trainer(tmp_path / "deeper", deeper).network
    # New blocks change nothing before they have learned.
    t, sar, x_t = torch.tensor([500]), torch.rand(1, 2, 16, 16), torch.rand(1, 13, 16, 16)
    assert torch.allclose(same(x_t, t, same.encode_sar(sar)).clear, shallow(x_t, t, shallow.encode_sar(sar)).clear)
    other = replace(CONFIG, init=source, network=wider)
    with pytest.raises(ModelError, match="choose another file"):
        trainer(tmp_path / "third", other)


def test_half_a_line_of_the_log_loses_itself_alone(tmp_path):
    for step in (1, 2):
        add_line(tmp_path, {"step": step})
    log = tmp_path / "log.jsonl"
    log.write_bytes(log.read_bytes()[:-4])
    add_line(tmp_path, {"step": 3})
    assert [line["step"] for line in read_lines(tmp_path)] == [1, 3]
    log.write_bytes(log.read_bytes() + b"\xff\x00")
    draw_curves(tmp_path)
    assert [line["step"] for line in read_lines(tmp_path)] == [1, 3] and (tmp_path / "loss.png").exists()


def test_the_best_of_other_images_is_not_what_new_ones_must_reach(tmp_path):
    def config(name: str, cloudy) -> TrainConfig:
        write_scene_folder(tmp_path / name, make_scene(name, cloudy=cloudy, size=16))
        return replace(CONFIG, data=replace(CONFIG.data, validation=str(tmp_path / name)))

    easy, hard = config("easy", make_scene().clear[:, :16, :16] + 1), config("hard", True)
    first = trainer(tmp_path / "run", easy)
    first.run()
    resumed = trainer(tmp_path / "run", replace(easy, steps=12))
    assert resumed.resume() and resumed.best == first.best
    resumed = trainer(tmp_path / "run", replace(hard, steps=12))
    assert resumed.resume() and resumed.best == -math.inf and resumed.run()
    best = load_checkpoint(tmp_path / "run" / "best.pt")
    assert best["step"] == 12 and best["judged_on"] == ["hard"]


def test_a_folder_has_one_run_at_a_time(tmp_path):
    with alone_in(tmp_path / "run"):
        second = alone_in(tmp_path / "run")
        with pytest.raises(InputError, match="Another run writes into .*run; wait .*--output"):
            second.__enter__()
    with alone_in(tmp_path / "run"):
        pass


def test_another_beginning_is_refused_on_resume_and_other_scenes_are_told(tmp_path):
    first = trainer(tmp_path / "run")
    first.run()
    same = trainer(tmp_path / "run")
    assert same.resume() and not same.has_other_scenes
    source = str(tmp_path / "run" / "best.pt")
    with pytest.raises(ModelError, match="run began with nothing, not with .*best.pt .*new output folder"):
        trainer(tmp_path / "run", replace(CONFIG, init=source)).resume()
    scenes = [make_scene(seed=9 + i, name=str(i)) for i in range(3)]
    other = CropSampler(scenes, CONFIG.data, DropSettings(), CloudSimulator(CloudSettings()), CONFIG.seed)
    resumed = Trainer(CONFIG, other, tmp_path / "run")
    assert resumed.resume() and resumed.has_other_scenes


def test_validation_scenes_that_train_are_found_by_their_pixels():
    scenes = [make_scene(seed=i, name=str(i)) for i in range(3)]
    sampler = CropSampler(scenes, CONFIG.data, DropSettings(), CloudSimulator(CloudSettings()), 0)
    four = np.array(PROFILES["four"])
    copy = make_scene("another name", seed=1, cloudy=True, bands=four)
    copy.clear[:, :5], copy.clear[~four] = 0, 0
    cut = replace(copy, **{name: getattr(copy, name)[:, :24, :20] for name in ("clear", "cloudy", "sar")})
    assert all(sampler.shows(validation_image(scene)) for scene in (copy, cut))
    assert not sampler.shows(validation_image(make_scene("1", seed=7, cloudy=True)))


def test_the_best_is_chosen_by_the_bands_that_are_learned(tmp_path):
    four = np.array(PROFILES["four"])
    scenes = [make_scene(bands=four)]
    scenes[0].clear[~four] = 0
    sampler = CropSampler(scenes, CONFIG.data, DropSettings(), CloudSimulator(CloudSettings()), 0)
    run = Trainer(CONFIG, sampler, tmp_path)
    whole = validation_image(make_scene("whole", cloudy=True, size=16))
    few = validation_image(replace(make_scene("whole", cloudy=True, size=16), bands=four))
    run.validation = [whole]
    run._validate(None)
    zeros = [replace(few, cloudy=few.cloudy * torch.from_numpy(four)[:, None, None])]
    assert run.best == validate(run.average.average, zeros).psnr
    with pytest.raises(InputError, match="whole has none of the bands that are learned"):
        with_bands([whole], ())
