"""The ground floor: days, region codes, ids, money, text, errors. Knows nothing of Django's models or of the field."""
