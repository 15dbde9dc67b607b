"""Writes the sentences to fit on and, apart from them, the sentences to measure on, as JSON lists by name.

    python sentences.py BOARDS sentences.json

BOARDS is a folder of news texts laid out as README.md says; nothing of them is kept in the project.
"""

import json
import re
import sys
from pathlib import Path

WORDS_MIN = 5
TEXT_CHARS_MIN = 300
END = re.compile(r"""(?<=[.!?]["”’'])\s+|(?<=[a-z0-9)][.!?])\s+(?=["“A-Z])""")


def sentences(text):
    for line in text.split("\n"):
        for sentence in END.split(line.strip()):
            if len(sentence.split()) >= WORDS_MIN:
                yield sentence.strip()


def strings(value):
    """All strings within a JSON value, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def files(folder, pattern):
    for path in sorted(folder.glob(pattern)):
        yield path.read_text(encoding="utf-8")


def to_fit(boards):
    for text in files(boards, "quotes/train/text/*.txt"):
        yield from sentences(text)
    for page in files(boards, "pages/ground-truth/*.json"):
        for text in strings(json.loads(page)):
            if len(text) > TEXT_CHARS_MIN:
                yield from sentences(text)
    for name in ["roundups-a", "lookalikes-1-35"]:
        for line in (boards / f"stories/{name}.jsonl").read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            yield from sentences(article["text"])
            if article.get("title"):
                yield article["title"]


def to_measure(boards):
    outlets = (boards / "stories/outlets-dev.jsonl").read_text(encoding="utf-8").splitlines()
    yield "outlets", [s for line in outlets for s in sentences(json.loads(line)["text"])]
    yield "quotes", [s for text in files(boards, "quotes/dev/text/*.txt") for s in sentences(text)]
    yield "times", [s for text in files(boards, "times/*/*.tml") for s in sentences(re.sub(r"<[^>]+>", "", text))]


def main(boards, out):
    boards = Path(boards)
    measured = {name: list(dict.fromkeys(found)) for name, found in to_measure(boards)}
    apart = {sentence for found in measured.values() for sentence in found}
    fitted = [s for s in dict.fromkeys(to_fit(boards)) if s not in apart]
    print(len(fitted), {name: len(found) for name, found in measured.items()})
    Path(out).write_text(json.dumps({"fit": fitted, **measured}), encoding="utf-8")


main(*sys.argv[1:])
