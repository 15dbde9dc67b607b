#!/usr/bin/env python3
"""Trains the extractor's scores and trees, and reports word F1 by cross-validation.

    python train/extract.py --pages LIST --sites SITES.json --work WORK --out crates/ingest/model/extract.bin

LIST      lines of name, page, text of its article, and weight (default 1), tab between; pages of one weight are
          measured together
SITES     {name: host}; pages of one host stay in one fold, pages without a host are trained on and not measured
WORK      any folder

Three steps. (1) A score for every class name and for the words of short texts: the log odds of the text below it
being article. A page never sees scores that were made with its own fold. (2) Gradient-boosted trees over the rows
that `cargo xtask pages` writes. (3) Export: see crates/ingest/src/extract/weights.rs and forest.rs for the form.
"""
import argparse, collections, json, math, os, re, struct, subprocess, zlib
import numpy as np
import lightgbm as lgb

WORD = re.compile(r"\w+")
GOLD = 0.6            # a block is of the article when this share of its words is aligned with the article's text
NAME_MEAN, WORD_MEAN = 0.4, 0.3
PRIOR = 4.0           # pages that every score is shrunk by
SCORE_MIN = 0.25      # scores nearer to zero say nothing and are left out
SCORED_MIN = 0.5      # pages of less weight give no scores: words of invented pages are not those of real ones
SCORE_PARTS = 32      # as in weights.rs
LEAF = 255            # as in forest.rs
PARAMS = dict(objective="binary", max_depth=7, num_leaves=40, learning_rate=0.08, min_data_in_leaf=60,
              feature_fraction=0.4, bagging_fraction=0.7, bagging_freq=1, lambda_l2=5.0, max_bin=63,
              force_col_wise=True, num_threads=1, verbose=-1, seed=1, deterministic=True)


def study(tool, lines, weights, prefix):
    """What `cargo xtask pages` says of the pages: rows, names of columns, pages."""
    with open(prefix + ".list", "w") as out:
        out.writelines("\t".join(line[:3]) + "\n" for line in lines)
    subprocess.run([tool, "pages", prefix + ".list", weights, prefix], check=True)
    columns = open(prefix + ".columns").read().split("\n")
    rows = np.fromfile(prefix + ".f32", dtype=np.float32).reshape(-1, len(columns))
    return rows, columns, [json.loads(line) for line in open(prefix + ".jsonl")]


def scores(pages, least=3):
    """Hash -> log odds against the mean, of class names and of words of short texts."""
    names = collections.defaultdict(lambda: [0.0, 0.0])
    words = collections.defaultdict(lambda: [0.0, 0.0])
    for page in pages:
        if page["weight"] < SCORED_MIN:
            continue
        tree = page["tree"]
        yes, total = np.zeros(len(tree)), np.zeros(len(tree))
        word_yes, word_all = collections.Counter(), collections.Counter()
        for element, count, share, tokens in zip(page["element"], page["words"], page["share"], page["tokens"]):
            gold = float(share >= GOLD)
            yes[element] += count * gold
            total[element] += count
            for token in set(tokens):
                word_yes[token] += gold
                word_all[token] += 1
        for i in range(len(tree) - 1, 0, -1):  # parents come before their children
            yes[tree[i][0]] += yes[i]
            total[tree[i][0]] += total[i]
        name_yes, name_all = collections.Counter(), collections.Counter()
        for i in range(1, len(tree)):
            if total[i] > 0:
                for name in set(tree[i][1]):
                    name_yes[name] += yes[i]
                    name_all[name] += total[i]
        for table, good, every in ((names, name_yes, name_all), (words, word_yes, word_all)):
            for key, n in every.items():  # a page counts once, however often it has the name
                table[key][0] += page["weight"]
                table[key][1] += page["weight"] * good[key] / n
    found = {}
    for table, mean, minimum in ((names, NAME_MEAN, least), (words, WORD_MEAN, least + 2)):
        for key, (n, share) in table.items():
            if n >= minimum:
                rate = (share + PRIOR * mean) / (n + PRIOR)
                score = math.log(rate / (1 - rate)) - math.log(mean / (1 - mean))
                if abs(score) > SCORE_MIN:
                    found[key] = max(-127, min(127, round(score * SCORE_PARTS)))
    return found


def write_model(path, found, model=None, width=0):
    keys = sorted(found)
    out = [b"RXT1", struct.pack("<I", len(keys)), np.array(keys, "<u4").tobytes(),
           np.array([found[key] for key in keys], "i1").tobytes()]
    trees = model.dump_model()["tree_info"] if model else []
    out.append(struct.pack("<HH", width, len(trees)))
    for tree in trees:
        nodes = []

        def walk(node, depth):
            here = len(nodes)
            if "split_feature" not in node:
                nodes.append((LEAF, 0, node["leaf_value"]))
                return depth
            nodes.append(None)
            left = walk(node["left_child"], depth + 1)
            start = len(nodes)
            right = walk(node["right_child"], depth + 1)
            nodes[here] = (node["split_feature"], start, float(np.float32(node["threshold"])))
            return max(left, right)

        depth = walk(tree["tree_structure"], 0)
        out.append(struct.pack("<BB", depth, len(nodes)) + b"".join(struct.pack("<BBf", *n) for n in nodes))
    with open(path, "wb") as file:
        file.write(b"".join(out))


