"""The verbs: importing, planning, drafting, deciding, publishing. They know ports and domain only."""
