"""Trains the attribution tagger (who says what, by which word) and its linker, and writes the weights that
`annotate` builds in.

    python train/attribution.py parse  --spacy MODEL --board FOLDER --texts FILES --work FOLDER
    python train/attribution.py encode --encoder FOLDER --work FOLDER
    python train/attribution.py train  --vectors VECTORS --work FOLDER [--context] [--soft] ...
    python train/attribution.py teach  --teachers NAMES --work FOLDER
    python train/attribution.py export --spacy MODEL --work FOLDER --out crates/annotate/model/attribution.bin

`parse` runs spaCy once over the board (PolNeAR in brat form: train/, dev/ and CofeNet's instances.jsonl) and over
unlabelled articles. `encode` adds what a sentence encoder says of each word, for teachers. `train` fits a network on
train/ alone and measures it on dev; a teacher reads the encoder (`--context`), the small one that we ship learns from
labels and teachers (`--soft`). `teach` writes down what teachers say of labelled and unlabelled words. `export`
rounds the weights to bytes, measures again and writes one file. train/README.md has the commands in order, the
figures and the reasons.
"""

import argparse
import collections
import json
import pathlib
import pickle
import random
import re
import struct
import time

import numpy as np

from attribution_encoder import encoded
from attribution_linker import ROLES, fit_linker, gold_labels, hashed, linked, spans_of, whole
from attribution_network import ARC_LIMIT, LABEL_COUNT, VECTOR_WIDTH, best_labels, make_marginals, make_network


# ---------------------------------------------------------------- the corpus

def read_brat(path):
    """Relations of one annotation file: role -> list of character ranges."""
    ranges, relations = {}, []
    for line in path.read_text(encoding="utf8").splitlines():
        fields = line.split("\t")
        if len(fields) < 2:
            continue
        if line.startswith("T"):
            places = fields[1].split(" ", 1)[1]
            ranges[fields[0]] = [tuple(int(x) for x in place.split()) for place in places.split(";")]
        elif line.startswith("E"):
            relation = collections.defaultdict(list)
            for part in fields[1].split():
                role, reference = part.split(":")
                role = role.rstrip("0123456789").lower()
                if role in ROLES:
                    relation[role].extend(ranges.get(reference, ()))
            relations.append(dict(relation))
    return relations


OPENING, CLOSING, EITHER, SINGLE = ("“", "``", "„", "«"), ("”", "»"), ('"', "''"), ("'", "‘", "’")


def quote_states(words):
    """0 outside, 1 opening mark, 2 inside, 3 closing mark, 4 and 5 a single mark outside and inside."""
    inside, states = False, []
    for word in words:
        if word in OPENING:
            inside = True
            states.append(1)
        elif word in CLOSING:
            states.append(3 if inside else 1)
            inside = False
        elif word in EITHER:
            inside = not inside
            states.append(1 if inside else 3)
        elif word in SINGLE:
            states.append(5 if inside else 4)
        else:
            states.append(2 if inside else 0)
    return states


ONE_SPELLING = {"“": '"', "”": '"', "''": '"', "``": '"', "‘": "'", "’": "'", "—": "--", "–": "-", "…": "..."}


def plain(lemma):
    """The lemma as the tables know it: lower case, one spelling of marks, every digit a zero."""
    lemma = lemma.lower()
    return re.sub(r"\d", "0", ONE_SPELLING.get(lemma, lemma.replace("’", "'")))


def pack(doc, offset):
    """One paragraph as arrays; tokens of white space are left out."""
    kept = [token for token in doc if not token.is_space]
    place = {token.i: k for k, token in enumerate(kept)}
    words = [token.text for token in kept]
    return {
        "lemma": [plain(token.lemma_) for token in kept],
        "tag": [token.tag_ for token in kept],
        "label": [token.dep_ for token in kept],
        "entity": [token.ent_type_ for token in kept],
        "entity_start": np.array([token.ent_iob_ == "B" for token in kept], np.int32),
        "sentence_start": np.array([bool(token.is_sent_start) for token in kept], np.int32),
        "start": np.array([token.idx + offset for token in kept], np.int32),
        "end": np.array([token.idx + len(token) + offset for token in kept], np.int32),
        "head": np.array([place.get(token.head.i, k) for k, token in enumerate(kept)], np.int32),
        "quote": np.array(quote_states(words), np.int32),
        "vector": doc.tensor[[token.i for token in kept]].astype(np.float16),
    }