def row_weights(pages):
    """Words count less than linearly, long pages less than short ones, doubtful alignments least."""
    return np.array([page["weight"] * (words + 2.0) ** 0.6 / (page["gold_words"] + 300) ** 0.5
                     * (0.2 + 0.8 * min(1, abs(share - 0.5) * 2))
                     for page in pages for words, share in zip(page["words"], page["share"])], dtype=np.float32)


def threshold(p, words):
    """As in choose.rs."""
    order = np.argsort(-p, kind="stable")
    kept, right = np.cumsum(words[order]), np.cumsum((p * words)[order])
    return min(0.5, (2 * right / np.maximum(1, kept + right[-1])).max() / 2 * 1.05)


def word_f1(page, kept):
    found = collections.Counter(word for i in kept for word in WORD.findall(page["texts"][i].lower()))
    n, m = sum(found.values()), page["gold_words"]
    if not n or not m:
        return (float(n == m),) * 3
    same = sum((found & page["gold"]).values())
    p, r = same / n, same / m
    return p, r, 2 * p * r / (p + r) if same else 0.0


def load(a):
    lines = [line.rstrip("\n").split("\t") for line in open(a.pages)]
    sites = json.load(open(a.sites))
    empty = os.path.join(a.work, "empty.bin")
    write_model(empty, {})
    _, columns, pages = study(a.tool, lines, empty, os.path.join(a.work, "all"))
    for page, line in zip(pages, lines):
        page["weight"] = float(line[3]) if len(line) > 3 else 1.0
        page["words"] = [len(WORD.findall(text)) for text in page["texts"]]
        page["gold"] = collections.Counter(WORD.findall(open(line[2]).read().lower()))
        page["gold_words"] = sum(page["gold"].values())
        host = sites.get(page["id"])
        page["fold"] = zlib.crc32(host.encode()) % a.folds if host else -1
        page["line"] = line
    return columns, pages


def main():
    ask = argparse.ArgumentParser()
    for name in ("pages", "sites", "work", "out"):
        ask.add_argument("--" + name, required=True)
    ask.add_argument("--tool", default="target/debug/xtask")
    ask.add_argument("--rounds", type=int, default=160)
    ask.add_argument("--folds", type=int, default=5)
    a = ask.parse_args()
    os.makedirs(a.work, exist_ok=True)
    at = lambda name: os.path.join(a.work, name)
    columns, pages = load(a)
    sizes = [len(page["texts"]) for page in pages]
    starts = np.cumsum([0] + sizes)
    fold = np.repeat([page["fold"] for page in pages], sizes)
    y = (np.concatenate([page["share"] for page in pages]) >= GOLD).astype(np.float32)
    w = row_weights(pages)

    rows = np.zeros((len(y), len(columns)), np.float32)
    # Pages outside the folds get scores that were made without some of them, too: by their own rotation.
    turn = [page["fold"] if page["fold"] >= 0 else zlib.crc32(page["id"].encode()) % a.folds for page in pages]
    for k in range(a.folds):
        write_model(at(f"scores{k}.bin"), scores([p for p, t in zip(pages, turn) if t != k]))
        mine = [i for i, t in enumerate(turn) if t == k]
        found, _, _ = study(a.tool, [pages[i]["line"] for i in mine], at(f"scores{k}.bin"), at(f"fold{k}"))
        start = 0
        for i in mine:
            rows[starts[i]:starts[i + 1]] = found[start:start + sizes[i]]
            start += sizes[i]
    np.savez(at("rows.npz"), rows=rows, y=y, w=w, fold=fold, starts=starts)

    def fit(mask):
        data = lgb.Dataset(rows[mask], y[mask], weight=w[mask], feature_name=columns)
        return lgb.train(PARAMS, data, a.rounds)

    result, p = collections.defaultdict(list), np.zeros(len(y), np.float32)
    for k in range(a.folds):
        model = fit(fold != k)
        write_model(at(f"model{k}.bin"), scores([q for q in pages if q["fold"] != k]), model, len(columns))
        p[fold == k] = model.predict(rows[fold == k])
    np.save(at("p.npy"), p)
    for i, page in enumerate(pages):
        if page["fold"] >= 0:
            q = p[starts[i]:starts[i + 1]]
            kept = np.nonzero(q >= threshold(q, np.array(page["words"], float)))[0] if len(q) else []
            result[page["weight"]].append(word_f1(page, kept))
    json.dump({page["id"]: page["fold"] for page in pages}, open(at("folds.json"), "w"))
    for weight, found in sorted(result.items()):
        print(f"weight {weight}: cross-validated P, R, F1 of {len(found)} pages:", np.round(np.mean(found, axis=0), 4))

    model = fit(np.ones(len(y), bool))
    found = scores(pages)
    write_model(a.out, found, model, len(columns))
    print(f"{len(found)} scores, {os.path.getsize(a.out)} bytes")
    gain = model.feature_importance("gain")
    for i in np.argsort(-gain)[:40]:
        print(f"{100 * gain[i] / gain.sum():5.1f} {columns[i]}")


if __name__ == "__main__":
    main()
