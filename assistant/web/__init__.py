"""The assistant in a browser."""
