"""Mix suggestions beside a peer: which faults are found and cured, and what is falsely said.

``python -m bench.mix [--write] [--development] [--songs NAME,...] [--kinds KIND,...] [--tracks N]
[--everything] [--skip PART,...]``; the sounds are found where ``BANDMATE_TEST_DATA`` says, and a
soundfont where ``BANDMATE_SOUNDFONT`` does. One fault is put into one stem of a good mix; figures
are of songs and faults that nothing was tried on, unless ``--development`` asks for the others.
``--everything`` also counts what is found and, as a matter of taste that gains little, not told.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from bench.mix_automix import automix_table, mixes
from bench.mix_cases import KINDS, TRACKS, cases, dry
from bench.mix_effort import effort_table, efforts
from bench.mix_judging import TUNED
from bench.mix_material import Half, Song, names, song
from bench.mix_own import all_heard, remembering, told
from bench.mix_peers import PEERS, missing
from bench.mix_roles import heard_roles, role_table, rumbling_roles
from bench.mix_scoring import OWN, Scores, score
from bench.mix_tables import clean_table, cure_table, fault_table
from bench.mix_verdicts import verdicts
from bench.report import publish

PARTS = ("faults", "roles", "automix", "effort")

ABOUT = (
    "One fault is put into one stem of a good mix. What is said of the mix without it does not"
    " count, and a gain or a cut counts by how much it differs. Found: something new that answers"
    " the fault is said of its stem. Cured: what is to be done undoes it, gain within 2 dB,"
    " frequency within 1/3 octave (an octave where the fault is broad), delay within 0.1 ms. Beside"
    " it: what else is new and said to be a fault, a case. The peer does not tell faults from"
    " taste; its gains, pans, compressors and effects are taken as taste."
)
ABOUT_CURES = "How near the cures come, share of the cases."
ABOUT_DRY = (
    "Played songs have the hiss of a converter, at -84 dBFS, and the fault is put in after it, as"
    " by an equaliser, so that rests tell of a filter too. The same cases without that hiss:"
)
ABOUT_CLEAN = "What is said to be wrong with mixes that are good."
ABOUT_ROLES = "What a stem plays. The names are plain: kick, vox_lead, microcosm_effect."
ABOUT_AUTOMIX = (
    "Starting mixes of songs whose faders were moved at random by up to 9 dB either way: share of"
    " its loudness that the lead loses to the others, all mixes heard equally loud; faders against"
    " those of the good mix."
)
ABOUT_EFFORT = (
    "Ten stereo stems of four minutes, files in; in fresh processes, start-up and all. Bandmate"
    " also renders and writes its previews, the peer writes nothing."
)

Asked = tuple[Half, tuple[str, ...], int, tuple[str, ...]]
"""Half, kinds, cases of each kind a song, names of songs."""


def main() -> None:
    """Run and publish."""
    if "BANDMATE_TEST_DATA" not in os.environ:
        sys.exit("BANDMATE_TEST_DATA should name the folder that holds the sounds")
    words = _words()
    half: Half = "development" if words.development else "reported"
    only = tuple(name for name in words.songs.split(",") if name)
    asked: Asked = (half, tuple(words.kinds.split(",")), words.tracks, only)
    text = "\n\n".join(_parts(asked, words.skip.split(","), everything=words.everything))
    title = "Mix suggestions" if half == "reported" else "Mix suggestions, development"
    publish(title, text)


def _parts(asked: Asked, skipped: Sequence[str], *, everything: bool) -> Iterator[str]:
    """Run all that is asked for, and put it into tables."""
    half, _, tracks, only = asked
    chosen = [name for name in names(half) if not only or name in only]
    scores = [] if "faults" in skipped else compare(asked, everything=everything)
    if scores:
        yield from (ABOUT, fault_table(scores), ABOUT_CURES, cure_table(scores))
        yield from (ABOUT_CLEAN, clean_table(scores))
        tuned = [kind for kind in TUNED if kind in asked[1]]
        with remembering():
            yield from (ABOUT_DRY, fault_table([score(OWN, told, dry(half, tuned, tracks, only))]))
    if "roles" not in skipped:
        clean = list(heard_roles(map(song, chosen)))
        rumbling = list(rumbling_roles(cases(half, ("rumble",), tracks, only)))
        yield from (ABOUT_ROLES, role_table(clean, rumbling))
    made = [] if "automix" in skipped else list(mixes(map(song, chosen)))
    if made:
        yield from (ABOUT_AUTOMIX, automix_table(made))
    costs = [] if "effort" in skipped else efforts(_fullest(chosen))
    if costs:
        yield from (ABOUT_EFFORT, effort_table(costs))
    own = [one for one in costs if one.tool == OWN]
    if scores:
        yield from ("What was to be reached.", verdicts(scores[0], own, made))


def compare(asked: Asked, *, everything: bool) -> list[Scores]:
    """Score bandmate, and its peers meanwhile in a process of their own.

    Parameters
    ----------
    asked : tuple
        Which cases.
    everything : bool
        Whether bandmate is judged by all that it finds, not by what it tells.

    Returns
    -------
    list of Scores
        Bandmate first, then the peers that are here.
    """
    here = [name for name in PEERS if not missing(name)]
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned) as beside, remembering():
        peers: list[Future[Scores]] = [beside.submit(_of_peer, name, asked) for name in here]
        own = score(OWN, all_heard if everything else told, cases(*asked))
        return [own, *(one.result() for one in peers)]


def _of_peer(name: str, asked: Asked) -> Scores:
    return score(name, PEERS[name], cases(*asked))


def _fullest(chosen: Sequence[str]) -> Song:
    """Choose the song with most stems."""
    return max(map(song, chosen), key=lambda one: len(one.session.stems))


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for flag in ("write", "development", "everything"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("--songs", default="", help="names, parted by commas; all without")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--tracks", type=int, default=TRACKS, help="cases of a kind in a song")
    parser.add_argument("--skip", default="", help=f"of {', '.join(PARTS)}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
