"""SQLite as Django has it, but for texts in JSON that no document could hold (base.py)."""
