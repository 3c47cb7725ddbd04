"""One file per check; pure functions of a review, its persona and its dossier."""
