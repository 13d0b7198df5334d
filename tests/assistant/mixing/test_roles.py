from functools import lru_cache

import numpy as np
import pytest

from assistant.dsp.drums import drum
from assistant.material import Audio, Stem
from assistant.mixing.heard import Heard, hear
from assistant.mixing.role_names import NameGuess, Role
from assistant.mixing.roles import guess_role
from assistant.mixing.sums import sums_of
from assistant.steps import result

RATE = 44_100
SECONDS = 8.0
TIME = np.arange(round(SECONDS * RATE)) / RATE
KICK, SNARE, HAT = 36, 38, 42


def _strokes(key: int, every: float, first: float = 0.0) -> np.ndarray:
    sound, stroke = np.zeros(TIME.size), drum(key, RATE)
    for start in np.arange(first, SECONDS - 0.5, every):
        begin = round(start * RATE)
        sound[begin : begin + stroke.size] += stroke
    return 0.3 * sound


def _tone(hertz: np.ndarray | float, overtones: int) -> np.ndarray:
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hertz, TIME.shape)) / RATE
    tones = [np.sin(k * phase) / k for k in range(1, overtones + 1)]
    return np.asarray(np.sum(tones, axis=0))


def _bass() -> np.ndarray:
    notes = 55.0 * 2 ** (np.array([0, 3, 5, 7])[(TIME // 0.5).astype(int) % 4] / 12)
    return np.asarray(0.2 * _tone(notes, 6) * np.exp(-(TIME % 0.5) / 0.4))


def _voice() -> np.ndarray:
    glide = 12 * np.log2(1.5) * np.sin(2 * np.pi * 0.2 * TIME) + 0.5 * np.sin(11 * np.pi * TIME)
    breath = np.clip(4 * np.sin(2 * np.pi * 0.4 * TIME), 0.0, 1.0)
    return np.asarray(0.1 * _tone(220.0 * 2 ** (glide / 12), 12) * breath)


@lru_cache
def _sound(what: str) -> np.ndarray:
    made = {
        "kick": lambda: _strokes(KICK, 0.5),
        "snare": lambda: _strokes(SNARE, 1.0, 0.5),
        "hats": lambda: _strokes(HAT, 0.25),
        "bass": _bass,
        "lead_vocal": _voice,
    }
    return made[what]()


def _heard(sound: np.ndarray, rate: int = RATE) -> Heard:
    return result(hear(Audio(np.atleast_2d(sound).astype(np.float32), rate)))


ROLES = ["kick", "snare", "hats", "bass", "lead_vocal"]


@pytest.mark.parametrize("role", ROLES)
def test_by_sound_alone(role: str) -> None:
    found = guess_role(_heard(_sound(role)))
    assert (found.role, found.agrees) == (role, True)
    assert found.why


def _rms(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(sound**2)))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("gain_db", [-30.0, 9.0])
def test_gain_does_not_matter(role: str, gain_db: float) -> None:
    assert guess_role(_heard(_sound(role) * 10 ** (gain_db / 20))).role == role


def test_hats_over_a_rumble_stay_hats() -> None:
    hats = _sound("hats")
    rumble = 2.0 * _rms(hats) * np.sqrt(2) * np.sin(2 * np.pi * 30.0 * TIME)
    assert guess_role(_heard(hats + rumble)).role == "hats"


@pytest.mark.parametrize("role", ROLES)
def test_an_offset_does_not_matter(role: str) -> None:
    assert guess_role(_heard(_sound(role) + 0.1)).role == role


@pytest.mark.parametrize("role", ["kick", "snare", "hats"])
def test_hum_does_not_matter(role: str) -> None:
    hum = sum(np.sin(2 * np.pi * 50.0 * k * TIME) / k for k in (1, 2, 3, 5))
    assert guess_role(_heard(_sound(role) + 0.1 * _rms(_sound(role)) * hum)).role == role


@pytest.mark.parametrize("role", ROLES)
def test_clipping_does_not_matter(role: str) -> None:
    peak = 0.4 * np.abs(_sound(role)).max()
    assert guess_role(_heard(np.clip(_sound(role), -peak, peak))).role == role


def test_a_name_that_the_sound_speaks_against_is_told_and_doubted() -> None:
    right = guess_role(_heard(_sound("kick")), NameGuess(Role.KICK, "kick", 0.95))
    wrong = guess_role(_heard(_sound("hats")), NameGuess(Role.KICK, "bd", 0.95))
    assert right.agrees
    assert right.confidence > 0.9
    assert not wrong.agrees
    assert wrong.confidence < 0.5
    assert wrong.by_sound == "hats"
    assert "under 140 Hz" in wrong.why


def test_a_faint_hint_yields_to_a_clear_sound() -> None:
    assert guess_role(_heard(_sound("hats")), NameGuess(Role.BASS, "low", 0.2)).role == "hats"


def test_silence_has_the_role_of_its_name() -> None:
    silence = _heard(np.zeros(RATE))
    assert guess_role(silence).confidence == 0.0
    assert guess_role(silence, NameGuess(Role.KEYS, "pno", 0.95)).role == "keys"


def test_a_bus_is_the_sum_of_others() -> None:
    bus = 0.7 * _sound("kick") + 0.9 * _sound("bass") + 0.8 * _sound("snare")
    *tracks, parts = _sums(*map(_sound, ROLES), bus)
    assert [ROLES[n] for n in parts] == ["kick", "snare", "bass"]
    assert guess_role(_heard(bus), parts=len(parts)).role == "bus"
    assert tracks == [()] * len(ROLES)


def test_a_copy_is_no_sum() -> None:
    assert _sums(*map(_sound, ROLES), 0.5 * _sound("kick"))[-1] == ()


def _sums(*sounds: np.ndarray) -> list[tuple[int, ...]]:
    stems = [Stem("", Audio(one[None].astype(np.float32), RATE)) for one in sounds]
    return list(result(sums_of(stems, [_heard(one) for one in sounds])))


@pytest.mark.parametrize("first", [0, 3 * RATE])
@pytest.mark.parametrize("rate", [8_000, RATE, 192_000])
def test_an_offset_is_no_kick(first: int, rate: int) -> None:
    sound = np.full(8 * rate, 0.1)
    sound[: first * rate // RATE] = 0.0
    plain = guess_role(_heard(sound, rate))
    assert (plain.role, plain.confidence, plain.by_sound) == (Role.OTHER, 0.0, None)
    assert plain.why == "it holds nothing but an offset (DC), and no name tells"
    named = guess_role(_heard(sound, rate), NameGuess(Role.BASS, "bass", 0.9))
    assert (named.role, named.why) == (
        Role.BASS,
        "its name says bass ('bass'); it holds nothing but an offset (DC)",
    )


@pytest.mark.parametrize("role", [Role.KICK, Role.BASS])
def test_what_sounds_over_an_offset_keeps_its_role(role: Role) -> None:
    shifted = 0.1 * _sound(role.value) + 0.2
    assert guess_role(_heard(shifted)).role is role
