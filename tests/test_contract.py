"""Every promise of the house, over every stage and every preset found."""

from __future__ import annotations

import dataclasses
import math
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType, NoneType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import engine
from assistant.contract import RESERVED, Context, Knob, Progress, Request, Suggestion
from assistant.errors import MaterialError, MusicianError, SettingError, UnknownName
from assistant.material import Audio, Material, Note, Score, Session, Stem, Track
from assistant.settings import parse
from bridge import presets
from bridge.rehearsal import rehearse
from tests.conftest import nothing_opened

SHIPPED = engine.stage_names()
STAGES = [engine.stage(name) for name in SHIPPED if name != "dummy"]
PAIRS = [(stage.name, kind) for stage in STAGES for kind in stage.takes]
PRESETS = [(stage.name, name) for stage in STAGES for name in presets.names(stage.name)]
KNOBS = [(stage.name, knob) for stage in STAGES for knob in stage.knobs]

each_pair = pytest.mark.parametrize(
    ("name", "kind"), PAIRS, ids=[f"{name}-{kind.__name__}" for name, kind in PAIRS]
)
each_stage = pytest.mark.parametrize("name", [stage.name for stage in STAGES])
each_preset = pytest.mark.parametrize(("name", "preset"), PRESETS)


def sound(channels: int = 2, rate: int = 44_100, seconds: float = 2.0) -> Audio:
    """Make something like music: a few harmonics that come and go, over a little noise."""
    time = np.arange(int(rate * seconds)) / rate
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 2.0 * time)
    tone = sum(np.sin(2 * np.pi * 110.0 * k * time) / k for k in (1, 2, 3, 5))
    hiss = np.random.default_rng(channels).normal(0.0, 0.01, (channels, time.size))
    return Audio((0.12 * swell * tone + hiss).astype(np.float32), rate)


def material(kind: type) -> Material | None:
    if kind is Audio:
        return sound()
    if kind is Score:
        tune = (60, 64, 67, 65, 62, 59, 60, 60)
        return Score((Track("tune", tuple(Note(p, i * 1.0, 1.0) for i, p in enumerate(tune))),))
    if kind is Session:
        return Session((Stem("bass", sound(1)), Stem("keys", sound(2))))
    return None


def ask(
    name: str,
    material: Material | None,
    asked: Mapping[str, object] = MappingProxyType({}),
    *,
    seed: int = 0,
    count: int = 3,
    report: bool = False,
) -> list[Progress | Suggestion]:
    context = Context(seed, count, presets.data, weights=presets.weights, report=report)
    return list(engine.run(Request(name, material, asked, context)))


@cache
def usual(name: str, kind: type) -> tuple[Material | None, list[Progress | Suggestion]]:
    """Ask once what several promises are looked for in; return what was handed in, too."""
    given_ = material(kind)
    return given_, ask(name, given_)


@cache
def rehearse_once() -> None:
    """Have everything loaded and compiled."""
    rehearse(full=True)


def suggestions(answers: Iterable[Progress | Suggestion]) -> list[Suggestion]:
    return [answer for answer in answers if isinstance(answer, Suggestion)]


def plain(value: object) -> object:
    """Turn a suggestion into something that compares bit for bit."""
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def test_there_are_stages_and_presets() -> None:
    assert {"chords", "master"} <= set(SHIPPED)
    assert PRESETS


@each_stage
def test_a_stage_says_what_it_is(name: str) -> None:
    stage = engine.stage(name)
    assert stage.about.endswith((".", "?"))
    assert set(stage.takes) <= {Audio, Score, Session, NoneType}
    assert 1 <= stage.shows <= engine.MAX_COUNT
    assert not RESERVED & {knob.name for knob in stage.knobs}
    assert all(knob.about for knob in stage.knobs)
    assert parse(stage.settings, {}) == stage.settings()


