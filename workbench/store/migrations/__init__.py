"""How the tables came about, one numbered step a file."""
