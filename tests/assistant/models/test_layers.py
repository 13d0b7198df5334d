from __future__ import annotations

import numpy as np
import pytest

from assistant.models.layers import (
    Floats,
    convolve,
    dense,
    gru,
    gru_step,
    log_softmax,
    part,
    softmax,
)

RNG = np.random.default_rng(3)
INPUTS, HIDDEN = 5, 7


def weights(rng: np.random.Generator = RNG) -> dict[str, Floats]:
    shapes = {
        "weight_ih": (3 * HIDDEN, INPUTS), "weight_hh": (3 * HIDDEN, HIDDEN),
        "bias_ih": (3 * HIDDEN,), "bias_hh": (3 * HIDDEN,),
    }  # fmt: skip
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def test_a_unit_moves_as_torch_moves_it() -> None:
    torch = pytest.importorskip("torch")
    told = weights()
    unit = torch.nn.GRU(INPUTS, HIDDEN)
    with torch.no_grad():
        for name, value in told.items():
            getattr(unit, f"{name}_l0").copy_(torch.from_numpy(value))
        values = RNG.normal(size=(9, 4, INPUTS)).astype(np.float32)
        state = RNG.normal(size=(4, HIDDEN)).astype(np.float32)
        wanted = unit(torch.from_numpy(values), torch.from_numpy(state[None]))[0].numpy()
    np.testing.assert_allclose(gru(values, state, told), wanted, atol=1e-5)


def test_steps_are_a_run() -> None:
    told = weights()
    values = RNG.normal(size=(6, 3, INPUTS)).astype(np.float32)
    state = np.zeros((3, HIDDEN), np.float32)
    run = gru(values, state, told)
    for step, value in enumerate(values):
        state = gru_step(value, state, told)
        np.testing.assert_allclose(state, run[step], atol=1e-6)


@pytest.mark.parametrize(("taps", "spread"), [(1, 1), (5, 1), (3, 4)])
def test_a_convolution_is_that_of_torch(taps: int, spread: int) -> None:
    torch = pytest.importorskip("torch")
    told = {
        "weight": RNG.normal(size=(HIDDEN, INPUTS, taps)).astype(np.float32),
        "bias": RNG.normal(size=HIDDEN).astype(np.float32),
    }
    values = RNG.normal(size=(INPUTS, 20)).astype(np.float32)
    wanted = torch.nn.functional.conv1d(
        *(torch.from_numpy(one) for one in (values, told["weight"], told["bias"])),
        padding=taps // 2 * spread, dilation=spread,
    )  # fmt: skip
    np.testing.assert_allclose(convolve(values, told, spread), wanted.numpy(), atol=1e-5)


def test_dense_multiplies_and_adds() -> None:
    told = {
        "weight": np.array([[1, 2], [0, -1], [3, 0]], np.float32),
        "bias": np.array([0, 1, 0], np.float32),
    }
    assert dense(np.ones((1, 2), np.float32), told).tolist() == [[3, 0, 3]]


def test_odds_add_up_and_do_not_overflow() -> None:
    scores = np.array([[1e4, 1e4 - 1, -1e4]], np.float32)
    odds = softmax(scores)
    assert odds.sum() == pytest.approx(1.0)
    assert odds[0, 0] == pytest.approx(1 / (1 + np.exp(-1.0)), rel=1e-3)
    assert np.isfinite(log_softmax(scores)).all()


def test_a_part_is_taken_by_its_name() -> None:
    told = {name: np.ones(1, np.float32) for name in ("a.weight", "ab.weight")}
    assert list(part(told, "a")) == ["weight"]
