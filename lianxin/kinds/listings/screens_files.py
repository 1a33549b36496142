"""The papers of a listing: what `files` does, by the verbs of lists."""

from __future__ import annotations

from lianxin.access.verbs import Verb
from lianxin.files import screens as files
from lianxin.kinds.listings.actions import KIND


class AddListingFile(files.AddFile):
    """A certificate, a photograph of it."""

    needs = Verb.LISTING_AMEND
    kind, url_name = KIND.code, "listing"


class ListingFile(files.OneFile):
    """One of them, to be saved."""

    needs = Verb.LISTING_READ
    kind, url_name = KIND.code, "listing"


class WithdrawListingFile(files.WithdrawFile):
    """Taken back."""

    needs = Verb.LISTING_AMEND
    kind, url_name = KIND.code, "listing"
