"""Whether a model has seen what a benchmark measures it on: judged and said from plain values; `reading` asks the
database."""
