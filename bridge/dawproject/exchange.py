"""What a DAWproject is made of, and how a suggestion becomes that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.contract import Suggestion
from assistant.material import Audio, Material, Score, Session, Stem
from assistant.moves import Move

__all__ = ["Exchange", "exchange"]

_NO_NOTES = Score(())
_STEM = "stem."


@dataclass(frozen=True, eq=False)
class Exchange:
    """A song for a DAW.

    Parameters
    ----------
    title, comment : str
        What it says of itself.
    score : Score
        Its tempo and metre, and a track of notes for each of its players.
    stems : tuple of Stem
        A track of sound each.
    moves : tuple of Move
        How the mixer stands; targets are names of tracks, or ``"mix"``.
    """

    title: str = ""
    comment: str = ""
    score: Score = _NO_NOTES
    stems: tuple[Stem, ...] = ()
    moves: tuple[Move, ...] = ()


def exchange(
    suggestion: Suggestion, given: Material | None, song: Score | None, name: str
) -> Exchange | None:
    """Put a suggestion into a song.

    Where moves are suggested for stems, it is the stems as they were given, with the moves on their
    strips; else it is what was made: notes, or sound, a track for each role.

    Parameters
    ----------
    suggestion : Suggestion
        What was suggested.
    given : Material, optional
        What it was made of.
    song : Score, optional
        Tempo, metre and notes of the song that the material is of, where they are known.
    name : str
        Of the piece.

    Returns
    -------
    Exchange or None
        None where there is nothing that a DAW could play.
    """
    made = suggestion.material
    notes = next((made[role] for role in ("notes", "main") if _is_notes(made, role)), song)
    score = notes if isinstance(notes, Score) else _NO_NOTES
    if isinstance(given, Session) and suggestion.moves:
        stems, moves = given.stems, suggestion.moves
    else:
        stems, moves = tuple(_stems(made, name)), tuple[Move, ...]()
    if not stems and not any(track.notes for track in score.tracks):
        return None
    return Exchange(suggestion.title, suggestion.why, score, stems, moves)


def _is_notes(made: Mapping[str, Material | str], role: str) -> bool:
    return isinstance(made.get(role), Score)


def _stems(made: Mapping[str, Material | str], name: str) -> Iterable[Stem]:
    for role, one in made.items():
        if isinstance(one, Audio):
            shown = name if role == "main" else role.removeprefix(_STEM)
            yield Stem(shown, one)
