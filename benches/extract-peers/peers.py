"""Times extractors of PyPI beside ours on a folder of web pages, in one run and by turns.

usage: python peers.py FOLDER EXTRACT_PEERS [ROUNDS]

FOLDER holds `.html` files; EXTRACT_PEERS is the program of this folder (`cargo build --release`), which is asked for a round
of our own each time. Python with trafilatura, lxml_html_clean and resiliparse. All times are the processor's; the median round counts.
"""
import pathlib
import re
import statistics
import subprocess
import sys
import time

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding


def resiliparse_text(page):
    return extract_plain_text(bytes_to_str(page, detect_encoding(page)), main_content=True)


def trafilatura_text(page):
    return trafilatura.extract(page, include_comments=False)


def ours(program, folder):
    """Pages a second of one round."""
    told = subprocess.run([program, folder, "1", "rashomon"], capture_output=True, text=True, check=True).stdout
    return float(re.search(r"rashomon +([\d.]+) pages/s", told).group(1))


def main(folder, program, rounds=3):
    pages = [path.read_bytes() for path in sorted(pathlib.Path(folder).glob("*.html"))]
    megabytes = sum(map(len, pages)) / 1e6
    speeds = {"rashomon": [], "resiliparse": [], "trafilatura": []}
    for _ in range(int(rounds)):
        speeds["rashomon"].append(ours(program, folder))
        for name, extract in (("resiliparse", resiliparse_text), ("trafilatura", trafilatura_text)):
            start = time.process_time()
            for page in pages:
                extract(page)
            speeds[name].append(len(pages) / (time.process_time() - start))
    mean = {name: statistics.median(found) for name, found in speeds.items()}
    print(f"{len(pages)} pages, {megabytes:.1f} MB, {rounds} rounds, processor time of one thread")
    for name, speed in mean.items():
        print(f"{name:15} {speed:7.1f} pages/s  {speed * megabytes / len(pages):6.1f} MB/s  "
              f"rashomon is {mean['rashomon'] / speed:5.2f} times as fast")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