def read_articles(nlp, folder):
    annotations = collections.defaultdict(list)
    for path in sorted((folder / "attributions").glob("*.ann")):
        annotations[path.stem.rsplit("_", 1)[0]].append(read_brat(path))
    articles = []
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_text(encoding="utf8")
        lines = [match.span() for match in re.finditer(r"[^\n\r]*\S[^\n\r]*", text)]
        analysed = nlp.pipe([text[a:b] for a, b in lines])
        paragraphs = [pack(doc, a) for doc, (a, _) in zip(analysed, lines)]
        paragraphs = [paragraph for paragraph in paragraphs if paragraph["lemma"]]
        if paragraphs and annotations[path.stem]:
            articles.append({"name": path.stem, "text": text, "paragraphs": paragraphs,
                             "annotations": annotations[path.stem]})
    return articles


BRACKETS = {"``": "“", "''": "”", "`": "‘", "-LRB-": "(", "-RRB-": ")"}
TIGHT_BEFORE = set(", . ; : ? ! % ) ” ’ 's 're 've 'll 'd 'm n't ... ’s '".split())
TIGHT_AFTER = set("“ ( $ ‘ #".split())


def printed(tokens):
    """Tokens of a treebank as a newspaper would print them, with each one's character range."""
    text, ranges, tight = "", [], True
    for token in tokens:
        word = BRACKETS.get(token, token)
        text += "" if tight or word in TIGHT_BEFORE else " "
        ranges.append((len(text), len(text) + len(word)))
        text += word
        tight = word in TIGHT_AFTER
    return text, ranges


def read_instances(nlp, path):
    """CofeNet's instances, printed as a newspaper would."""
    rows = []
    for line in path.read_text(encoding="utf8").splitlines():
        row = json.loads(line)
        text, ranges = printed(row["tokens"])
        rows.append({"labels": row["labels"], "text": text, "ranges": ranges})
    for row, doc in zip(rows, nlp.pipe([row["text"] for row in rows])):
        row["paragraphs"] = [pack(doc, 0)]
    return rows


def read_unlabelled(nlp, paths):
    """Articles that nobody has labelled; a treebank's tokens are put together again."""
    articles = []
    for row in (json.loads(line) for path in paths for line in path.read_text(encoding="utf8").splitlines()):
        lines = [line for line in row["text"].splitlines() if line.strip()]
        if any("``" in line for line in lines):
            lines = [printed(line.split())[0] for line in lines]
        offsets = np.cumsum([0] + [len(line) + 1 for line in lines]).tolist()
        paragraphs = [pack(doc, at) for doc, at in zip(nlp.pipe(lines), offsets)]
        articles.append({"text": "\n".join(lines), "paragraphs": [p for p in paragraphs if p["lemma"]]})
    return articles


def parse(options):
    import spacy
    nlp = spacy.load(options.spacy)
    options.work.mkdir(parents=True, exist_ok=True)
    index = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_index")  # verbs may be cues unseen in training
    (options.work / "verbs.txt").write_text("".join(f"{verb}\n" for verb in sorted(set(index["verb"])) if verb.isalpha()))
    for name, read in (("dev", lambda: read_articles(nlp, options.board / "dev")),
                       ("more", lambda: read_unlabelled(nlp, options.texts)),
                       ("instances", lambda: read_instances(nlp, options.board / "instances.jsonl")),
                       ("train", lambda: read_articles(nlp, options.board / "train"))):
        with open(options.work / f"{name}.pickle", "wb") as file:
            pickle.dump(read(), file)


def encode(options):
    for name in ("train", "dev", "instances", "more"):
        articles, = load(options, (name,))
        np.save(options.work / f"context.{name}.npy", encoded(options.encoder, articles))


# ---------------------------------------------------------------- vocabulary and units

SEEN_ENOUGH = 4


