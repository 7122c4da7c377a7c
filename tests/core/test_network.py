# SPDX-License-Identifier: GPL-3.0-or-later
"""The backbone has the paper's size, starts as the identity, and keeps its parts apart."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from dbcr_core.errors import ModelError  # noqa: E402
from dbcr_core.network import (  # noqa: E402
    PAPER_CONFIG,
    BridgeNetwork,
    FoldedBridgeNetwork,
    NetworkConfig,
    count_macs,
    count_parameters,
)
from dbcr_core.network.blocks import NAFBlock  # noqa: E402
from dbcr_core.network.fusion import SFBlock  # noqa: E402
from dbcr_core.schedule import ALL_TIMESTEPS  # noqa: E402

SMALL = NetworkConfig(
    widths=(4, 8), encoder_blocks=(1, 1), decoder_blocks=(1, 1), fusion_heads=(1, 2), middle_blocks=1, time_width=8
)
WITH_HEADS = NetworkConfig(**{**SMALL.to_dict(), "heads": ("scale", "opacity")})


def random_network(config: NetworkConfig) -> BridgeNetwork:
    """A network none of whose parameters is zero."""
    torch.manual_seed(0)
    network = BridgeNetwork(config)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return network


def inputs(count: int = 2, size: int = 16):
    generator = torch.Generator().manual_seed(1)
    x_t = torch.rand(count, 13, size, size, generator=generator)
    return x_t, torch.tensor([1000.0, 333.0][:count]), torch.rand(count, 2, size, size, generator=generator)


def test_the_paper_network_has_the_papers_parameters_and_multiply_accumulates():
    assert round(count_parameters(PAPER_CONFIG) / 1e6, 4) == 18.0628
    assert round(count_macs(PAPER_CONFIG, 256) / 1e9, 4) == 15.2426


@pytest.mark.parametrize("width", [6, 22])
def test_a_naf_block_without_time_has_7cc_33c_parameters(width):
    assert sum(p.numel() for p in NAFBlock(width).parameters()) == 7 * width**2 + 33 * width


@pytest.mark.parametrize("width, heads", [(6, 1), (44, 2)])
def test_an_sf_block_has_8cc_9c_h_parameters(width, heads):
    assert sum(p.numel() for p in SFBlock(width, heads).parameters()) == 8 * width**2 + 9 * width + heads


def test_a_fresh_network_returns_its_input_exactly():
    x_t, t, sar = inputs()
    network = BridgeNetwork(SMALL)
    assert torch.equal(network(x_t, t, network.encode_sar(sar)).clear, x_t)


def test_a_gate_can_shut_the_input_out_or_let_it_through():
    x_t, t, sar = inputs()
    network = BridgeNetwork(NetworkConfig(**{**SMALL.to_dict(), "gated": True}))
    features = network.encode_sar(sar)
    for bias, kept in ((40.0, 1.0), (-40.0, 0.0)):
        network.ending.bias.data[13:] = bias
        assert torch.allclose(network(x_t, t, features).clear, kept * x_t)


def test_a_fresh_naf_block_is_the_identity():
    x = torch.randn(1, 5, 5, 6)
    assert torch.equal(NAFBlock(6, 8)(x, torch.randn(1, 8)), x)


def test_the_heads_leave_the_gradients_of_the_reconstruction_unchanged():
    x_t, t, sar = inputs()
    network = random_network(WITH_HEADS)
    backbone = [p for name, p in network.named_parameters() if "head" not in name]

    output = network(x_t, t, network.encode_sar(sar))
    without = torch.autograd.grad(output.clear.sum(), backbone, retain_graph=True, allow_unused=True)
    total = output.clear.sum() + 7 * output.scale.sum() + 7 * output.opacity.sum()
    with_heads = torch.autograd.grad(total, backbone, allow_unused=True)
    assert all(torch.equal(a, b) for a, b in zip(without, with_heads) if a is not None)


def test_heads_stay_in_their_ranges():
    x_t, t, sar = inputs()
    network = random_network(WITH_HEADS)
    output = network(x_t, t, network.encode_sar(sar))
    assert output.scale.shape == x_t.shape and (output.scale > 0).all()
    assert output.opacity.shape == (2, 2, 16, 16)
    assert ((output.opacity >= 0) & (output.opacity <= 1)).all()


def test_fusion_does_not_change_the_sar_features():
    x_t, t, sar = inputs()
    network = random_network(SMALL)
    features = network.encode_sar(sar)
    before = [f.clone() for f in features]
    network(x_t, t, features)
    assert all(torch.equal(a, b) for a, b in zip(before, features))


def test_sar_features_do_not_depend_on_time_and_halve_from_level_to_level():
    _, _, sar = inputs()
    features = random_network(SMALL).encode_sar(sar)
    assert [tuple(f.shape) for f in features] == [(2, 4, 16, 16), (2, 8, 8, 8)]


def test_time_and_sar_both_reach_the_reconstruction():
    x_t, t, sar = inputs()
    network = random_network(SMALL)
    clear = network(x_t, t, network.encode_sar(sar)).clear
    assert not torch.allclose(clear, network(x_t, t - 100, network.encode_sar(sar)).clear)
    assert not torch.allclose(clear, network(x_t, t, network.encode_sar(1 - sar)).clear)


def test_images_of_a_batch_do_not_influence_each_other():
    x_t, t, sar = inputs()
    network = random_network(SMALL).eval()
    both = network(x_t, t, network.encode_sar(sar)).clear
    alone = network(x_t[:1], t[:1], network.encode_sar(sar[:1])).clear
    torch.testing.assert_close(both[:1], alone, rtol=1e-5, atol=1e-5)


def test_folding_time_keeps_the_function_for_every_timestep_of_every_nfe():
    x_t, _, sar = inputs(1)
    network = random_network(WITH_HEADS).eval()
    folded = FoldedBridgeNetwork(network, ALL_TIMESTEPS)
    features = network.encode_sar(sar)
    for i, t in enumerate(ALL_TIMESTEPS):
        expected = network(x_t, torch.tensor([float(t)]), features)
        found = folded(x_t, torch.tensor([i]), folded.encode_sar(sar))
        for a, b in zip(expected, found):
            torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


def test_a_folded_network_holds_no_time_mlp_and_is_smaller():
    network = BridgeNetwork(NetworkConfig(heads=("scale",)))
    folded = FoldedBridgeNetwork(network, ALL_TIMESTEPS)
    assert not any("time" in name for name in folded.state_dict())
    assert sum(p.numel() for p in folded.parameters()) < 0.9 * sum(p.numel() for p in network.parameters())


def test_an_empty_folded_network_takes_the_weights_of_another():
    x_t, _, sar = inputs(1)
    folded = FoldedBridgeNetwork(random_network(SMALL), (500, 1000))
    other = FoldedBridgeNetwork.empty(SMALL, (500, 1000))
    other.load_state_dict(folded.state_dict())
    step = torch.tensor([1])
    expected = folded(x_t, step, folded.encode_sar(sar)).clear
    assert torch.equal(expected, other(x_t, step, other.encode_sar(sar)).clear)


@pytest.mark.parametrize(
    "switches", [{"backbone": "res"}, {"fusion": "concat"}, {"backbone": "res", "fusion": "concat"}]
)
def test_every_ablation_runs_uses_sar_and_starts_as_the_identity(switches):
    config = NetworkConfig(**{**SMALL.to_dict(), **switches})
    x_t, t, sar = inputs()
    fresh = BridgeNetwork(config)
    assert torch.equal(fresh(x_t, t, fresh.encode_sar(sar)).clear, x_t)
    network = random_network(config)
    first = network(x_t, t, network.encode_sar(sar)).clear
    assert not torch.allclose(first, network(x_t, t, network.encode_sar(1 - sar)).clear)


def test_a_configuration_survives_json():
    assert NetworkConfig.from_dict(WITH_HEADS.to_dict()) == WITH_HEADS


@pytest.mark.parametrize(
    "wrong",
    [{"widths": [4, 12]}, {"fusion_heads": [3, 1]}, {"heads": ["depth"]}, {"backbone": "vit"}, {"colour": 3}],
)
def test_nonsense_configurations_are_refused(wrong):
    with pytest.raises(ModelError):
        NetworkConfig.from_dict({**SMALL.to_dict(), **wrong})


def test_a_tile_that_the_network_cannot_halve_is_refused():
    network = BridgeNetwork(SMALL)
    x_t = torch.zeros(1, 13, 15, 16)
    with pytest.raises(ModelError, match="multiples of 2"):
        network(x_t, torch.tensor([1.0]), network.encode_sar(torch.zeros(1, 2, 16, 16)))
