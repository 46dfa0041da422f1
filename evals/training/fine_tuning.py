"""A cross-encoder of MiniLM's size: trained on labelled pairs of texts, and written as ONNX in whole numbers.

It begins with the weights of the embedding model, whose word vectors stay as they are.
"""

from __future__ import annotations

import random
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.crossencoder import PIECES, Encoded, encoded, tokenizer
from assistant.onnx_export import weights_folder
from evals.statistics import SEED
from evals.training.pairs import Pair

RATE, DECAY, WARM_UP, BATCH, DROPOUT = 1e-4, 0.01, 0.06, 32, 0.1
# Batches are of pairs of like length, sorted within so many, and padded to a multiple of PADDED.
SORTED, PADDED = 20 * BATCH, 16


class Network(torch.nn.Module):
    """A logit for each task, from the first state of a pair and the mean of all."""

    def __init__(self) -> None:
        super().__init__()
        from transformers import BertModel

        # Eager attention is twice as fast as the fused one when it is trained on a CPU.
        self.bert: Any = BertModel.from_pretrained(
            weights_folder(), attn_implementation="eager", add_pooling_layer=False
        )
        for weights in self.bert.embeddings.word_embeddings.parameters():
            weights.requires_grad = False
        self.drop = torch.nn.Dropout(DROPOUT)
        self.head = torch.nn.Linear(2 * self.bert.config.hidden_size, len(PIECES))

    def forward(
        self, input_ids: torch.Tensor, token_type_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> torch.Tensor:
        states = self.bert(
            input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask
        )[0]
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        found: torch.Tensor = self.head(self.drop(torch.cat([states[:, 0], mean], 1)).float())
        return found


def trained(
    pairs: Sequence[Pair],
    epochs: int,
    progress: Callable[[int, int], None],
    begin: Network | None = None,
) -> Network:
    """A network of the pairs, from the weights of `begin` or from MiniLM's."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    network = Network()
    if begin is not None:
        network.load_state_dict(begin.state_dict())
    network.train()
    texts = _encoded(pairs)
    learned = [weights for weights in network.parameters() if weights.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=RATE, weight_decay=DECAY)
    batches = [batch for _ in range(epochs) for batch in _batches(texts, chance)]
    for step, batch in enumerate(batches):
        done = step / len(batches)
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, done / WARM_UP) * (1 - done)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(*padded([texts[row] for row in batch]))
        loss: Any = _loss(logits, [pairs[row] for row in batch])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        progress(step + 1, len(batches))
    return network.eval()


def judged(network: Network, pairs: Sequence[Pair]) -> NDArray[np.float32]:
    """The logit of each pair's task, shape (pairs,)."""
    texts = _encoded(pairs)
    found = np.zeros(len(pairs), dtype=np.float32)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in _batches(texts, random.Random(SEED)):
            logits = network(*padded([texts[row] for row in batch])).float().numpy()
            found[batch] = logits[np.arange(len(batch)), [pairs[row].task for row in batch]]
    return found


def written(network: Network, file: Path) -> None:
    """The network as ONNX, its weights as int8 by channel: a quarter of the size, and the same verdicts."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    sample = torch.tensor([[101, 5099, 102, 3255, 102], [101, 3903, 102, 5923, 102]])
    sizes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=512)}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (sample, torch.zeros_like(sample), torch.ones_like(sample)),
            Path(folder) / "whole.onnx",
            input_names=["input_ids", "token_type_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_shapes=(sizes, sizes, sizes),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        quantize_dynamic(
            Path(folder) / "whole.onnx", file, weight_type=QuantType.QInt8, per_channel=True
        )


def _loss(logits: torch.Tensor, pairs: Sequence[Pair]) -> torch.Tensor:
    own = logits[torch.arange(len(pairs)), torch.tensor([pair.task for pair in pairs])]
    weights = torch.tensor([pair.weight for pair in pairs])
    losses = torch.nn.functional.binary_cross_entropy_with_logits(
        own, torch.tensor([float(pair.label) for pair in pairs]), reduction="none"
    )
    return (losses * weights).sum() / weights.sum()


def _encoded(pairs: Sequence[Pair]) -> list[Encoded]:
    made = tokenizer()
    return [encoded(made, [(pair.first, pair.second)], pair.task)[0] for pair in pairs]


def _batches(texts: Sequence[Encoded], chance: random.Random) -> list[list[int]]:
    """All rows in a new order, those of like length together."""
    rows = list(range(len(texts)))
    chance.shuffle(rows)
    found = []
    for first in range(0, len(rows), SORTED):
        some = sorted(rows[first : first + SORTED], key=lambda row: len(texts[row][0]))
        found += [some[start : start + BATCH] for start in range(0, len(some), BATCH)]
    chance.shuffle(found)
    return found


def padded(batch: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, types and mask, each of shape (rows, length)."""
    length = -(-max(len(ids) for ids, _ in batch) // PADDED) * PADDED
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, (own, of) in enumerate(batch):
        ids[row, : len(own)] = torch.tensor(own)
        types[row, : len(of)] = torch.tensor(of)
        mask[row, : len(own)] = 1
    return ids, types, mask
