"""The same copies found by datasketch: python datasketch_round.py COPIES.jsonl    (written by `cargo run --release`)

MinHashLSH with 128 permutations over shingles of four words, at thresholds of .5, .3 and .1; one thread.
"""
import json
import sys
import time


def main(path):
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        sys.exit("skipped: datasketch is not installed (pip install datasketch).")
    for line in open(path, encoding="utf8"):
        line = json.loads(line)
        texts = [text.split(" ") for text in line["texts"]]
        count = len(texts) // 2
        print(line["way"])
        for threshold in (0.5, 0.3, 0.1):
            began = time.process_time()
            index, pairs = MinHashLSH(threshold=threshold, num_perm=128), set()
            for number, words in enumerate(texts):
                minhash = MinHash(num_perm=128)
                minhash.update_batch([" ".join(words[at:at + 4]).encode() for at in range(len(words) - 3)])
                pairs.update((int(other), number) for other in index.query(minhash))
                index.insert(str(number), minhash)
            seconds = time.process_time() - began
            right = sum(one + count == other for one, other in pairs)
            print(f"  datasketch, from {threshold:.1f}      recall {right / count:.3f}   others {len(pairs) - right:5}   "
                  f"{len(texts) / seconds:8.0f} texts/s")


if __name__ == "__main__":
    main(*sys.argv[1:])
