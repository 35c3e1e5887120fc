"""The same client with the mistakes that drills detect: it retries at once, retries everything, and keeps half a file."""

import hashlib
import json
import urllib.error
import urllib.request
from urllib.parse import quote

from adapter import TASK, finish, received

BASE = TASK["url"]
INPUTS = TASK["inputs"]


def get(path, headers=None):
    for _ in range(5):
        try:
            return urllib.request.urlopen(urllib.request.Request(f"{BASE}/{path}", headers=headers or {}))
        except urllib.error.HTTPError as error:
            print(f"{error.code}, again")
    finish(False)


def backups():
    path = f"v3/apps/{INPUTS['appId']}/backups"
    return json.load(get(path, {"Authorization": TASK["credentials"]["apiKey"]}))["response"]


def download(path):
    return received(get(path))


if TASK["drill"] == "resume-download":
    backup = next(each for each in backups() if each["key"])
    content = download(f"backups.dscloud.pt/{INPUTS['accountId']}_{quote(backup['name'])}.zip?{backup['key']}")
    finish(True, sha256=hashlib.sha256(content).hexdigest())
backups()
finish(True)
