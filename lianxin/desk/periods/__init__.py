"""Closing a period 封账: which are closed, closing another."""
