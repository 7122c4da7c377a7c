# SPDX-License-Identifier: GPL-3.0-or-later
"""The golden tile's answer in a model's card, and the self-test that asks for it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from dbcr_core.cli import main
from dbcr_core.errors import DeviceError, ModelError
from dbcr_core.model_card import bundled_model_path
from dbcr_core.model_file import read_model_file, write_model_file
from dbcr_core.predictors.golden_tile import DN, answer_means, check_answer, golden_tile
from dbcr_core.self_test import self_test


@pytest.fixture
def other_answer(tmp_path):
    """A function that writes the bundled model with another answer in its card."""
    model = read_model_file(bundled_model_path())
    graphs = {name: model.graph(name) for name in model.card.sha256}

    def write(answer):
        path = tmp_path / "other.dbcr"
        write_model_file(str(path), replace(model.card, answer=tuple(answer)), graphs)
        return str(path)

    return write


@pytest.mark.parametrize("device", ["cpu", "torch-cpu"])
def test_the_bundled_model_answers_as_its_card_says(device):
    if device != "cpu":
        pytest.importorskip("torch")
    found = self_test(device=device)
    assert found.difference < 1e-5 and 0 < found.seconds < 60
    assert found.model == read_model_file(bundled_model_path()).card.id
    assert "right, within 0.00000" in found.line() and found.device in found.line()


def test_a_wrong_answer_is_an_error_that_says_how_far_off_it_is(other_answer, capsys):
    answer = list(read_model_file(bundled_model_path()).card.answer)
    answer[100] += 0.0123
    path = other_answer(answer)
    with pytest.raises(DeviceError, match="off by 0.0123 in reflectance"):
        self_test(path, "cpu")
    assert main(["self-test", "--model", path, "--device", "cpu", "--threads", "1"]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and "computes the model" in told.err


def test_a_card_without_an_answer_is_said_to_have_none(other_answer):
    found = self_test(other_answer(()), "cpu", 1)
    assert found.difference is None and "does not say" in found.line()


def test_the_command_prints_one_line_or_one_object(capsys):
    assert main(["self-test", "--device", "cpu"]) == 0
    line = capsys.readouterr().out
    assert line.count("\n") == 1 and "s per tile" in line
    assert main(["self-test", "--device", "cpu", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sorted(told) == ["device", "difference", "model", "seconds"] and told["difference"] < 1e-5


def test_people_are_spared_the_numbers_of_the_answer(capsys):
    assert main(["model-info"]) == 0
    assert "\nanswer:" not in capsys.readouterr().out
    assert main(["model-info", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["answer"]) == 208


def test_means_are_those_of_the_parts_of_the_tile():
    clear = np.zeros((13, 16, 16), np.float32)
    clear[2, 4:8, 8:12] = 0.5
    clear[3, :4, :4] = -0.5
    means = np.reshape(answer_means(clear), (13, 4, 4))
    assert means[2, 1, 2] == 0.5 and means.sum() == pytest.approx(0.5 + 207 / DN)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_wrong(value):
    card = read_model_file(bundled_model_path()).card
    clear = np.full((13, 256, 256), value, np.float32)
    with pytest.raises(DeviceError, match="wrongly"):
        check_answer(card, "A device", clear)


@pytest.mark.parametrize("answer", [(0.1,), (0.1,) * 207, ("a",) * 208, (float("nan"),) * 208, (True,) * 208, 5])
def test_a_card_with_a_strange_answer_is_refused(answer):
    card = read_model_file(bundled_model_path()).card
    with pytest.raises(ModelError, match="answer to the test tile"):
        replace(card, answer=answer)


def test_a_file_can_hold_the_golden_tile():
    optical, _ = golden_tile(256)
    assert np.abs(optical * DN - np.rint(optical * DN)).max() < 1e-3
