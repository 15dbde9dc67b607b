"""Times the whole of `annotate` beside two extractors of quotations that are built on spaCy, in one run, by processor time.

usage: annotate_speed.py --spacy MODEL FOLDER [-n 40]    FOLDER holds *.txt articles; RASHOMON names the binary

Peers: textacy's direct_quotations, and the syntactic rule of GenderGapTracker (a clause under a quote verb, with the
verb's subject) over the same pipeline. Both find quotations only; ours also finds names, figures, times and statements.
Tokens are spaCy's. One thread each; loading the models is timed apart, with one short article, and taken off.
"""
import argparse, json, os, pathlib, resource, subprocess, sys, time

os.environ.setdefault("OMP_NUM_THREADS", "1")
BINARY = os.environ.get("RASHOMON", "target/release/rashomon")
VERBS = set("say tell add state announce claim write argue warn note explain insist declare stress admit confirm deny "
            "reply respond ask continue conclude comment recall report reveal suggest predict urge".split())


def ours(texts):
    """Processor seconds of one run of the program."""
    lines = "\n".join(json.dumps({"id": str(i), "text": text, "published": "2020-01-01"}) for i, text in enumerate(texts))
    command = [BINARY, "annotate", "-", "--format", "jsonl", "--quiet", "--threads", "1"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=lines.encode(), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def under_quote_verbs(doc):
    """(subject, verb, clause) of every clause that hangs from a quote verb."""
    for token in doc:
        if token.dep_ == "ccomp" and token.head.lemma_ in VERBS:
            subject = next((child for child in token.head.children if child.dep_ == "nsubj"), None)
            yield subject and list(subject.subtree), token.head, list(token.subtree)


def theirs(nlp, texts, extract):
    began, tokens = time.process_time(), 0
    for text in texts:
        doc = nlp(text)
        tokens += len(doc)
        try:
            list(extract(doc))
        except ValueError:  # textacy gives up on a text with an odd number of quotation marks
            pass
    return time.process_time() - began, tokens


def main(options):
    import spacy
    from textacy.extract.triples import direct_quotations
    texts = [path.read_text(encoding="utf8") for path in sorted(options.folder.glob("*.txt"))[:options.n]]
    nlp = spacy.load(options.spacy)
    theirs(nlp, texts[:1], under_quote_verbs)
    start = ours(["A boat sank."])
    own = ours(texts) - start
    rows = {"textacy": theirs(nlp, texts, direct_quotations), "GenderGapTracker's rule": theirs(nlp, texts, under_quote_verbs)}
    tokens = next(iter(rows.values()))[1]
    print(f"{len(texts)} articles, {tokens} tokens; our start {start:.3f} s")
    print(f"annotate                 {tokens / own:9.0f} tokens/s   {600 / (tokens / own) * 1000:.1f} ms for 600 tokens")
    for name, (seconds, _) in rows.items():
        print(f"{name:24s} {tokens / seconds:9.0f} tokens/s   ratio {seconds / own:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spacy", required=True)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("-n", type=int, default=40)
    main(parser.parse_args())
