from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from assistant.errors import MaterialError
from assistant.material import Audio, Samples, Session, Stem
from assistant.mixing.heard import Heard, hear
from assistant.mixing.nearing import Nearing, nearing
from assistant.mixing.reference import ReferenceHeard, Toward, toward
from assistant.mixing.reference_told import reference_told
from assistant.mixing.rendering import render
from assistant.mixing.roles import Role, RoleGuess
from assistant.mixing.shapes import distance_db
from assistant.mixing.track import Track
from assistant.steps import result

RATE = 44_100
FRAMES = 6 * RATE
PARTS = {
    "bass": (Role.BASS, 35.0, 150.0, 0.0),
    "keys": (Role.KEYS, 200.0, 1_500.0, 0.3),
    "vocal": (Role.LEAD_VOCAL, 300.0, 4_000.0, 0.0),
    "hats": (Role.HATS, 5_000.0, 15_000.0, 0.1),
}


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


@lru_cache
def _tracks(names: tuple[str, ...] = tuple(PARTS), wide: bool = True) -> tuple[Track, ...]:
    return tuple(_track(name, wide) for name in names)


@lru_cache
def _track(name: str, wide: bool) -> Track:
    role, low_hz, high_hz, side = PARTS[name]
    dice = np.random.default_rng(round(low_hz))
    noise = dice.standard_normal((2, FRAMES)) * (0.6 + 0.4 * np.sin(np.arange(FRAMES) / 9_000))
    both = noise[:1] + (side * np.array([[1.0], [-1.0]]) * noise[1:] if wide else 0.0)
    made = sosfilt(butter(8, (low_hz, high_hz), "bandpass", output="sos", fs=RATE), both)
    audio = Audio((0.05 * made / np.std(made)).astype(np.float32), RATE)
    guess = RoleGuess(role, 1.0, "", None, None, True)
    return Track(Stem(name, audio), result(hear(audio)), guess)


def _turned(tracks: tuple[Track, ...], **gains_db: float) -> tuple[Track, ...]:
    made = []
    for one in tracks:
        gain = np.float32(10 ** (gains_db.get(one.name, 0.0) / 20))
        audio = Audio(one.audio.samples * gain, RATE)
        made.append(replace(one, stem=Stem(one.name, audio), heard=result(hear(audio))))
    return tuple(made)


def _sum(tracks: tuple[Track, ...]) -> Audio:
    session = Session(tuple(one.stem for one in tracks))
    return result(render(session, (), zeros)).plain.audio


@lru_cache
def _plain() -> tuple[Audio, Heard]:
    audio = _sum(_tracks())
    return audio, result(hear(audio))


def _toward(reference: ReferenceHeard) -> Toward:
    return result(toward(_tracks(), *_plain(), reference))


def _rendered(made: Toward) -> Heard:
    session = Session(tuple(one.stem for one in _tracks()))
    return result(hear(result(render(session, made.moves, zeros)).mix.audio))


def _gains(made: Toward) -> dict[str, float]:
    return {move.target: move.value for move in made.moves if move.parameter == "gain_db"}


def test_beside_itself_nothing_is_done() -> None:
    made = _toward(ReferenceHeard(_plain()[1], _tracks()))
    assert made.moves == ()
    assert made.measured["reference_distance"].before == pytest.approx(0.0, abs=1e-6)
    assert made.told == ("By shape its spectrum lies 0.0 dB from that of the reference.",)


@pytest.mark.parametrize("gain_db", [4.0, -4.0])
def test_bass_that_is_short_is_brought_by_the_bass(gain_db: float) -> None:
    reference = result(hear(_sum(_turned(_tracks(), bass=gain_db))))
    made = _toward(ReferenceHeard(reference))
    gains = _gains(made)
    assert gains["bass"] * np.sign(gain_db) > 2.0
    assert abs(gains.get("vocal", 0.0)) < 1.5
    before, after = distance_db(_plain()[1], reference), distance_db(_rendered(made), reference)
    assert after < 0.4 * before
    quantity = made.measured["reference_distance"]
    assert quantity.before == pytest.approx(before)
    assert quantity.after == pytest.approx(after, abs=0.3)


def test_with_its_stems_roles_are_brought_to_where_they_stand() -> None:
    there = _turned(_tracks(), bass=-4.0, hats=3.0)
    made = _toward(ReferenceHeard(result(hear(_sum(there))), there))
    assert _gains(made) == pytest.approx({"bass": -4.0, "hats": 3.0}, abs=0.6)
    (why,) = (m.why for m in made.moves if m.target == "bass" and m.parameter == "gain_db")
    assert "in the reference bass stands" in why


