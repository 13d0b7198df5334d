"""Every message there is, in and out, said once.

Decoding, encoding, the forms that errors quote and the tables in the docs all read `IN`, `STAGE`
and `OUT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bridge.osc.grammar import Argument, Word, argument_rows, word_rows

__all__ = ["IN", "OUT", "PROTOCOL", "STAGE", "arguments_markdown", "table_markdown"]

PROTOCOL = 1
"""Rises when a message changes so that an old client would misread it."""

ID = Argument("id", "id", "names the job; the asker chooses it, 1 to 128 printable characters")
N = Argument("n", "whole", "which suggestion of the job, from 1", low=1)
PATH = Argument("path", "path", 'a file or folder; "" where there is none')
WHY = Argument("why", "text", "the evidence, in a musician's words")
TITLE = Argument("title", "text", "a few words to pick it by")
STAGE_NAME = Argument("stage", "name", "a stage, such as master")
PRESET = Argument("preset", "name", "a preset, such as spotify")
ABOUT = Argument("about", "text", "what it does, in one line")
VERSION = Argument("version", "name", "of bandmate, such as 0.1.0")
START = Argument("start", "number", "in beats from the start of the score")
LENGTH = Argument("length", "number", "in beats")
NAME = Argument("name", "name", "what the value belongs to")
UNIT = Argument("unit", "name", 'such as LUFS; "" where there is none')
COUNT = Argument("count", "whole", "how many there were")
VALUE = Argument("value", "any", "a string, number or flag; nil says nothing")
VALUE_OF_CONTEXT = Argument("value", "fact", "a string or a number")
MOVE = Argument(
    "move", "whole", "which move of the suggestion, from 1; none named means all", low=1
)
PORT = Argument(
    "reply_port", "whole", "where replies go; 0 is the port that asked", low=0, high=65_535
)
CLIENT = Argument(
    "client", "name", "who asks: jobs are known by this name, from whatever port it comes"
)
BAR = Argument("bar", "whole", "which bar of the suggestion to begin with, from 1", low=1)
ACTION = Argument("action", "name", "start or stop", choices=("start", "stop"))
DAW = Argument("name", "name", "of a DAW, such as live or reaper")
TITLE_OF_DAW = Argument("title", "text", "what people call the DAW")
DAW_PORT = Argument(
    "port", "whole", "where the DAW listens; 0 is its usual one", low=0, high=65_535
)

STAGE = Word(
    "<stage>",
    (ID, PATH),
    "ask a stage; settings, preset, seed, count, out, report, dawproject, cut, right are name and "
    "value",
    repeated=(NAME, VALUE),
)


def _words(words: Iterable[Word]) -> Mapping[str, Word]:
    return {word.name: word for word in words}


IN = _words(
    (
        Word("hello", (ID,), "say who you are and where replies go", (PORT, CLIENT)),
        Word("again", (ID, N), "say suggestion n again, whole"),
        Word("cancel", (ID,), "end the job"),
        Word("accept", (ID, N), "do the moves in the DAW, all or those named", repeated=(MOVE,)),
        Word(
            "taken",
            (ID, N),
            "it was put into the session by the DAW's own script, all or those moves",
            repeated=(MOVE,),
        ),
        Word("reject", (ID, N), "do not want it"),
        Word("undo", (ID, N), "take back what accept did"),
        Word("play", (ID, N), "play the notes of the suggestion to the MIDI port", (BAR,)),
        Word("stop", (ID,), "stop playing"),
        Word("capture", (ID, ACTION), "record what is played into the MIDI port"),
        Word("daw", (ID, DAW), "do moves in that DAW from now on", (DAW_PORT,)),
        Word("unlink", (ID, DAW), "do no more in that DAW, and give its port back"),
        Word("context", (ID,), "what is in the session of the DAW?"),
        Word("stages", (ID,), "which stages are there?"),
        Word("presets", (ID, STAGE_NAME), "which presets has the stage?"),
        Word("status", (ID,), "how is the daemon?"),
    )
)
"""What is said to bandmate, by name; beside these, every stage is a `STAGE`."""

OUT = _words(
    (
        Word(
            "welcome",
            (ID, Argument("protocol", "whole", "version of this table"), VERSION),
            "answers hello",
        ),
        Word(
            "queued",
            (ID, Argument("position", "whole", "jobs before this one")),
            "the job is in the queue",
        ),
        Word(
            "progress",
            (
                ID,
                Argument("fraction", "number", "0 to 1, never falling"),
                Argument("doing", "text", "what is being done"),
            ),
            "how far the job is",
        ),
        Word(
            "suggestion",
            (ID, N, TITLE, WHY, PATH, Argument("confidence", "number", "0 to 1")),
            "a suggestion begins; what belongs to it follows",
        ),
        Word(
            "file",
            (ID, N, Argument("role", "name", "such as notes, residual, report"), PATH),
            "a file of the suggestion besides the main one",
        ),
        Word(
            "measured",
            (
                ID,
                N,
                NAME,
                Argument("before", "maybe", 'a number; "" where there is none'),
                Argument("after", "maybe", 'a number; "" where there is none'),
                UNIT,
            ),
            "the evidence in numbers",
        ),
        Word(
            "chord",
            (
                ID,
                N,
                START,
                LENGTH,
                Argument("symbol", "name", "such as Am7"),
                Argument("roman", "name", "its numeral, such as ii7"),
                WHY,
            ),
            "one chord, in order of start",
        ),
        Word(
            "notes",
            (ID, N, Argument("total", "whole", "how many notes follow")),
            "notes follow, bundled; where fewer came, ask again",
        ),
        Word(
            "note",
            (
                ID,
                N,
                Argument("track", "name", "which part plays it"),
                Argument("pitch", "number", "MIDI note number, cents as fractions: 60.5"),
                START,
                LENGTH,
                Argument("velocity", "whole", "1 to 127"),
            ),
            "one note",
        ),
        Word(
            "move",
            (
                ID,
                N,
                Argument("index", "whole", "which move of the suggestion, from 1"),
                Argument("target", "name", "which track or bus"),
                Argument("parameter", "name", "such as gain_db"),
                Argument("value", "number", "in its unit"),
                UNIT,
                Argument("mode", "name", "set or change"),
                WHY,
            ),
            "something to do in the DAW; nothing is done before accept",
        ),
        Word(
            "group",
            (ID, N, Argument("group", "name", "such as eq1, or the send")),
            "moves that belong together, such as one EQ band",
            repeated=(MOVE,),
        ),
        Word(
            "done",
            (ID, COUNT, Argument("seconds", "number", "how long it took")),
            "the job ended; nothing more is said of it",
        ),
        Word(
            "error",
            (
                ID,
                Argument("code", "name", "one word for scripts"),
                Argument("text", "text", "what was seen and what would be right"),
            ),
            'it cannot be done; id is "" where it could not be read',
        ),
        Word("cancelled", (ID,), "answers cancel"),
        Word(
            "accepted",
            (ID, N, Argument("applied", "whole", "how many moves were done")),
            "answers accept and taken",
            (Argument("remark", "text", "what was not done, and why"),),
        ),
        Word("rejected", (ID, N), "answers reject"),
        Word(
            "undone",
            (ID, N),
            "answers undo",
            (Argument("remark", "text", "what is left to take back in the DAW"),),
        ),
        Word("playing", (ID, N), "answers play"),
        Word("stopped", (ID,), "answers stop"),
        Word(
            "captured",
            (ID, Argument("notes", "whole", "how many notes were recorded")),
            "answers capture",
        ),
        Word("linked", (ID, DAW, TITLE_OF_DAW), "answers daw"),
        Word("unlinked", (ID, DAW), "answers unlink"),
        Word(
            "context",
            (ID, Argument("name", "name", "such as tempo"), VALUE_OF_CONTEXT),
            "answers context, once each, then done",
        ),
        Word(
            "stage",
            (ID, STAGE_NAME, Argument("takes", "text", "such as: audio or nothing"), ABOUT),
            "answers stages, once each, then done",
        ),
        Word(
            "preset",
            (ID, STAGE_NAME, PRESET, TITLE),
            "answers presets, once each, then done",
        ),
        Word(
            "status",
            (
                ID,
                Argument("state", "name", "idle or working"),
                Argument("jobs", "whole", "being worked on"),
                Argument("queued", "whole", "waiting"),
                Argument("seconds_up", "number", "since the daemon started"),
                VERSION,
            ),
            "answers status",
        ),
    )
)
"""What bandmate says, by name."""


def table_markdown() -> str:
    """Render the messages as Markdown: a table of those to bandmate, one of those from it."""
    hello, *others = IN.values()
    asked = word_rows("To bandmate", (hello, STAGE, *others))
    return "\n".join([*asked, "", *word_rows("From bandmate", OUT.values())])


def arguments_markdown() -> str:
    """Render what every argument says as a Markdown table."""
    return "\n".join(argument_rows((*IN.values(), STAGE, *OUT.values())))