def read_vectors(folder, wanted):
    """Word vectors of spaCy's `md` model for the wanted words, brought down to a few dimensions."""
    from spacy.strings import get_string_id
    from spacy.vectors import Vectors
    table = Vectors()
    table.from_disk(folder)
    rows = {}
    for word in wanted:
        row = next((table.key2row[key] for key in map(get_string_id, (word, word.capitalize(), word.upper()))
                    if key in table.key2row), None)
        if row is not None:
            rows[word] = table.data[row]
    data = np.stack([rows[word] for word in wanted if word in rows]).astype(np.float64)
    data /= np.linalg.norm(data, axis=1, keepdims=True) + 1e-6
    mean = data.mean(0)
    _, axes = np.linalg.eigh(np.cov((data - mean).T))
    axes = axes[:, ::-1][:, :VECTOR_WIDTH]
    axes *= np.sign(axes[np.abs(axes).argmax(0), np.arange(VECTOR_WIDTH)])
    low = (data - mean) @ axes
    low *= 0.5 / low.std()
    return dict(zip([word for word in wanted if word in rows], low.astype(np.float32)))


def make_vocabulary(articles, options):
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    counts = {key: collections.Counter(x for p in paragraphs for x in p[key]) for key in ("lemma", "tag", "label", "entity")}
    ordered = {key: sorted(count, key=lambda x: (-count[x], x)) for key, count in counts.items()}
    known = [lemma for lemma in ordered["lemma"] if counts["lemma"][lemma] >= SEEN_ENOUGH]
    verbs = [line.strip() for line in open(options.work / "verbs.txt", encoding="utf8")]
    rare = [lemma for lemma in ordered["lemma"] if counts["lemma"][lemma] < SEEN_ENOUGH and lemma.isalpha()]
    vectors = read_vectors(options.vectors, sorted(set(known + verbs + rare)))
    more = sorted(word for word in set(verbs + rare) - set(known) if word in vectors)
    lemmas = known + more
    table = np.zeros((len(lemmas) + 2, VECTOR_WIDTH), np.float32)
    for k, lemma in enumerate(lemmas):
        if lemma in vectors:
            table[k + 2] = vectors[lemma]
    sample = np.concatenate([paragraph["vector"] for paragraph in paragraphs[::7]]).astype(np.float32)
    return {"lemma": {x: k + 2 for k, x in enumerate(lemmas)}, "known": len(known) + 2, "vectors": table,
            **{key: {x: k + 1 for k, x in enumerate(ordered[key])} for key in ("tag", "label", "entity")},
            "mean": sample.mean(0), "scale": 0.5 / (sample.std(0) + 1e-3)}


def number(paragraphs, vocabulary):
    """Adds what the network reads to each paragraph."""
    labels = len(vocabulary["label"]) + 1
    for p in paragraphs:
        count, head = len(p["lemma"]), p["head"]
        p["word"] = np.array([vocabulary["lemma"].get(x, 1) for x in p["lemma"]], np.int32)
        p["tag_id"] = np.array([vocabulary["tag"].get(x, 0) for x in p["tag"]], np.int32)
        p["label_id"] = np.array([vocabulary["label"].get(x, 0) for x in p["label"]], np.int32)
        p["entity_id"] = np.array([2 * vocabulary["entity"].get(x, 0) for x in p["entity"]], np.int32) + p["entity_start"]
        p["arc"] = np.clip(head - np.arange(count), -ARC_LIMIT, ARC_LIMIT) + ARC_LIMIT
        p["children"] = np.zeros((count, labels), np.int8)
        inner = head != np.arange(count)
        p["children"][head[inner], p["label_id"][inner]] = 1


