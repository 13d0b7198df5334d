"""Who takes most from what matters, and whether the cut does what it is said to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.material import Session
from assistant.mixing.fault import Fault
from assistant.mixing.faults.masking import MOST_TOLD, find_masking
from assistant.mixing.masked import measure_masking
from assistant.mixing.rendering import render
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.steps import result
from tests.assistant.mixing.covering import RATE, cymbals, guitar, hiss, named, strokes, vocal
from tests.assistant.mixing.played import track, zeros


def find(*tracks: Track) -> tuple[Fault, ...]:
    return result(find_masking(result(measure_masking(tracks)), tracks))


def of(faults: Sequence[Fault], name: str) -> list[Fault]:
    return [one for one in faults if one.targets[0] == name]


def cut_of(fault: Fault) -> tuple[float, float]:
    knobs = {move.parameter: move.value for move in fault.moves}
    return knobs["eq.freq_hz"], knobs["eq.gain_db"]


def test_who_covers_the_voice_makes_room() -> None:
    fault, *others = find(vocal(), guitar(-24.0), cymbals(-50.0))
    assert {one.targets for one in others} <= {("guitar", "vocal")}
    assert (fault.kind, fault.targets, fault.is_taste) == ("masking", ("guitar", "vocal"), True)
    hertz, gain_db = cut_of(fault)
    assert 500.0 < hertz < 2_000.0
    assert -6.0 <= gain_db < -1.0
    assert fault.value == pytest.approx(-gain_db / 6.0 * 100.0, abs=1.0)
    assert {move.target for move in fault.moves} == {"guitar"}
    assert len({move.group for move in fault.moves}) == 1


def test_the_cut_does_what_it_is_said_to_do() -> None:
    tracks = vocal(), guitar(-24.0), cymbals(-50.0)
    fault, *_ = find(*tracks)
    session = Session(tuple(one.stem for one in tracks))
    made = result(render(session, fault.moves, zeros, tracks=True))
    assert made.mix.gain_db == 0.0
    cut = [replace(one, stem=stem) for one, stem in zip(tracks, made.tracks, strict=True)]
    for mix, word in ((tracks, "vocal lost"), (cut, "vocal lost after")):
        lost = result(measure_masking(mix)).lost_share["vocal"]
        assert 100.0 * lost == pytest.approx(fault.evidence[word].value, abs=1.0)
    assert fault.evidence["vocal lost after"].value < fault.evidence["vocal lost"].value


def test_the_more_it_takes_the_deeper_the_cut() -> None:
    levels = (-32.0, -28.0, -24.0, -20.0)
    cuts = [cut_of(find(vocal(), guitar(db))[0])[1] for db in levels]
    assert cuts == sorted(cuts, reverse=True)
    assert cuts[-1] < cuts[0] - 1.0
    assert cuts[-1] >= -6.0


def test_what_matters_more_makes_no_room() -> None:
    pad = named("pad", Role.PAD, hiss(300.0, 3_000.0, -30.0, 3))
    assert of(find(vocal(), pad, guitar(-24.0)), "vocal") == []
    assert of(find(vocal(), guitar(-40.0)), "vocal") == []


def test_of_two_that_matter_alike_the_one_that_loses_less_makes_room() -> None:
    keys = named("keys", Role.KEYS, hiss(500.0, 2_000.0, -26.0, 4))
    assert {one.targets[0] for one in find(guitar(), keys)} == {"guitar"}


def test_a_lead_without_words_goes_before_chords() -> None:
    flute = named("flute", Role.OTHER, vocal().audio.samples[0], sure=0.2)
    found = find(flute, guitar(-24.0))
    assert {one.targets[0] for one in found} == {"guitar"}


def test_two_microphones_of_a_drum_ask_each_other_for_nothing() -> None:
    kicks = [named(name, Role.KICK, strokes(db)) for name, db in (("in", -20.0), ("out", -30.0))]
    assert find(*kicks) == ()


def test_a_voice_that_nobody_hears_is_a_fault() -> None:
    noise = hiss(60.0, 9_000.0, -20.0, 5)
    wall = named("wall", Role.GUITAR, noise)
    fault, *others = find(vocal(-52.0), wall, cymbals(-40.0))
    assert not fault.is_taste
    assert fault.targets == ("wall", "vocal")
    assert "its level comes first" in fault.why
    assert all(one.is_taste for one in others)
    assert fault.severity > 0.5
    sung = replace(vocal(-52.0), guess=replace(vocal().guess, confidence=0.3))
    assert all(one.is_taste for one in find(sung, wall))


def test_a_cut_without_gain_is_not_told() -> None:
    assert find(vocal(), cymbals(-60.0)) == ()


@pytest.mark.parametrize("count", [0, 1])
def test_a_track_by_itself_masks_nobody(count: int) -> None:
    assert find(*[vocal()][:count]) == ()


def test_a_voice_that_sings_while_the_others_rest_is_not_buried() -> None:
    late = replace(vocal(), stem=replace(vocal().stem, start=4 * RATE))
    keys = named("keys", Role.KEYS, hiss(500.0, 2_000.0, -26.0, 4))
    assert all("vocal" not in one.targets for one in find(late, guitar(), keys))


def test_of_many_tracks_only_the_heaviest_are_told() -> None:
    roles = (Role.GUITAR, Role.KEYS, Role.PAD, Role.FX, Role.HATS)
    others = [
        named(f"{role} {n}", role, hiss(200.0 * 1.6**m, 400.0 * 1.6**m, -26.0, 10 * m + n))
        for m, role in enumerate(roles)
        for n in range(2)
    ]
    found = find(vocal(-24.0), *others)
    assert 1 < len(found) <= MOST_TOLD
    told = [one.severity for one in found]
    assert told == sorted(told, reverse=True)


def test_the_gain_of_a_session_does_not_matter() -> None:
    soft, loud = find(vocal(-40.0), guitar(-44.0))[0], find(vocal(-20.0), guitar(-24.0))[0]
    assert np.allclose(cut_of(soft), cut_of(loud), rtol=0.05)


@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_other_rates_are_heard(rate: int) -> None:
    dice = np.random.default_rng(1)
    solo = track(0.1 * dice.standard_normal(rate), Role.LEAD_VOCAL, "solo", rate)
    wall = track(0.05 * dice.standard_normal(rate), Role.PAD, "wall", rate)
    found = find(solo, wall)
    assert {one.targets for one in found} == {("wall", "solo")}
    assert all(cut_of(one)[0] < rate / 2.0 for one in found)


def test_two_of_one_name_are_two_tracks() -> None:
    twins = [replace(one, stem=replace(one.stem, name="twin")) for one in (vocal(), guitar(-24.0))]
    fault, *_ = find(*twins)
    assert fault.targets == ("twin", "twin")
