"""The notes of a suggestion, from the file that they were written to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.errors import FileError
from assistant.material import Note, Score, Track
from bridge.midi.score import bytes_from_score
from bridge.midi.smf import MAX_BYTES
from bridge.scores import read_score


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "song.chords-1.mid"
    path.write_bytes(bytes_from_score(Score((Track("Chords", (Note(60.0, 0.0, 1.0),)),))))
    assert read_score(path).tracks[0].notes[0].pitch == 60.0


def test_what_is_no_midi_file_any_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "song.chords-1.mid"
    with pytest.raises(FileError, match="There is no"):
        read_score(path)
    path.write_bytes(b"")
    with pytest.raises(FileError, match="empty"):
        read_score(path)
    path.write_bytes(b"MThd\0\0\0\6" + bytes(100))
    with pytest.raises(FileError):
        read_score(path)
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 2)
    with pytest.raises(FileError):
        read_score(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "song.mid")
    with pytest.raises(FileError, match="named pipe"):
        read_score(tmp_path / "song.mid")
