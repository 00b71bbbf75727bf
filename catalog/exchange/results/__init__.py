"""Results files of evaluation tools and boards: read, matched with the catalogue, and written.

`formats` reads files into plain values, `matching` finds the entries that they name, `previewing` says what an import
would do. Only `catalogue` asks the database; only `catalog.management` publishes.
"""
