"""Labels, spans, and the linker of attribution.py: which source and which contents belong to a cue."""

import collections

import numpy as np

ROLES = ("source", "cue", "content")  # label 0 is outside, 1 + 2r begins role r, 2 + 2r continues it


# ---------------------------------------------------------------- labels and spans

def gold_labels(start, end, relations):
    """One label a token; a span that meets an earlier one keeps only its free tokens."""
    labels = np.zeros(len(start), np.int32)
    ranges = {(a, -b, role) for relation in relations for role, places in relation.items() for a, b in places}
    for a, b, role in sorted(ranges):
        begin = 1 + 2 * ROLES.index(role)
        for token in range(np.searchsorted(end, a, side="right"), np.searchsorted(start, -b, side="left")):
            if labels[token] == 0:
                goes_on = token > 0 and labels[token - 1] in (begin, begin + 1) and start[token] > a
                labels[token] = begin + 1 if goes_on else begin
    return labels


def spans_of(labels):
    """(role, first token, one past the last) of each labelled run."""
    spans, first = [], 0
    while first < len(labels):
        role, last = (int(labels[first]) - 1) // 2, first + 1
        if labels[first]:
            while last < len(labels) and labels[last] == 2 * role + 2:
                last += 1
            spans.append((ROLES[role], first, last))
        first = last
    return spans


def whole(article):
    """The paragraphs of an article as one sequence, with the breaks between them."""
    paragraphs = article["paragraphs"]
    offsets = np.cumsum([0] + [len(paragraph["lemma"]) for paragraph in paragraphs])
    sequence = {key: sum((paragraph[key] for paragraph in paragraphs), []) for key in ("lemma", "tag", "label")}
    for key in ("start", "end", "quote"):
        sequence[key] = np.concatenate([paragraph[key] for paragraph in paragraphs])
    sequence["head"] = np.concatenate([paragraph["head"] + at for paragraph, at in zip(paragraphs, offsets)])
    breaks = np.zeros(offsets[-1], np.int32)
    breaks[offsets[:-1]] = 1
    sequence["break"] = breaks
    sequence["paragraph"] = np.cumsum(breaks)
    sequence["sentence"] = np.cumsum(np.concatenate([paragraph["sentence_start"] for paragraph in paragraphs]))
    return sequence


# ---------------------------------------------------------------- the linker

DISTANCES = (0, 1, 2, 3, 5, 10, 20, 40)
SOURCE_FLOOR, CONTENT_FLOOR, SHARED_FLOOR = -0.5, -1.0, 0.0
NEAR = 4


def hashed(text):
    """FNV-1a, 32 bits: the name under which a feature's weight is kept."""
    number = 0x811C9DC5
    for byte in text.encode():
        number = (number ^ byte) * 0x01000193 & 0xFFFFFFFF
    return number


def span_root(sequence, first, last):
    heads = sequence["head"]
    return next((t for t in range(first, last) if not first <= heads[t] < last or heads[t] == t), first)


def climb(sequence, token, first, last):
    """How many arcs lead from the token up into the span, with the label of the last one."""
    for steps in range(1, 5):
        if sequence["head"][token] == token:
            break
        label, token = sequence["label"][token], sequence["head"][token]
        if first <= token < last:
            return f"{steps}{label}"
    return "-"


def pair_features(sequence, spans, cue, other, rank):
    """What speaks for or against the span `other` belonging to the cue. Mirrored in quotation/linker.rs."""
    (_, cue_first, cue_last), (role, first, last) = spans[cue], spans[other]
    before = int(last <= cue_first)
    low, high = (other, cue) if before else (cue, other)
    between = [span[0] for span in spans[low + 1:high]]
    gap = int(np.searchsorted(DISTANCES, cue_first - last if before else first - cue_last))
    cues, same = min(2, between.count("cue")), min(2, between.count(role))
    rest = min(2, sum(name not in ("cue", role) for name in between))
    left, right = (last - 1, cue_first) if before else (cue_last - 1, first)
    breaks = min(2, int(sequence["paragraph"][right] - sequence["paragraph"][left]))
    sentences = min(3, int(sequence["sentence"][right] - sequence["sentence"][left]))
    lemma, tag, label, head = (sequence[key] for key in ("lemma", "tag", "label", "head"))
    root, cue_root = span_root(sequence, first, last), span_root(sequence, cue_first, cue_last)
    up, down = climb(sequence, root, cue_first, cue_last), climb(sequence, cue_root, first, last)
    siblings = int(head[root] == head[cue_root] and root != cue_root)
    verb = lemma[cue_root]
    quote = sequence["quote"]
    marks = f"{int(quote[first] == 1)}{int(quote[last - 1] == 3)}"
    beside = "".join(spans[k][0][2] if 0 <= k < len(spans) else "-" for k in (cue - 1, cue + 1))
    previous = lemma[first - 1] if first else "^"
    following = lemma[last] if last < len(lemma) else "$"
    b = before
    return [
        f"a{b}", f"b{b}{gap}", f"c{b}{cues}", f"d{b}{same}", f"e{b}{rest}", f"f{b}{breaks}", f"g{b}{sentences}",
        f"h{up}", f"i{down}", f"j{b}{siblings}", f"k{b}{marks}{int(quote[cue_first] == 2)}",
        f"l{b}{tag[cue_root]}", f"m{b}{verb}", f"n{b}{cues}{same}{gap}", f"o{up} {verb}",
        f"p{b}{cues}{same}{rest}{breaks}{sentences}", f"q{b}{cues}{same}{verb}", f"r{b}{rank}",
        f"s{b}{sentences}{int(sequence['break'][first])}", f"t{b}{cues}{previous}", f"u{b}{cues}{following}",
        f"v{b}{label[root]}", f"w{b}{cues}{label[cue_root]}", f"x{b}{beside}",
        f"y{b}{cues}{same}{sentences}{beside}", f"z{b}{cues}{sentences}{marks}",
    ]


