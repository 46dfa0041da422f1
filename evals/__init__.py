"""The evaluation suite: it imports assistant, and only the faces import it."""
