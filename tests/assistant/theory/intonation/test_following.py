from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.errors import MaterialError
from assistant.theory.intonation import following
from assistant.theory.intonation.following import Followed, choose_part, follow_score
from assistant.theory.intonation.lattice import Way, find_way
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.written import Part, Written
from tests.assistant.theory.intonation.sung_lines import TUNE, badly, sung, tune, written_line

LINE = written_line()


def pitches(followed: Followed) -> list[float]:
    return [target.pitch for target in followed.targets]


def test_each_note_goes_to_the_written_one() -> None:
    followed = follow_score(sung(LINE, off=0.3), LINE)
    assert followed.places == tuple(range(len(LINE)))
    assert pitches(followed) == list(TUNE)
    assert followed.fits
    assert followed.transposition == 0
    assert followed.unsung == ()
    assert followed.splits == ()
    assert all(target.moves and target.confidence > 0.8 for target in followed.targets)
    assert followed.targets[0].why == "C4 as note 1 of the score"


@pytest.mark.parametrize(("late", "tempo"), [(0.0, 1.0), (3.0, 1.0), (1.0, 0.8), (7.0, 1.3)])
def test_tempo_and_beginning_are_found(late: float, tempo: float) -> None:
    followed = follow_score(sung(LINE, late=late, tempo=tempo), LINE)
    assert pitches(followed) == list(TUNE)
    if tempo == 1.0:
        assert followed.clock == pytest.approx(late, abs=0.001)
    else:
        assert followed.clock is None


@pytest.mark.parametrize("octaves", [-2, -1, 1])
def test_octaves_are_kept(octaves: int) -> None:
    followed = follow_score(sung(LINE, off=12.0 * octaves + 0.2), LINE)
    assert followed.transposition == 12 * octaves
    assert pitches(followed) == [pitch + 12 * octaves for pitch in TUNE]
    assert "octave" in followed.words


@pytest.mark.parametrize("semitones", [-3, 4, 7])
def test_another_key_is_told_and_kept_unless_asked(semitones: int) -> None:
    take = sung(LINE, off=semitones - 0.2)
    followed = follow_score(take, LINE)
    assert followed.transposition == semitones
    assert pitches(followed) == [pitch + semitones for pitch in TUNE]
    assert f"sung {abs(semitones)} semitones" in followed.words
    moved = follow_score(take, LINE, transposed=False)
    assert pitches(moved) == [pitch + 12 * round(semitones / 12) for pitch in TUNE]


def test_a_singer_flat_all_along_is_not_in_another_key() -> None:
    followed = follow_score(sung(LINE, off=-0.7), LINE)
    assert followed.transposition == 0
    assert pitches(followed) == list(TUNE)
    assert followed.tuning == pytest.approx([-0.7] * len(LINE))


def test_concert_pitch_of_the_song_is_kept() -> None:
    followed = follow_score(sung(LINE, off=0.5), LINE, concert=0.35)
    assert pitches(followed) == pytest.approx([pitch + 0.35 for pitch in TUNE])


def test_drift_over_a_semitone_does_not_move_the_targets() -> None:
    drift = [-0.09 * place for place in range(len(LINE))]
    assert pitches(follow_score(sung(LINE, off=drift), LINE)) == list(TUNE)


def test_a_part_of_the_score() -> None:
    followed = follow_score(sung(LINE[5:12], late=-2.0), LINE)
    assert followed.places == tuple(range(5, 12))
    assert followed.unsung == ()


def test_a_note_left_out() -> None:
    followed = follow_score(sung((*LINE[:6], *LINE[7:])), LINE)
    assert followed.places == (*range(6), *range(7, len(LINE)))
    assert followed.unsung == (6,)
    assert "1 written note is not sung" in followed.words


def test_a_broken_note_has_one_target() -> None:
    take = sung(LINE, off=0.2)
    whole = take[8]
    middle = (whole.start + whole.end) / 2.0
    take[8:9] = [replace(whole, end=middle - 0.03), replace(whole, start=middle, centre=65.3)]
    followed = follow_score(take, LINE)
    assert followed.places == (*range(9), 8, *range(9, len(LINE)))
    assert pitches(followed)[8:10] == [65.0, 65.0]


def test_an_ornament_goes_with_the_note_it_leads_to() -> None:
    take = sung(LINE, off=-0.4)
    main = take[8]
    take[8:9] = [
        TakeNote(main.start, main.start + 0.08, 67.6),
        replace(main, start=main.start + 0.08),
    ]
    followed = follow_score(take, LINE)
    assert followed.places[8] is None
    assert followed.targets[8].pitch == 68.0
    assert followed.targets[8].moves
    assert followed.places[9] == 8


def test_what_is_not_in_the_score_stays() -> None:
    take = [*sung(LINE), TakeNote(12.0, 12.4, 53.5)]
    followed = follow_score(take, LINE)
    assert followed.places[-1] is None
    assert not followed.targets[-1].moves


def test_a_phrase_sung_again() -> None:
    line = tune(3, 40)
    again = sung(line[:24]) + sung(line[10:], late=line[23].end - line[10].start + 0.8)
    followed = follow_score(again, line)
    assert followed.places == (*range(24), *range(10, 40))


