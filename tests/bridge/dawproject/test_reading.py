from __future__ import annotations

import pytest

from assistant.material import Meter, Tempo
from bridge.dawproject import reading
from bridge.dawproject.reading import Project
from bridge.dawproject.tree import grown
from bridge.sound.flaws import Flaw
from tests.bridge.dawproject.packing import notes, project

TWO = '<Notes><Note time="0" duration="1" channel="0" key="60" vel="1"/>'
TWO += '<Note time="2" duration="1" channel="0" key="64"/></Notes>'


def read(xml: str) -> Project:
    return Project(grown(xml.encode()))


def heard(xml: str) -> list[tuple[float, float, float]]:
    """List pitch, start and length of the notes of a project."""
    score = read(xml).score
    return [(one.pitch, one.start, one.length) for track in score.tracks for one in track.notes]


def test_a_clip_lies_at_its_time() -> None:
    clip = f'<Clip time="8" duration="4">{TWO}</Clip>'
    score = read(project(notes(clip), tempo="97.5")).score
    assert heard(project(notes(clip))) == [(60.0, 8.0, 1.0), (64.0, 10.0, 1.0)]
    assert [track.name for track in score.tracks] == ["Keys"]
    assert [note.velocity for note in score.tracks[0].notes] == [127, 80]
    assert score.tempos == (Tempo(0.0, 97.5),)
    assert score.meters == (Meter(0.0, 4, 4),)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('time="0" duration="2"', [(60.0, 0.0, 1.0)]),  # a note beyond the end is not heard
        ('time="0" duration="2.5"', [(60.0, 0.0, 1.0), (64.0, 2.0, 0.5)]),  # ... or cut there
        ('time="0" duration="4" playStart="1"', [(64.0, 1.0, 1.0)]),
        ('time="4" playStart="2" playStop="3"', [(64.0, 4.0, 1.0)]),
        ('time="0"', [(60.0, 0.0, 1.0), (64.0, 2.0, 1.0)]),
        ('time="0" duration="4" enable="false"', []),
        # what loops begins at playStart, then goes round from loopStart to loopEnd
        (
            'time="0" duration="6" playStart="2" loopStart="0" loopEnd="3"',
            [(64.0, 0.0, 1.0), (60.0, 1.0, 1.0), (64.0, 3.0, 1.0), (60.0, 4.0, 1.0)],
        ),
        (
            'time="1" duration="5" loopStart="2" loopEnd="3"',
            [(60.0, 1.0, 1.0), (64.0, 3.0, 1.0), (64.0, 4.0, 1.0), (64.0, 5.0, 1.0)],
        ),
    ],
)
def test_a_clip_plays_its_part_and_goes_round(
    said: str, expected: list[tuple[float, float, float]]
) -> None:
    assert heard(project(notes(f"<Clip {said}>{TWO}</Clip>"))) == expected


def test_the_beats_of_a_loop_do_not_drift() -> None:
    one = '<Notes><Note time="0" duration="0.1" channel="0" key="60"/></Notes>'
    clip = f'<Clip time="0" duration="300" loopStart="0" loopEnd="0.3">{one}</Clip>'
    starts = [start for _, start, _ in heard(project(notes(clip)))]
    assert len(starts) == 1000
    assert starts == pytest.approx([0.3 * at for at in range(1000)], abs=1e-9)


def test_clips_lie_in_clips_and_are_cut_by_those_around_them() -> None:
    inner = f'<Clips><Clip time="1" duration="4">{TWO}</Clip></Clips>'
    outer = f'<Clip time="8" duration="2.5" playStart="0">{inner}</Clip>'
    assert heard(project(notes(outer))) == [(60.0, 9.0, 1.0)]


def test_a_clip_may_name_what_another_holds() -> None:
    held = TWO.replace("<Notes>", '<Notes id="n">')
    clips = f'<Clip time="0" duration="2">{held}</Clip><Clip time="4" duration="2" reference="n"/>'
    assert heard(project(notes(clips))) == [(60.0, 0.0, 1.0), (60.0, 4.0, 1.0)]


def test_notes_may_count_in_seconds() -> None:
    maps = (
        '<TempoAutomation unit="bpm"><Target parameter="tempo"/>'
        '<RealPoint time="0" value="120"/><RealPoint time="4" value="60"/></TempoAutomation>'
    )
    seconds = '<Notes timeUnit="seconds"><Note time="1" duration="2" channel="0" key="60"/></Notes>'
    clip = f'<Clip time="0" duration="16" contentTimeUnit="seconds">{seconds}</Clip>'
    assert heard(project(notes(clip), maps=maps)) == [(60.0, 2.0, 3.0)]


def test_the_tempo_map_and_the_metre_map_are_read() -> None:
    maps = (
        '<TempoAutomation unit="bpm"><Target parameter="tempo"/>'
        '<RealPoint time="2" value="100" interpolation="hold"/>'
        '<RealPoint time="8" value="90.5"/></TempoAutomation>'
        '<TimeSignatureAutomation><Target parameter="ts"/>'
        '<TimeSignaturePoint time="0" numerator="3" denominator="4"/>'
        '<TimeSignaturePoint time="6" numerator="0" denominator="4"/>'
        '<TimeSignaturePoint time="9" numerator="7" denominator="8"/></TimeSignatureAutomation>'
    )
    score = read(project("", maps=maps)).score
    assert score.tempos == (Tempo(0.0, 100.0), Tempo(2.0, 100.0), Tempo(8.0, 90.5))
    assert score.meters == (Meter(0.0, 3, 4), Meter(9.0, 7, 8))


