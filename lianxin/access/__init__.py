"""Who may do what, where: verbs, Actor, and the guard that makes forgetting them an error. No accounts live here."""
