"""The accounts in whose name the ledger's first revisions were published."""

LIST_ACCOUNT = "the-list"
"""Imports a list as it is; what only it has changed stands "on the list alone"."""
