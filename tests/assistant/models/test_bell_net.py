"""The network runs in numpy as it was learned in torch, and hears nothing of how loud it is."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.bells import NATS, QUANTILES
from assistant.dsp.spectral_views import STEPS_HZ
from assistant.models.bell_net import GAINS_DB, BellNet, inputs
from bridge.presets import weights

DICE = np.random.default_rng(9)
SPECTRUM = (
    DICE.normal(size=(NATS, len(STEPS_HZ))),
    DICE.normal(-60.0, 9.0, (2 * QUANTILES, len(STEPS_HZ))),
)


def test_what_is_told_are_odds() -> None:
    look = BellNet(weights("bells")).look(*SPECTRUM)
    assert look.odds.shape == (2, len(STEPS_HZ))
    assert 0.0 < look.odds.sum() < 1.0
    assert look.gains.shape == (2, len(GAINS_DB), len(STEPS_HZ))
    assert look.gains.sum(axis=1) == pytest.approx(np.ones((2, len(STEPS_HZ))), abs=1e-5)
    assert look.qs.shape == STEPS_HZ.shape


def test_it_runs_as_it_was_learned() -> None:
    torch = pytest.importorskip("torch")
    from training.bells_net import Network, shipped

    torch.manual_seed(3)
    network = Network().eval()
    with torch.no_grad():
        for value in network.parameters():
            value.copy_(value.half().float())
        scores = network(*(torch.from_numpy(rows[None]).float() for rows in SPECTRUM))[0].numpy()
    told = {name: value.astype(np.float32) for name, value in shipped([network, network]).items()}
    look = BellNet(told).look(*SPECTRUM)
    odds = np.exp(scores[:2]) / (1.0 + np.exp(scores[:2]).sum())
    assert look.odds == pytest.approx(odds, rel=1e-3)
    assert look.qs == pytest.approx(np.exp(scores[2]), rel=1e-3)
    gains = np.exp(scores[3:]).reshape(2, len(GAINS_DB), -1)
    assert look.gains == pytest.approx(gains / gains.sum(axis=1, keepdims=True), rel=1e-3)


def test_level_is_not_seen() -> None:
    nats, quantiles_db = SPECTRUM
    assert inputs((quantiles_db - 30.0).astype(np.float32)) == pytest.approx(
        inputs(quantiles_db.astype(np.float32)), abs=1e-4
    )
    net = BellNet(weights("bells"))
    assert net.look(nats, quantiles_db - 30.0).odds == pytest.approx(
        net.look(nats, quantiles_db).odds, abs=1e-3
    )
