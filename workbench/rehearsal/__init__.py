"""A local server that speaks both vendors' wire protocols; its drafts are composed by rule, no model is called."""
