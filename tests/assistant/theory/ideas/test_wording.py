from __future__ import annotations

from dataclasses import replace

from assistant.contract import ChordMark
from assistant.material import Meter, Note
from assistant.theory.ear.hearing import Heard
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.choice import Wish
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.wording import Evidence, strays_said, title_of, why_of
from assistant.theory.prompt.words import Reading

BARS = read_bars("ii7 | V7 | Imaj7 | vi7 | IV")
SYMBOLS = ("Dm7", "G7", "Cmaj7", "Am7", "F")
MARKS = tuple(
    ChordMark(4.0 * place, 4.0, symbol, str(BARS[place][0]), "tonic")
    for place, symbol in enumerate(SYMBOLS)
)
IDEA = Idea(
    BARS,
    Key(0),
    "jazz",
    "ii-V-I",
    "as in jazz, known as ii-V-I",
    moods=("relaxed", "romantic"),
    place=(0.5, -0.2),
    distance=0.25,
    form="said 2 times",
    changes=("a suspension in bar 3",),
)
EVIDENCE = Evidence(
    idea=IDEA,
    marks=MARKS,
    nashville=("2m7", "57", "1maj7", "6m7", "4"),
    end="ends on V7, which leads back to ii7",
    novelty="2.5 bits a chord, rarer than 15 % of the shelf",
    movement="voices move 0.8 semitones a change",
    bpm=96.0,
    meter=Meter(0.0, 4, 4),
    feel="jazz",
)


def plan(reading: Reading | None = None, heard: Heard | None = None) -> Plan:
    key = heard.key if heard else None
    return Plan(Wish(), key, 0, None, None, 1.0, None, None, reading or Reading(), heard)


def test_the_title_holds_the_first_chords() -> None:
    assert title_of(EVIDENCE) == "Dm7 G7 Cmaj7 Am7 ... (ii-V-I, C major)"


def test_the_why_holds_the_evidence() -> None:
    why = why_of(EVIDENCE, plan())
    assert why == (
        "In C major: ii7 V7 Imaj7 vi7 IV (Nashville 2m7 57 1maj7 6m7 4), as in jazz, known as"
        " ii-V-I, with a suspension in bar 3."
        " It tends to sound relaxed and romantic."
        " 2.5 bits a chord, rarer than 15 % of the shelf; said 2 times; it ends on V7, which leads"
        " back to ii7; voices move 0.8 semitones a change; 96 BPM in 4/4 with a jazz rhythm."
    )


def test_words_and_mood_are_reported() -> None:
    reading = Reading(
        (0.5, -0.5),
        {"relaxed": 1.0},
        understood=("chill as relaxed",),
        questions=("'foo' is not known; say it in another word.", "Is 'bar' meant?"),
    )
    why = why_of(EVIDENCE, plan(reading))
    assert "0.25 from what you ask for (valence +0.50, arousal -0.50)" in why
    assert "Your words were taken as chill as relaxed." in why
    assert "'foo' is not known; say it in another word. Is 'bar' meant? " in why


def test_many_questions_are_counted() -> None:
    questions = tuple(f"'word{place}' is not known." for place in range(9))
    why = why_of(EVIDENCE, plan(Reading(questions=questions)))
    assert "'word3' is not known. 5 more words were not understood." in why


def test_what_was_heard_is_reported_with_how_sure_it_is() -> None:
    heard = Heard(read_key("A minor"), 0.87, read_key("C major"), 97.0, Meter(0.0, 6, 8), 40)
    why = why_of(EVIDENCE, plan(heard=heard))
    assert "Heard in your song: Key: A minor (87 % sure; might be C major). Tempo: 97 BPM." in why
    assert "You asked for" not in why
    other = replace(plan(heard=heard), key=Key(0))
    assert "You asked for C major." in why_of(EVIDENCE, other)
    turned = Plan(
        Wish(), read_key("A"), 0, None, None, 1.0, None, None, Reading(mode="major"), heard
    )
    assert "Your words ask for major, so it is in A major." in why_of(EVIDENCE, turned)


def test_what_was_chosen_is_said() -> None:
    told = replace(plan(), remarks=("Style is rock, as set; jazz of your words is left aside",))
    assert "Style is rock, as set; jazz of your words is left aside. " in why_of(EVIDENCE, told)


def test_notes_against_a_key_are_named_with_their_share() -> None:
    tune = tuple(Note(pitch, float(at), 1.0) for at, pitch in enumerate((60, 64, 69, 63)))
    assert strays_said(read_key("C minor"), tune, ()) == (
        "Outside C minor: E natural for 25 % of the time of your melody"
    )
    assert strays_said(read_key("C minor"), (), tune).endswith("of the time of your chords")
    assert strays_said(read_key("C"), tune[:3], tune) == ""
    assert strays_said(read_key("C"), (), (*tune[:3] * 3, tune[3])) == ""  # one chord in ten
