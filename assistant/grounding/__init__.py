"""Is a sentence carried by passages? `check` says whether, how well, by which quote, and what fails.

What must be exact is decided by code: numbers, units, denials, directions, and every word that names
something. How near the rest is, a small fitted score says. No language model is asked.
"""

from assistant.grounding.check import Embed, Verdict, check, is_supported, prepare, support
from assistant.grounding.scoring import features

__all__ = ["Embed", "Verdict", "check", "features", "is_supported", "prepare", "support"]
