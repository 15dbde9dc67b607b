#!/usr/bin/env python3
"""Lists a board of web pages for `train/extract.py`: each page, the text of its article, its host.

    python train/extract_boards.py BOARD FOLDER

BOARD holds `html/NAME.html.gz` and `ground-truth/NAME.json`. FOLDER gets the pages and texts unpacked,
`boards.list` and `sites.json`.
"""
import gzip
import json
import pathlib
import sys
from urllib.parse import urlparse


def main(board, folder):
    board, folder = pathlib.Path(board), pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    lines, sites = [], {}
    for path in sorted((board / "ground-truth").glob("*.json")):
        name, gold = path.stem, json.loads(path.read_text())
        page, text = folder / f"{name}.html", folder / f"{name}.txt"
        page.write_bytes(gzip.decompress((board / "html" / f"{name}.html.gz").read_bytes()))
        text.write_text(gold["ground_truth"]["main_content"] or "")
        lines.append(f"{name}\t{page}\t{text}\n")
        sites[name] = urlparse(gold["url"]).netloc
    (folder / "boards.list").write_text("".join(lines))
    (folder / "sites.json").write_text(json.dumps(sites))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
