"""Fits what `cargo xtask model` needs beside the encoder: a linear map and a weight for each piece.

    python fit.py WHEEL sentences.json vectors.npz fit.bin

A sentence's static vector is the sum over its pieces of `weight · (features · map - shift)`. Map, shift and weights
are found by gradient descent, so that the likeness of any two sentences of a batch comes close to the encoder's.
Only these numbers are kept: half a million for the map, one byte for each piece. See README.md.
"""

import json
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax

from encoder import Encoder

WIDTH = 256
LENGTH = 64  # pieces of a sentence that are looked at
EPOCHS, BATCH, RATE = 5, 512, 3e-3
RUN = 4  # neighbouring sentences that stay together in a batch, so that it has pairs of one matter
RARE = 5e-4  # share at which a piece's first weight is a half
SEED = 0


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def pieces_of(encoder, texts):
    rows = np.zeros((len(texts), LENGTH), np.int32)
    for row, encoding in zip(rows, encoder.tokenizer.encode_batch(list(texts), add_special_tokens=False)):
        ids = encoding.ids[:LENGTH]
        row[: len(ids)] = ids
    return rows


def first_guess(features, weight, pieces, target):
    """Ridge regression of the encoder's vectors, in their main directions, on the weighted means of features."""
    means = np.zeros((len(pieces), features.shape[1]), np.float32)
    for start in range(0, len(pieces), 1000):
        part = pieces[start : start + 1000]
        share = np.where(part > 0, weight[part], 0)
        means[start : start + 1000] = np.einsum("sl,slf->sf", share, features[part]) / np.maximum(share.sum(1), 1e-6)[:, None]
    target = target - target.mean(0)
    directions = np.linalg.svd(target.T @ target)[0][:, :WIDTH]
    gram = means.T @ means
    ridge = np.eye(len(gram), dtype=np.float32) * np.trace(gram) / len(gram) * 0.01
    found = np.linalg.solve(gram + ridge, means.T @ (target @ directions))
    return (found / np.linalg.norm(features @ found, axis=1).mean()).astype(np.float32)


def fit(features, pieces, target):
    count = np.bincount(pieces.ravel(), minlength=len(features)).astype(float)
    count[0] = 0
    share = (count + 0.3) / count.sum()
    mean = (share[:, None] * features).sum(0)
    scale = np.linalg.norm(features - mean, axis=1).mean()
    features = ((features - mean) / scale).astype(np.float32)
    weight = (RARE / (RARE + share)).astype(np.float32)
    fitted = {
        "log": jnp.log(weight),
        "map": jnp.asarray(first_guess(features, weight, pieces, target)),
        "shift": jnp.zeros(WIDTH),
        "slope": jnp.ones(()),
        "offset": jnp.zeros(()),
    }
    features_ = jnp.asarray(features)

    def loss(fitted, pieces, target):
        share = jnp.where(pieces > 0, jnp.exp(fitted["log"][pieces]), 0)
        mean = (share[..., None] * features_[pieces]).sum(1) @ fitted["map"] / jnp.maximum(share.sum(1, keepdims=True), 1e-6)
        vector = mean - fitted["shift"]
        vector = vector / (jnp.linalg.norm(vector, axis=1, keepdims=True) + 1e-6)
        apart = 1 - jnp.eye(len(pieces))
        error = fitted["slope"] * vector @ vector.T + fitted["offset"] - target @ target.T
        return 100 * (error**2 * apart).sum() / apart.sum()

    run_count = len(pieces) // RUN
    step_count = run_count * RUN // BATCH
    optimiser = optax.adam(optax.cosine_decay_schedule(RATE, step_count * EPOCHS))
    state = optimiser.init(fitted)

    @jax.jit
    def step(fitted, state, pieces, target):
        value, gradient = jax.value_and_grad(loss)(fitted, pieces, target)
        update, state = optimiser.update(gradient, state)
        return optax.apply_updates(fitted, update), state, value

    random = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        order = (random.permutation(run_count)[:, None] * RUN + np.arange(RUN)).ravel()
        total = 0.0
        for batch in order[: step_count * BATCH].reshape(step_count, BATCH):
            fitted, state, value = step(fitted, state, pieces[batch], target[batch])
            total += float(value)
        print(f"epoch {epoch}: {total / step_count:.4f}", flush=True)
    fitted = {name: np.asarray(value) for name, value in fitted.items()}
    # Features as they come, not brought to their mean: that goes into the shift.
    whole = fitted["map"] / scale
    return whole, -fitted["shift"] - mean @ whole, fitted["log"]


def write(path, whole, shift, log):
    # Turned at random, all dimensions vary alike, which four bits a number keep better.
    turn = np.linalg.qr(np.random.default_rng(SEED).standard_normal((WIDTH, WIDTH)))[0]
    whole, shift = (whole @ turn).T, shift @ turn
    map_scale = np.abs(whole).max() / 32767
    low, high = log.min(), log.max()
    log_scale = max(high - low, 1e-6) / 255
    with open(path, "wb") as file:
        file.write(np.uint32(WIDTH).tobytes() + np.float32(map_scale).tobytes())
        file.write(np.round(whole / map_scale).astype("<i2").tobytes())
        file.write(shift.astype("<f4").tobytes())
        file.write(np.array([log_scale, low], "<f4").tobytes())
        file.write(np.round((log - low) / log_scale).astype(np.uint8).tobytes())


def main(wheel, sentences, vectors, out):
    encoder = Encoder(wheel)
    vectors = np.load(vectors)
    with open(sentences, encoding="utf-8") as file:
        texts = json.load(file)["fit"]
    features = np.hstack([vectors["alone"], encoder.embeddings])
    write(out, *fit(features, pieces_of(encoder, texts), unit(vectors["fit"])))


main(*sys.argv[1:])
