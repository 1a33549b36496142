"""The access log: who looked at, searched for, took out or was granted what. It only grows; entries are chained."""
