"""A board (`catalog.reading.results.boards`) as its page shows it, for `templates/components/leaderboard.html`. Nothing
here asks the database.
"""
