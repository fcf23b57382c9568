"""Small frames to plotly figures; one module a subject, one theme."""
