"""Trains the weights by which two statements are said to say the same, and writes crates/corroborate/src/align/weights.rs.

usage: alignment.py FEATURES.jsonl CARDS_FOLDER... [--write WEIGHTS.rs]

FEATURES.jsonl holds one line a candidate pair, as `corroborate::measure` gives it: event, the two places (article, start,
end, text), x (the features), twin. An event named u/N pairs sentence k of one article with sentence k of the other:
two independent translations of one text. Other events are judged by the cards of their folder. Prints recall and
judged precision with every event left out in turn, then trains on all.
"""
import argparse, collections, json, math, pathlib, re, sys

import numpy as np
from scipy.optimize import minimize

UNJUDGED_WEIGHT = 0.3       # a pair that no card speaks of is probably, not surely, a negative
TRANSLATION_WEIGHT = 0.2    # translations are cleaner than news
PENALTY = 200.0


def find(text, quote):
    data, needle, found, at = text, quote.encode(), [], 0
    while needle and (at := data.find(needle, at)) >= 0:
        found.append((at, at + len(needle)))
        at += 1
    return found


def overlap(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0])) / max(1, min(a[1] - a[0], b[1] - b[0]))


def texts_of(folder):
    if (folder / "articles.jsonl").exists():
        rows = [json.loads(line) for line in open(folder / "articles.jsonl", encoding="utf8")]
        return {r["id"]: ((r["title"] + "\n\n" if r.get("title") else "") + r["text"]).encode() for r in rows}
    return {path.name: path.read_bytes() for path in folder.glob("*.txt")}


def gold_groups(folder):
    cards = json.loads((folder / "cards.json").read_text())
    texts = texts_of(folder)
    groups = cards.get("alignments", []) + cards.get("same_utterance", [])
    return [[(v["article"], find(texts.get(v["article"], b""), v["quote"])) for v in g["voices"]] for g in groups]


def label(groups, pair):
    """Groups that both sides touch; None where a side touches none."""
    def touched(side):
        span = (side["start"], side["end"])
        return {i for i, g in enumerate(groups) for article, ranges in g
                if article == side["article"] and any(overlap(span, r) >= 0.6 for r in ranges)}
    a, b = touched(pair["a"]), touched(pair["b"])
    return bool(a & b) if a and b else None


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def train(x, y, weight):
    mean, scale = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / scale
    def loss(w):
        p = sigmoid(z @ w[1:] + w[0])
        value = -(weight * (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))).sum() + (w[1:] ** 2).sum() * PENALTY / 20
        slope = weight * (p - y)
        return value, np.concatenate([[slope.sum()], z.T @ slope + w[1:] * PENALTY / 10])
    w = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x
    raw = w[1:] / scale
    return raw, w[0] - float(raw @ mean)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("cards", nargs="+", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--drop", default="", help="numbers of features to leave out, by comma")
    options = parser.parse_args()
    groups = {("seeds" if not (f / "articles.jsonl").exists() else f.name): gold_groups(f) for f in options.cards}
    events = collections.defaultdict(list)
    for line in open(options.features, encoding="utf8"):
        pair = json.loads(line)
        events[pair["event"]].append(pair)
    data = {}
    lines = {}
    for event, pairs in events.items():
        if event.startswith("u/"):
            for pair in pairs:
                pair["label"] = translation(lines, event, pair)
        else:
            for pair in pairs:
                pair["label"] = label(groups[event], pair)
        x = np.array([p["x"] for p in pairs])
        y = np.array([1.0 if p["label"] else 0.0 for p in pairs])
        judged = np.array([p["label"] is not None for p in pairs])
        w = np.where(y > 0, 1.0 / max(1, y.sum()), 0) * 50
        negative = np.where(judged, 1.0, UNJUDGED_WEIGHT) * (y == 0)
        w = w + negative * 50 / max(1, y.sum())
        if event.startswith("u/"):
            w *= TRANSLATION_WEIGHT * 10 / 30
        data[event] = (x, y, w, judged)
    keep = [i for i in range(len(pairs[0]["x"])) if str(i) not in options.drop.split(",")]
    real = [e for e in data if not e.startswith("u/")]
    scored = []
    for held in real:
        others = [e for e in data if e != held]
        w, b = train(*(np.concatenate([data[e][i] for e in others])[..., keep] if i == 0 else np.concatenate([data[e][i] for e in others]) for i in (0, 1, 2)))
        for pair, p in zip(events[held], sigmoid(data[held][0][:, keep] @ w + b)):
            scored.append((max(p, 0.97) if pair["twin"] else p, pair["label"], held))
    gold = sum(1 for s in scored if s[1])
    scored.sort(key=lambda s: -s[0])
    hit = said = 0
    shown = {0.97, 0.95, 0.93, 0.92, 0.9, 0.88}
    rows = []
    for p, right, _ in scored:
        if right is None:
            continue
        said += 1
        hit += right
        rows.append((hit / said, hit / gold, p))
    for target in sorted(shown, reverse=True):
        best = max((r for r in rows if r[0] >= target), key=lambda r: r[1], default=None)
        if best:
            print(f"judged P {target:.2f}: R {best[1]:.3f} at threshold {best[2]:.3f}")
    xs, ys, ws = (np.concatenate([data[e][i] for e in data]) for i in (0, 1, 2))
    w, b = train(xs[:, keep], ys, ws)
    full = np.zeros(xs.shape[1])
    full[keep] = w
    print("weights", np.round(full, 3).tolist(), "bias", round(b, 3))
    if options.write:
        text = options.write.read_text()
        numbers = ", ".join(f"{v:.3f}" for v in full)
        text = re.sub(r"(const WEIGHTS: Features = )\[.*?\];", lambda m: m.group(1) + "[" + numbers + "];", text, flags=re.S)
        text = re.sub(r"(const BIAS: f64 = ).*?;", lambda m: f"{m.group(1)}{b:.3f};", text)
        options.write.write_text(text)


def translation(lines, event, pair):
    """Whether two sentences are translations of one line: lines are numbered by where they start."""
    def number(side):
        return side["line"]
    return number(pair["a"]) == number(pair["b"])


if __name__ == "__main__":
    main()