def unit(paragraphs, labels=None):
    """One or more paragraphs as one sequence for the network."""
    offsets = np.cumsum([0] + [len(p["lemma"]) for p in paragraphs])
    join = lambda key: np.concatenate([p[key] for p in paragraphs])
    out = {key: join(key) for key in ("word", "tag_id", "label_id", "entity_id", "quote", "arc", "children", "vector")}
    out["head"] = np.concatenate([p["head"] + at for p, at in zip(paragraphs, offsets)])
    first = np.zeros(offsets[-1], np.int32)
    first[offsets[:-1]] = 1
    out["flag"] = 2 * join("sentence_start") + first
    if "context" in paragraphs[0]:
        out["context"] = join("context")
    if "soft" in paragraphs[0]:
        out["soft"], out["pairs"] = join("soft"), join("pairs")
        for at in offsets[1:-1]:  # teachers see each paragraph alone
            out["pairs"][at] = np.outer(out["soft"][at - 1], out["soft"][at]).ravel()
    if labels is not None:
        out["gold"] = labels
    return out


LONGEST = 384
LENGTHS = (24, 40, 64, 96, 144, 224, LONGEST)
TOKENS_A_BATCH = 3072


def training_units(articles, alone, chance):
    """Some articles paragraph by paragraph, the others in runs; never cut where an attribution crosses."""
    units = []
    for article in articles:
        paragraphs = article["paragraphs"]
        offsets = np.cumsum([0] + [len(p["lemma"]) for p in paragraphs])
        starts = [p["start"][0] for p in paragraphs]
        for relations, labels in zip(article["annotations"], article["labels"]):
            tied = np.zeros(len(paragraphs), bool)
            for relation in relations:
                places = [place for ranges in relation.values() for place in ranges]
                if places:
                    low, high = min(a for a, _ in places), max(b for _, b in places) - 1
                    i, j = (max(0, np.searchsorted(starts, at, side="right") - 1) for at in (low, high))
                    if j - i < 8:
                        tied[i:j] = True
            limit = 0 if chance.random() < alone else chance.choice((128, 256, LONGEST))
            i = 0
            while i < len(paragraphs):
                j = i + 1
                while j < len(paragraphs) and offsets[j + 1] - offsets[i] <= LONGEST and (
                        tied[j - 1] or offsets[j + 1] - offsets[i] <= limit):
                    j += 1
                one = unit(paragraphs[i:j], labels[offsets[i]:offsets[j]])
                if "soft" in one:
                    one["share"] = article["share"]
                if len(one["gold"]) > LONGEST:
                    one = {key: value if key == "share" else value[:LONGEST] for key, value in one.items()}
                    one["head"] = np.minimum(one["head"], LONGEST - 1)
                units.append(one)
                i = j
    return units


