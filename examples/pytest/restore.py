"""A small client of a9s: restores one instance into another, and polls until the restore has ended."""
import json
import time
import urllib.request

KEY = {"encryption_key": "second-encryption-key"}


class Restores:
    def __init__(self, url, token, pause=lambda: time.sleep(2)):
        self.url = url
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.pause = pause

    def restore(self, source, destination):
        """The status with which the restore ended: done or failed."""
        backup = self.ask(f"{source}/disaster-recovery/prepare", KEY)
        request = {**KEY, "backup_guid": backup["backup_guid"]}
        restore = self.ask(f"{destination}/disaster-recovery/perform", request)
        while True:
            status = self.ask(f"{destination}/restores/{restore['restore_id']}")["status"]
            if status not in ("queued", "running"):
                return status
            self.pause()

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/instances/{path}", data, self.headers)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
