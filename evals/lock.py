"""Locks half of the cases: `python -m evals.lock` writes the digest of each to evals/data/locked.json.

Locked cases are not looked at while answers are improved, and figures on them are reported apart.
Refuses to change a digest that is committed already, unless --reason says why; the reason is kept.
"""

from __future__ import annotations

import argparse
import json
import sys

from evals.cases import CASES, LOCKED, locks, read_cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reason", help="why locked cases had to change")
    reason = parser.parse_args().reason
    path = CASES / LOCKED
    kept = json.loads(path.read_text("utf-8")) if path.is_file() else {"cases": {}, "reasons": []}
    digests = locks(read_cases(CASES))
    changed = sorted(name for name, digest in kept["cases"].items() if digests.get(name) != digest)
    if changed and not reason:
        sys.exit(
            f"These locked cases were changed: {', '.join(changed)}. Say why with: --reason TEXT"
        )
    if changed:
        kept["reasons"].append({"reason": reason, "cases": changed})
    path.write_text(json.dumps(kept | {"cases": digests}, indent=1) + "\n", encoding="utf-8")
    print(f"{len(digests)} cases are locked, {len(changed)} of them changed.")


if __name__ == "__main__":
    main()
