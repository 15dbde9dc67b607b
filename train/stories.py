"""Trains the weights by which two articles are said to tell of one event; writes crates/corroborate/src/story/weights.rs.

usage: stories.py BOARD.jsonl=PAIRS.jsonl... [--write WEIGHTS.rs]

BOARD.jsonl holds articles with `id` and `event`; PAIRS.jsonl is what `cargo run --release -p rashomon --example story_pairs
BOARD.jsonl` prints of it. Prints BCubed F1 of each board with half of its events left out (twice three halves), as the
program clusters, then trains on all. Deterministic: fixed seeds, no threads.
"""
import argparse, collections, heapq, json, math, pathlib, random

import numpy as np
from scipy.optimize import minimize

NEGATIVE_WEIGHT = 3.0   # all negatives of a board weigh so many times what its positives weigh: most pairs are strangers
UNDATED_SHIFT = -1.4    # undated articles are joined more reluctantly than pair by pair would be best: chains of look-alikes
THRESHOLDS = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8)
# As in crates/corroborate/src/story/fragment.rs.
NOTICES_MAX, FRAGMENT_MAX, LINKS_COUNTED, ROUNDS_MAX, MUCH_LARGER, MUCH_LARGER_LEAST = 2, 3, 2, 3, 3, 0.6
LINK_MIN, WORDS_MIN = 0.03, 0.02
PENALTY = 0.5


def load(board, pairs):
    events = {row["id"]: row["event"] for row in map(json.loads, open(board, encoding="utf8"))}
    lines = map(json.loads, open(pairs, encoding="utf8"))
    head = next(lines)
    ids, days, places, values = [], [], [], []
    for line in lines:
        if "id" in line:
            ids.append(line["id"]); days.append(line["day"])
        else:
            a, b = line["a"], line["b"]
            far = days[a] is not None and days[b] is not None and abs(days[a] - days[b]) > head["window_days"]
            if not far and line["x"][0] >= WORDS_MIN:
                places.append((a, b)); values.append(line["x"])
    event = np.array([events[i] for i in ids])
    places = np.array(places)
    return dict(name=pathlib.Path(board).stem, event=event, pairs=places, x=np.array(values), names=head["features"],
                same=(event[places[:, 0]] == event[places[:, 1]]).astype(float))


