"""What a sentence encoder says of every word: the teachers of attribution.py read it, the program never does."""

import json
import struct

import numpy as np

LAYERS = (2, 4, 6)
WIDTH, HEADS = 384, 12
PIECES_MAX = 500
PIECES_A_BATCH = 4096


def read_safetensors(path):
    """Tensors by name; all of them are of 32 bits."""
    data = path.read_bytes()
    size, = struct.unpack_from("<Q", data)
    found = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            found[name] = np.frombuffer(data[8 + size + start:8 + size + end], "<f4").reshape(entry["shape"])
    return found


def make_encoder(folder):
    """A function from pieces and their mask to the states behind some of the layers, side by side."""
    import jax
    import jax.numpy as jnp
    p = {name: jnp.array(value) for name, value in read_safetensors(folder / "model.safetensors").items()}

    def norm(x, name):
        mean = x.mean(-1, keepdims=True)
        return (x - mean) / jnp.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-12) * p[f"{name}.weight"] + p[f"{name}.bias"]

    def affine(x, name):
        return x @ p[f"{name}.weight"].T + p[f"{name}.bias"]

    @jax.jit
    def run(pieces, mask):
        x = p["embeddings.word_embeddings.weight"][pieces] + p["embeddings.token_type_embeddings.weight"][0]
        x = norm(x + p["embeddings.position_embeddings.weight"][None, :pieces.shape[1]], "embeddings.LayerNorm")
        split = lambda y: y.reshape(*y.shape[:2], HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)
        found = []
        for k in range(max(LAYERS)):
            layer = f"encoder.layer.{k}"
            query, key, value = (split(affine(x, f"{layer}.attention.self.{name}")) for name in ("query", "key", "value"))
            scores = query @ key.transpose(0, 1, 3, 2) / (WIDTH // HEADS) ** 0.5
            mixed = jax.nn.softmax(scores + (mask[:, None, None] - 1) * 1e9, -1) @ value
            mixed = mixed.transpose(0, 2, 1, 3).reshape(x.shape)
            x = norm(x + affine(mixed, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
            inner = jax.nn.gelu(affine(x, f"{layer}.intermediate.dense"), approximate=False)
            x = norm(x + affine(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
            if k + 1 in LAYERS:
                found.append(x)
        return jnp.concatenate(found, -1).astype(jnp.float16)

    return run


def sequences_of(tokenizer, words):
    """Pieces of one paragraph's words in runs that the encoder takes, with the word of each piece."""
    pieces, places = [], []
    coded = tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
    for piece, word in zip(coded.ids, coded.word_ids):
        if len(pieces) > PIECES_MAX and word != places[-1]:
            yield pieces, places
            pieces, places = [], []
        if len(pieces) < PIECES_MAX + 10:
            pieces.append(piece)
            places.append(word)
    if pieces:
        yield pieces, places


def encoded(folder, articles):
    """One row a token of all paragraphs in order: the mean of what the encoder says of its pieces."""
    from tokenizers import Tokenizer
    tokenizer, run = Tokenizer.from_file(str(folder / "tokenizer.json")), make_encoder(folder)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    begin, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    jobs, count = [], 0
    for article in articles:
        for p in article["paragraphs"]:
            words = [article["text"][a:b] for a, b in zip(p["start"], p["end"])]
            for pieces, places in sequences_of(tokenizer, words):
                jobs.append(([begin, *pieces, end], np.array(places) + count))
            count += len(words)
    jobs.sort(key=lambda job: len(job[0]))
    rows = np.zeros((count, len(LAYERS) * WIDTH), np.float16)
    while jobs:
        length = -(-len(jobs[-1][0]) // 16) * 16
        room = max(1, PIECES_A_BATCH // length)
        batch, jobs = jobs[-room:], jobs[:-room]
        pieces, mask = np.zeros((room, length), np.int32), np.zeros((room, length), np.float32)
        mask[:, 0] = 1
        for row, (ids, _) in enumerate(batch):
            pieces[row, :len(ids)], mask[row, :len(ids)] = ids, 1
        states = np.asarray(run(pieces, mask)).astype(np.float32)
        for row, (ids, places) in enumerate(batch):
            words, first, several = np.unique(places, return_index=True, return_counts=True)
            sums = np.add.reduceat(states[row, 1:len(ids) - 1], first, axis=0)
            rows[words] = sums / several[:, None]
    return rows
