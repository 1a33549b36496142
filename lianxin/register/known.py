"""A natural person exists once: asked of the whole register, answered within the actor's sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Problems
from lianxin.register.checked import CheckedMember
from lianxin.register.models import Person
from lianxin.register.rows import hash_of_id

ELSEWHERE = "这位已在别处登记，请找上级妇联处理。"
TWICE = "同一个身份证号填了两次，请核对。"


def refuse_known(actor: Actor, members: Iterable[CheckedMember], problems: Problems, *, save: str = "") -> None:
    """Notes who of these is registered already; `save` is a person's own key.

    One query whether she is found here, elsewhere or nowhere, and of one out of sight nothing but that she exists: the
    time it takes and the words it says tell no more.
    """
    numbered = [(hash_of_id(member.id_number), member) for member in members if member.id_number]
    repeated = {found for found, times in Counter(found for found, _ in numbered).items() if times > 1}
    known = _known([found for found, _ in numbered if found], save=save)
    for found, member in numbered:
        if found in repeated:
            problems.add(f"{member.where}id_number", TWICE)
        elif found in known:
            name, region = known[found]
            problems.add(
                f"{member.where}id_number", _say(name, is_near=bool(actor.may(Verb.REGISTER_READ, region=region)))
            )


def _known(hashes: Sequence[str], *, save: str) -> dict[str | None, tuple[str, str]]:
    rows = Person.objects.unscoped("a natural person exists once, wherever she is registered").exclude(id=save)
    return {
        found: (name, region)
        for start in range(0, len(hashes), 500)
        for found, name, region in rows.filter(id_hash__in=hashes[start : start + 500]).values_list(
            "id_hash", "name", "region"
        )
    }


def _say(name: str, *, is_near: bool) -> str:
    return f"{name}已经登记过，请在册子里找到她再改，不用重新登记。" if is_near else ELSEWHERE
