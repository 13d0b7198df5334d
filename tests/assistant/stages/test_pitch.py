"""Pitch correction: right notes moved, everything else left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pytest

from assistant import engine
from assistant.contract import Context, Request, Suggestion
from assistant.errors import MaterialError, MusicianError, SettingError
from assistant.material import Audio, Note, Score, Session, Stem, Temperament, Tempo, Track
from bench.pitch_cases import DEVELOPMENT, Take, take
from bridge import presets

SECONDS = 12  # of a made-up take: enough for twenty notes


@lru_cache(maxsize=2)
def sung(seed: int = 3) -> Take:
    """A sung take with everything known of it."""
    return take("good", DEVELOPMENT[seed], notes=20)


def ask(
    audio: Audio, asked: Mapping[str, object] = MappingProxyType({}), *, count: int = 1
) -> list[Suggestion]:
    context = Context(0, count, presets.data, weights=presets.weights)
    answers = engine.run(Request("pitch", audio, asked, context))
    return [answer for answer in answers if isinstance(answer, Suggestion)]


def first(audio: Audio, **asked: object) -> Suggestion:
    return ask(audio, asked)[0]


def sound(suggestion: Suggestion) -> Audio:
    made = suggestion.material["main"]
    assert isinstance(made, Audio)
    return made


def differing(one: Audio, other: Audio) -> np.ndarray:
    """Return the seconds at which two sounds differ."""
    places = np.flatnonzero((one.samples != other.samples).any(axis=0))
    return np.asarray(places / one.rate)


def after(suggestion: Suggestion, name: str) -> float:
    value = suggestion.measured[name].after
    assert value is not None
    return value


def test_with_its_score_every_note_goes_where_it_was_meant() -> None:
    made = first(sung().audio, score=sung().score)
    error = made.measured["pitch_error"]
    assert error.before is not None
    assert error.before > 15.0
    assert after(made, "pitch_error") < 3.0
    assert after(made, "in_tune") > 95.0


def test_with_its_key_notes_move_and_nothing_gets_worse() -> None:
    made = first(sung().audio, key=sung().key)
    assert after(made, "pitch_error") < 4.0
    assert after(made, "moved") > 5.0
    assert sung().key in made.why


def test_what_is_not_moved_is_bit_for_bit_as_it_was() -> None:
    made = first(sung().audio, key=sung().key)
    same = (sound(made).samples == sung().audio.samples).all(axis=0).mean()
    assert 100.0 * same == pytest.approx(after(made, "untouched"), abs=0.01)
    unvoiced = ~np.interp(
        np.arange(sung().audio.frames) / sung().audio.rate,
        sung().times, sung().voiced.astype(float),
    ).astype(bool)  # fmt: skip
    assert (sound(made).samples == sung().audio.samples)[0, unvoiced].mean() > 0.8


def test_three_ways_and_the_melody_as_notes() -> None:
    natural, tight, effect, notes = ask(sung().audio, {"key": sung().key}, count=4)
    assert [each.title for each in (natural, tight, effect)] == ["Natural", "Tight", "Effect"]
    assert isinstance(notes.material["main"], Score)
    assert differing(sound(natural), sound(effect)).size


def test_an_effect_leaves_no_note_alone_unless_it_is_said_how_sure_it_must_be() -> None:
    effect = ask(sung().audio, {"key": sung().key}, count=3)[2]
    assert "Left alone" not in effect.why
    careful = ask(sung().audio, {"key": sung().key, "confidence": 99.9}, count=3)[2]
    assert "Left alone, because what was meant is not sure" in careful.why


def test_strength_0_gives_the_take_back() -> None:
    made = first(sung().audio, strength=0)
    assert made.material["main"] is sung().audio
    assert after(made, "untouched") == 100.0


def test_half_the_strength_goes_half_the_way() -> None:
    whole, half = (first(sung().audio, score=sung().score, strength=each) for each in (100, 50))
    before = whole.measured["pitch_error"].before
    assert before is not None
    assert after(half, "pitch_error") == pytest.approx(0.5 * before, rel=0.2)


def test_only_the_range_that_is_asked_for_is_touched() -> None:
    made = first(sung().audio, score=sung().score, start=3.0, end=5.0)
    changed = differing(sound(made), sung().audio)
    assert changed.size
    assert changed.min() >= 3.0
    assert changed.max() <= 5.0


def test_an_edit_changes_its_note_and_no_other() -> None:
    base = first(sung().audio, score=sung().score)
    edited = first(sung().audio, score=sung().score, edits="6=leave")
    changed = differing(sound(base), sound(edited))
    notes = sung().notes
    assert changed.size
    assert changed.min() > notes[4].onset
    assert changed.max() < notes[6].end


def test_an_edit_of_a_note_that_is_not_there_is_refused() -> None:
    with pytest.raises(SettingError, match="999"):
        first(sung().audio, key=sung().key, edits="999=A4")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"start": 999.0}, "lasts"),
        ({"start": 3.0, "end": 2.0}, "comes after"),
        ({"key": "H moll oder so"}, "key"),
        ({"edits": "fish"}, "edits"),
    ],
)
def test_what_cannot_be_is_refused_by_name(asked: Mapping[str, object], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        ask(sung().audio, asked)


def test_two_channels_share_one_curve() -> None:
    mono = sung().audio.samples[0]
    wide = Audio(np.stack((mono, 0.5 * mono)).astype(np.float32), sung().audio.rate)
    left, right = sound(first(wide, key=sung().key)).samples
    assert np.abs(0.5 * left - right).max() < 1e-6


@pytest.mark.parametrize("rate", [8_000, 96_000])
def test_other_rates_are_corrected_too(rate: int) -> None:
    import soxr

    samples = soxr.resample(sung().audio.samples[0], sung().audio.rate, rate)
    made = first(Audio(samples[None].astype(np.float32), rate), score=sung().score)
    assert after(made, "pitch_error") < 5.0


def test_a_clipped_take_is_corrected_too() -> None:
    loud = np.clip(4.0 * sung().audio.samples, -1.0, 1.0).astype(np.float32)
    made = first(Audio(loud, sung().audio.rate), score=sung().score)
    assert after(made, "pitch_error") < 5.0


def noise(seconds: float = 4.0) -> Audio:
    rng = np.random.default_rng(1)
    return Audio(rng.normal(0.0, 0.1, (1, int(44_100 * seconds))).astype(np.float32), 44_100)


@pytest.mark.parametrize(
    ("audio", "words"),
    [
        (Audio(np.zeros((1, 44_100), np.float32), 44_100), "silen"),
        (noise(), "noise"),
        (noise(0.05), "short"),
    ],
    ids=["silence", "noise", "too short"],
)
def test_what_is_no_voice_is_refused_with_the_reason(audio: Audio, words: str) -> None:
    with pytest.raises(MaterialError, match=words):
        first(audio, key="C major")


def test_a_score_of_another_song_moves_nothing() -> None:
    other = tuple(Note(55.0 + (7 * each) % 11, float(each), 0.5) for each in range(30))
    score = Score((Track("other", other),), (Tempo(0.0, 90.0),))
    try:
        made = first(sung().audio, score=score)
    except MusicianError:
        return
    assert after(made, "moved") == 0.0


def session(*seeds: int) -> Session:
    return Session(tuple(Stem(f"take {seed}", sung(seed).audio) for seed in seeds))


def test_a_double_goes_where_the_lead_goes() -> None:
    lead = sung()
    double = Stem("double", lead.at(lead.centres + 0.2))
    context = Context(0, 1, presets.data, weights=presets.weights)
    request = Request(
        "pitch", Session((Stem("lead", lead.audio), double)),
        {"key": lead.key, "lead": "lead"}, context,
    )  # fmt: skip
    (made,) = (each for each in engine.run(request) if isinstance(each, Suggestion))
    assert set(made.material) == {"stem.lead", "stem.double"}
    assert "double" in made.why
    assert after(made, "pitch_error") < 4.0
    alone = first(lead.audio, key=lead.key)
    stem = made.material["stem.lead"]
    assert isinstance(stem, Audio)
    np.testing.assert_array_equal(stem.samples, sound(alone).samples)


def test_a_stem_that_begins_later_keeps_the_time_of_the_song() -> None:
    lead = sung()
    rate, late = lead.audio.rate, 2 * lead.audio.rate
    cut = Audio(np.ascontiguousarray(lead.audio.samples[:, late:]), rate)
    folder = Session((Stem("lead", lead.audio), Stem("late", cut, start=late)))
    context = Context(0, 1, presets.data, weights=presets.weights)
    asked = {"score": lead.score, "lead": "lead", "timing": 100, "start": 3.0, "end": 9.0}
    request = Request("pitch", folder, asked, context)
    (made,) = (each for each in engine.run(request) if isinstance(each, Suggestion))
    stem = made.material["stem.late"]
    assert isinstance(stem, Audio)
    changed = differing(stem, cut)
    assert changed.min() >= 1.0
    assert changed.max() <= 7.0
    with pytest.raises(SettingError, match="lasts"):
        list(engine.run(Request("pitch", folder, {"start": 999.0}, context)))


def test_a_lead_that_is_not_there_is_refused() -> None:
    context = Context(0, 1, presets.data, weights=presets.weights)
    request = Request("pitch", session(3), {"lead": "nobody"}, context)
    with pytest.raises(SettingError, match="nobody"):
        list(engine.run(request))


def test_timing_brings_notes_nearer_to_the_grid() -> None:
    take = sung()
    bpm = take.score.tempos[0].bpm
    made = first(
        take.audio, score=take.score, timing=80, tempo=bpm, begins=0.0, strength=0
    )  # fmt: skip
    error = made.measured["timing_error"]
    assert error.before is not None
    assert error.after is not None
    assert error.after < 0.7 * error.before
    assert sound(made).frames == take.audio.frames


def test_timing_without_a_beat_is_refused() -> None:
    with pytest.raises(SettingError, match="tempo"):
        first(sung().audio, key=sung().key, timing=50)


def test_chords_need_a_tempo_and_help_to_decide() -> None:
    with pytest.raises(SettingError, match="tempo"):
        first(sung().audio, chords="Am F C G")
    made = first(sung().audio, key=sung().key, chords="Am F C G", tempo=100)
    assert after(made, "moved") > 0.0


def test_a_tuning_of_a_scala_file_is_sung_in() -> None:
    slendro = Temperament("five equal steps", (240.0, 480.0, 720.0, 960.0, 1200.0))
    made = first(sung().audio, key="D", scl=slendro, confidence=0)
    assert "five equal steps" in made.why


def test_another_concert_pitch_moves_all_targets() -> None:
    usual, lower = (first(sung().audio, score=sung().score, a4=each) for each in (440.0, 432.0))
    before = [each.measured["pitch_error"].before for each in (usual, lower)]
    assert before[0] != before[1]


def test_formants_move_only_within_the_range() -> None:
    made = first(sung().audio, key=sung().key, strength=0, formants=200, start=3.0, end=5.0)
    changed = differing(sound(made), sung().audio)
    assert changed.size
    assert changed.min() >= 3.0
    assert changed.max() <= 5.0


def several() -> Audio:
    """Five voices, all of them 25 cents above concert pitch."""
    time = np.arange(6 * 44_100) / 44_100
    chord = sum(
        np.sin(2.0 * np.pi * k * 440.0 * 2.0 ** ((p - 69.0 + 0.25) / 12.0) * time) / k
        for p in (52, 56, 59, 63, 66)
        for k in (1, 2, 3)
    )
    return Audio((0.05 * np.asarray(chord))[None].astype(np.float32), 44_100)


def test_several_voices_are_moved_as_a_whole_or_refused() -> None:
    made = first(several())
    error = made.measured["pitch_error"]
    assert error.before == pytest.approx(25.0, abs=3.0)
    assert error.after == pytest.approx(0.0, abs=4.0)


def test_of_several_voices_too_only_the_range_is_moved() -> None:
    made = first(several(), start=2.0, end=5.0)
    changed = differing(sound(made), several())
    assert changed.min() >= 2.0
    assert changed.max() <= 5.0
    assert after(made, "untouched") == pytest.approx(50.0)
    with pytest.raises(MaterialError, match="tuning is to be kept"):
        first(several(), tuning="take")


@pytest.mark.parametrize("beat", ["tempo", "score"])
def test_timing_too_touches_only_the_range(beat: str) -> None:
    known = {"tempo": sung().score.tempos[0].bpm, "score": sung().score}
    asked: dict[str, object] = {beat: known[beat]}
    made = first(sung().audio, timing=100, start=3.0, end=9.0, **asked)
    changed = differing(sound(made), sung().audio)
    assert changed.min() >= 3.0
    assert changed.max() <= 9.0
    assert "ms from their places" in made.why


def test_what_lies_outside_the_range_is_not_said_to_be_in_tune() -> None:
    made = first(sung().audio, score=sung().score, start=3.0, end=5.0)
    assert "not asked for" in made.why


def test_edits_that_say_nothing_leave_the_take_alone() -> None:
    assert first(sung().audio, strength=0, edits=" , ").title == "Untouched"


def test_timing_without_a_beat_is_refused_before_it_listens() -> None:
    with pytest.raises(SettingError, match="say tempo"):
        first(Audio(np.zeros((1, 44_100), np.float32), 44_100), timing=50)
