"""When something was, as people write it."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.profile.dates import find_periods

PERIODS = [
    ("depuis mars 2021", "2021-03", None, True, None),
    ("depuis le 1er septembre 2019", "2019-09", None, True, None),
    ("09/2019 – 06/2022", "2019-09", "2022-06", False, None),
    ("du 01/09/2019 au 30/06/2020", "2019-09", "2020-06", False, None),
    ("2019-2022", "2019", "2022", False, None),
    ("De 2018 à 2020", "2018", "2020", False, None),
    ("janv. 2020 à aujourd'hui", "2020-01", None, True, None),
    ("août 2024 – aujourd’hui", "2024-08", None, True, None),
    ("DÉC. 2019 – FÉVR. 2020", "2019-12", "2020-02", False, None),
    ("de janvier à juin 2019", "2019-01", "2019-06", False, None),
    ("Jan-Mar 2020", "2020-01", "2020-03", False, None),
    ("juil. 2023 –\naujourd'hui", "2023-07", None, True, None),
    ("mai 2021 – sept.\n2023", "2021-05", "2023-09", False, None),
    ("2021 (en cours)", "2021", None, True, None),
    ("2021 –", "2021", None, False, None),
    ("2020 (6 mois)", "2020", "2020", False, 6),
    ("2015 - 2018 (3 ans)", "2015", "2018", False, 36),
    ("June 2023 – present\n2 years 10 months", "2023-06", None, True, 34),
    ("Sept. 18 – Feb. 20", "2018-09", "2020-02", False, None),
    ("09/18 - 02/20", "2018-09", "2020-02", False, None),
    ("Mar '21 – Dec '22", "2021-03", "2022-12", False, None),
    ("15 mars 2021 - 3 juin 2021", "2021-03", "2021-06", False, None),
    ("Summer 2019", "2019-06", "2019-08", False, None),
    ("Q3 2019", "2019-07", "2019-09", False, None),
    ("2e semestre 2020", "2020-07", "2020-12", False, None),
    ("2018/2019", "2018", "2019", False, None),
    ("2018-19", "2018", "2019", False, None),
    ("2019-09", "2019-09", "2019-09", False, None),
    ("2011-12 - 2013-05", "2011-12", "2013-05", False, None),
    ("sinceJanuary2016", "2016-01", None, True, None),
    ("seit März 2020", "2020-03", None, True, None),
]


@pytest.mark.parametrize(("text", "start", "end", "current", "months"), PERIODS)
def test_a_period_is_read_as_it_is_written(text, start, end, current, months):
    (period,) = find_periods(f"Lyon ({text}) Acme")
    assert (period.start, period.end, period.current, period.months) == (start, end, current, months)
    assert f"Lyon ({text}) Acme"[period.at : period.to] in {
        text,
        text.removeprefix("De "),
        text.removeprefix("de "),
        text.removeprefix("du "),
    }


@pytest.mark.parametrize(
    "text", ["01.99.00.21.32", "2 000 000", "3 ans", "Depuis septembre", "69001 Lyon", "in 1862", "10.1234/99", "v3.11", "24/7"]
)
def test_a_number_that_is_no_date_is_none(text):
    assert find_periods(text) == ()


MONTHS = st.integers(1, 12)
YEARS = st.integers(1950, 2049)


@settings(max_examples=150, deadline=5000)
@given(
    YEARS,
    MONTHS,
    st.integers(0, 200),
    st.sampled_from(["{1:02}/{0}", "{0}-{1:02}", "{2} {0}", "{2}. {0}"]),
    st.sampled_from([" – ", " à ", " to ", "\n- "]),
)
def test_a_span_of_months_is_read_back(year, month, length, form, joint):
    names = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
    last = min(year * 12 + month - 1 + length, 2049 * 12 + 11)
    ends = [(year, month), (last // 12, last % 12 + 1)]
    text = joint.join(form.format(y, m, names[m - 1]) for y, m in ends)
    (period,) = find_periods(text)
    assert (period.start, period.end) == tuple(f"{y}-{m:02}" for y, m in ends)


PIECES = st.sampled_from(
    ["2019", "09", "mars ", "depuis ", " – ", "/", "aujourd'hui", "(", ")", "\n", "3 ans", "Q1 ", "18", "'", "İ", ", ", "à "]
)


@settings(max_examples=300, deadline=5000)
@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=40).map("".join))
def test_periods_of_any_text_follow_each_other_and_run_forward(text):
    found = find_periods(text)
    assert all(0 <= period.at < period.to <= len(text) for period in found)
    assert all(before.to <= after.at for before, after in pairwise(found))
    assert all(period.start is None or period.end is None or period.start[:4] <= period.end[:4] for period in found)


@pytest.mark.parametrize(
    "text", ["2019 - " * 70_000, "mars " * 100_000, "1/1/" * 120_000, "20" * 250_000, "2019-09-" * 60_000, "2019" + " " * 499_000]
)
def test_hostile_text_is_read_quickly(text):
    begun = time.process_time()
    find_periods(text)
    assert time.process_time() - begun < 1
