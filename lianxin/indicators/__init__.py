"""Figures as people read them: folds of the ledger with ratio, last year, what is hidden, and the records behind.

Indicators never see a kind's tables: what is not in the ledger cannot be counted here.
"""
