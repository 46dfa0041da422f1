"""Grounding, measured on sentences of our own: true ones, and what a seeded script makes false of them."""
