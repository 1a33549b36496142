"""The ledger: facts that only grow, folds that read them, tallies kept beside them. It knows no record's own table."""
