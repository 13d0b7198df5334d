from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from assistant.dsp.stereo import picture
from assistant.material import Audio, Session, Stem
from assistant.mixing.automix import Automix, automix
from assistant.mixing.balance import standings
from assistant.mixing.heard import hear
from assistant.mixing.rendering import Rendering, render
from assistant.mixing.roles import Role, RoleGuess
from assistant.mixing.styles import STYLES, load_style
from assistant.mixing.track import Track
from assistant.steps import result
from bridge import presets

RATE = 22_050
TIME = np.arange(5 * RATE) / RATE
NAMES = {
    "kick": Role.KICK,
    "snare": Role.SNARE,
    "hats": Role.HATS,
    "bass": Role.BASS,
    "guitar 1": Role.GUITAR,
    "guitar 2": Role.GUITAR,
    "keys": Role.KEYS,
    "vocal": Role.LEAD_VOCAL,
}


def zeros(shape: tuple[int, ...]) -> np.ndarray:
    return np.zeros(shape, np.float32)


def _track(name: str, sound: np.ndarray, role: Role | None = None) -> Track:
    audio = Audio(np.atleast_2d(sound).astype(np.float32), RATE)
    guess = RoleGuess(role or NAMES[name], 1.0, "", None, None, True)
    return Track(Stem(name, audio), result(hear(audio)), guess)


def _strokes(every: float, first: float, fades: float, hertz: float, noise: float) -> np.ndarray:
    since = (TIME - first) % every
    dice = np.random.default_rng(round(hertz))
    body = np.sin(2 * np.pi * hertz * since) + noise * dice.standard_normal(TIME.size)
    return body * np.exp(-since / fades)


def _chords(hertz: float, seed: int) -> np.ndarray:
    dice = np.random.default_rng(seed)
    fades = np.exp(-(TIME % 1.0) / 0.6)
    tones = [np.sin(2 * np.pi * hertz * k * TIME + dice.uniform(0, 6)) / k for k in range(1, 14)]
    return np.asarray(fades * np.sum(tones, axis=0))


def _sung() -> np.ndarray:
    phase = 2 * np.pi * np.cumsum(220 * 2 ** (np.sin(TIME) / 6)) / RATE
    breath = np.clip(3 * np.sin(2 * np.pi * 0.4 * TIME), 0, 1)
    tones = [np.sin(k * phase) / k for k in range(1, 20)]
    return np.asarray(breath * np.sum(tones, axis=0))


@lru_cache
def _sounds() -> dict[str, np.ndarray]:
    return {
        "kick": _strokes(0.5, 0.0, 0.07, 60.0, 0.02),
        "snare": _strokes(1.0, 0.5, 0.08, 190.0, 0.7),
        "hats": np.diff(_strokes(0.25, 0.0, 0.03, 6_000.0, 1.0), prepend=0.0),
        "bass": 0.5 * _chords(55.0, 1) * np.exp(-(TIME % 0.5) / 0.4),
        "guitar 1": _chords(196.0, 2),
        "guitar 2": _chords(247.0, 3),
        "keys": _chords(330.0, 4),
        "vocal": _sung(),
    }


@lru_cache
def _tracks(seed: int = 0) -> tuple[Track, ...]:
    dice = np.random.default_rng(seed)
    gains = 10 ** (dice.uniform(-12, 12, len(NAMES)) / 20)
    return tuple(
        _track(name, 0.05 * gain * sound / np.sqrt(np.mean(sound**2)))
        for gain, (name, sound) in zip(gains, _sounds().items(), strict=True)
    )


@lru_cache
def _mixed(name: str, seed: int = 0) -> tuple[Automix, Rendering]:
    made = result(automix(_tracks(seed), load_style(presets.data, name)))
    session = Session(tuple(one.stem for one in _tracks(seed)))
    return made, result(render(session, made.moves, zeros, tracks=True))


def _after(name: str, seed: int = 0) -> list[Track]:
    stems = {stem.name: stem for stem in _mixed(name, seed)[1].tracks}
    return [
        replace(one, stem=stems[one.name], heard=result(hear(stems[one.name].audio)))
        for one in _tracks(seed)
    ]


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("seed", [0, 1])
def test_whatever_the_faders_were_each_track_comes_to_its_place(name: str, seed: int) -> None:
    balance = load_style(presets.data, name).balance
    off = {one.track.name: -one.gain_db for one in standings(_after(name, seed), balance)}
    assert max(map(abs, off.values())) < 2.0, off
    assert np.sqrt(np.mean(np.square(list(off.values())))) < 1.0, off


@pytest.mark.parametrize("name", STYLES)
def test_a_melody_that_leads_has_its_place_however_little_is_known_of_it(name: str) -> None:
    faders = []
    for role, sure in ((Role.LEAD_VOCAL, 1.0), (Role.OTHER, 0.1), (Role.KEYS, 0.1)):
        guess = RoleGuess(role, sure, "", None, None, True)
        tracks = [replace(one, guess=guess) if one.name == "vocal" else one for one in _tracks()]
        moves = result(automix(tracks, load_style(presets.data, name))).moves
        gains = {move.target: move.value for move in moves if move.parameter == "gain_db"}
        faders.append(gains.get("vocal", 0.0) - gains.get("bass", 0.0))
    assert faders[1:] == pytest.approx([faders[0]] * 2, abs=2.5)


