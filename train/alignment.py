"""Trains the weights by which two statements are said to say the same, and writes crates/corroborate/src/align/weights.rs.

usage: alignment.py FEATURES.jsonl CARDS_FOLDER... [--write WEIGHTS.rs]

FEATURES.jsonl holds one line a candidate pair, as `corroborate::measure` gives it: event, the two places (article, start,
end, text), x (the features), twin. An event named u/N pairs sentence k of one article with sentence k of the other:
two independent translations of one text. Other events are judged by the cards of their folder. Lines with `sentences`
pair parts of these sentences; they get weights of their own, from the judged events alone. Prints recall and judged
precision of sentences with every event left out in turn, and of the rows that both make, grouped about as the program
groups them; then trains on all.
"""
import argparse, collections, json, pathlib, re

import numpy as np
from scipy.optimize import minimize

UNJUDGED_WEIGHT = 0.3       # a pair that no card speaks of is probably, not surely, a negative
TRANSLATION_WEIGHT = 0.2    # translations are cleaner than news
PENALTY = 200.0
SENTENCES_LEAST, PARTS_LEAST = (0.36, 0.45), (0.46, 0.46)  # as in crates/corroborate/src/align: start and join, pair
TWIN = 0.97


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


def key(side):
    return side["article"], side["start"], side["end"]


def group(pairs, scores, least, starts=lambda pair: True):
    """Groups of places, as crates/corroborate/src/align/group.rs makes them; not every pair may start one."""
    start, alone = least
    likely, order = {}, []
    for pair, p in zip(pairs, scores):
        a, b = key(pair["a"]), key(pair["b"])
        likely[a, b] = likely[b, a] = p
        if starts(pair):
            order.append((p, a, b))
    order.sort(key=lambda link: (-link[0], link[1], link[2]))
    of, members = {}, {}
    for p, a, b in order:
        if p < start:
            break
        for place in (a, b):
            members.setdefault(of.setdefault(place, place), [place])
        left, right = of[a], of[b]
        if left == right:
            continue
        between = [likely.get((x, y), 0.0) for x in members[left] for y in members[right] if x[0] != y[0]]
        if not between or sum(between) / len(between) < start:
            continue
        for place in members[right]:
            of[place] = left
        members[left] += members.pop(right)
    rows = [row for row in members.values() if len({place[0] for place in row}) > 1]
    return rows + [[a, b] for p, a, b in order if p >= alone and not (a in of and of.get(a) == of.get(b))]


def rows(sentences, parts):
    """What sentences say together, and what their parts say beyond that."""
    found = group(*sentences, SENTENCES_LEAST)
    groups = collections.defaultdict(set)
    for number, row in enumerate(found):
        for place in row:
            groups[place].add(number)
    twins = {(key(pair[side])) + (pair[other]["article"],) for pair in sentences[0] if pair["twin"] for side, other in ("ab", "ba")}
    def starts(pair):
        one, other = map(key, pair["sentences"])
        return not (groups[one] & groups[other] or one + (other[0],) in twins or other + (one[0],) in twins)
    return found + group(*parts, PARTS_LEAST, starts)


def counted(found, gold):
    """Gold pairs, those found, pairs found of which both sides are in the gold, and those of them that are right."""
    def touching(place, least):
        return {number for number, group in enumerate(gold) for article, ranges in group
                if article == place[0] and any(overlap(place[1:], r) >= least for r in ranges)}
    places = {place for row in found for place in row}
    judged_of = {place: touching(place, 0.6) for place in places}
    total = hit = judged = right = 0
    for group in gold:
        held = [{n for n, row in enumerate(found) for place in row
                 if place[0] == article and any(overlap(place[1:], r) >= 0.5 for r in ranges)} for article, ranges in group]
        for x in range(len(group)):
            for y in range(x + 1, len(group)):
                if group[x][0] != group[y][0]:
                    total += 1
                    hit += bool(held[x] & held[y])
    for row in found:
        for x in range(len(row)):
            for y in range(x + 1, len(row)):
                if row[x][0] != row[y][0] and judged_of[row[x]] and judged_of[row[y]]:
                    judged += 1
                    right += bool(judged_of[row[x]] & judged_of[row[y]])
    return np.array([total, hit, judged, right])


