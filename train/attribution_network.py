"""The network of attribution.py: from words, parse and marks to scores of labels, and the conditional random field."""

import numpy as np

from attribution_linker import ROLES

LABEL_COUNT = 1 + 2 * len(ROLES)
QUOTE_STATES = 6
ARC_LIMIT = 8

VECTOR_WIDTH = 48
SIZES = {"lemma": 40, "tag": 12, "label": 12, "entity": 8, "quote": 8, "flag": 4, "arc": 6}
LEMMA_DROP, INPUT_DROP = 0.1, 0.2


FORBIDDEN, NOT_FIRST = np.zeros((LABEL_COUNT, LABEL_COUNT), np.float32), np.zeros(LABEL_COUNT, np.float32)
for _inside in range(2, LABEL_COUNT, 2):
    NOT_FIRST[_inside] = -1e4
    FORBIDDEN[[k for k in range(LABEL_COUNT) if k not in (_inside, _inside - 1)], _inside] = -1e4


def make_lstm():
    """An LSTM over [time, batch, 4 * hidden] of gate inputs. Its gradient by hand: the weights' own is one large
    product after the loop instead of a small one in every step."""
    import jax
    import jax.numpy as jnp

    def run(gates, weight):
        hidden = weight.shape[0]
        zero = jnp.zeros((gates.shape[1], hidden))

        def step(carry, x):
            h, c = carry
            q = x + h @ weight
            s = jax.nn.sigmoid(q[:, :3 * hidden])
            i, f, o = s[:, :hidden], s[:, hidden:2 * hidden], s[:, 2 * hidden:]
            u = jnp.tanh(q[:, 3 * hidden:])
            fresh = f * c + i * u
            t = jnp.tanh(fresh)
            return (o * t, fresh), (o * t, c, jnp.concatenate([s, u], -1), t)

        return jax.lax.scan(step, (zero, zero), gates, unroll=2)[1]

    @jax.custom_vjp
    def lstm(gates, weight):
        return run(gates, weight)[0]

    def forward(gates, weight):
        h, c, s, t = run(gates, weight)
        return h, (h, c, s, t, weight)

    def backward(saved, grad):
        h, c, s, t, weight = saved
        hidden = weight.shape[0]
        zero = jnp.zeros(h.shape[1:])

        def step(carry, x):
            from_gates, from_cell = carry
            g, c, s, t = x
            i, f, o, u = (s[:, k * hidden:(k + 1) * hidden] for k in range(4))
            g = g + from_gates @ weight.T
            cell = from_cell + g * o * (1 - t * t)
            q = jnp.concatenate([cell * u * i * (1 - i), cell * c * f * (1 - f), g * t * o * (1 - o),
                                 cell * i * (1 - u * u)], -1)
            return (q, cell * f), q

        start = (jnp.zeros((h.shape[1], 4 * hidden)), zero)
        q = jax.lax.scan(step, start, (grad, c, s, t), reverse=True, unroll=2)[1]
        before = jnp.concatenate([jnp.zeros_like(h[:1]), h[:-1]])
        return q, jnp.einsum("tbh,tbq->hq", before, q)

    lstm.defvjp(forward, backward)
    return lstm


