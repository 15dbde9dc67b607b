"""Times the whole of `annotate` beside two extractors of quotations that are built on spaCy, in one run, by processor time.

usage: annotate_speed.py --spacy MODEL [--ggt FOLDER] FOLDER [-n 40]    FOLDER holds *.txt articles; RASHOMON names the binary

Peers: textacy's direct_quotations, and GenderGapTracker: its own extractor where --ggt names a copy of its folder
`nlp/english`, as its command calls it (`preprocess_text` left out), else its syntactic rule alone (a clause under a quote
verb, with the verb's subject). Both find quotations only; ours also finds names, figures, times and statements. Tokens are
spaCy's. One thread each, three rounds by turns, of which each one's shortest counts. Ours is run again and again in a round,
for about as long as the quickest peer takes, and the mean counts: one run is over before the machine's moods are. Loading the
models is timed apart, with one short article, and taken off.
"""
import argparse, json, os, pathlib, resource, subprocess, sys, time

os.environ.setdefault("OMP_NUM_THREADS", "1")
BINARY = os.environ.get("RASHOMON", "target/release/rashomon")
VERBS = set("say tell add state announce claim write argue warn note explain insist declare stress admit confirm deny "
            "reply respond ask continue conclude comment recall report reveal suggest predict urge".split())


def ours(texts, runs):
    """Processor seconds of a run of the program, the mean of so many."""
    lines = "\n".join(json.dumps({"id": str(i), "text": text, "published": "2020-01-01"}) for i, text in enumerate(texts))
    command = [BINARY, "annotate", "-", "--format", "jsonl", "--quiet", "--threads", "1"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(runs):
        subprocess.run(command, input=lines.encode(), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / runs


def under_quote_verbs(doc):
    """(subject, verb, clause) of every clause that hangs from a quote verb."""
    for token in doc:
        if token.dep_ == "ccomp" and token.head.lemma_ in VERBS:
            subject = next((child for child in token.head.children if child.dep_ == "nsubj"), None)
            yield subject and list(subject.subtree), token.head, list(token.subtree)


def of_gender_gap_tracker(nlp, folder):
    """Its extractor, from a copy of its folder; it opens a file of verbs there."""
    sys.path.insert(0, str(folder))
    from quote_extractor import QuoteExtractor
    extractor = QuoteExtractor({"spacy_lang": nlp, "NLP": {"QUOTE_VERBS": folder / "rules" / "quote_verb_list.txt"}})
    return extractor.extract_quotes


def theirs(nlp, texts, extract):
    began, tokens = time.process_time(), 0
    for text in texts:
        doc = nlp(text)
        tokens += len(doc)
        try:
            list(extract(doc))
        except (ValueError, IndexError):  # textacy gives up on an odd number of marks, GenderGapTracker on a last one
            pass
    return time.process_time() - began, tokens


def main(options):
    import spacy
    from textacy.extract.triples import direct_quotations
    texts = [path.read_text(encoding="utf8") for path in sorted(options.folder.glob("*.txt"))[:options.n]]
    nlp = spacy.load(options.spacy)
    theirs(nlp, texts[:1], under_quote_verbs)
    peers = {"textacy": direct_quotations}
    if options.ggt:
        peers["GenderGapTracker"] = of_gender_gap_tracker(nlp, options.ggt)
    else:
        peers["GenderGapTracker's rule"] = under_quote_verbs
    rounds = []
    for _ in range(3):
        found = {}
        for name, extract in peers.items():
            found[name], tokens = theirs(nlp, texts, extract)
        runs = max(1, round(min(found.values()) / ours(texts, 1)))
        start = ours(["A boat sank."], runs)
        rounds.append({"start": start, "own": ours(texts, runs) - start} | found)
    start, own, *rest = (min(round_[name] for round_ in rounds) for name in rounds[0])
    rows = dict(zip(peers, rest))
    print(f"{len(texts)} articles, {tokens} tokens; our start {start:.3f} s")
    print(f"annotate                 {tokens / own:9.0f} tokens/s   {600 / (tokens / own) * 1000:.1f} ms for 600 tokens")
    for name, seconds in rows.items():
        print(f"{name:24s} {tokens / seconds:9.0f} tokens/s   ratio {seconds / own:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spacy", required=True)
    parser.add_argument("--ggt", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("-n", type=int, default=40)
    main(parser.parse_args())