def nearest(spans, index, role):
    """The nearest spans of a role on either side, with a signed rank."""
    left = [k for k in range(index - 1, -1, -1) if spans[k][0] == role][:NEAR]
    right = [k for k in range(index + 1, len(spans)) if spans[k][0] == role][:NEAR]
    return [(k, -n - 1) for n, k in enumerate(left)] + [(k, n + 1) for n, k in enumerate(right)]


def fit_logistic(rows, truth):
    import scipy.sparse
    from sklearn.linear_model import LogisticRegression
    counts = collections.Counter(feature for row in rows for feature in row)
    place = {feature: k for k, feature in enumerate(sorted(f for f, count in counts.items() if count >= 5))}
    cells = [(k, place[feature]) for k, row in enumerate(rows) for feature in row if feature in place]
    matrix = scipy.sparse.csr_matrix((np.ones(len(cells)), tuple(zip(*cells))), shape=(len(rows), len(place)))
    model = LogisticRegression(C=0.3, max_iter=300, solver="liblinear", random_state=0).fit(matrix, truth)
    weights = {feature: float(model.coef_[0][k]) for feature, k in place.items() if abs(model.coef_[0][k]) > 0.02}
    return {**weights, "": float(model.intercept_[0])}


def with_strangers(sequence, spans, cue):
    """The spans, and what hangs from the cue's verb as a subject, an agent or an object and is no source of it: a tagger may
    take it for one. Returns the new spans, and the cue's place among them; nothing where there is none."""
    _, first, last = spans[cue]
    heads, labels = sequence["head"], sequence["label"]
    verb = span_root(sequence, first, last)
    near = range(max(0, verb - 40), min(len(heads), verb + 40))
    agents = {token for token in near if heads[token] == verb and labels[token] == "agent"}
    found = []
    for root in near:
        if not (heads[root] == verb and labels[root] in ("nsubj", "nsubjpass", "dobj", "dative")
                or int(heads[root]) in agents and labels[root] == "pobj"):
            continue
        members, grown = {root}, True
        while grown:
            more = {token for token in near if int(heads[token]) in members} - members
            members, grown = members | more, bool(more)
        low, high = min(members), max(members) + 1
        if high - low == len(members) <= 12 and not any(a < high and b > low for _, a, b in spans):
            found.append(("source", low, high))
    together = sorted(spans + found, key=lambda span: span[1:])
    return (together, together.index(spans[cue])) if found else None


def fit_linker(articles):
    rows = {"source": ([], []), "content": ([], [])}

    def add_sources(sequence, spans, cue, is_its_own):
        for other, rank in nearest(spans, cue, "source"):
            rows["source"][0].append(pair_features(sequence, spans, cue, other, rank))
            rows["source"][1].append(is_its_own(spans[other]))

    for article in articles:
        sequence, relations = whole(article), article["annotations"][0]
        spans = spans_of(gold_labels(sequence["start"], sequence["end"], relations))
        members = collections.defaultdict(set)
        for number, relation in enumerate(relations):
            for role, places in relation.items():
                for a, b in places:
                    for span in spans:
                        name, first, last = span
                        if name == role and sequence["start"][first] < b and sequence["end"][last - 1] > a:
                            members[span].add(number)
        for k, span in enumerate(spans):
            if span[0] == "cue":
                is_its_own = lambda other: bool(members[span] & members[other])
                add_sources(sequence, spans, k, is_its_own)
                strange = with_strangers(sequence, spans, k)
                if strange:
                    add_sources(sequence, *strange, is_its_own)
            if span[0] == "content":
                for cue, rank in nearest(spans, k, "cue"):
                    rows["content"][0].append(pair_features(sequence, spans, cue, k, -rank))
                    rows["content"][1].append(bool(members[span] & members[spans[cue]]))
    return {role: fit_logistic(*rows[role]) for role in rows}


def linked(sequence, spans, linker):
    """Each cue takes its likeliest source, each content its likeliest cue; a cue left empty shares a content."""
    def score(role, *arguments):
        weights = linker[role]
        return weights[""] + sum(weights.get(feature, 0.0) for feature in pair_features(sequence, spans, *arguments))

    found = {k: {"cue": k, "source": None, "content": []} for k, span in enumerate(spans) if span[0] == "cue"}
    alone, scores = [], {}
    for k in found:
        best = max(((score("source", k, other, rank), -other) for other, rank in nearest(spans, k, "source")), default=None)
        if best and best[0] > SOURCE_FLOOR:
            found[k]["source"] = -best[1]
    for k, span in enumerate(spans):
        if span[0] == "content":
            scores[k] = [(score("content", cue, k, -rank), -cue) for cue, rank in nearest(spans, k, "cue")]
            best = max(scores[k], default=None)
            if best and best[0] > CONTENT_FLOOR:
                found[-best[1]]["content"].append(k)
            else:
                alone.append(k)
    for k in found:
        if not found[k]["content"]:
            shared = [(s, -content) for content in scores for s, cue in scores[content] if -cue == k and s > SHARED_FLOOR]
            if shared:
                found[k]["content"].append(-max(shared)[1])
    relations = [item for item in found.values() if item["content"]]
    relations += [{"cue": None, "source": None, "content": [k]} for k in alone]
    place = lambda k: (int(sequence["start"][spans[k][1]]), int(sequence["end"][spans[k][2] - 1]))
    return [{"cue": [] if r["cue"] is None else [place(r["cue"])],
             "source": [] if r["source"] is None else [place(r["source"])],
             "content": [place(k) for k in r["content"]]} for r in relations]