def test_one_note_over_a_slur_is_told() -> None:
    take = sung(LINE)
    take[2:4] = [TakeNote(take[2].start, take[3].end, 64.4)]
    followed = follow_score(take, LINE)
    (split,) = followed.splits
    assert (split.note, split.written, split.pitches) == (2, (2, 3), (64.0, 65.0))
    assert split.at == pytest.approx((LINE[3].start,))
    assert followed.unsung == ()


def test_a_note_held_over_its_repetition_is_whole() -> None:
    take = sung(LINE)
    take[4:6] = [TakeNote(take[4].start, take[5].end, 67.1)]
    followed = follow_score(take, LINE)
    assert followed.splits == ()
    assert followed.unsung == ()
    assert pitches(followed) == [*TUNE[:5], *TUNE[6:]]


def test_an_octave_slip_stays_in_its_octave() -> None:
    take = sung(LINE)
    take[8] = replace(take[8], centre=take[8].centre + 12.0)
    assert pitches(follow_score(take, LINE))[8] == TUNE[8] + 12


@pytest.mark.parametrize("seed", range(8))
def test_bad_singers_are_followed(seed: int) -> None:
    line = tune(seed, 60)
    found = pitches(follow_score(badly(line, seed), line))
    right = sum(pitch == note.pitch for pitch, note in zip(found, line, strict=True))
    nearest = sum(
        round(note.centre) == w.pitch for note, w in zip(badly(line, seed), line, strict=True)
    )
    assert nearest <= 45
    assert right >= 58


@pytest.mark.parametrize("seed", range(6))
def test_the_score_of_another_song_does_not_fit(seed: int) -> None:
    followed = follow_score(badly(tune(seed, 60), seed), tune(seed + 50, 60))
    assert not followed.fits
    assert not any(target.moves for target in followed.targets)
    assert "does not fit" in followed.words


def test_confidence_falls_where_two_notes_would_do() -> None:
    line = written_line((60, 62, 64, 66, 67, 64), (1, 1, 1, 1, 1, 1))
    take = sung(line)
    take[1:3] = [replace(take[1], start=0.8, end=1.4, centre=63.0)]
    followed = follow_score(take, line)
    doubtful, sure = followed.targets[1], followed.targets[2]
    assert doubtful.other == 62.0
    assert doubtful.confidence < 0.85
    assert sure.confidence > 0.95
    assert {followed.targets[1].pitch, followed.targets[1].other} == {62.0, 64.0}
    assert followed.targets[4].confidence > 0.9


def test_the_part_that_is_sung_is_chosen() -> None:
    upper, lower = tune(1, 40), tune(2, 40)
    parts = (Part("upper", upper), Part("lower", lower))
    assert choose_part(badly(lower, 9), parts).name == "lower"
    assert choose_part(badly(upper, 9), parts).name == "upper"


def test_nothing_sung_and_nothing_written() -> None:
    followed = follow_score((), LINE)
    assert followed.targets == ()
    assert not followed.fits
    with pytest.raises(MaterialError, match="no notes"):
        follow_score(sung(LINE), ())
    with pytest.raises(MaterialError, match="no notes"):
        choose_part(sung(LINE), ())


def test_one_note_each() -> None:
    followed = follow_score(sung(LINE[:1], off=0.3), LINE[:1])
    assert pitches(followed) == [60.0]


def test_a_note_that_is_sung_all_wrong_is_still_the_written_one_where_nothing_else_is() -> None:
    line = written_line((60, 62, 64, 65, 67, 64, 62, 60), (1,) * 8)
    take = sung(line)
    take[3] = replace(take[3], centre=take[3].centre - 6.6)
    target = follow_score(take, line).targets[3]
    assert (target.pitch, target.moves) == (65.0, True)
    assert target.confidence > 0.5


@pytest.mark.parametrize("off", [-1.2, -1.5])
def test_a_note_sung_near_the_one_before_is_the_written_one_that_nobody_else_sings(
    off: float,
) -> None:
    line = written_line((60, 64, 65, 67, 69, 67, 65, 64), (1, 1, 0.4, 1, 1, 1, 1, 2))
    take = sung(line)
    take[2] = replace(take[2], centre=line[2].pitch + off)
    target = follow_score(take, line).targets[2]
    assert (target.pitch, target.moves) == (65.0, True)
    assert target.confidence > 0.5


def test_in_a_long_score_few_transpositions_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    long = tune(3, 1500)
    tried: list[float] = []

    def counted(notes: Sequence[TakeNote], written: Sequence[Written], lies: float) -> Way:
        tried.append(lies)
        return find_way(notes, written, lies)

    monkeypatch.setattr(following, "find_way", counted)
    notes = tuple(replace(note, centre=note.centre + 5.0) for note in sung(long[600:660]))
    likely = following._transposition(notes, long, 0.0)
    assert len(long) >= following._MANY
    assert likely == 5
    assert len(tried) <= 3 + following._LIKELIEST
