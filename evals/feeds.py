"""Reads every feed of a folder, each by itself: feeds.py FOLDER…    RASHOMON names the binary

Each file is read (it gave articles or addresses) or refused with a reason; one that hangs for half a minute, ends by a signal
or panics is an error, and makes the exit code 1.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

BINARY = os.environ.get("RASHOMON", "target/release/rashomon")


def judged(path):
    try:
        done = subprocess.run([BINARY, "extract", str(path)], capture_output=True, timeout=30)
    except subprocess.TimeoutExpired:
        return "hangs", ""
    told = done.stderr.decode(errors="replace").strip()
    if done.returncode < 0 or done.returncode > 3 or "panicked" in told:
        return "fails", told
    if any(json.loads(line).get("text") is not None for line in done.stdout.decode().splitlines()):
        return "articles", told
    if re.search(r"\d+ address", told):
        return "addresses", told
    reason = re.search(r"(?:skipped|error:?) (.*)", told)
    return ("refused" if reason else "silent"), told


def main(folders):
    counts, reasons, wrong = collections.Counter(), collections.Counter(), []
    endings = {".xml", ".json", ".opml", ".rss", ".atom", ".rdf"}
    for path in sorted(path for folder in folders for path in pathlib.Path(folder).rglob("*") if path.suffix in endings):
        what, told = judged(path)
        counts[what] += 1
        if what == "refused":
            reasons[re.sub(r"^.*\.(?:xml|json|opml)\S* ", "", told.splitlines()[0])[:100]] += 1
        if what in ("hangs", "fails", "silent"):
            wrong.append((what, path, told[-200:]))
    print("  ".join(f"{what} {count}" for what, count in counts.most_common()), f"  of {sum(counts.values())}")
    for reason, count in reasons.most_common(12):
        print(f"  {count:5}  {reason}")
    for what, path, told in wrong[:20]:
        print(f"{what}: {path}: {told}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
