"""Tests the client with pytest. Time is moved, so no test waits."""
import urllib.error

import pytest

from restore import Restores

SOURCE = "10000000-0000-4000-8000-000000000001"
DESTINATION = "10000000-0000-4000-8000-000000000002"


@pytest.fixture
def restores(sandbox):
    return Restores(f"{sandbox.url}/v1", "demo-token", pause=lambda: sandbox.advance("2s"))


def test_a_restore_is_polled_until_it_is_done(restores):
    assert restores.restore(SOURCE, DESTINATION) == "done"


def test_a_failed_restore_is_reported(restores, sandbox):
    outcome = {"result": "fail", "reason": "No space left."}
    sandbox.control("job-rules", {"operation": "performDisasterRecovery", "outcome": outcome})
    assert restores.restore(SOURCE, DESTINATION) == "failed"


def test_an_error_of_a_proxy_ends_the_restore(restores, sandbox):
    sandbox.control("faults", {"operation": "performDisasterRecovery", "fault": "proxy-error"})
    with pytest.raises(urllib.error.HTTPError, match="502"):
        restores.restore(SOURCE, DESTINATION)
