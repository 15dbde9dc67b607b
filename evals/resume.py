"""Kills a long run and takes it up again: resume.py ARCHIVE [KILLS]    RASHOMON names the binary

`extract ARCHIVE --output …` runs once unbroken, with its peak memory; then it is killed (SIGKILL) so many times (5) at seeded
random moments, taken up again each time, and must end with the same bytes.
"""
import hashlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

BINARY = os.environ.get("RASHOMON", "target/release/rashomon")


def begin(archive, out):
    return subprocess.Popen([BINARY, "extract", archive, "--output", str(out)], stderr=subprocess.PIPE)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(archive, kills=5):
    kills, numbers = int(kills), random.Random(1)
    with tempfile.TemporaryDirectory() as work:
        whole, broken = pathlib.Path(work) / "whole.jsonl", pathlib.Path(work) / "broken.jsonl"
        began = time.monotonic()
        run = begin(archive, whole)
        told = run.stderr.read().decode().strip().splitlines()
        _, status, usage = os.wait4(run.pid, 0)
        seconds = time.monotonic() - began
        print(f"unbroken: {seconds:.0f} s, peak {usage.ru_maxrss / 1024:.1f} MB, exit code {os.waitstatus_to_exitcode(status)}; {told[-1]}")
        killed = 0
        while killed < kills:
            run = begin(archive, broken)
            try:
                run.wait(timeout=numbers.uniform(0.5, seconds / kills))
                break
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.wait()
                killed += 1
        run = begin(archive, broken)
        told = run.stderr.read().decode().strip().splitlines()
        run.wait()
        same = digest(whole) == digest(broken)
        print(f"killed {killed} times: {'the same bytes' if same else 'OTHER BYTES'}, {broken.stat().st_size} of them; {told[0]}; {told[-1]}")
        sys.exit(not same)


if __name__ == "__main__":
    main(*sys.argv[1:])
