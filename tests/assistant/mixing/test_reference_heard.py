"""A reference is listened to, or refused as a reference."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import MaterialError
from assistant.material import Audio, Samples, Session, Stem
from assistant.mixing.reference_heard import hear_reference
from assistant.mixing.role_names import RoleNames
from assistant.steps import result

RATE = 8000
NOISE = 0.1 * np.random.default_rng(1).standard_normal((2, 5 * RATE)).astype(np.float32)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def test_a_finished_mix_has_no_tracks_and_stems_have() -> None:
    mix, names = Audio(NOISE, RATE), RoleNames({})
    alone = result(hear_reference(mix, names, zeros))
    stems = result(hear_reference(Session((Stem("bass", mix),)), names, zeros))
    assert (len(alone.tracks), [one.name for one in stems.tracks]) == (0, ["bass"])
    assert stems.mix.loudness == pytest.approx(alone.mix.loudness, abs=0.01)


@pytest.mark.parametrize("samples", [np.full((1, RATE), np.nan), np.zeros((1, 9 * RATE))])
def test_what_teaches_nothing_is_refused_as_a_reference(samples: Samples) -> None:
    with pytest.raises(MaterialError, match="reference"):
        result(hear_reference(Audio(samples.astype(np.float32), RATE), RoleNames({}), zeros))
