"""Benchmarks: timings and the choice of settings, rerun by hand, never part of the tests."""
