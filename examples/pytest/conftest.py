"""One server for all tests, and a sandbox with a frozen clock for each test."""
import json
import os
import re
import signal
import subprocess
import urllib.request

import pytest


class Sandbox:
    """An isolated copy of the demo data; the others do not see what a test does in it."""

    def __init__(self, server, name):
        self.server = server
        self.name = name
        self.url = f"{server}/@{name}"

    def control(self, path, body):
        """A control operation on this sandbox, such as arming a fault."""
        return post(f"{self.server}/__admin/sandboxes/{self.name}/{path}", body)

    def advance(self, by):
        """Moves the clock: everything that is due until then has happened."""
        return self.control("clock/advance", {"by": by})


@pytest.fixture(scope="session")
def firedrill():
    """The URL of a server on a free port."""
    command = ["npx", "firedrill", "--port", "0", "--json"]
    # npx does not pass signals on, so the server itself gets it. On Windows, npx is a batch file.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, shell=os.name == "nt") as process:
        line = process.stdout.readline()
        assert line, "the server did not start"
        ready = json.loads(line)
        yield ready["url"]
        os.kill(ready["pid"], signal.SIGTERM)


@pytest.fixture
def sandbox(firedrill, request):
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")
    post(f"{firedrill}/__admin/sandboxes", {"name": name, "clock": "frozen"})
    yield Sandbox(firedrill, name)
    send(urllib.request.Request(f"{firedrill}/__admin/sandboxes/{name}", method="DELETE"))


def post(url, body):
    headers = {"Content-Type": "application/json"}
    return json.loads(send(urllib.request.Request(url, json.dumps(body).encode(), headers)))


def send(request):
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read()
