"""The common life of every record: one door in, versions kept, a timeline, words to search by. Kinds bring the rest."""
