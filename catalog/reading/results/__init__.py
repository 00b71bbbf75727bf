"""Results as plain values, compared and ranked like with like. Nothing here asks the database.

Leaderboards do not read this yet (`catalog.reading.leaderboards`).
"""