def test_a_wider_one_asks_for_width_and_what_is_left_is_told() -> None:
    middle, side = 0.5 * np.array([[1, 1], [1, -1]]) @ _plain()[0].samples
    for factor, width, words in ((1.3, 1.3, ""), (4.0, 1.5, "narrower"), (0.1, 0.5, "wider")):
        wide = np.stack([middle + factor * side, middle - factor * side]).astype(np.float32)
        made = _toward(ReferenceHeard(result(hear(Audio(wide, RATE)))))
        (move,) = (move for move in made.moves if move.parameter == "width")
        assert move.value == pytest.approx(width, abs=0.03)
        assert (f" dB {words} than those of the reference" in " ".join(made.told)) is bool(words)


def _compared(tracks: tuple[Track, ...], reference: Heard) -> Nearing:
    audio = _sum(tracks)
    guess = RoleGuess(Role.BUS, 1.0, "", None, None, True)
    return nearing(tracks, Track(Stem("mix", audio), result(hear(audio)), guess), reference)


def test_what_nobody_plays_is_told_and_not_brought_out() -> None:
    found = _compared(_tracks(("bass", "keys")), _plain()[1])
    told = " ".join(reference_told(found))
    assert "kHz it stays up to" in told
    assert "nothing in these stems plays there" in told
    assert all(band.freq_hz < 5_000.0 for band in found.bands)


def test_of_mono_stems_no_width_is_turned_up() -> None:
    found = _compared(_tracks(wide=False), _plain()[1])
    assert found.width.width == 1.0
    assert "all but mono" in " ".join(reference_told(found))


def test_roles_that_only_one_of_them_has_are_told() -> None:
    there = _tracks(("bass", "keys", "hats"))
    made = _toward(ReferenceHeard(result(hear(_sum(there))), there))
    assert "Here is lead vocal; the reference has none, so its fader stays." in made.told
    audio = _sum(there)
    less = result(toward(there, audio, result(hear(audio)), ReferenceHeard(_plain()[1], _tracks())))
    assert "The reference has lead vocal; here there is none." in less.told


def test_what_has_no_role_is_not_missed() -> None:
    there = tuple(replace(one, guess=replace(one.guess, role=Role.OTHER)) for one in _tracks())
    ours = _tracks(("bass", "keys"))
    mix = _sum(ours)
    reference = ReferenceHeard(_plain()[1], there)
    made = result(toward(ours, mix, result(hear(mix)), reference))
    assert not any("other" in one for one in made.told)


def _flattened(audio: Audio, least: float) -> Heard:
    """Clip, so that peaks come near to the loudness."""
    return result(hear(Audio(np.clip(audio.samples, -least, least), RATE)))


def test_a_limited_one_is_for_the_master() -> None:
    made = _toward(ReferenceHeard(_flattened(_plain()[0], 0.08)))
    assert "a limiter did that, so it is for the master." in " ".join(made.told)


def test_where_loudness_ranges_further_a_compressor_brings_it_nearer() -> None:
    time = np.arange(24 * RATE) / RATE
    dice = np.random.default_rng(1)
    even = 0.05 * dice.standard_normal((2, time.size))
    moving = even * np.where(time % 8.0 < 4.0, 1.0, 0.4)
    mix, reference = (Audio(one.astype(np.float32), RATE) for one in (moving, even))
    heard = result(hear(mix))
    stem = Stem("all", mix)
    guess = RoleGuess(Role.OTHER, 1.0, "", None, None, True)
    there = ReferenceHeard(result(hear(reference)))
    made = result(toward([Track(stem, heard, guess)], mix, heard, there))
    assert {move.parameter for move in made.moves if move.target == "mix"} >= {"comp.ratio"}
    after = result(hear(result(render(Session((stem,)), made.moves, zeros)).mix.audio))
    ranges = [np.ptp(one.momentary[5:-5]) for one in (heard, after)]
    assert ranges[1] < ranges[0] - 1.0
    assert "ride the faders" in " ".join(made.told)


def test_a_reference_has_to_sound_for_a_while() -> None:
    with pytest.raises(MaterialError, match=r"is silent.* 3 s"):
        ReferenceHeard(result(hear(Audio(zeros((2, RATE)), RATE))))
    short = Audio(_plain()[0].samples[:, : 2 * RATE], RATE)
    with pytest.raises(MaterialError, match=r"2\.0 s"):
        ReferenceHeard(result(hear(short)))


def test_a_silent_mix_is_left() -> None:
    silence = Audio(zeros((2, 5 * RATE)), RATE)
    made = result(toward((), silence, result(hear(silence)), ReferenceHeard(_plain()[1])))
    assert made.moves == ()
    assert "silent" in made.told[0]


def test_the_same_gives_the_same() -> None:
    reference = ReferenceHeard(result(hear(_sum(_turned(_tracks(), bass=4.0)))))
    assert _toward(reference).moves == _toward(reference).moves
