from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.theory.intonation.take import TakeNote, Target
from assistant.theory.intonation.together import targets_together
from tests.assistant.theory.intonation.sung_lines import TUNE, badly, sung, tune, written_line

LINE = written_line()
LEAD = sung(LINE, off=0.3)
SCALE = (0, 2, 4, 5, 7, 9, 11)


def nearest(notes: Sequence[TakeNote]) -> list[Target]:
    """Choose the two nearest notes of C major."""
    found = []
    for note in notes:
        near = sorted((pitch for pitch in range(128) if pitch % 12 in SCALE),
                      key=lambda pitch: abs(pitch - note.centre))  # fmt: skip
        first, second = (abs(pitch - note.centre) for pitch in near[:2])
        sure = second / (first + second)
        found.append(Target(near[0], sure, sure >= 0.6, "nearest", near[1]))
    return found


def targets(pitches: Sequence[float]) -> list[Target]:
    return [Target(pitch, 1.0, True, "said") for pitch in pitches]


@pytest.mark.parametrize("octaves", [-1, 0, 1])
def test_a_double_goes_where_the_lead_goes(octaves: int) -> None:
    wanted = [float(pitch) for pitch in TUNE]
    wanted[8] = 66.0  # not in the scale, but what the lead will sing
    double = sung(LINE, late=0.04, off=12.0 * octaves - 0.6)
    lead, second = targets_together([LEAD, double], 0, targets(wanted), nearest)
    assert lead.kind == "lead"
    assert lead.targets == tuple(targets(wanted))
    assert second.kind == "double"
    assert [target.pitch for target in second.targets] == [pitch + 12 * octaves for pitch in wanted]
    assert second.targets[0].why.endswith("as the lead sings")


def test_a_double_stays_with_a_lead_that_is_left_alone() -> None:
    alone = [Target(pitch, 0.2, False, "unsure") for pitch in TUNE]
    double = targets_together([sung(LINE), LEAD], 1, alone, nearest)[0]
    assert [target.pitch for target in double.targets] == pytest.approx(
        [pitch + 0.3 for pitch in TUNE]
    )


def test_thirds_are_a_harmony() -> None:
    thirds = [next(up for up in (3, 4) if (pitch + up) % 12 in SCALE) for pitch in TUNE]
    second = sung(LINE, off=[third + 0.2 for third in thirds])
    voice = targets_together([LEAD, second], 0, targets(TUNE), nearest)[1]
    assert voice.kind == "harmony"
    assert [target.pitch for target in voice.targets] == [
        pitch + third for pitch, third in zip(TUNE, thirds, strict=True)
    ]


def test_another_line_is_a_harmony() -> None:
    lead, other = tune(4, 40), tune(5, 40)
    wanted = targets([note.pitch for note in lead])
    voice = targets_together([sung(lead), badly(other, 5)], 0, wanted, nearest)[1]
    assert voice.kind == "harmony"


def harmony(centre: float, lead: float) -> Target:
    """Sing one note over one of the lead."""
    takes = [[TakeNote(0.0, 1.0, lead)], [TakeNote(0.1, 0.9, centre)]]
    return targets_together(takes, 0, targets([lead]), nearest)[1].targets[0]


def test_between_two_notes_the_one_that_goes_with_the_lead_is_taken() -> None:
    assert harmony(64.45, 57.0).pitch == 64.0  # a fifth, not a minor sixth: both go well
    assert harmony(64.45, 53.0).pitch == 65.0  # an octave, not a major seventh
    tritone = harmony(70.05, 65.0)  # A or B over F
    assert tritone.pitch == 69.0
    assert tritone.moves
    assert tritone.why == "A4 goes with F4 of the lead"
    assert tritone.other == 71.0


def test_a_note_that_is_sure_stays_against_the_lead() -> None:
    assert harmony(71.05, 72.0).pitch == 71.0


def test_where_the_lead_is_silent_nothing_changes() -> None:
    takes = [[TakeNote(0.0, 1.0, 60.0)], [TakeNote(2.0, 3.0, 64.4)]]
    voice = targets_together(takes, 0, targets([60.0]), nearest)[1]
    assert list(voice.targets) == nearest(takes[1])


def test_the_targets_have_to_be_those_of_the_lead() -> None:
    with pytest.raises(ValueError, match="0 targets for a lead of 16 notes"):
        targets_together([LEAD], 0, [], nearest)


def test_takes_without_notes() -> None:
    lead, empty = targets_together([LEAD, []], 0, targets(TUNE), nearest)
    assert empty.targets == ()
    assert lead.kind == "lead"
    silent, other = targets_together([[], LEAD], 0, [], nearest)
    assert silent.targets == ()
    assert list(other.targets) == nearest(LEAD)


@pytest.mark.parametrize("octaves", [-1, 0])
def test_a_double_follows_what_the_musician_wants_of_the_lead(octaves: int) -> None:
    decided = targets(TUNE)
    wanted = [*decided[:4], Target(70.0, 1.0, True, "said: A#4"), *decided[5:]]
    takes = [LEAD, sung(LINE, late=0.03, off=12.0 * octaves - 0.4)]
    before = targets_together(takes, 0, decided, nearest)[1].targets
    voice = targets_together(takes, 0, decided, nearest, edited=wanted)[1]
    assert voice.kind == "double"
    assert voice.targets[4].pitch == 70.0 + 12 * octaves
    assert voice.targets[4].moves
    assert voice.targets[4].why == f"A#{4 + octaves} as the lead sings"
    assert [*voice.targets[:4], *voice.targets[5:]] == [*before[:4], *before[5:]]


def test_a_double_stays_in_doubt_beside_a_note_of_the_lead_that_is_to_stay() -> None:
    decided = targets(TUNE)
    wanted = [*decided[:4], replace(decided[4], moves=False), *decided[5:]]
    takes = [LEAD, sung(LINE, late=0.03, off=-0.4)]
    voice = targets_together(takes, 0, decided, nearest, edited=wanted)[1]
    assert voice.targets[4].pitch == pytest.approx(LEAD[4].centre)


def test_a_harmony_goes_with_what_the_musician_wants_of_the_lead() -> None:
    takes = [[TakeNote(0.0, 1.0, 57.0)], [TakeNote(0.1, 0.9, 64.45)]]
    voice = targets_together(takes, 0, targets([57.0]), nearest, edited=targets([53.0]))[1]
    assert voice.targets[0].pitch == 65.0


def test_how_sure_it_must_be_rules_doubles_and_harmonies_too() -> None:
    surest = targets_together([LEAD, sung(LINE)], 0, targets(TUNE), nearest, least=1.0)[1]
    assert surest.kind == "double"
    unsure = [target for target in surest.targets if target.confidence < 1.0]
    assert unsure
    assert all(target.doubted and not target.moves for target in unsure)
    takes = [[TakeNote(0.0, 1.0, 53.0)], [TakeNote(0.1, 0.9, 64.45)]]
    for least, moves in ((None, True), (0.99, False), (0.0, True)):
        (harmony,) = targets_together(takes, 0, targets([53.0]), nearest, least=least)[1].targets
        assert harmony.moves is moves


def test_an_effect_may_move_what_a_double_sings_beside_the_lead() -> None:
    extra = TakeNote(LEAD[-1].end + 1.0, LEAD[-1].end + 1.3, 61.4)
    double = targets_together([LEAD, [*sung(LINE), extra]], 0, targets(TUNE), nearest)[1]
    assert double.kind == "double"
    assert double.targets[-1].doubted
    assert not double.targets[-1].moves
