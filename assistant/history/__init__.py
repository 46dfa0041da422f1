"""Conversations and feedback in a database: kept per owner, searched, renamed, exported, really deleted."""