def make_network(vocabulary, options):
    import jax
    import jax.numpy as jnp
    lstm = make_lstm()
    labels, known = len(vocabulary["label"]) + 1, vocabulary["known"]
    vectors = jnp.array(vocabulary["vectors"])
    vector_width, context_width = len(vocabulary["mean"]), len(vocabulary.get("context_mean", ()))

    def start():
        dense = hidden = options.width
        chance = np.random.default_rng(options.seed)
        normal = lambda *shape, scale=0: chance.normal(0, scale or shape[-2] ** -0.5, shape).astype(np.float32)
        table = lambda rows, name: normal(rows, SIZES[name], scale=0.3)
        word = SIZES["lemma"] + VECTOR_WIDTH + SIZES["tag"] + SIZES["label"]
        width = vector_width + 2 * word + SIZES["quote"] + SIZES["flag"] + SIZES["entity"] + SIZES["arc"] + labels + context_width
        p = {"lemma": table(known, "lemma"), "tag": table(len(vocabulary["tag"]) + 1, "tag"), "label": table(labels, "label"),
             "entity": table(2 * len(vocabulary["entity"]) + 2, "entity"), "quote": table(QUOTE_STATES, "quote"),
             "flag": table(4, "flag"), "arc": table(2 * ARC_LIMIT + 1, "arc"),
             "dense": normal(width, dense), "dense_bias": np.zeros(dense, np.float32),
             "mix": normal(4 * hidden, dense), "mix_bias": np.zeros(dense, np.float32),
             "out": normal(2 * hidden + dense, LABEL_COUNT), "out_bias": np.zeros(LABEL_COUNT, np.float32),
             "steps": np.zeros((LABEL_COUNT, LABEL_COUNT), np.float32),
             "first": np.zeros(LABEL_COUNT, np.float32), "last": np.zeros(LABEL_COUNT, np.float32)}
        for layer in ("one", "two"):
            for way in ("on", "back"):
                bias = np.zeros(4 * hidden, np.float32)
                bias[hidden:2 * hidden] = 1  # gates input, forget, output, update; forget little at first
                p[f"{layer}_{way}_in"], p[f"{layer}_{way}_hidden"] = normal(dense, 4 * hidden), normal(hidden, 4 * hidden)
                p[f"{layer}_{way}_bias"] = bias
        return {key: jnp.array(value) for key, value in p.items()}

    take = lambda x, places: jnp.take_along_axis(x, places[:, :, None], 1)

    def drop(key, x, rate):
        """One mask for the whole sequence."""
        if key is None:
            return x
        return x * (jax.random.bernoulli(key, 1 - rate, (x.shape[0], 1, x.shape[2])) / (1 - rate))

    def both_ways(p, layer, x, length):
        steps = jnp.arange(x.shape[1])[None]
        mirrored = length[:, None] - 1 - steps
        mirror = jnp.where(mirrored >= 0, mirrored, steps)
        found = []
        for way, turned in (("on", x), ("back", take(x, mirror))):
            gates = turned.transpose(1, 0, 2) @ p[f"{layer}_{way}_in"] + p[f"{layer}_{way}_bias"]
            found.append(lstm(gates, p[f"{layer}_{way}_hidden"]).transpose(1, 0, 2))
        return jnp.concatenate([found[0], take(found[1], mirror)], -1)

    def emissions(p, batch, key=None):
        keys = [None] * 5 if key is None else list(jax.random.split(key, 5))
        learned = jnp.where(batch["word"] < known, batch["word"], 1)
        if key is not None:
            learned = jnp.where(jax.random.bernoulli(keys[0], LEMMA_DROP, learned.shape), 1, learned)
        word = jnp.concatenate([p["lemma"][learned], vectors[batch["word"]], p["tag"][batch["tag_id"]],
                                p["label"][batch["label_id"]]], -1)
        x = jnp.concatenate([batch["vector"], word, take(word, batch["head"]), p["quote"][batch["quote"]],
                             p["flag"][batch["flag"]], p["entity"][batch["entity_id"]], p["arc"][batch["arc"]],
                             batch["children"], *([batch["context"]] if context_width else [])], -1)
        dense = jax.nn.gelu(drop(keys[1], x, INPUT_DROP) @ p["dense"] + p["dense_bias"])
        one = both_ways(p, "one", drop(keys[2], dense, options.drop), batch["length"])
        mixed = jnp.concatenate([one, take(one, batch["head"])], -1) @ p["mix"] + p["mix_bias"]
        two = both_ways(p, "two", drop(keys[3], jax.nn.gelu(mixed), options.drop), batch["length"])
        return drop(keys[4], jnp.concatenate([two, dense], -1), options.drop) @ p["out"] + p["out_bias"]

    def targets(batch):
        """What share of each label is wanted at each word, and of each pair of labels at it and the one before:
        one of them by the gold labels, or what teachers say, or a mixture."""
        one = jax.nn.one_hot(batch["gold"], LABEL_COUNT)
        pairs = one[:, :-1, :, None] * one[:, 1:, None, :]
        if "soft" not in batch:
            return one, pairs
        share = batch["share"][:, None, None]
        taught = batch["pairs"].reshape(*batch["gold"].shape, LABEL_COUNT, LABEL_COUNT)[:, 1:]
        return share * one + (1 - share) * batch["soft"], share[..., None] * pairs + (1 - share[..., None]) * taught

    def loss(p, batch, key):
        """Cross-entropy of the wanted labels under the conditional random field, per token, times 20."""
        scores, length = emissions(p, batch, key), batch["length"]
        valid = (jnp.arange(scores.shape[1])[None] < length[:, None]).astype(jnp.float32)
        steps, first = p["steps"] + FORBIDDEN, p["first"] + NOT_FIRST
        one, pairs = targets(batch)
        path = ((one * scores).sum(2) * valid).sum(1) + one[:, 0] @ p["first"]
        path += ((pairs * p["steps"]).sum((2, 3)) * valid[:, 1:]).sum(1)
        path += jnp.take_along_axis(one, length[:, None, None] - 1, 1)[:, 0] @ p["last"]

        def step(alpha, x):
            more = jax.nn.logsumexp(alpha[:, :, None] + steps[None], 1) + x[0]
            return jnp.where(x[1][:, None] > 0, more, alpha), None

        alpha, _ = jax.lax.scan(step, first + scores[:, 0], (scores[:, 1:].transpose(1, 0, 2), valid[:, 1:].T))
        total = jax.nn.logsumexp(alpha + p["last"], 1)
        return ((total - path) * batch["weight"]).sum() / (valid.sum(1) * batch["weight"]).sum() * 20

    return start, loss, emissions


