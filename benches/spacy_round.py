"""Runs spaCy's full pipeline over text, one round for each line on standard input; prints tokens and seconds.

usage: python spacy_round.py PIPELINE FILE…      (each line with something to read is a document)
"""
import re
import sys
import time

import spacy

nlp = spacy.load(sys.argv[1])
pieces = []
for path in sys.argv[2:]:
    text = open(path, encoding="utf8", newline="").read()
    pieces += [match.group() for match in re.finditer(r"[^\n\r]*\S[^\n\r]*", text)]
print("ready", flush=True)
for _ in sys.stdin:
    processor, clock = time.process_time(), time.perf_counter()
    tokens = sum(len(doc) for doc in nlp.pipe(pieces))
    print(tokens, time.process_time() - processor, time.perf_counter() - clock, flush=True)
