"""Several takes of one song."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.correcting.guide import Guide
from assistant.correcting.together import Singer, decide_together
from assistant.errors import MaterialError, SettingError
from assistant.material import Audio, Session, Stem
from assistant.theory.harmony.key import read_key
from assistant.theory.intonation.edits import read_edits
from assistant.theory.intonation.scales import scale_of_key
from tests.assistant.dsp.sung import as_audio, sung

RATE = 22_050
TUNE = (57, 59, 60, 62, 64, 62, 60, 57)
GUIDE = Guide(scale_of_key(read_key("A minor")))


def voice(above: float) -> Audio:
    fade = np.minimum(1.0, np.arange(round(0.5 * RATE)) / (0.03 * RATE))
    parts = []
    for pitch in TUNE:
        hz = 440.0 * 2.0 ** ((pitch + above - 69.0) / 12.0)
        parts += [sung(np.full(fade.size, hz), RATE) * fade * fade[::-1], np.zeros(1000)]
    return as_audio(np.concatenate(parts), RATE)


def decided(
    session: Session, lead: str = "", edits: str = ""
) -> tuple[tuple[Singer, ...], tuple[str, ...]]:
    said = read_edits(edits)
    work = decide_together(session, "auto", lead, GUIDE, trusted=False, edits=said)
    while True:
        try:
            next(work)
        except StopIteration as done:
            found: tuple[tuple[Singer, ...], tuple[str, ...]] = done.value
            return found


def test_an_octave_double_sings_the_notes_of_the_lead() -> None:
    session = Session((Stem("low", voice(-12.15)), Stem("high", voice(0.1))))
    (lead, double), left_out = decided(session, "high")
    assert (lead.stem.name, double.stem.name, double.kind) == ("high", "low", "double")
    assert [target.pitch for target in lead.intent.targets] == list(TUNE)
    assert [target.pitch for target in double.intent.targets] == [each - 12 for each in TUNE]
    assert left_out == ()


def test_what_is_no_voice_is_left_out_and_said() -> None:
    noise = np.random.default_rng(0).normal(0.0, 0.1, (1, 2 * RATE)).astype(np.float32)
    session = Session((Stem("voice", voice(0.1)), Stem("hiss", Audio(noise, RATE))))
    singers, left_out = decided(session)
    assert [each.stem.name for each in singers] == ["voice"]
    assert left_out[0].startswith("hiss is left as it is.")
    with pytest.raises(MaterialError, match="No stem is one voice"):
        decided(Session((Stem("hiss", Audio(noise, RATE)),)))


def test_a_lead_is_found_by_its_name_or_refused() -> None:
    session = Session((Stem("Anna", voice(0.1)), Stem("Bert", voice(-12.1))))
    assert decided(session, "bert")[0][0].stem.name == "Bert"
    with pytest.raises(SettingError, match="Did you mean 'Anna'"):
        decided(session, "Ana")


def test_a_double_follows_the_edits_of_the_lead() -> None:
    session = Session((Stem("low", voice(-12.15)), Stem("high", voice(0.1))))
    (lead, double), _ = decided(session, "high", "3=B3, 5=leave")
    assert [target.pitch for target in lead.intent.targets] == list(TUNE)  # edited when corrected
    wanted = [pitch - 12.0 for pitch in TUNE]
    wanted[2], wanted[4] = 47.0, lead.intent.notes[4].centre - 12.0
    assert [target.pitch for target in double.intent.targets] == pytest.approx(wanted)
    with pytest.raises(SettingError, match="note 99"):
        decided(session, "high", "99=A4")
