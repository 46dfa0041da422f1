"""Is a sentence carried by passages? `check` says whether, how well, by which quote, and what fails.

What must be exact is decided by code: numbers, units, denials, directions, and every word that names
something. Whether the wording says the same, a small model of our own judges. No language model is asked.
"""

from assistant.grounding.check import Carries, Verdict, check, is_supported, prepare, support
from assistant.grounding.scoring import features

__all__ = [
    "Carries",
    "Verdict",
    "check",
    "features",
    "is_supported",
    "prepare",
    "support",
]