@each_stage
def test_listing_a_stage_loads_nothing_heavy(name: str) -> None:
    code = (
        f"import sys; from assistant import engine; engine.stage({name!r});"
        "heavy = {'numba', 'scipy', 'torch', 'librosa', 'soundfile', 'pyloudnorm'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@each_pair
def test_progress_rises_and_every_suggestion_says_why(name: str, kind: type) -> None:
    _, answers = usual(name, kind)
    reached = [answer.fraction for answer in answers if isinstance(answer, Progress)]
    assert reached == sorted(reached)
    assert all(0.0 <= fraction <= 1.0 for fraction in reached)
    found = suggestions(answers)
    assert found
    for one in found:
        assert one.title.strip()
        assert len(one.why.split()) > 3
        assert 0.0 <= one.confidence <= 1.0
        for quantity in one.measured.values():
            sides = [side for side in (quantity.before, quantity.after) if side is not None]
            assert sides
            assert all(math.isfinite(side) for side in sides)
        assert all(chord.why for chord in one.chords)
        assert all(move.why for move in one.moves)


@each_pair
def test_the_same_seed_gives_the_same_answer_bit_for_bit(name: str, kind: type) -> None:
    once, again = (suggestions(ask(name, material(kind), seed=5)) for _ in range(2))
    assert plain(once) == plain(again)


@each_pair
def test_a_suggestion_does_not_depend_on_how_many_were_asked(name: str, kind: type) -> None:
    one = suggestions(ask(name, material(kind), count=1))
    many = suggestions(ask(name, material(kind), count=4))
    assert len(one) == 1
    assert plain(one[0]) == plain(many[0])


@each_pair
def test_a_report_is_drawn_where_it_is_asked_for_or_refused_by_name(name: str, kind: type) -> None:
    if not engine.stage(name).draws:
        with pytest.raises(SettingError, match=f"{name} draws no report"):
            ask(name, material(kind), count=1, report=True)
        return
    plainly = suggestions(usual(name, kind)[1])
    drawn = suggestions(ask(name, material(kind), report=True))
    assert [plain(_without_report(one)) for one in drawn] == [plain(one) for one in plainly]
    for one in drawn:
        pages = [page for role, page in one.material.items() if _is_report(role)]
        assert "report" in one.material
        for page in pages:
            assert isinstance(page, str)
            assert page.startswith("<!doctype html>")
            assert "http" not in re.sub(r'xmlns="[^"]*"', "", page)


def _without_report(one: Suggestion) -> Suggestion:
    rest = {role: made for role, made in one.material.items() if not _is_report(role)}
    return dataclasses.replace(one, material=rest)


def _is_report(role: str) -> bool:
    return role.partition(".")[0] == "report"


@each_pair
def test_the_input_is_untouched(name: str, kind: type) -> None:
    given_, _ = usual(name, kind)
    assert plain(given_) == plain(material(kind))


@each_pair
def test_a_stage_opens_nothing(name: str, kind: type) -> None:
    rehearse_once()
    usual(name, kind)
    given_ = material(kind)
    with nothing_opened():
        ask(name, given_)


HEARS = [stage.name for stage in STAGES if Audio in stage.takes]
each_ear = pytest.mark.parametrize("name", HEARS)


@each_ear
@pytest.mark.parametrize(
    ("bad", "seen"),
    [(np.nan, "NaN"), (np.inf, "Inf"), (-np.inf, "Inf"), (-1e30, "A sample of -1e+30")],
)
def test_what_is_no_sound_is_refused_by_name_and_place(name: str, bad: float, seen: str) -> None:
    samples = np.array(sound().samples)
    samples[1, 4410] = bad
    with pytest.raises(MaterialError) as refused:
        ask(name, Audio(samples, 44_100))
    assert str(refused.value).startswith(f"{seen} ")
    assert "0.100 s, channel 2" in str(refused.value)


@each_ear
def test_empty_audio_is_refused_by_name(name: str) -> None:
    with pytest.raises(MaterialError, match="no samples"):
        ask(name, Audio(np.zeros((2, 0), np.float32), 44_100))


@each_ear
@pytest.mark.parametrize("frames", [1, 2, 100, 17_000, 50_000])
def test_silence_and_short_audio_are_handled_or_refused(name: str, frames: int) -> None:
    for samples in (np.zeros((2, frames)), np.full((2, frames), 0.25), np.eye(2, frames)):
        try:
            found = suggestions(ask(name, Audio(samples.astype(np.float32), 44_100)))
        except MusicianError as error:
            assert len(str(error)) > 10
        else:
            assert all(np.isfinite(_main(one).samples).all() for one in found)


def _main(suggestion: Suggestion) -> Audio:
    main = suggestion.material["main"]
    assert isinstance(main, Audio)
    return main


@each_ear
@pytest.mark.parametrize("channels", [1, 2, 6, 8])
@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 192_000])
def test_every_rate_and_channel_count_is_handled(name: str, channels: int, rate: int) -> None:
    audio = sound(channels, rate, seconds=4.0)
    found = suggestions(ask(name, audio))
    assert found
    for made in (one.material["main"] for one in found):
        if isinstance(made, Audio):  # what is made of a sound may be notes
            assert made.rate == rate
            assert made.samples.shape == audio.samples.shape
            assert np.isfinite(made.samples).all()


