"""Bring publications in: from identifiers or a query to files in a corpus, politely."""
