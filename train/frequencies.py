"""Counts in how many news articles each lemma occurs, and writes crates/annotate/data/frequencies-en.tsv.

usage: frequencies.py SPACY_MODEL OUT.tsv TEXT_FOLDER...

The first line is the number of articles; then one lemma and its count a line, sorted, rare ones left out. A name counts
by its lower-case surface, any other word by its lemma, as the program keys them. The table in the repository was
counted over 840 news articles of PolNeAR's training part; only counts are kept, no text.
"""
import collections, pathlib, sys

import spacy

COUNT_MIN = 3


def main(model, out, *folders):
    pipeline = spacy.load(model, exclude=["parser", "ner"])
    paths = sorted(path for folder in folders for path in pathlib.Path(folder).glob("*.txt"))
    counts = collections.Counter()
    for document in pipeline.pipe(path.read_text(encoding="utf8") for path in paths):
        counts.update({
            (token.lower_ if token.pos_ == "PROPN" else token.lemma_.lower()).replace("’", "'")
            for token in document
            if any(letter.isalpha() for letter in token.text) and not any(letter.isdigit() for letter in token.text)
        })
    rows = sorted((lemma, count) for lemma, count in counts.items() if count >= COUNT_MIN and not set(lemma) & set("\t\n "))
    lines = [str(len(paths))] + [f"{lemma}\t{count}" for lemma, count in rows]
    pathlib.Path(out).write_text("\n".join(lines) + "\n", encoding="utf8")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