def halves(board, seed):
    """Marks half of the events; an event and its look-alike (1a, 1b) stay together."""
    topics = [event.rstrip("ab") for event in board["event"]]
    chosen = sorted(set(topics))
    random.Random(seed).shuffle(chosen)
    chosen = set(chosen[: len(chosen) // 2])
    return np.array([topic in chosen for topic in topics])


def sample(board, mask):
    a, b = board["pairs"].T
    inside = mask[a] & mask[b]
    x, y = board["x"][inside], board["same"][inside]
    sizes = collections.Counter(board["event"])
    # Each article counts once, whatever the size of its event.
    weight = np.where(y > 0, [1 / max(1, sizes[event] - 1) for event in board["event"][a[inside]]], 0.0)
    weight /= weight.sum()
    return x, y, 1000 * (weight + (y == 0) * NEGATIVE_WEIGHT / (y == 0).sum())


def fit(samples, names):
    x, y, weight = (np.concatenate(part) for part in zip(*samples))
    mean, scale = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / scale
    def loss(w):
        margin = np.clip(z @ w[1:] + w[0], -30, 30)
        p = 1 / (1 + np.exp(-margin))
        value = -(weight * (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))).sum() + PENALTY * (w[1:] ** 2).sum()
        slope = weight * (p - y)
        return value, np.concatenate([[slope.sum()], z.T @ slope + 2 * PENALTY * w[1:]])
    w = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x
    raw = w[1:] / scale
    bias = w[0] - float(raw @ mean)
    raw[names.index("undated")] += UNDATED_SHIFT
    return raw, bias


def cluster(count, links, least):
    """Average link, as crates/corroborate/src/story/cluster.rs does it."""
    sums, members, heap = [{} for _ in range(count)], [[i] for i in range(count)], []
    for a, b, likeness in links:
        sums[a][b] = sums[b][a] = likeness
        heap.append((-likeness, a, b, 1, 1))
    heapq.heapify(heap)
    while heap:
        likeness, a, b, left, right = heapq.heappop(heap)
        if -likeness < least:
            break
        if not members[a] or not members[b] or (len(members[a]), len(members[b])) != (left, right):
            continue
        members[a] += members[b]; members[b] = None
        sums[a].pop(b, None)
        for other, value in sums[b].items():
            if other != a:
                sums[a][other] = sums[a].get(other, 0.0) + value
                sums[other].pop(b, None)
        sums[b] = {}
        for other, value in sums[a].items():
            sums[other][a] = value
            mean = value / (len(members[a]) * len(members[other]))
            if mean >= least:
                x, y = sorted((a, other))
                heapq.heappush(heap, (-mean, x, y, len(members[x]), len(members[y])))
    labels = [0] * count
    for number, group in enumerate(members):
        for article in group or []:
            labels[article] = number
    return labels


def attach(count, links, labels, least):
    """Fragments go to the cluster to which their strongest links are strong, as fragment.rs does it."""
    linked, members = [{} for _ in range(count)], collections.defaultdict(list)
    for a, b, likeness in links:
        linked[a][b] = linked[b][a] = likeness
    labels = list(labels)
    for article, label in enumerate(labels):
        members[label].append(article)
    for _ in range(ROUNDS_MAX):
        settled = True
        for label in sorted(members, key=lambda label: (len(members[label]), min(members[label]))):
            fragment = members.get(label)
            if not fragment or len(fragment) > FRAGMENT_MAX:
                continue
            small = len(fragment) <= NOTICES_MAX
            size_min = len(fragment) * (1 if small else MUCH_LARGER)
            strengths = collections.defaultdict(list)
            for article in fragment:
                for other, likeness in linked[article].items():
                    if labels[other] != label and len(members[labels[other]]) >= size_min:
                        strengths[labels[other]].append(likeness)
            best = (0.0, 0, None)
            for other, found in strengths.items():
                counted = min(LINKS_COUNTED, len(members[other])) * len(fragment)
                best = max(best, (sum(sorted(found)[-counted:]) / counted, -min(members[other]), other), key=lambda b: b[:2])
            if best[2] is not None and best[0] >= (least if small else MUCH_LARGER_LEAST):
                for article in fragment:
                    labels[article] = best[2]
                members[best[2]] += members.pop(label)
                settled = False
        if settled:
            break
    return labels


def bcubed(gold, found):
    def share(ours, theirs):
        groups = collections.defaultdict(list)
        for label, other in zip(ours, theirs):
            groups[label].append(other)
        return sum(sum(other == mine for other in groups[label]) / len(groups[label])
                   for label, mine in zip(ours, theirs)) / len(ours)
    precision, recall = share(found, gold), share(gold, found)
    return 2 * precision * recall / (precision + recall)


def score(board, weights, mask, thresholds, least):
    raw, bias = weights
    place = np.cumsum(mask) - 1
    a, b = board["pairs"].T
    inside = mask[a] & mask[b]
    p = 1 / (1 + np.exp(-np.clip(board["x"][inside] @ raw + bias, -30, 30)))
    links = [(int(place[x]), int(place[y]), float(s)) for (x, y), s in zip(board["pairs"][inside], p) if s >= LINK_MIN]
    gold = list(board["event"][mask])
    return [bcubed(gold, attach(len(gold), links, cluster(len(gold), links, join), least)) for join in thresholds]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("boards", nargs="+")
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--join", type=float, default=0.7)
    parser.add_argument("--attach", type=float, default=0.25)
    options = parser.parse_args()
    boards = [load(*board.split("=", 1)) for board in options.boards]
    names = boards[0]["names"]
    held = collections.defaultdict(list)
    for seed in range(3):
        marks = [halves(board, seed) for board in boards]
        for side in (True, False):
            weights = fit([sample(board, mark == side) for board, mark in zip(boards, marks)], names)
            for board, mark in zip(boards, marks):
                held[board["name"]].append(score(board, weights, mark != side, THRESHOLDS, options.attach))
    everything = [np.ones(len(board["event"]), bool) for board in boards]
    weights = fit([sample(board, mask) for board, mask in zip(boards, everything)], names)
    print("join from   " + "  ".join(f"{t:.2f}" for t in THRESHOLDS))
    for board, mask in zip(boards, everything):
        print(f"{board['name']:20s} held out " + " ".join(f"{v:.3f}" for v in np.mean(held[board["name"]], 0)))
        print(f"{'':20s} seen     " + " ".join(f"{v:.3f}" for v in score(board, weights, mask, THRESHOLDS, options.attach)))
    print(dict(zip(names, np.round(weights[0], 2))), round(weights[1], 2))
    if options.write:
        write(options.write, weights, options)


def write(path, weights, options):
    text = path.read_text()
    start = text.index("const WEIGHTS"); end = text.index("/// That a pair")
    listed = ", ".join(f"{value:.3f}" for value in weights[0])
    path.write_text(text[:start] + f"""const WEIGHTS: [f64; STORY_FEATURES.len()] =
    [{listed}];
const BIAS: f64 = {weights[1]:.3f};
/// Mean likeness from which articles are one story.
pub(super) const JOIN_MIN: f32 = {options.join};
/// Mean likeness of the strongest links from which an article or two belong to a story.
pub(super) const ATTACH_MIN: f32 = {options.attach};

""" + text[end:])


if __name__ == "__main__":
    main()