@pytest.mark.parametrize("name", STYLES)
def test_left_and_right_are_as_loud_and_mono_loses_little(name: str) -> None:
    image = result(picture(_mixed(name)[1].mix.audio))
    assert abs(image.whole.balance_db) < 1.0
    assert image.whole.mono_loss_db < 1.0
    assert image.whole.side_db > -30.0  # there is something to hear on the sides


@pytest.mark.parametrize("name", STYLES)
def test_it_is_not_near_full_scale_and_says_what_was_done(name: str) -> None:
    made, rendering = _mixed(name)
    assert rendering.mix.gain_db == 0.0
    assert made.told[0].startswith(f"A {name} mix")
    assert all(move.why for move in made.moves)
    bands = {(m.target, m.group) for m in made.moves if m.parameter == "eq.freq_hz"}
    for one in NAMES:
        assert sum(target == one for target, _ in bands) <= 4


def test_styles_can_be_told_apart() -> None:
    loudness = {name: {one.name: one.heard.loudness for one in _after(name)} for name in STYLES}
    drums = {name: one["kick"] - one["vocal"] for name, one in loudness.items()}
    assert drums["punchy"] > drums["natural"] + 1.0 > drums["vocal-forward"] + 3.0
    keys = {name: {move.group for move in _mixed(name)[0].moves} for name in STYLES}
    assert "side-chain kick" in keys["punchy"] - keys["natural"]
    compressors = {
        name: sum(m.parameter == "comp.ratio" for m in _mixed(name)[0].moves) for name in STYLES
    }
    assert compressors["natural"] < compressors["vocal-forward"] <= compressors["punchy"]


def _pans(made: Automix) -> dict[str, float]:
    return {move.target: move.value for move in made.moves if move.parameter == "pan"}


def test_the_middle_stays_and_guitars_stand_opposite() -> None:
    pans = _pans(_mixed("natural")[0])
    assert not {"kick", "snare", "bass", "vocal"} & set(pans)
    assert pans["guitar 1"] * pans["guitar 2"] < 0.0


def test_the_same_tracks_give_the_same_mix() -> None:
    style = load_style(presets.data, "punchy")
    assert result(automix(_tracks(), style)).moves == _mixed("punchy")[0].moves


def test_what_was_panned_or_is_wide_stays_and_a_bus_is_left_alone() -> None:
    style = load_style(presets.data, "natural")
    keys, guitar = _sounds()["keys"], _sounds()["guitar 1"]
    panned = _track("guitar 1", 0.02 * np.stack([guitar, 0.4 * guitar]))
    wide = _track("keys", 0.02 * np.stack([keys, np.roll(keys, 999)]))
    bus = _track("bus", 0.02 * (keys + guitar), Role.BUS)
    made = result(automix([*_tracks()[:4], panned, wide, bus], style))
    assert not {"guitar 1", "keys"} & set(_pans(made))
    assert "bus" not in {move.target for move in made.moves}


def test_where_nobody_sings_the_melody_leads() -> None:
    tracks = [*_tracks()[:7], _track("tune", 0.05 * _sung(), Role.OTHER)]
    made = result(automix(tracks, load_style(presets.data, "natural")))
    assert "No vocal is there: tune is taken to lead." in made.told
    assert "tune" not in _pans(made)


@pytest.mark.parametrize(("sure", "share"), [(1.0, 1.0), (0.5, 1.0), (0.1, 0.2), (0.0, 0.0)])
def test_the_less_sure_a_role_is_the_nearer_to_the_centre_it_stays(
    sure: float, share: float
) -> None:
    style = load_style(presets.data, "natural")
    keys = _tracks()[6]
    guess = replace(keys.guess, confidence=sure)
    tracks = [*_tracks()[:4], replace(keys, guess=guess), _tracks()[7]]
    known = _pans(result(automix([*_tracks()[:4], keys, _tracks()[7]], style)))
    pan = _pans(result(automix(tracks, style))).get("keys", 0.0)
    assert abs(pan) == pytest.approx(share * abs(known["keys"]), abs=0.06)


@pytest.mark.parametrize("name", STYLES)
def test_few_tracks_silence_and_nothing(name: str) -> None:
    style = load_style(presets.data, name)
    silent = _track("guitar 1", np.zeros(RATE))
    assert result(automix([], style)).moves == ()
    assert result(automix([silent], style)).moves == ()
    alone = result(automix([_tracks()[7]], style)).moves
    assert not {"pan", "gain_db"} & {move.parameter for move in alone if abs(move.value) > 6.0}
    for one in (0.2, 0.5):
        short = _track("snare", _sounds()["snare"][: round(one * RATE)])
        session = Session((short.stem,))
        result(render(session, result(automix([short], style)).moves, zeros))


def test_faders_go_no_further_than_they_can() -> None:
    style = load_style(presets.data, "natural")
    soft = _track("keys", 1e-3 * _sounds()["keys"] / np.std(_sounds()["keys"]))
    made = result(automix([*_tracks()[:6], soft, _tracks()[7]], style))
    gains = {m.target: m.value for m in made.moves if m.parameter == "gain_db"}
    assert gains["keys"] <= 24.0


def test_the_share_done_rises_to_one() -> None:
    shares = list(automix(_tracks(), load_style(presets.data, "punchy")))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
