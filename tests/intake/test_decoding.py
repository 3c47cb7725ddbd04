"""What an uploaded file's bytes may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.intake._decoding import SIZE_LIMIT, decode

plain = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"))


@given(plain)
def test_utf8_text_comes_back_with_or_without_a_mark(text: str) -> None:
    assert decode(text.encode(), "a.csv") == text
    assert decode(text.encode("utf-8-sig"), "a.csv") == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@given(text=plain)
def test_marked_utf16_and_utf32_are_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.csv") == text


def test_big_endian_utf16_is_read_by_its_mark() -> None:
    assert decode(b"\xfe\xff" + "Größe".encode("utf-16-be"), "a.csv") == "Größe"


def test_windows_1252_is_named_with_a_preview_and_never_replaced() -> None:
    with pytest.raises(InputError) as raised:
        decode("name,description\nCafé,Größe zählt\n".encode("cp1252"), "tools.csv")
    assert "Windows-1252" in raised.value.message
    assert "Café" in raised.value.message
    assert "tools.csv" in raised.value.message
    assert "UTF-8" in raised.value.remedy
    assert raised.value.line == 2


def test_bytes_of_no_encoding_we_know_are_refused_without_a_guess() -> None:
    with pytest.raises(InputError) as raised:
        decode(b"ab\x81\x8d\xff", "x.csv")
    assert "Windows-1252" not in raised.value.message


def test_a_damaged_utf16_file_is_refused() -> None:
    with pytest.raises(InputError, match="UTF-16"):
        decode(b"\xff\xfea\x00\x00\xd8b", "x.csv")


def test_a_spreadsheet_is_called_one() -> None:
    with pytest.raises(InputError, match="spreadsheet"):
        decode(b"PK\x03\x04\x00\x00", "tools.xlsx")


def test_nul_bytes_are_refused_with_their_line() -> None:
    with pytest.raises(InputError, match="NUL") as raised:
        decode(b"name\nb\0c", "x.csv")
    assert raised.value.line == 2


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputError, match="5 MB"):
        decode(b"\xff" * (SIZE_LIMIT + 1), "x.csv")


def test_a_hostile_file_name_is_shown_short_and_bare() -> None:
    with pytest.raises(InputError) as raised:
        decode(b"\0", "\u202egnp.exe\n" + "x" * 400)
    assert "\u202e" not in raised.value.message
    assert "\n" not in raised.value.message
    assert len(raised.value.message) < 200
