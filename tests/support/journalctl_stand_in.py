# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program in place of journalctl, over a file of JSON lines; it ends with an error for any argument it does not know.

It imports little, since tests start it often.
"""

import json
import os
import sys


def journalctl(arguments: "list[str]") -> int:
    """What the stand-in does."""
    directory, cursor, since, lines = "", "", 0, 0
    fields = None
    wanted = []
    matches = False
    for argument in arguments:
        key, sign, value = argument.partition("=")
        if matches:
            wanted.append([argument])
        elif argument == "--":
            matches = True
        elif argument in ("--no-pager", "--all", "--output=json"):
            pass
        elif key == "--output-fields" and sign:
            fields = [*value.split(","), "__CURSOR", "__REALTIME_TIMESTAMP", "_BOOT_ID"]
        elif key == "--directory" and sign:
            directory = value
        elif key == "--cursor" and value.startswith("s="):
            cursor = value
        elif key == "--since" and value.startswith("@"):
            since = int(value[1:].replace(".", ""))
        elif key == "--lines" and value.isdigit():
            lines = int(value)
        elif key == "--identifier" and sign:
            wanted.append([f"SYSLOG_IDENTIFIER={value}"])
        elif key == "--unit" and sign:
            wanted.append([f"_SYSTEMD_UNIT={value}"])
        elif key == "--priority" and value in ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"):
            words = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
            wanted.append([f"PRIORITY={number}" for number in range(words.index(value) + 1)])
        else:
            print(f"journalctl: unrecognized option '{argument}'", file=sys.stderr)
            return 1
    if not matches and cursor and not cursor.startswith("s=a"):
        print("Failed to seek to cursor: Invalid argument", file=sys.stderr)
        return 1
    said = os.path.join(directory, "says")
    if os.path.exists(said):
        with open(said, encoding="utf-8") as file:
            print(file.read(), file=sys.stderr)
    with open(os.path.join(directory, "entries"), encoding="utf-8") as file:
        entries = [json.loads(line) for line in file]
    kept = []
    for entry in entries:
        if since and int(entry["__REALTIME_TIMESTAMP"]) < since:
            continue
        if cursor and int(entry["__CURSOR"].split(";")[1][2:], 16) < int(cursor.split(";")[1][2:], 16):
            continue
        if all(any(entry.get(m.partition("=")[0]) == m.partition("=")[2] for m in each) for each in wanted):
            kept.append({key: value for key, value in entry.items() if fields is None or key in fields})
    for entry in kept[-lines:] if lines else kept:
        print(json.dumps(entry))
    return int(os.path.exists(os.path.join(directory, "fails")))


if __name__ == "__main__":
    try:
        sys.exit(journalctl(sys.argv[1:]))
    except BrokenPipeError:
        os._exit(1)  # the reader had enough
