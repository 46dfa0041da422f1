"""How well passages and sentences answer a question, and whether any does: learned from open sets."""