def plan_batches(units, chance=None):
    """(length, room, indices) of each batch; in random order when there is a chance."""
    order = list(range(len(units)))
    if chance:
        chance.shuffle(order)
    by_length = collections.defaultdict(list)
    for k in order:
        size = len(units[k]["word"])
        by_length[next((x for x in LENGTHS if x >= size), -(-size // 256) * 256)].append(k)
    plan = []
    for length, members in sorted(by_length.items()):
        room = max(4, min(96, TOKENS_A_BATCH // length)) if length <= LONGEST else 1
        plan += [(length, room, members[k:k + room]) for k in range(0, len(members), room)]
    if chance:
        chance.shuffle(plan)
    return plan


def fill(units, length, room, vocabulary):
    batch = {key: np.zeros((room, length), np.int32)
             for key in ("word", "tag_id", "label_id", "entity_id", "quote", "arc", "flag", "head", "gold")}
    batch["vector"] = np.zeros((room, length, len(vocabulary["mean"])), np.float32)
    batch["children"] = np.zeros((room, length, len(vocabulary["label"]) + 1), np.float32)
    for key, width in (("context", len(vocabulary.get("context_mean", ()))), ("soft", LABEL_COUNT), ("pairs", LABEL_COUNT**2)):
        if width and key in units[0]:
            batch[key] = np.zeros((room, length, width), np.float32)
    if "soft" in batch:
        batch["share"] = np.zeros(room, np.float32)
    batch["length"], batch["weight"] = np.ones(room, np.int32), np.zeros(room, np.float32)
    for row, one in enumerate(units):
        size = batch["length"][row] = len(one["word"])
        batch["weight"][row] = 1
        for key in batch.keys() & one.keys():
            value = one[key]
            if key == "share":
                batch[key][row] = value
                continue
            if key == "vector":
                value = (value.astype(np.float32) - vocabulary["mean"]) * vocabulary["scale"]
            if key == "context":
                value = (value.astype(np.float32) - vocabulary["context_mean"]) * vocabulary["context_scale"]
            batch[key][row, :size] = value
    return batch


# ---------------------------------------------------------------- measuring

TRIM = " \t\n\r\"'“”‘’`.,;:!?-–—()[]"


def rates(hits, found, gold):
    precision, recall = hits / max(1, found), hits / max(1, gold)
    return [round(x, 3) for x in (precision, recall, 2 * precision * recall / max(1e-9, precision + recall))]


def measure_instances(rows, predicted):
    names = ["O"] + [begin + role for role in ROLES for begin in ("B-", "I-")]
    count = collections.Counter()
    for row, labels in zip(rows, predicted):
        paragraph = row["paragraphs"][0]
        gold, found = set(spans_of([names.index(x) for x in row["labels"]])), set()
        for role, first, last in spans_of(labels):
            inside = [k for k, (a, b) in enumerate(row["ranges"])
                      if a < paragraph["end"][last - 1] and b > paragraph["start"][first]]
            if inside:
                found.add((role, inside[0], inside[-1] + 1))
        for role in ROLES:
            mine, theirs = {x for x in found if x[0] == role}, {x for x in gold if x[0] == role}
            count.update({(role, 0): len(mine & theirs), (role, 1): len(mine), (role, 2): len(theirs)})
    return {role: rates(*(count[role, k] for k in range(3))) for role in ROLES}


def measure_articles(articles, found):
    hull = lambda ranges: (min(a for a, _ in ranges), max(b for _, b in ranges))
    common = lambda a, b: max(0, min(a[1], b[1]) - max(a[0], b[0]))
    count = collections.Counter()

    def cut(text, a, b):
        words = text[a:b]
        left, right = len(words) - len(words.lstrip(TRIM)), len(words) - len(words.rstrip(TRIM))
        return (a, b) if left + right >= len(words) else (a + left, b - right)

    for article, mine in zip(articles, found):
        relations = article["annotations"][0]
        for role in ROLES:
            gold, ours = ({frozenset(cut(article["text"], a, b) for a, b in r[role]) for r in side if r.get(role)}
                          for side in (relations, mine))
            count.update({(role, 0): len(gold & ours), (role, 1): len(ours), (role, 2): len(gold)})
        used = set()
        for relation in relations:
            if not relation.get("content"):
                continue
            count["half", 2] += 1
            theirs = hull(relation["content"])
            for k, item in enumerate(mine):
                ours = hull(item["content"])
                if k not in used and common(theirs, ours) >= 0.5 * (max(theirs[1], ours[1]) - min(theirs[0], ours[0])):
                    used.add(k)
                    count["half", 0] += 1
                    if relation.get("source"):
                        source = hull(relation["source"])
                        count["with"] += 1
                        count["right"] += bool(item["source"]) and common(source, hull(item["source"])) > 0.5 * min(
                            source[1] - source[0], hull(item["source"])[1] - hull(item["source"])[0])
                    break
        count["half", 1] += len(mine)
    return {**{k: rates(*(count[k, n] for n in range(3))) for k in (*ROLES, "half")},
            "right source": round(count["right"] / max(1, count["with"]), 3)}


def predict(p, run, units, vocabulary):
    found = [None] * len(units)
    for length, room, members in plan_batches(units):
        scores = np.asarray(run(p, fill([units[k] for k in members], length, room, vocabulary)))
        for row, k in enumerate(members):
            found[k] = best_labels(p, scores[row, :len(units[k]["word"])])
    return found


def measure(p, run, sets, vocabulary, linker):
    dev, instances = sets
    labels = predict(p, run, [unit(row["paragraphs"]) for row in instances], vocabulary)
    print("  instances", measure_instances(instances, labels), flush=True)
    paragraphs = iter(predict(p, run, [unit([q]) for article in dev for q in article["paragraphs"]], vocabulary))
    found = []
    for article in dev:
        labels = np.concatenate([next(paragraphs) for _ in article["paragraphs"]])
        found.append(linked(whole(article), spans_of(labels), linker))
    print("  articles", measure_articles(dev, found), flush=True)


# ---------------------------------------------------------------- training

def load(options, names):
    sets = []
    for name in names:
        with open(options.work / f"{name}.pickle", "rb") as file:
            sets.append(pickle.load(file))
    return sets


def attach(options, name, articles, kinds):
    """Adds rows that were computed before, what an encoder or teachers say, to the paragraphs they belong to."""
    for kind in kinds:
        rows, at = np.load(options.work / f"{kind}.{name}.npy", mmap_mode="r"), 0
        for p in (p for article in articles for p in article["paragraphs"]):
            p[kind] = rows[at:at + len(p["lemma"])]
            at += len(p["lemma"])


def train(options):
    import jax
    import optax
    articles, dev, instances = load(options, ("train", "dev", "instances"))
    vocabulary = make_vocabulary(articles, options)
    for article in articles:
        start, end = (np.concatenate([p[key] for p in article["paragraphs"]]) for key in ("start", "end"))
        article["labels"] = [gold_labels(start, end, relations) for relations in article["annotations"]]
        article["share"] = options.gold
    linker = fit_linker(articles)
    kinds = ["context"] * options.context + ["soft", "pairs"] * options.soft
    attach(options, "train", articles, kinds)
    if options.context:
        for name, items in (("dev", dev), ("instances", instances)):
            attach(options, name, items, ["context"])
        sample = np.concatenate([p["context"] for item in articles[::5] for p in item["paragraphs"]]).astype(np.float32)
        vocabulary |= {"context_mean": sample.mean(0), "context_scale": 0.5 / (sample.std(0) + 1e-3)}
    articles = articles[:options.limit]
    if options.soft and options.unlabelled:
        more, = load(options, ("more",))
        attach(options, "more", more, ["soft", "pairs"])
        for article in more:
            count = sum(len(p["lemma"]) for p in article["paragraphs"])
            article |= {"annotations": [[]], "labels": [np.zeros(count, np.int32)], "share": 0.0}
        articles = articles + more
    number([p for item in articles + dev + instances for p in item["paragraphs"]], vocabulary)
    print({role: len(weights) for role, weights in linker.items()}, len(vocabulary["lemma"]), vocabulary["known"], flush=True)
    start, loss, emissions = make_network(vocabulary, options)
    run, chance = jax.jit(emissions), random.Random(options.seed)
    p = averaged = start()
    if options.start:
        with open(options.work / options.start, "rb") as file:
            p = averaged = jax.tree.map(jax.numpy.array, pickle.load(file)["weights"])
    steps = len(plan_batches(training_units(articles, options.alone, random.Random(0)))) * options.epochs
    rate = optax.warmup_cosine_decay_schedule(1e-4, options.rate, min(200, steps // 4), steps, options.rate * 0.02)
    optimiser = optax.chain(optax.clip_by_global_norm(5.0), optax.adamw(rate, weight_decay=1e-4))
    state, key = optimiser.init(p), jax.random.PRNGKey(options.seed)

    @jax.jit
    def step(p, state, averaged, batch, key):
        value, grad = jax.value_and_grad(loss)(p, batch, key)
        update, state = optimiser.update(grad, state, p)
        p = optax.apply_updates(p, update)
        return p, state, jax.tree.map(lambda a, b: 0.998 * a + 0.002 * b, averaged, p), value

    for epoch in range(min(options.epochs, options.stop)):
        began, clock, values = time.time(), time.process_time(), []
        units = training_units(articles, options.alone, chance)
        for length, room, members in plan_batches(units, chance):
            key, one = jax.random.split(key)
            batch = fill([units[k] for k in members], length, room, vocabulary)
            p, state, averaged, value = step(p, state, averaged, batch, one)
            values.append(value)
        print(f"epoch {epoch} loss {np.mean([float(v) for v in values]):.3f} wall {time.time() - began:.0f} s, "
              f"processor {time.process_time() - clock:.0f} s", flush=True)
        with open(options.work / options.model, "wb") as file:
            pickle.dump({"weights": {k: np.asarray(v) for k, v in averaged.items()}, "linker": linker,
                         "vocabulary": vocabulary}, file)
        if epoch % 3 == 2 or epoch + 1 == min(options.epochs, options.stop):
            measure(averaged, run, (dev, instances), vocabulary, linker)


def teach(options):
    """What the teachers together say of all words, labelled or not: the chances of a field with their mean scores."""
    import jax
    models = []
    for name in options.teachers.split(","):
        with open(options.work / name, "rb") as file:
            models.append(pickle.load(file))
    mean = lambda key: np.mean([model["weights"][key] for model in models], 0)
    field, marginals = [mean(key) for key in ("steps", "first", "last")], make_marginals()
    runs = [(model["weights"], model["vocabulary"], jax.jit(make_network(model["vocabulary"], options)[2])) for model in models]
    for name in ("train", "more"):
        articles, = load(options, (name,))
        if any("context_mean" in model["vocabulary"] for model in models):
            attach(options, name, articles, ["context"])
        paragraphs = [p for article in articles for p in article["paragraphs"]]
        number(paragraphs, models[0]["vocabulary"])  # it is the same for all of them
        units, soft, pairs = [unit([p]) for p in paragraphs], [None] * len(paragraphs), [None] * len(paragraphs)
        for length, room, members in plan_batches(units):
            scores = 0
            for weights, vocabulary, run in runs:
                batch = fill([units[k] for k in members], length, room, vocabulary)
                scores = scores + run(weights, batch) / len(runs)
            one, two = (np.asarray(x).astype(np.float16) for x in marginals(scores, batch["length"], *field))
            for row, k in enumerate(members):
                count = len(units[k]["word"])
                soft[k], pairs[k] = one[row, :count], two[row, :count].reshape(count, -1)
        np.save(options.work / f"soft.{name}.npy", np.concatenate(soft))
        np.save(options.work / f"pairs.{name}.npy", np.concatenate(pairs))


# ---------------------------------------------------------------- the file

def rounded(table):
    """One byte a number, with a scale for each row."""
    table = np.asarray(table, np.float32)
    scale = np.abs(table).max(1) / 127
    scale[scale == 0] = 1
    return scale, np.clip(np.rint(table / scale[:, None]), -127, 127).astype(np.int8)


def restored(table):
    scale, numbers = rounded(table)
    return numbers.astype(np.float32) * scale[:, None]


TABLES = ("lemma", "tag", "label", "entity", "quote", "flag", "arc")
FLOATS = ("dense_bias", "mix_bias", "out_bias", "steps", "first", "last")
LSTMS = [f"{layer}_{way}" for layer in ("one", "two") for way in ("on", "back")]
MATRICES = ["dense", "mix", "out"] + [f"{name}_{part}" for name in LSTMS for part in ("in", "hidden")]


def rounded_weights(weights, vocabulary):
    """The weights as the program will see them."""
    out = dict(weights)
    out.update({name: restored(weights[name]) for name in TABLES})
    out.update({name: restored(weights[name].T).T for name in MATRICES})
    return out, {**vocabulary, "vectors": restored(vocabulary["vectors"])}


def write_weights(path, model):
    weights, vocabulary, linker = model["weights"], model["vocabulary"], model["linker"]
    known = vocabulary["known"]
    words = sorted(vocabulary["lemma"], key=lambda x: vocabulary["lemma"][x])
    common, rare = words[:known - 2], words[known - 2:]
    order = [vocabulary["lemma"][word] for word in sorted(common, key=str.encode)]
    rest = [vocabulary["lemma"][word] for word in sorted(rare, key=str.encode)]
    parts = []

    def add(name, kind, rows, columns, data):
        parts.append(bytes([len(name)]) + name.encode() + kind + struct.pack("<II", rows, columns) + data)

    def add_text(name, lines):
        data = "\n".join(lines).encode()
        add(name, b"t", len(data), 1, data)

    def add_table(name, table):
        scale, numbers = rounded(table)
        add(name, b"b", *numbers.shape, scale.astype("<f4").tobytes() + numbers.tobytes())

    def add_floats(name, numbers):
        numbers = np.atleast_2d(np.asarray(numbers, "<f4"))
        add(name, b"f", *numbers.shape, numbers.tobytes())

    add_text("language", ["en"])
    add_text("known", sorted(common, key=str.encode))
    add_text("rare", sorted(rare, key=str.encode))
    for name, key in (("tags", "tag"), ("labels", "label"), ("entities", "entity")):
        add_text(name, sorted(vocabulary[key], key=lambda x: vocabulary[key][x]))
    add_table("lemma", weights["lemma"][[1] + order])
    add_table("vectors", vocabulary["vectors"][order + rest])
    for name in TABLES[1:]:
        add_table(name, weights[name])
    for name in MATRICES:
        add_table(name, weights[name].T)
    for name in FLOATS + tuple(f"{name}_bias" for name in LSTMS):
        add_floats(name, weights[name])
    add_floats("mean", vocabulary["mean"])
    add_floats("scale", vocabulary["scale"])
    for role, features in linker.items():
        pairs = sorted((hashed(feature), weight) for feature, weight in features.items() if feature)
        scale = max(abs(weight) for _, weight in pairs) / 32767
        hashes, numbers = (np.array(column) for column in zip(*pairs))
        add(role, b"h", len(pairs), 1, struct.pack("<ff", scale, features[""]) + hashes.astype("<u4").tobytes()
            + np.rint(numbers / scale).astype("<i2").tobytes())
    path.write_bytes(b"".join(parts))


SAMPLES = (
    "“We were promised a bridge by June,” said Oona Brandt, the mayor of Kelstrand. “It is now October.”",
    "According to the inquiry's interim report, the cranes had not been inspected since 14 March.",
    "The harbour master denied on Monday that he'd been warned, and declined to comment further.",
)


def write_samples(path, nlp, run, weights, vocabulary):
    """Scores of a few sentences, for the program's own test that it computes the same."""
    lines = []
    for sample in SAMPLES:
        doc = nlp(sample)
        paragraph = pack(doc, 0)
        number([paragraph], vocabulary)
        scores = np.asarray(run(weights, fill([unit([paragraph])], 64, 1, vocabulary)))[0]
        lines.append(f"# {sample}")
        for token, row in zip(doc, scores):
            lines.append("\t".join([token.text] + [f"{score:.3f}" for score in row]))
    path.write_text("\n".join(lines) + "\n", encoding="utf8")


def export(options):
    """Writes the file, and measures once more with the numbers as rounded there."""
    import spacy
    import jax
    with open(options.work / options.model, "rb") as file:
        model = pickle.load(file)
    write_weights(options.out, model)
    print(f"{options.out.stat().st_size} bytes")
    weights, vocabulary = rounded_weights(model["weights"], model["vocabulary"])
    dev, instances = load(options, ("dev", "instances"))
    number([p for item in dev + instances for p in item["paragraphs"]], vocabulary)
    _, _, emissions = make_network(vocabulary, options)
    run = jax.jit(emissions)
    write_samples(options.out.with_suffix(".samples.tsv"), spacy.load(options.spacy), run, weights, vocabulary)
    measure(weights, run, (dev, instances), vocabulary, model["linker"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("parse", "encode", "train", "teach", "export"))
    for name in ("board", "work", "vectors", "encoder", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path)
    parser.add_argument("--texts", type=pathlib.Path, nargs="*", default=[])
    parser.add_argument("--spacy")
    parser.add_argument("--model", default="model.pickle")
    parser.add_argument("--start", help="a model to go on from")
    parser.add_argument("--teachers", help="names of models, with commas")
    for name in ("context", "soft", "unlabelled"):
        parser.add_argument(f"--{name}", action="store_true")
    for name, value in {"epochs": 12, "stop": 10**6, "seed": 0, "limit": 10**6, "width": 96}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    for name, value in {"rate": 3e-3, "drop": 0.35, "alone": 0.6, "gold": 0.5}.items():
        parser.add_argument(f"--{name}", type=float, default=value)
    options = parser.parse_args()
    {"parse": parse, "encode": encode, "train": train, "teach": teach, "export": export}[options.task](options)


if __name__ == "__main__":
    main()
