"""What is measured against peers and limits: one module each, ratios from one run, a table or plot written."""
