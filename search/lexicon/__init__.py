"""Word lists that ship with the project: Dutch words for splitting compounds, stop words."""
