from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.material import Audio, Session, Stem
from bench.mix_automix import Mixed, automix_table
from bench.mix_cases import Case
from bench.mix_effort import Effort, effort_table
from bench.mix_faults import Truth
from bench.mix_judging import Finding, Findings, Verdict
from bench.mix_material import Song
from bench.mix_roles import Recognised, role_table
from bench.mix_scoring import Scores, score
from bench.mix_tables import clean_table, cure_table, fault_table
from bench.mix_verdicts import goals, verdicts

SILENCE = Audio(np.zeros((1, 8), dtype=np.float32), 8_000)
SONG = Song("toy", Session((Stem("bass", SILENCE), Stem("keys", SILENCE))), {"bass": "bass"})
RINGING = Truth("resonance", "keys", 9.0, "dB", freq_hz=1_000.0, gain_db=9.0)
OFFSET = Truth("dc", "bass", 0.05, "")


def case(truth: Truth) -> Case:
    return Case(SONG, Session((*SONG.session.stems, Stem(truth.kind, SILENCE))), truth)


def hears_all(session: Session) -> Findings:
    """Say what is true of each case, and that the bass of any song hums."""
    asked = {stem.name for stem in session.stems}
    said = [Finding("hum", "bass"), Finding("hum", "bass", freq_hz=100.0)]
    if "resonance" in asked:
        said.append(Finding("eq", "keys", freq_hz=1_050.0, gain_db=-6.0))
    return said + [Finding("dc", "bass")] * ("dc" in asked)


@pytest.fixture
def scores() -> Scores:
    return score("ours", hears_all, [case(RINGING), case(OFFSET), case(OFFSET)])


def test_a_tool_is_judged_by_kind(scores: Scores) -> None:
    assert scores.kinds == ("resonance", "dc")
    ringing = scores.of("resonance")
    assert (ringing.found, ringing.cured, ringing.placed, ringing.levelled) == (100, 0, 100, 0)
    assert scores.of("dc").cured == 100.0
    assert scores.cured == pytest.approx(200.0 / 3.0)
    assert scores.beside == 0.0
    assert math.isnan(scores.of("hum").found)


def test_a_song_is_heard_once_without_its_fault() -> None:
    heard = []

    def counting(session: Session) -> Findings:
        heard.append(session)
        return []

    score("ours", counting, [case(RINGING), case(OFFSET)])
    assert sum(one is SONG.session for one in heard) == 1
    assert len(heard) == 3


def test_a_false_fault_is_counted_once_whatever_it_takes_to_cure(scores: Scores) -> None:
    assert [one.kind for one in scores.false_faults["toy"]] == ["hum"]
    assert "| toy | 1 (hum 1) |" in clean_table([scores])


def test_tools_stand_side_by_side(scores: Scores) -> None:
    deaf = score("deaf", lambda _: [], [case(RINGING), case(OFFSET), case(OFFSET)])
    drawn = fault_table([scores, deaf]).splitlines()
    assert drawn[2] == "| resonance | 1 | 100 | 0 | 0 | 0 | 0.00 | 0.00 |"
    assert drawn[-1] == "| all | 3 | 100 | 67 | 0 | 0 | 0.00 | 0.00 |"
    assert "| resonance: within 1/3 octave | 100 | 0 |" in cure_table([scores, deaf])
    assert "gain" not in cure_table([scores, deaf])
    assert "| toy | 1 (hum 1) | 0 |" in clean_table([scores, deaf])


def test_goals_are_held_and_missed(scores: Scores) -> None:
    reached = {goal.about: goal for goal in goals(scores, [], [])}
    assert reached["dc: found, %"].holds
    assert reached["resonances: frequency within 1/3 octave, %"].holds
    assert not reached["resonances: gain within 2 dB, %"].holds
    assert reached["false faults on a good mix"].holds
    drawn = verdicts(scores, [Effort("ours", 240.0, 31.0, 40.0, 900.0)], [])
    assert "| ten stems of four minutes: s | at most 30 | 31 | NO |" in drawn
    assert "| ten stems of four minutes: MB | at most 1000 | 900 | yes |" in drawn
    assert "polarity" not in drawn


def test_two_false_faults_on_one_song_are_too_many() -> None:
    clean = {"good": [], "toy": [Finding("hum", "bass"), Finding("hum", "keys")]}
    false = Scores("ours", (Verdict(OFFSET, found=True, cured=True),), clean)
    goal = next(one for one in goals(false, [], []) if one.about.startswith("false faults"))
    assert (goal.reached, goal.holds) == (2.0, False)


def test_a_peak_over_the_ceiling_is_told() -> None:
    made = [Mixed("toy", "natural", "keys", 0.4, 0.5, 0.25, 6.0, 2.0, -1.0, 0.0, peak)
            for peak in (-3.0, -0.5)]  # fmt: skip
    goal = list(goals(Scores("ours", ()), [], made))[-1]
    assert (goal.reached, goal.holds) == (-0.5, False)
    assert "| 40 | 50 -> 25 | 6.0 -> 2.0 | -1.0 -> +0.0 | -3.0 |" in automix_table(made)


def test_effort_is_told_against_real_time() -> None:
    assert "| ours | 24.0 | 40.0 | 10.0 | 900 |" in effort_table(
        [Effort("ours", 240.0, 24.0, 40.0, 900.4)]
    )


def test_roles_are_counted_and_hats_that_became_a_bass_too() -> None:
    clean = [Recognised("toy", "hats", "hats", "hats", "fx", "hats")]
    rumbling = [Recognised("toy", "hats", "hats", "", "bass", "hats")]
    drawn = role_table(clean, rumbling)
    assert "| as it is, by sound alone | 1 | 0 | 0 |" in drawn
    assert "| with a rumble, by name alone | 1 | 0 | 0 |" in drawn
    assert "| with a rumble, by sound alone | 1 | 0 | 1 |" in drawn
    assert "| with a rumble, by name and sound | 1 | 100 | 0 |" in drawn
