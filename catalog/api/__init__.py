"""The REST API over the catalogue: reading. What proposes stands in submissions.api; vlmportal.api joins the two."""
