"""The Actor: who acts in this request, built from dated posts and roles by `net`, asked by everybody."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.db.models import Q

from lianxin.access.circle import circle
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import NATION, Level, is_under, level_of, range_under
from lianxin.base.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allow or deny, always with the reason in words."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at one place: these verbs, on this region and all below it, on these programmes (None: all)."""

    role: str
    verbs: frozenset[Verb]
    region: str
    seals: frozenset[Seal] = frozenset({Seal.OPEN})
    programmes: frozenset[str] | None = None

    def covers(self, verb: Verb, region: str | None, programme: str | None, seal: Seal) -> bool:
        return (
            verb in self.verbs
            and (region is None or is_under(region, self.region))
            and (programme is None or self.programmes is None or programme in self.programmes)
            and seal in self.seals
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold its scope. `county`, `town`, `village` let an index that goes on by day be used.

    `village` may be the same as `region` where no row stands below a village. `record` holds the key of the record that
    a row belongs to; without it rows under the seal “team” are nobody's. `is_of_teams`: all its rows are under it, and
    nothing else need be asked.
    """

    region: str = "region"
    village: str | None = None
    town: str | None = None
    county: str | None = None
    seal: str | None = None
    programme: str | None = None
    record: str | None = None
    is_of_teams: bool = False

    def within(self, grant: Grant) -> Q:
        """The rows a grant covers, verbs apart; an empty Q when it covers all."""
        part = self.led_by(grant)
        if self.seal is not None and grant.seals != frozenset(Seal):
            part &= Q(**{f"{self.seal}__in": sorted(grant.seals)})
        return part

    def led_by(self, grant: Grant) -> Q:
        """The rows of a grant's region and lines of work, whatever their seal."""
        part = self.area(grant.region)
        if self.programme is not None and grant.programmes is not None:
            part &= Q(**{f"{self.programme}__in": sorted(grant.programmes)})
        return part

    def area(self, top: str) -> Q:
        """The rows of a region and all below it, by the column that holds its level where there is one."""
        if top == NATION:
            return Q()
        exact = self.of_level(level_of(top))
        if exact is not None:
            return Q(**{exact: top})
        low, high = range_under(top)
        return Q(**{f"{self.region}__gte": low, f"{self.region}__lt": high})

    def of_level(self, level: Level) -> str | None:
        """The column that holds just the codes of a level; None where no column does."""
        return {Level.COUNTY: self.county, Level.TOWN: self.town, Level.VILLAGE: self.village}.get(level)


REGION_ONLY = Columns()


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting now. `organisation` and `level` say for whom (本级 and 各级 are told apart by them)."""

    account: str
    name: str
    grants: tuple[Grant, ...] = ()
    organisation: str = ""
    level: Level = Level.VILLAGE
    person: str = ""
    because: str = field(default="", compare=False)

    def may(
        self, verb: Verb, *, region: str | None = None, programme: str | None = None, seal: Seal = Seal.OPEN
    ) -> Verdict:
        """Whether this verb may be used there; `region=None` asks “anywhere at all?”."""
        if any(grant.covers(verb, region, programme, seal) for grant in self.grants):
            return Verdict(allowed=True, reason="")
        if not any(verb in grant.verbs for grant in self.grants):
            return Verdict(allowed=False, reason="您的岗位没有这项权限，需要的话请找县妇联的系统管理员。")
        return Verdict(allowed=False, reason="这不在您负责的区域或工作范围里。")

    def require(
        self, verb: Verb, *, region: str | None = None, programme: str | None = None, seal: Seal = Seal.OPEN
    ) -> None:
        """Forbidden, with the reason, unless `may`."""
        verdict = self.may(verb, region=region, programme=programme, seal=seal)
        if not verdict:
            raise Forbidden(verdict.reason)

    def holding(self, verb: Verb) -> Actor:
        """The same person with only those of her posts that hold a verb: a list for taking out is read by these."""
        return replace(self, grants=tuple(grant for grant in self.grants if verb in grant.verbs))

    def also(self, *grants: Grant) -> Actor:
        """The same person with more grants: only for what follows by itself from an act she was just allowed."""
        return replace(self, grants=(*self.grants, *grants))

    def open_only(self) -> Actor:
        """The same person with eyes for what carries no seal."""
        return replace(self, grants=tuple(replace(grant, seals=grant.seals & {Seal.OPEN}) for grant in self.grants))

    def may_take_out(self, verb: Verb) -> bool:
        """Whether one of her posts both reads this and may export: two posts together do not make a third."""
        return bool(self.holding(Verb.EXPORT).may(verb))

    def regions(self, verb: Verb) -> tuple[str, ...]:
        """The tops of the areas where a verb may be used, without any that lie below another."""
        tops = sorted({grant.region for grant in self.grants if verb in grant.verbs})
        return tuple(top for top in tops if not any(other != top and is_under(top, other) for other in tops))

    def reach(self, verb: Verb, columns: Columns) -> Q:
        """The rows that a verb reaches in a table with these columns; a Q that matches nothing when it reaches none."""
        reached = Q(pk__in=[])
        for grant in self.grants:
            if verb not in grant.verbs or (columns.is_of_teams and Seal.TEAM not in grant.seals):
                continue
            part = columns.within(grant)
            if not part:
                return Q()
            reached |= part
        return reached | self._team_rows(verb, columns) if columns.record and columns.seal else reached

    def _team_rows(self, verb: Verb, columns: Columns) -> Q:
        """Rows kept for a team: of hers, or of a team she supervises; never of her own family, whatever she is."""
        held = [grant for grant in self.grants if verb in grant.verbs]
        if not held:
            return Q(pk__in=[])
        of_record = f"{columns.record}__in"
        hers = Q(**{of_record: circle().seated(self.account)})
        for grant in held:
            if Verb.CASE_SUPERVISE in grant.verbs:
                # An empty Q would vanish in an “or” and leave only her own teams.
                hers |= columns.led_by(grant) or Q(**{columns.seal or "": Seal.TEAM.value})
        barred = Q(**{of_record: circle().recused(self.account)})
        if self.person:
            barred |= Q(**{of_record: circle().of_kin(self.person)})
        return hers & ~barred if columns.is_of_teams else Q(**{columns.seal or "": Seal.TEAM.value}) & hers & ~barred


def operator(*verbs: Verb, because: str) -> Actor:
    """The person at the machine's command line, with just these verbs over the whole net."""
    grant = Grant(role="operator", verbs=frozenset(verbs), region=NATION, seals=frozenset(Seal))
    return Actor(account="operator", name="命令行", grants=(grant,), level=Level.COUNTY, because=because)
