#!/usr/bin/env python3
"""Measures what on web pages is taken for the article, by cross-validation over hosts on a board of pages.

usage: python3 evals/pages.py BOARD      (html/NAME.html.gz and ground-truth/NAME.json, as train/extract_boards.py reads them)

The committed weights have seen the board, so nothing can be measured with them: this trains five times on four fifths of
its pages with `train/extract.py`, and on nothing else. XTASK names the built `cargo xtask`. Python with lightgbm and numpy.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TRAIN = pathlib.Path(__file__).resolve().parent.parent / "train"


def main(board):
    with tempfile.TemporaryDirectory() as work:
        run = lambda script, *words: subprocess.run([sys.executable, str(TRAIN / script), *words], check=True,
                                                    capture_output=True, text=True).stdout
        run("extract_boards.py", board, work)
        told = run("extract.py", "--pages", f"{work}/boards.list", "--sites", f"{work}/sites.json", "--work", f"{work}/train",
                   "--out", f"{work}/model.bin", "--tool", os.environ.get("XTASK", "target/debug/xtask"))
        count, figures = re.search(r"weight 1.0: .* of (\d+) pages: \[(.*)\]", told).groups()
        p, r, f1 = (float(figure) for figure in figures.split())
        print(f"article of a page, by cross-validation  P {p:.3f}  R {r:.3f}  F1 {f1:.3f}   ({count} pages)")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
