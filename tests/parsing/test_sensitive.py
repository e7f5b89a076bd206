"""Numbers that a recruiter must not keep are masked however they are written, and no other number is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.documents.sensitive import mask

SENSITIVE = [
    "1 85 05 78 006 084 91",
    "185057800608491",
    "1 85 05 78 006\n084 91",
    "FR76 3000 6000 0112 3456 7890 189",
    "fr7630006000011234567890189",
    "FR76-3000-6000-0112-3456-7890-189",
    "FR76  3000  6000  0112 3456 7890 189",
    "FR76 3000 6000\n0112 3456 7890 189",
    "DE89370400440532013000",
    "GB29 NWBK 6016 1331 9268 19",
    "30006 00001 12345678901 89",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "378282246310005",
]
HARMLESS = [
    "SIRET 732 829 320 00074",
    "06 39 98 12 34",
    "ORCID 0000-0002-1825-0097",
    "TVA FR40303265045",
    "4111 1111 1111 1112",
    "FR76 3000 6000 0112 3456 7890 188",
    "30006 00001 12345678901 88",
    "2019 2020 2021 2022",
    "https://example.org/4111111111111111",
]


@pytest.mark.parametrize("number", SENSITIVE)
def test_a_number_with_fitting_check_digits_is_masked(number):
    masked, found = mask(f"Léa Morin {number} Développeuse")
    assert found
    assert not any(map(str.isdigit, masked))
    assert masked.startswith("Léa Morin ")
    assert masked.endswith(" Développeuse")
    assert len(masked) == len(f"Léa Morin {number} Développeuse")


@pytest.mark.parametrize("number", HARMLESS)
def test_another_number_stays(number):
    assert mask(f"Léa Morin {number} Paris") == (f"Léa Morin {number} Paris", False)


@given(st.text(alphabet="FR76 123456789DE\n.-éAB", max_size=120))
def test_masking_moves_nothing(text):
    masked, found = mask(text)
    assert len(masked) == len(text)
    assert found == (masked != text)
    assert [sign for sign in masked if sign.isspace()] == [sign for sign in text if sign.isspace()]
