"""The accounts that published the first revisions of the ledger."""

LIST_ACCOUNT = "the-list"
"""The account that imports lists; fields that no other account has changed are marked “the list”."""
