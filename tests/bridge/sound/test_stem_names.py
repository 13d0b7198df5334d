"""Stems are called as their files are, in words that can be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.sound.stem_names import stem_name


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("kick.wav", "kick"),
        ("Lead / Vox".replace("/", "-") + ".aiff", "Lead - Vox"),
        ("new\nline\tkick.wav", "new line kick"),
        ("\x1b[31mred.wav", "[31mred"),
        ("ki\udcffck.wav", "ki ck"),
        ("غيتار \u202ertl.wav", "غيتار  rtl"),
        ("می\u200cخواهم.wav", "می\u200cخواهم"),
        ("🎸 guitar 🔥.wav", "🎸 guitar 🔥"),
    ],
)
def test_what_would_break_a_line_is_a_space(file: str, name: str) -> None:
    assert stem_name(Path(file), ()) == name


def test_no_two_stems_are_called_alike() -> None:
    files = ("kick.flac", "kick.wav", "ba ss.wav", "ba\nss.wav", "ba\tss.wav", "\n.wav", "\t.wav")
    names: list[str] = []
    for file in files:
        names.append(stem_name(Path(file), names))
    assert names[:4] == ["kick", "kick.wav", "ba ss", "ba ss.wav"]
    assert len(set(names)) == len(files)
    assert all(names)
