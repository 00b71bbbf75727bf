"""Read facts about a paper, model, dataset or repository from the services that publish them.

`chain` says which services are asked for a draft, a module for each service says how, and `client` is the one way out:
allowed hosts, public addresses, limits of time and size, pauses. docs/lookups.md describes all of it.
"""
