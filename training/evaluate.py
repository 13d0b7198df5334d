"""Measure what ships: ``python -m training.evaluate --task next-chord --songs FILE.json.gz``."""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from pathlib import Path

from training.corpora import Song, load

TASKS = {"next-chord": "next_chord", "melody": "melody", "harmonise": "harmonise"}


def main(words: list[str] | None = None) -> None:
    """Print one JSON object with the metrics of a task over the songs of a file."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--task", required=True, choices=TASKS)
    parser.add_argument("--songs", required=True, type=Path, help="a .json.gz of songs")
    parser.add_argument("--part", default="", help="train or valid; all songs where empty")
    parser.add_argument("--style", default="", help="pop or rock; else told from the songs")
    asked = parser.parse_args(words)
    try:
        corpus = load(asked.songs)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        parser.error(f"{asked.songs} is no file of songs ({type(error).__name__}: {error})")
    every = corpus.part(asked.part) if asked.part else corpus.songs.values()
    songs = [song for song in every if _has_what_it_takes(song, asked.task)]
    if not songs:
        lacking = " with a melody" if asked.task != "next-chord" else ""
        parser.error(f"{asked.songs} holds no songs{lacking} to measure {asked.task} by")
    task = import_module(f"training.{TASKS[asked.task]}")
    told = task.evaluate(songs, style=asked.style)
    print(json.dumps({"task": asked.task, "songs": len(songs), **told}, indent=1))


def _has_what_it_takes(song: Song, task: str) -> bool:
    if task == "next-chord":
        return bool(song.chords)
    return bool(song.melody) and (task == "melody" or bool(song.spans))


if __name__ == "__main__":
    main()
