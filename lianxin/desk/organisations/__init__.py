"""Organisations: by type and by place, one of them, its members, partners, rota; entering, changing, dissolving."""
