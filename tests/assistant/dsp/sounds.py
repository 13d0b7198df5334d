"""Sounds that limiters find hard, for the tests of the limiter and of what is built on it."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from assistant.material import Samples

KINDS = ("noise", "square", "clicks", "quarter", "random square", "steps", "offset", "clipped")


def nasty(kind: str, frames: int, seed: int) -> Samples:
    """Make one channel of a sound, at full scale."""
    dice = np.random.default_rng(seed)
    time, phase = np.arange(frames), dice.uniform(0.0, 2.0 * np.pi)
    noise = dice.standard_normal(frames)
    period = dice.uniform(4.0, 400.0)
    made = {
        "noise": noise,
        "square": np.sign(np.sin(2.0 * np.pi * time / period + phase)),
        "clicks": np.where(dice.random(frames) < 0.001, noise, 0.0),
        "quarter": np.sin(np.pi / 2.0 * time + phase),
        "random square": np.sign(noise),
        "steps": np.repeat(dice.uniform(-1.0, 1.0, frames // 50 + 1), 50)[:frames],
        "offset": 0.3 * noise + 0.6,
        "clipped": np.clip(4.0 * noise, -1.0, 1.0),
    }[kind]
    return np.asarray(made / max(np.abs(made).max(), 1e-9), dtype=np.float32)


@st.composite
def nasty_sounds(draw: st.DrawFn) -> tuple[Samples, int]:
    """Draw a sound of one to three channels, and its rate."""
    rate = draw(st.sampled_from((8_000, 44_100, 96_000)))
    frames = draw(st.integers(1, 6000))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    seed = draw(st.integers(0, 2**16))
    level = np.float32(draw(st.floats(0.01, 4.0)))
    rows = [nasty(kind, frames, seed + n) for n, kind in enumerate(kinds)]
    return np.stack(rows) * level, rate
