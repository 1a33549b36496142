"""Region codes: levels, ancestors, ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.codes import Level, ancestor, ancestors, as_typed, is_under, level_of, range_under
from lianxin.base.errors import Refused

CODES = st.sampled_from((2, 4, 6, 9, 12, 15)).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))


def test_the_length_of_a_code_is_its_level() -> None:
    codes = ("33", "3304", "330402", "330402100", "330402100201", "330402100201001")

    assert [level_of(code) for code in codes] == list(Level)[1:]


@pytest.mark.parametrize("code", ["3", "330", "33040", "33040a", "３３０４０２", "330402100201 "])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(Refused, match="不是区划代码"):
        level_of(code)


def test_ancestors_stand_nearest_first() -> None:
    assert ancestors("330402100201") == ("330402100", "330402", "3304", "33")
    assert ancestor("330402100201", Level.COUNTY) == "330402"
    with pytest.raises(Refused):
        ancestor("3304", Level.TOWN)


@given(CODES, CODES)
def test_the_range_under_a_code_holds_exactly_what_lies_under_it(top: str, code: str) -> None:
    low, high = range_under(top)

    assert (low <= code < high) == is_under(code, top)


def test_the_range_under_a_code_ends_before_its_neighbour_above_whatever_the_collation() -> None:
    assert range_under("330409") == ("330409", "33041")
    assert range_under("330402999") == ("330402999", "330403")  # 330403000 would take the county 330403 in
    assert range_under("") == ("0", "a")


def test_full_width_digits_and_spaces_are_forgiven() -> None:
    assert as_typed(" ３３０４ ０２ ") == "330402"
