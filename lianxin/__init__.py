"""Lianxin 连心: record once; every count, form and report is a reading of the record."""
