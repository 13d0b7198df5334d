from __future__ import annotations

from assistant import errors
from assistant.errors import did_you_mean


def test_the_tree_is_drawn_as_it_is() -> None:
    drawn = (errors.__doc__ or "").split("::")[1]
    for name in errors.__all__:
        if name != "did_you_mean":
            assert name in drawn


def test_every_error_has_a_code_of_its_own() -> None:
    kinds = [getattr(errors, name) for name in errors.__all__ if name != "did_you_mean"]
    leaves = [kind for kind in kinds if not kind.__subclasses__()]
    codes = [kind.code for kind in leaves]
    assert len(set(codes)) == len(codes)


def test_a_close_name_is_offered() -> None:
    assert did_you_mean("spotfy", ["spotify", "tidal"]) == " Did you mean 'spotify'?"


def test_all_names_are_listed_where_none_is_close() -> None:
    assert did_you_mean("zzz", ["spotify", "tidal"]) == " There are: spotify, tidal."


def test_of_numbers_none_is_closer_than_another() -> None:
    assert did_you_mean("99", ["10", "2", "9"]) == " There are: 2, 9, 10."


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert did_you_mean("zzz", []) == ""


def test_names_are_compared_whatever_their_letters() -> None:
    assert did_you_mean("ana", ("Anna", "Bert")) == " Did you mean 'Anna'?"
    assert did_you_mean("LEAD", ("lead", "double")) == " Did you mean 'lead'?"
