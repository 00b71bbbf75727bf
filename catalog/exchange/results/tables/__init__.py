"""Tables of results as people paste them: TSV, CSV, Markdown or LaTeX, with models as rows or as columns.

`grids` reads text as cells, `reading` finds what its rows and columns are and states a result for each cell with a
number. Nothing here asks the database.
"""
