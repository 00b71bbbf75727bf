"""A board (`catalog.reading.results.boards`) as its page shows it, for `templates/components/leaderboard.html`. Only
`pages` asks the database.
"""
