"""Tests that share something costly stay in one process, which is most of what makes `make test` quick."""

import os

import pytest


def test_a_file_s_tests_are_sent_to_one_process(request: pytest.FixtureRequest) -> None:
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    assert alone or request.node.nodeid.endswith("@tests/test_parallel.py")
