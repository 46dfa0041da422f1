"""Regenerates the scorer's weights in assistant/scorer/weights from open question sets."""