def table(pairs, event):
    """Features, labels, weights of the pairs of an event, and whether the cards speak of them."""
    x = np.array([p["x"] for p in pairs])
    y = np.array([1.0 if p["label"] else 0.0 for p in pairs])
    judged = np.array([p["label"] is not None for p in pairs])
    w = np.where(y > 0, 1.0 / max(1, y.sum()), 0) * 50
    w = w + np.where(judged, 1.0, UNJUDGED_WEIGHT) * (y == 0) * 50 / max(1, y.sum())
    if event.startswith("u/"):
        w *= TRANSLATION_WEIGHT * 10 / 30
    return x, y, w, judged


def left_out(data, pairs, held):
    """What the weights learned from all other events say of one."""
    others = [e for e in data if e != held]
    w, b = train(*(np.concatenate([data[e][i] for e in others]) for i in range(3)))
    return [max(p, TWIN) if pair["twin"] else p for pair, p in zip(pairs[held], sigmoid(data[held][0] @ w + b))]


def read(path, groups):
    """Pairs of sentences and pairs of parts, by event, each with its label."""
    sentences, parts = collections.defaultdict(list), collections.defaultdict(list)
    for line in open(path, encoding="utf8"):
        pair = json.loads(line)
        event = pair["event"]
        translated = event.startswith("u/")
        if "sentences" in pair:
            if translated:
                continue
            # How many of the two are whole sentences counts, too.
            pair["x"].append(sum(key(pair[side]) == key(pair["sentences"][n]) for n, side in enumerate("ab")))
            parts[event].append(pair)
        else:
            sentences[event].append(pair)
        pair["label"] = pair["a"]["line"] == pair["b"]["line"] if translated else label(groups[event], pair)
    return sentences, parts


def curve(scored):
    """Recall of sentence pairs at some precisions."""
    gold = sum(1 for s in scored if s[1])
    hit = said = 0
    points = []
    for p, right in sorted(scored, key=lambda s: -s[0]):
        if right is not None:
            said += 1
            hit += right
            points.append((hit / said, hit / gold, p))
    for target in (0.97, 0.95, 0.93, 0.92, 0.9, 0.88):
        best = max((r for r in points if r[0] >= target), key=lambda r: r[1], default=None)
        if best:
            print(f"judged P {target:.2f}: R {best[1]:.3f} at threshold {best[2]:.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("cards", nargs="+", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    groups = {("seeds" if not (f / "articles.jsonl").exists() else f.name): gold_groups(f) for f in options.cards}
    sentences, parts = read(options.features, groups)
    data = {event: table(pairs, event) for event, pairs in sentences.items()}
    of_parts = {event: table(pairs, event) for event, pairs in parts.items()}
    scored, sums, alone = [], np.zeros(4), np.zeros(4)
    for held in groups:
        p = left_out(data, sentences, held)
        scored += [(score, pair["label"]) for score, pair in zip(p, sentences[held])]
        both = rows((sentences[held], p), (parts[held], left_out(of_parts, parts, held)))
        sums += counted(both, groups[held])
        alone += counted(group(sentences[held], p, SENTENCES_LEAST), groups[held])
    curve(scored)
    for name, (total, hit, judged, right) in (("sentences alone", alone), ("sentences and parts", sums)):
        print(f"rows, {name}: R {hit / total:.3f} judged P {right / judged:.3f}")
    weights = [train(*(np.concatenate([table[e][i] for e in table]) for i in range(3))) for table in (data, of_parts)]
    for w, b in weights:
        print("weights", np.round(w, 3).tolist(), "bias", round(b, 3))
    if options.write:
        write(options.write, weights)


def write(path, weights):
    text = path.read_text()
    for name, (w, b) in zip(("SENTENCES", "PARTS"), weights):
        whole = w[-1] if name == "PARTS" else 0.0
        numbers = ", ".join(f"{v:.3f}" for v in (w[:-1] if name == "PARTS" else w))
        body = f"features: [{numbers}], whole: {whole:.3f}, bias: {b:.3f}"
        text = re.sub(r"(const " + name + r": Weights = Weights \{).*?\};", lambda m: m.group(1) + body + "};", text, flags=re.S)
    path.write_text(text)


if __name__ == "__main__":
    main()
