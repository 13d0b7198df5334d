"""Mixes heard, faults told and cured, starting mixes made, previews that can be compared."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from assistant import engine
from assistant.contract import Context, Request, Suggestion
from assistant.dsp.loudness import measure
from assistant.errors import MaterialError, SettingError, UnknownName
from assistant.material import Audio, Samples, Session, Stem
from bridge import presets

RATE = 22_050
SECONDS = 12.0


def ask(
    session: Session, count: int = 4, *, report: bool = False, **asked: Any
) -> list[Suggestion]:
    context = Context(0, count, presets.data, weights=presets.weights, report=report)
    answers = engine.run(Request("mix", session, asked, context))
    return [one for one in answers if isinstance(one, Suggestion)]


def main(suggestion: Suggestion, role: str = "main") -> Samples:
    audio = suggestion.material[role]
    assert isinstance(audio, Audio)
    return audio.samples


def strokes(hertz: float, every: float, decay: float, noise: float, seed: int) -> Samples:
    """Make a drum: a tone and a noise that die away, every so many seconds."""
    at = np.arange(round(0.3 * RATE)) / RATE
    dice = np.random.default_rng(seed)
    made = np.zeros(round(SECONDS * RATE))
    for start in np.arange(0.5, SECONDS - 0.5, every):
        hit = (1.0 - noise) * np.sin(2.0 * np.pi * hertz * at)
        hit += noise * dice.standard_normal(at.size)
        first = round(start * RATE)
        made[first : first + at.size] += dice.uniform(0.7, 1.0) * hit * np.exp(-at / decay)
    return made[None].astype(np.float32)


def notes(lowest: float, harmonics: int, long: float, seed: int) -> Samples:
    """Make a tune of notes with overtones, each half as strong as the one before."""
    dice = np.random.default_rng(seed)
    made = np.zeros(round(SECONDS * RATE))
    for start in np.arange(0.5, SECONDS - long, long):
        at = np.arange(round(0.9 * long * RATE)) / RATE
        hertz = lowest * 2.0 ** (dice.integers(0, 12) / 12.0)
        tone = sum(np.sin(2.0 * np.pi * hertz * k * at) / 2.0**k for k in range(1, harmonics))
        fade = np.minimum(1.0, at * 50.0) * np.minimum(1.0, (at[-1] - at) * 50.0)
        first = round(start * RATE)
        made[first : first + at.size] += tone * fade * np.exp(-at)
    return made[None].astype(np.float32)


@cache
def song() -> Session:
    keys = notes(260.0, 6, 1.0, 4)
    sides = 0.3 * notes(390.0, 6, 1.0, 6)
    wide: Samples = 0.07 * np.concatenate([keys + sides, keys - sides]).astype(np.float32)
    return Session(
        (
            Stem("kick", Audio(0.2 * strokes(55.0, 0.5, 0.08, 0.1, 1), RATE)),
            Stem("snare", Audio(0.15 * strokes(190.0, 1.0, 0.06, 0.6, 2), RATE)),
            Stem("hats", Audio(0.04 * strokes(8000.0, 0.25, 0.03, 0.95, 3), RATE)),
            Stem("bass", Audio(0.18 * notes(55.0, 5, 0.5, 5), RATE)),
            Stem("keys", Audio(wide, RATE)),
        )
    )


def with_one(name: str, samples: Samples) -> Session:
    """Put other samples into one stem of the song."""
    made = Audio(np.ascontiguousarray(samples, np.float32), RATE)
    return Session(tuple(Stem(s.name, made) if s.name == name else s for s in song().stems))


def samples_of(name: str) -> Samples:
    return next(stem.audio.samples for stem in song().stems if stem.name == name)


@cache
def usual() -> tuple[Suggestion, ...]:
    return tuple(ask(song()))


def test_what_was_found_comes_first_and_then_three_starting_mixes() -> None:
    titles = [one.title for one in usual()]
    assert "taste" in titles[0] or titles[0] == "Nothing to mend"
    assert [title.removeprefix("Starting mix: ") for title in titles[1:]] == [
        "natural", "punchy", "vocal-forward",
    ]  # fmt: skip


def test_a_good_mix_has_no_fault() -> None:
    assert "No fault was found" in usual()[0].why
    assert usual()[0].measured["faults"].before == 0.0


@pytest.mark.parametrize("n", range(4))
def test_the_preview_is_as_loud_as_the_plain_sum_beside_it(n: int) -> None:
    plain = next(one for one in usual()[n::-1] if "compare" in one.material)
    heard = [
        measure(Audio(main(one, role), RATE))
        for one, role in ((usual()[n], "main"), (plain, "compare"))
    ]
    assert heard[0].integrated == pytest.approx(heard[1].integrated, abs=0.05)
    assert max(one.true_peak for one in heard) <= -0.95


def test_the_plain_sum_is_written_once_for_all_that_are_as_loud() -> None:
    gains = [one.measured["compare_gain"].after for one in usual()]
    written = [n for n, one in enumerate(usual()) if "compare" in one.material]
    assert written == [n for n, gain in enumerate(gains) if gain not in gains[:n]]


def test_the_plain_sum_is_the_sum_of_the_stems() -> None:
    one = usual()[0]
    total = sum(stem.audio.samples * np.ones((2, 1)) for stem in song().stems)
    gain = 10.0 ** (float(one.measured["compare_gain"].after or 0.0) / 20.0)
    assert np.allclose(main(one, "compare"), gain * total, atol=1e-6)


def test_tracks_by_themselves_add_up_to_the_preview() -> None:
    (one,) = ask(song(), 1, stems=True)
    apart = [main(one, role) for role in one.material if role.startswith("stem.")]
    assert len(apart) >= 5
    assert np.allclose(sum(apart), main(one), atol=1e-6)


def offset() -> Session:
    return with_one("hats", samples_of("hats") + 0.1)


def flipped() -> Session:
    return with_one("keys", samples_of("keys") * np.array([[1.0], [-1.0]]))


def too_loud() -> Session:
    return with_one("snare", 3.0 * samples_of("snare"))


@pytest.mark.parametrize(
    ("session", "target", "parameter"),
    [(offset(), "hats", "hpf_hz"), (flipped(), "keys", "polarity")],
    ids=["offset", "polarity"],
)
def test_a_fault_is_found_cured_and_the_cure_proved(
    session: Session, target: str, parameter: str
) -> None:
    (one,) = ask(session, 1, style="none", tastes=0)
    assert [(move.target, move.parameter) for move in one.moves] == [(target, parameter)]
    assert (one.measured["faults"].before, one.measured["faults"].after) == (1.0, 0.0)
    assert one.title == "1 fault"


def test_a_fader_that_is_wrong_is_put_back_by_as_much() -> None:
    def gain(session: Session) -> float:
        moves = ask(session, 1, tastes=64)[0].moves
        found = [m.value for m in moves if (m.target, m.parameter) == ("snare", "gain_db")]
        return sum(found)

    assert gain(too_loud()) - gain(song()) == pytest.approx(-9.5, abs=2.0)


def test_moves_of_a_suggestion_do_not_set_each_others_knobs() -> None:
    for one in usual():
        told = [(m.target, m.parameter, m.group) for m in one.moves if m.parameter != "gain_db"]
        assert len(told) == len(set(told)), one.title


def test_half_the_amount_turns_faders_by_half() -> None:
    def faders(amount: float) -> dict[str, float]:
        (one,) = ask(too_loud(), 1, amount=amount, tastes=64)
        return {m.target: m.value for m in one.moves if m.parameter == "gain_db"}

    whole, half = faders(100.0), faders(50.0)
    assert whole
    assert half == {name: pytest.approx(value / 2.0) for name, value in whole.items()}


def test_no_amount_is_the_plain_sum() -> None:
    (one,) = ask(offset(), 1, amount=0.0)
    assert not one.moves
    assert np.array_equal(main(one), main(one, "compare"))


def test_a_style_or_none_is_made_alone() -> None:
    assert [one.title for one in ask(song(), style="punchy")][1:] == ["Starting mix: punchy"]
    assert len(ask(song(), style="none")) == 1


def test_tastes_are_as_many_as_asked_for() -> None:
    assert "taste" in ask(too_loud(), 1)[0].title
    assert "taste" not in ask(too_loud(), 1, tastes=0)[0].title


def test_what_a_track_plays_can_be_said() -> None:
    (one,) = ask(song(), 1, roles=("keys=lead vocal",))
    assert "lead_heard" in one.measured
    with pytest.raises(UnknownName, match="Did you mean 'keys'"):
        ask(song(), 1, roles=("keyz=bass",))
    with pytest.raises(SettingError, match="Track 3=bass"):
        ask(song(), 1, roles=("bass",))


def test_silence_is_refused_in_words() -> None:
    quiet = Session((Stem("a", Audio(np.zeros((1, RATE), np.float32), RATE)),) * 1)
    with pytest.raises(MaterialError, match="The only stem is silent"):
        ask(quiet)


def test_one_silent_stem_among_others_is_told() -> None:
    (one,) = ask(with_one("snare", 0.0 * samples_of("snare")), 1)
    assert ("snare", "mute") in [(move.target, move.parameter) for move in one.moves]


def test_one_stem_is_a_mix_of_its_own() -> None:
    only = Session(song().stems[:1])
    found = ask(only)
    assert len(found) == 4
    assert all(np.isfinite(main(one)).all() for one in found)


def test_stems_of_other_lengths_and_starts_are_laid_where_they_belong() -> None:
    kick, snare, *rest = song().stems
    late = Stem("snare", Audio(snare.audio.samples[:, : 3 * RATE], RATE), RATE)
    (one,) = ask(Session((kick, late, *rest)), 1, amount=0.0)
    total = np.sum([stem.audio.samples * np.ones((2, 1)) for stem in (kick, *rest)], axis=0)
    total[:, RATE : 4 * RATE] += snare.audio.samples[:, : 3 * RATE]
    gain = 10.0 ** (float(one.measured["compare_gain"].after or 0.0) / 20.0)
    assert np.allclose(main(one), gain * total, atol=1e-6)


def test_a_bus_beside_its_parts_is_muted() -> None:
    parts = {stem.name: stem.audio.samples for stem in song().stems}
    both = np.asarray(parts["kick"] + parts["snare"] + parts["hats"], np.float32)
    session = Session((*song().stems, Stem("drum bus", Audio(both, RATE))))
    (one,) = ask(session, 1, tastes=0)
    assert ("drum bus", "mute") in [(move.target, move.parameter) for move in one.moves]


def test_a_report_is_drawn_of_each() -> None:
    pages = [one.material["report"] for one in ask(too_loud(), 2, report=True)]
    assert all(isinstance(page, str) and "snare" in page for page in pages)


def test_forty_stems_are_heard() -> None:
    many = tuple(
        Stem(f"track {n}", Audio(0.1 * np.roll(notes(80.0 * 1.06**n, 4, 1.0, n), n), RATE))
        for n in range(40)
    )
    (one,) = ask(Session(many), 1, tastes=5)
    assert "40 tracks heard" in one.why
    assert "5 matters of taste" in one.title


def renamed(old: str, new: str, of: Session) -> Session:
    return Session(
        tuple(replace(stem, name=new) if stem.name == old else stem for stem in of.stems)
    )


def test_a_stem_called_as_the_sum_is_told_apart_from_it() -> None:
    session = renamed("snare", "mix", too_loud())
    (one,) = ask(session, 1, style="none", roles=("mix=snare",), stems=True)
    moves = [move for move in one.moves if move.parameter == "gain_db"]
    (fader,) = (move for move in moves if move.target == "mix (track)")
    assert fader.value < -6.0
    assert "stem.mix (track)" in one.material


def test_a_print_of_the_mix_beside_its_stems_is_muted() -> None:
    total = sum(stem.audio.samples * np.ones((2, 1)) for stem in song().stems)
    stems = (*song().stems, Stem("mix", Audio(np.asarray(total, np.float32), RATE)))
    (one,) = ask(Session(stems), 1, style="none")
    assert ("mix (track)", "mute") in {(move.target, move.parameter) for move in one.moves}


def test_a_track_called_as_a_send_is_written_beside_it() -> None:
    one = ask(renamed("keys", "plate", song()), 2, style="punchy", stems=True)[1]
    assert {"stem.plate", "stem.plate send"} <= set(one.material)
    apart = [main(one, role) for role in one.material if role.startswith("stem.")]
    assert np.allclose(sum(apart), main(one), atol=1e-6)


def test_stems_that_are_too_short_to_be_heard_are_refused_in_words() -> None:
    short = Session(tuple(Stem(n, Audio(samples_of("bass")[:, :900], RATE)) for n in "ab"))
    with pytest.raises(MaterialError, match=r"0\.041 s"):
        ask(short)
