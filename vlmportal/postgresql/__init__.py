"""PostgreSQL as Django has it, with an end to waiting for a server that does not answer (base.py)."""
