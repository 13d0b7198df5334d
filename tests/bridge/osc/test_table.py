import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from assistant import errors
from bridge.osc.calls import Call
from bridge.osc.grammar import Argument, Word
from bridge.osc.table import IN, OUT, STAGE, arguments_markdown, table_markdown

DOCS = (Path(__file__).parents[3] / "docs" / "messages.md").read_text(encoding="utf-8")

HOUSE_IN = """
/bandmate/hello id [reply_port] [client]
/bandmate/again id n
/bandmate/cancel id
/bandmate/accept id n [move]...
/bandmate/reject id n
/bandmate/undo id n
/bandmate/play id n [bar]
/bandmate/stop id
/bandmate/capture id start|stop
/bandmate/taken id n [move]...
/bandmate/daw id name [port]
/bandmate/unlink id name
/bandmate/context id
/bandmate/stages id
/bandmate/presets id stage
/bandmate/status id
"""

HOUSE_OUT = """
/bandmate/queued id position
/bandmate/progress id fraction doing
/bandmate/suggestion id n title why path confidence
/bandmate/file id n role path
/bandmate/measured id n name before after unit
/bandmate/chord id n start length symbol roman why
/bandmate/notes id n total
/bandmate/note id n track pitch start length velocity
/bandmate/move id n index target parameter value unit mode why
/bandmate/done id count seconds
/bandmate/error id code text
/bandmate/welcome id protocol version
/bandmate/cancelled id
/bandmate/rejected id n
/bandmate/undone id n [remark]
/bandmate/playing id n
/bandmate/stopped id
/bandmate/captured id notes
/bandmate/linked id name title
/bandmate/unlinked id name
/bandmate/context id name value
/bandmate/status id state jobs queued seconds_up version
"""


@pytest.mark.parametrize("form", HOUSE_IN.split("\n")[1:-1])
def test_what_others_say_keeps_its_form(form: str) -> None:
    assert form in {word.form for word in IN.values()}


@pytest.mark.parametrize("form", HOUSE_OUT.split("\n")[1:-1])
def test_what_others_listen_for_keeps_its_form(form: str) -> None:
    assert form in {word.form for word in OUT.values()}


def test_the_form_of_a_request() -> None:
    assert STAGE.form == "/bandmate/<stage> id path [name value]..."
    assert STAGE.tags == "s s [s *]..."


def test_the_docs_hold_the_tables() -> None:
    assert table_markdown() in DOCS
    assert arguments_markdown() in DOCS


def test_the_tables_hold_every_message() -> None:
    table = table_markdown()
    for word in (*IN.values(), STAGE, *OUT.values()):
        assert f"| `{word.form.replace('|', chr(92) + '|')}` | `{word.tags}` |" in table


def test_the_docs_name_every_error_code() -> None:
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    codes = {each.code for each in classes if issubclass(each, errors.BandmateError)}
    listed = set(re.findall(r"^\| `(\w+)` \|", DOCS.split("## Errors")[1], re.MULTILINE))
    assert listed == codes | {"bug"}


def test_every_call_has_a_field_for_what_its_word_says() -> None:
    fields = {field.name for field in dataclasses.fields(Call)}
    for word in IN.values():
        assert {each.name for each in (*word.required, *word.optional)} <= fields
        assert word.repeated in {(), IN["accept"].repeated}


def test_every_message_begins_with_the_id() -> None:
    for word in (*IN.values(), STAGE, *OUT.values()):
        assert word.required[0].kind == "id"


def test_a_form_shows_what_may_be_left_out_repeated_and_chosen() -> None:
    one, other = Argument("one", "whole", ""), Argument("other", "text", "", choices=("a", "b"))
    word = Word("try", (one,), "", optional=(other,), repeated=(one, other))
    assert word.form == "/bandmate/try one [a|b] [one a|b]..."
    assert word.tags == "i [s] [i s]..."
