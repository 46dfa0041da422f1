"""Intervals, paired differences and p-values on scores whose answer is known."""

from __future__ import annotations

import pytest

from evals.metrics.abstention import auroc
from evals.statistics import SWAPS, Score, difference, interval, mean, p_value


def test_the_mean_of_nothing_is_nothing() -> None:
    assert mean([]) is None
    assert mean([1.0, 0.0]) == 0.5


def test_scores_that_are_all_alike_have_no_width() -> None:
    assert interval([1.0] * 20) == (1.0, 1.0)


def test_an_interval_is_that_of_the_binomial() -> None:
    """Of 400 coin throws the 95 % interval is about 0.5 ± 0.049."""
    low, high = interval([0.0, 1.0] * 200) or (0.0, 0.0)
    assert low == pytest.approx(0.451, abs=0.01)
    assert high == pytest.approx(0.549, abs=0.01)


def test_an_interval_of_nothing_is_nothing() -> None:
    assert interval([]) is None
    assert interval([(0.3, 1.0), (0.4, 1.0)], auroc) is None


def test_a_figure_that_is_no_mean_is_resampled_too() -> None:
    pairs: list[Score] = [(place / 40, float(place >= 20)) for place in range(40)]
    assert interval(pairs, auroc) == (1.0, 1.0)


def test_the_same_scores_give_the_same_interval() -> None:
    scores = [0.1, 0.9, 0.4, 0.7] * 10
    assert interval(scores) == interval(list(scores))


def test_a_difference_is_paired() -> None:
    """Every case gains 0.1: no doubt is left, however much the cases differ among themselves."""
    before = [place / 10 for place in range(10)]
    assert difference(before, [score + 0.1 for score in before]) == (0.1, 0.1)
    low, high = difference(before, list(reversed(before))) or (0.0, 0.0)
    assert low < 0 < high


def test_the_p_value_of_no_difference_is_1() -> None:
    assert p_value([0.1, 0.5], [0.1, 0.5]) == 1


def test_the_p_value_of_two_cases_is_that_of_their_four_swaps() -> None:
    """Both gain 1: two of the four ways to swap differ as much as that."""
    assert p_value([0.0, 0.0], [1.0, 1.0]) == pytest.approx(0.5, abs=0.04)


def test_a_difference_that_no_swap_reaches_has_the_least_p_value() -> None:
    assert p_value([0.0] * 60, [1.0] * 60) == pytest.approx(1 / (SWAPS + 1), abs=1e-4)


def test_p_values_work_for_figures_that_are_no_means() -> None:
    good: list[Score] = [(place / 30, float(place >= 15)) for place in range(30)]
    bad: list[Score] = [(1 - confidence, label) for confidence, label in good]  # type: ignore[misc]
    assert p_value(good, bad, auroc) == pytest.approx(1 / (SWAPS + 1), abs=0.01)
    assert p_value([], [], auroc) is None