def test_cents_and_bends_are_what_moves_a_note() -> None:
    points = '<Points unit="semitones"><Target expression="transpose"/>'
    points += '<RealPoint time="0" value="0.5"/><RealPoint time="0.25" value="1"/></Points>'
    note = f'<Note time="1" duration="1" channel="0" key="60">{points}</Note>'
    track = read(project(notes(f'<Clip time="0"><Notes>{note}</Notes></Clip>'))).score.tracks[0]
    assert track.notes[0].pitch == 60.5
    assert [(bend.beat, bend.pitch) for bend in track.bends] == [(1.25, 61.0)]


def test_a_group_mutes_what_is_in_it() -> None:
    inner = '<Track id="in" name="In"/>'
    group = f'<Track id="g" name="Group"><Channel><Mute value="true"/></Channel>{inner}</Track>'
    structure = f'<Project version="1.0"><Structure>{group}</Structure></Project>'
    assert {name: strip.muted for name, strip in read(structure).strips.items()} == {
        "g": True,
        "in": True,
    }


@pytest.mark.parametrize(
    ("clips", "said"),
    [
        ('<Clip time="NaN"/>', "time is 'NaN'"),
        (f'<Clip time="inf">{TWO}</Clip>', "time is 'inf'"),
        (f'<Clip time="x">{TWO}</Clip>', "time is 'x'"),
        (f"<Clip>{TWO}</Clip>", "leaves out 'time'"),
        (f'<Clip time="0" contentTimeUnit="frames">{TWO}</Clip>', "in 'frames'"),
        (f'<Clip time="200000">{TWO}</Clip>', "over 100,000 beats"),
        ('<Clip time="0"><Notes><Note time="0" duration="1" key="128"/></Notes></Clip>', "key is"),
        ('<Clip time="0"><Notes><Note time="0" duration="1" key="6.5"/></Notes></Clip>', "key is"),
        (f'<Clip time="0" duration="9e8" loopEnd="0.001">{TWO}</Clip>', "repeats its clips"),
    ],
)
def test_what_is_no_music_is_refused(clips: str, said: str) -> None:
    clips = clips.replace('<Clip time="NaN"/>', f'<Clip time="NaN">{TWO}</Clip>')
    with pytest.raises(Flaw, match=said):
        heard(project(notes(clips)))


@pytest.mark.parametrize("bpm", ["0", "-120", "nan", "inf", "1e9"])
def test_a_tempo_that_nobody_plays_is_refused(bpm: str) -> None:
    with pytest.raises(Flaw, match=r"tempo|value"):
        heard(project("", tempo=bpm))


def test_an_empty_clip_is_silent() -> None:
    assert heard(project(notes(f'<Clip time="0" duration="4">{TWO}</Clip><Clip time="8"/>'))) == [
        (60.0, 0.0, 1.0),
        (64.0, 2.0, 1.0),
    ]


def test_a_metre_map_may_count_in_seconds() -> None:
    three = '<TimeSignaturePoint time="6" numerator="3" denominator="4"/>'
    maps = f'<TimeSignatureAutomation timeUnit="seconds">{three}</TimeSignatureAutomation>'
    assert read(project("", tempo="60", maps=maps)).meters[1] == Meter(6.0, 3, 4)
    assert read(project("", tempo="120", maps=maps)).meters[1] == Meter(12.0, 3, 4)


def test_curves_of_tempo_that_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    ramps = "".join(
        f'<RealPoint time="{beat}" value="{bpm}" interpolation="linear"/>'
        for beat, bpm in ((0, 100), (1, 120), (2, 100))
    )
    curved = project("", maps=f"<TempoAutomation>{ramps}</TempoAutomation>")
    steps = len(read(curved).tempos)
    monkeypatch.setattr(reading, "MAX_TEMPOS", steps)
    assert len(read(curved).tempos) == steps
    monkeypatch.setattr(reading, "MAX_TEMPOS", steps - 1)
    with pytest.raises(Flaw, match=r"changes its tempo more than .* times"):
        _ = read(curved).tempos


def test_tracks_are_in_the_order_of_the_mixer() -> None:
    count = 300
    mixer = "".join(f'<Track id="t{at}" name="{at}"/>' for at in range(count))
    lanes = "".join(
        f'<Lanes track="t{at}"><Notes><Note time="0" duration="1" key="60"/></Notes></Lanes>'
        for at in reversed(range(count))
    )
    xml = f'<Project version="1.0"><Structure>{mixer}</Structure><Arrangement><Lanes>{lanes}'
    score = read(f"{xml}</Lanes></Arrangement></Project>").score
    assert [track.name for track in score.tracks] == [str(at) for at in range(count)]


def test_a_clip_that_holds_itself_is_refused() -> None:
    clips = '<Clip time="0"><Clips id="me"><Clip time="0" reference="me"/>'
    clips += '<Clip time="0" reference="me"/></Clips></Clip>'
    with pytest.raises(Flaw, match=r"holds itself|repeats"):
        heard(project(notes(clips)))


def test_notes_of_the_launcher_alone_are_told() -> None:
    scene = f'<Scene><ClipSlot><Clip time="0">{TWO}</Clip></ClipSlot></Scene>'
    xml = project("").replace("<Scenes/>", f"<Scenes>{scene}</Scenes>")
    assert read(xml).only_launches
    assert not read(project(notes(f'<Clip time="0">{TWO}</Clip>'))).only_launches