@each_ear
def test_amount_zero_returns_the_input_bit_for_bit(name: str) -> None:
    if "amount" not in {knob.name for knob in engine.stage(name).knobs}:
        pytest.skip(f"{name} has no amount")
    audio = sound()
    for one in suggestions(ask(name, audio, {"amount": 0})):
        assert np.array_equal(_main(one).samples, audio.samples)


@pytest.mark.parametrize(("name", "knob"), KNOBS, ids=[f"{n}-{k.name}" for n, k in KNOBS])
def test_a_setting_outside_its_range_is_refused_with_name_and_range(name: str, knob: Knob) -> None:
    wrong = {
        "number": [knob.low - 1, knob.high + 1, "loud", math.nan, True],
        "choice": ["no such choice", 7, ""] if knob.default is not None else ["no such choice"],
        "flag": ["perhaps", 2],
        "text": [
            "x" * (1 + (int(knob.high) if math.isfinite(knob.high) else 500)),
            "bell\x07",
            b"bytes",
        ],
        "note": ["H9", 128, -1],
        "range": ["4-3", "0", "x"],
        "list": [{"a": 1}],
        "material": ["a path", 3],
    }[knob.kind]
    handed = material(engine.stage(name).takes[0])
    for value in wrong:
        with pytest.raises(SettingError) as refused:
            ask(name, handed, {knob.name: value})
        assert knob.name in str(refused.value)
        if knob.kind in {"number", "choice", "note"}:
            assert knob.span in str(refused.value)


@each_stage
def test_an_unknown_setting_says_the_one_meant(name: str) -> None:
    meant = engine.stage(name).knobs[0].name
    with pytest.raises(UnknownName, match=f"Did you mean '{meant}'"):
        ask(name, material(engine.stage(name).takes[0]), {meant[:-1]: 1})


@each_stage
def test_what_a_stage_does_not_take_is_refused_by_name(name: str) -> None:
    stage = engine.stage(name)
    for kind in {Audio, Score, Session, NoneType} - set(stage.takes):
        with pytest.raises(MaterialError, match="takes"):
            ask(name, material(kind))


@each_stage
@pytest.mark.parametrize(("count", "seed"), [(0, 0), (33, 0), (1, -1), (1, 2**32)])
def test_count_and_seed_have_ranges(name: str, count: int, seed: int) -> None:
    with pytest.raises(SettingError, match=r"count|seed"):
        ask(name, material(engine.stage(name).takes[0]), seed=seed, count=count)


@each_preset
def test_every_preset_is_accepted_and_has_a_dated_source(name: str, preset: str) -> None:
    loaded = presets.load(name, preset)
    parse(engine.stage(name).settings, loaded.settings)
    assert loaded.title
    assert loaded.source
    assert loaded.checked <= datetime.now(UTC).date()


def _values(knob: Knob) -> st.SearchStrategy[object]:
    """Draw values of a knob, most of them in range."""
    if knob.kind == "number" and math.isfinite(knob.low) and math.isfinite(knob.high):
        if knob.whole:
            return st.integers(int(knob.low), int(knob.high))
        return st.floats(knob.low, knob.high)
    kinds: dict[str, st.SearchStrategy[object]] = {
        "choice": st.sampled_from(knob.choices or ("",)),
        "text": st.text(max_size=30),
        "flag": st.just(value=False),
        "note": st.floats(max(knob.low, 0.0), min(knob.high, 127.0)),
        "range": st.just("1-2"),
    }
    return kinds.get(knob.kind, st.just(knob.default))


@each_stage
@settings(max_examples=30)
@given(draw=st.data())
def test_whatever_is_asked_is_answered_or_refused(name: str, draw: st.DataObject) -> None:
    stage = engine.stage(name)
    chosen = draw.draw(st.lists(st.sampled_from(stage.knobs), unique=True, max_size=4))
    asked = {knob.name: draw.draw(_values(knob), label=knob.name) for knob in chosen}
    try:
        found = suggestions(ask(name, material(stage.takes[0]), asked, count=1))
    except MusicianError as error:
        assert len(str(error)) > 10
    else:
        assert len(found) == 1
