"""The script Streamlit runs, in a folder of its own: a `pages/` folder beside it would be served around its gate."""