def make_marginals():
    """Chances of each label at each word, and of each pair of labels at it and the one before."""
    import jax
    import jax.numpy as jnp

    @jax.jit
    def run(scores, length, steps, first, last):
        steps, first = steps + FORBIDDEN, first + NOT_FIRST
        valid = jnp.arange(scores.shape[1])[None] < length[:, None]

        def on(alpha, x):
            more = jax.nn.logsumexp(alpha[:, :, None] + steps[None], 1) + x[0]
            return (jnp.where(x[1][:, None], more, alpha),) * 2

        def back(beta, x):
            more = jax.nn.logsumexp(steps[None] + (beta + x[0])[:, None, :], 2)
            return (jnp.where(x[1][:, None], more, beta),) * 2

        start = first + scores[:, 0]
        end = jnp.broadcast_to(last, start.shape)
        later = (scores[:, 1:].transpose(1, 0, 2), valid[:, 1:].T)
        whole, alphas = jax.lax.scan(on, start, later)
        _, betas = jax.lax.scan(back, end, later, reverse=True)
        alphas = jnp.concatenate([start[None], alphas]).transpose(1, 0, 2)
        betas = jnp.concatenate([betas, end[None]]).transpose(1, 0, 2)
        total = jax.nn.logsumexp(whole + last, 1)[:, None, None]
        one = jnp.exp(alphas + betas - total)
        pairs = jnp.exp(alphas[:, :-1, :, None] + steps + (scores + betas)[:, 1:, None, :] - total[..., None])
        return one, jnp.pad(pairs, ((0, 0), (1, 0), (0, 0), (0, 0)))

    return run


def best_labels(p, scores):
    """The likeliest sequence of labels (Viterbi)."""
    steps = np.asarray(p["steps"]) + FORBIDDEN
    best, back = np.asarray(p["first"]) + NOT_FIRST + scores[0], []
    for row in scores[1:]:
        through = best[:, None] + steps
        back.append(through.argmax(0))
        best = through.max(0) + row
    labels = [int((best + np.asarray(p["last"])).argmax())]
    for pointers in reversed(back):
        labels.append(int(pointers[labels[-1]]))
    return np.array(labels[::-1])
