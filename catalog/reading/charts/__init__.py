"""Charts of scores as plain values, which `templates/components/chart.html` draws. Nothing here asks the database."""
