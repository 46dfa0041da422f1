"""Gradient-boosted trees of scikit-learn -> ONNX, written out node by node.

skl2onnx 1.20 hands onnx 1.23 types that it refuses; the operator itself is simple.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.ensemble import HistGradientBoostingClassifier

OPSET, OPSET_ML, IR = 17, 3, 9


def write(
    model: HistGradientBoostingClassifier,
    path: Path,
    line: tuple[NDArray[np.float64], float] | None = None,
) -> None:
    """Writes the probability of the second class, output `probability` (rows, 1), of `features`
    (rows, columns); with a line, weights and bias, that of the mean of both logits."""
    columns = int(model.n_features_in_)
    nodes: dict[str, Any] = {
        name: []
        for name in (
            "nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_values",
            "nodes_truenodeids", "nodes_falsenodeids", "target_treeids", "target_nodeids",
            "target_ids", "target_weights",
        )
    }  # fmt: skip
    for tree, (predictor,) in enumerate(model._predictors):
        for number, node in enumerate(predictor.nodes):
            leaf = bool(node["is_leaf"])
            nodes["nodes_treeids"].append(tree)
            nodes["nodes_nodeids"].append(number)
            nodes["nodes_featureids"].append(0 if leaf else int(node["feature_idx"]))
            nodes["nodes_modes"].append("LEAF" if leaf else "BRANCH_LEQ")
            nodes["nodes_values"].append(0.0 if leaf else _float_below(node["num_threshold"]))
            nodes["nodes_truenodeids"].append(0 if leaf else int(node["left"]))
            nodes["nodes_falsenodeids"].append(0 if leaf else int(node["right"]))
            if leaf:
                nodes["target_treeids"].append(tree)
                nodes["target_nodeids"].append(number)
                nodes["target_ids"].append(0)
                nodes["target_weights"].append(float(node["value"]))
    trees = helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["trees"],
        domain="ai.onnx.ml",
        n_targets=1,
        base_values=[float(np.ravel(model._baseline_prediction)[0])],
        **nodes,
    )
    steps, constants = [trees], []
    if line is None:
        steps.append(helper.make_node("Sigmoid", ["trees"], ["probability"]))
    else:
        weights, bias = line
        constants = [
            numpy_helper.from_array(weights.reshape(-1, 1).astype(np.float32), "weights"),
            numpy_helper.from_array(np.array([bias], dtype=np.float32), "bias"),
            numpy_helper.from_array(np.array(0.5, dtype=np.float32), "half"),
        ]
        steps += [
            helper.make_node("Gemm", ["features", "weights", "bias"], ["line"]),
            helper.make_node("Add", ["trees", "line"], ["both"]),
            helper.make_node("Mul", ["both", "half"], ["mean"]),
            helper.make_node("Sigmoid", ["mean"], ["probability"]),
        ]
    graph = helper.make_graph(
        steps,
        path.stem,
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["rows", columns])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["rows", 1])],
        constants,
    )
    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", OPSET_ML)],
        ir_version=IR,
    )
    onnx.checker.check_model(made)
    path.write_bytes(made.SerializeToString(deterministic=True))


def _float_below(threshold: float) -> float:
    """As float32, rounded down: a float32 feature is then on the side that float64 puts it."""
    value = np.float32(threshold)
    return float(value if value <= threshold else np.nextafter(value, np.float32(-np.inf)))
