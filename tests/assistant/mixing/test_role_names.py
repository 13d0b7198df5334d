import tomllib
from pathlib import Path

import pytest

from assistant.mixing.role_names import Role, RoleNames

TABLE = tomllib.loads(Path("presets/roles/names.toml").read_text(encoding="utf-8"))
NAMES = RoleNames(TABLE)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Kick", "kick"), ("BD", "kick"), ("Bassdrum", "kick"), ("KickIn_02.wav", "kick"),
        ("808 Kick", "kick"), ("Grosse Caisse", "kick"), ("ＫＩＣＫ", "kick"), ("キック1", "kick"),
        ("Snr top", "snare"), ("Snare-Bottom-02_take3", "snare"), ("Caja", "snare"),
        ("HiHat", "hats"), ("hi-hat", "hats"), ("HH", "hats"), ("Ride", "hats"),
        ("FloorTom", "toms"), ("Tom 1", "toms"),
        ("OH", "drums"), ("drum_OH_L", "drums"), ("Batería", "drums"), ("kick_hats", "drums"),
        ("Drum Bus", "drums"), ("Drums Kick", "kick"),
        ("808", "bass"), ("bass guitar DI", "bass"), ("Synth Bass", "bass"), ("бас", "bass"),
        ("GTR L", "guitar"), ("lead gtr", "guitar"), ("E.Gtr", "guitar"),
        ("Émile violão", "guitar"),
        ("Rhodes", "keys"), ("Pno", "keys"), ("E-Piano", "keys"), ("Synth Lead", "keys"),
        ("Synth Pad", "pad"), ("Fläche", "pad"),
        ("Vox Ld", "lead_vocal"), ("vocals", "lead_vocal"), ("Lead", "lead_vocal"),
        ("BV", "backing_vocal"), ("Lead Vox_dbl 03", "backing_vocal"), ("Vox BG", "backing_vocal"),
        ("Strings bus", "other"), ("Perc", "other"),
        ("FX riser", "fx"), ("Vocal Reverb", "fx"),
        ("Mix bus", "bus"), ("2bus", "bus"), ("Bus 3", "bus"),
    ],
)  # fmt: skip
def test_names_in_many_spellings(name: str, role: str) -> None:
    found = NAMES.read(name)
    assert found is not None
    assert found.role == role


@pytest.mark.parametrize(
    "name", ["", "Audio 1", "Track 12", "01", "Bassline", "Kickstarter", "Hatred", "Keystone", "🎵"]
)
def test_words_are_matched_whole(name: str) -> None:
    assert NAMES.read(name) is None


def test_what_says_less_is_less_certain() -> None:
    said = [NAMES.read(name) for name in ("Lead Vox", "Vox", "Bass Guitar Snare", "Lead")]
    confidences = [one.confidence for one in said if one]
    assert len(confidences) == 4
    assert confidences == sorted(confidences, reverse=True)
    assert len(set(confidences)) == 4


def test_every_role_has_words_and_no_word_has_two() -> None:
    words = [word for role in Role for word in TABLE[role]["words"]]
    assert all(TABLE[role]["words"] for role in Role)
    assert sorted(words) == sorted(set(words))
