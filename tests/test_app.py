"""What the server itself answers, before any page."""

import urllib.error
import urllib.request

import pytest


def test_the_server_says_that_it_is_well(server):
    assert urllib.request.urlopen(f"{server.url}/_stcore/health").read() == b"ok"


def test_nobody_can_read_the_servers_metrics(server):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server.url}/_stcore/metrics")
