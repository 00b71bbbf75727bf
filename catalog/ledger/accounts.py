"""The accounts that published the first revisions of the ledger."""

CURATION = "curation"
"""The account that corrects and completes the catalogue, and mends what earlier releases left wrong."""

LIST_ACCOUNT = "the-list"
"""The account that imports lists; fields that no other account has changed are marked “the list”.

A list that is imported in another name is the source of its changes, like any other source that a change names.
"""
