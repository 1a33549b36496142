"""The code besides the password: RFC 6238, each code once, recovery codes, who is asked, wrong ones counted."""

from __future__ import annotations

import base64
import datetime as dt
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from django.urls import reverse

from lianxin.base.errors import Forbidden, Refused
from lianxin.net import second_factor, signin, signin_code
from lianxin.net.models import Account, AccountChange, RecoveryCode, SecondFactor
from lianxin.net.signin import TRIES
from tests.cast import PASSWORD, TODAY, Cast

pytestmark = pytest.mark.django_db
SECRET = base64.b32encode(b"12345678901234567890").decode()  # of RFC 6238, appendix B
UTC = dt.UTC


def at(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, UTC)


def code_of(secret: str, moment: dt.datetime) -> str:
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(moment.timestamp())).decode()


@pytest.fixture(autouse=True)
def _asked(settings: Any) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture
def chair(cast: Cast) -> Account:
    return cast.accounts["chair"]


def fitted(account: Account) -> tuple[str, ...]:
    return second_factor.set_up(account, SECRET, "287082", now=at(59))


# ── the code ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]
)
def test_codes_are_those_of_the_standard(chair: Account, seconds: int, code: str) -> None:
    codes = second_factor.set_up(chair, SECRET, code, now=at(seconds))

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", each) for each in codes)


@pytest.mark.parametrize("code", ["287083", "", "28708", "2870822", "abcdef", "２８７０８３", "²²²²²²", "28 70 8x"])
def test_a_telephone_that_shows_another_number_is_not_taken(chair: Account, code: str) -> None:
    with pytest.raises(Refused):
        second_factor.set_up(chair, SECRET, code, now=at(59))
    assert not second_factor.has_one(chair)


def test_a_code_counts_once_and_a_clock_may_be_half_a_minute_wrong(chair: Account) -> None:
    fitted(chair)

    def taken(code: str, seconds: int) -> bool:
        try:
            second_factor.require_code(chair, code, now=at(seconds))
        except Refused:
            return False
        return True

    assert not taken("287082", 59), "the code that set it up"
    ahead, behind = code_of(SECRET, at(1020)), code_of(SECRET, at(960))
    assert not taken(code_of(SECRET, at(930)), 990), "a minute late"
    assert taken(f" {ahead[:3]} {ahead[3:]} ", 990)
    assert not taken(ahead, 1020), "twice"
    assert not taken(behind, 990), "older than the newest that was taken"
    assert taken(code_of(SECRET, at(2000)), 2000)


def test_a_recovery_code_counts_once_and_only_for_its_own_account(cast: Cast, chair: Account) -> None:
    codes, other = fitted(chair), cast.accounts["clerk"]
    fitted(other)

    with pytest.raises(Refused):
        second_factor.require_code(other, codes[0], now=at(200))
    second_factor.require_code(chair, codes[0].upper().replace("-", " - "), now=at(200))
    with pytest.raises(Refused):
        second_factor.require_code(chair, codes[0], now=at(200))

    assert (second_factor.codes_left(chair), second_factor.codes_left(other)) == (9, 10)


def test_the_tables_hold_neither_secret_nor_codes(chair: Account) -> None:
    codes = fitted(chair)
    row = SecondFactor.objects.get()

    assert SECRET.encode() not in row.secret.box
    assert base64.b32decode(SECRET) not in row.secret.box
    marks = " ".join(RecoveryCode.objects.values_list("mark", flat=True))
    assert not any(part in marks for code in codes for part in code.split("-"))


# ── who is asked ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ("member", False), ("chair", True), ("clerk", True), ("officer", True), ("programme_officer", False),
        ("leader", False), ("partner", False), ("administrator", True), ("security", True), ("audit", True),
    ],
)  # fmt: skip
def test_roles_that_see_protected_files_or_keep_accounts_are_asked(cast: Cast, who: str, asked: bool) -> None:
    client = Client()
    client.force_login(cast.accounts[who])

    answer = client.get(reverse("home"))

    assert (answer.status_code == 302 and answer["Location"] == reverse("second-factor")) is asked


def test_a_demonstrations_accounts_are_not_asked_nor_anybody_where_it_is_off(cast: Cast, settings: Any) -> None:
    chair = cast.accounts["chair"]
    Account.objects.filter(pk=chair.pk).update(is_demo=True)
    client = Client()
    client.force_login(chair)
    assert client.get(reverse("home")).status_code == 200

    settings.SECOND_FACTOR = False
    client.force_login(cast.accounts["officer"])
    assert client.get(reverse("home")).status_code == 200


# ── through the pages ────────────────────────────────────────────────────────


class Telephone:
    """Reads the square's letters and counts; `moment` is moved on by a minute for each code."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment, self.secret = at(1_700_000_000), ""
        for module in ("lianxin.desk.accounts.screens_factor", "lianxin.net.signin", "lianxin.net.signin_code"):
            patch.setattr(f"{module}.now", lambda: self.moment)

    def scan(self, page: str) -> None:
        found = re.search(r'<b class="say">([A-Z2-7 ]+)</b>', page)
        assert found
        self.secret = found[1].replace(" ", "")

    def code(self) -> str:
        self.moment += dt.timedelta(minutes=1)
        return code_of(self.secret, self.moment)


@pytest.fixture
def telephone(monkeypatch: pytest.MonkeyPatch) -> Telephone:
    return Telephone(monkeypatch)


def enrol(client: Client, telephone: Telephone) -> list[str]:
    telephone.scan(client.get(reverse("second-factor")).content.decode())
    answer = client.post(reverse("second-factor"), {"code": telephone.code()})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return re.findall(r"<li class=\"say nb\">([a-z0-9-]+)</li>", answer.content.decode())


def knock(client: Client, password: str = PASSWORD) -> Any:
    return client.post(reverse("sign-in"), {"username": "cast.chair", "password": password, "next": "/help/"})


def test_from_the_first_sign_in_to_a_lost_telephone(cast: Cast, telephone: Telephone) -> None:
    client = Client()
    knock(client)
    assert client.get(reverse("visits"))["Location"] == reverse("second-factor")
    assert client.get(reverse("visits"), headers={"HX-Request": "true"})["HX-Redirect"] == reverse("second-factor")

    codes = enrol(client, telephone)
    assert client.get(reverse("visits")).status_code == 200
    client.post(reverse("sign-out"))

    step = knock(client)
    assert step["Location"] == "/sign-in/code/?next=%2Fhelp%2F"
    assert client.get(reverse("visits"))["Location"].startswith(reverse("sign-in")), "nobody yet"
    assert client.post(reverse("sign-in-code"), {"code": "000000"}).status_code == 400
    done = client.post(reverse("sign-in-code"), {"code": telephone.code(), "next": "/help/"})
    assert done["Location"] == "/help/"
    assert client.get(reverse("visits")).status_code == 200

    lost = Client()
    knock(lost)
    assert lost.post(reverse("sign-in-code"), {"code": codes[3]}).status_code == 302
    assert "恢复码还剩 9 个" in lost.get(reverse("second-factor")).content.decode()
    assert len(codes) == 10


def test_setting_it_up_ends_what_was_begun_with_a_password_alone(cast: Cast, telephone: Telephone) -> None:
    thief, client = Client(), Client()
    for browser in (thief, client):
        knock(browser)

    enrol(client, telephone)

    assert thief.get(reverse("me")).status_code == 302
    assert client.get(reverse("me")).status_code == 200


def test_a_sitting_without_the_code_is_sent_back_to_the_door(cast: Cast, chair: Account) -> None:
    fitted(chair)
    client = Client()
    client.force_login(chair)

    assert client.get(reverse("visits"))["Location"] == reverse("sign-in")
    assert "_auth_user_id" not in client.session


def test_guessing_codes_is_counted_like_guessing_passwords(cast: Cast, chair: Account, telephone: Telephone) -> None:
    fitted(chair)
    client = Client()
    knock(client)

    said = [client.post(reverse("sign-in-code"), {"code": "000000"}).status_code for _ in range(TRIES)]
    telephone.secret = SECRET
    right = client.post(reverse("sign-in-code"), {"code": telephone.code()})

    assert said == [400] * TRIES
    assert right.status_code == 400
    assert "_auth_user_id" not in client.session
    assert "请等 15 分钟" in knock(Client()).content.decode()


def test_the_right_password_is_soon_forgotten(cast: Cast, chair: Account, telephone: Telephone) -> None:
    fitted(chair)
    telephone.secret = SECRET
    client = Client()
    knock(client)

    telephone.moment += dt.timedelta(minutes=5)
    answer = client.post(reverse("sign-in-code"), {"code": telephone.code()})

    assert (answer.status_code, "重新输入账号和密码" in answer.content.decode()) == (400, True)
    assert client.get(reverse("sign-in-code"))["Location"] == reverse("sign-in")


def test_another_telephone_needs_the_old_one_or_a_recovery_code(cast: Cast, telephone: Telephone) -> None:
    client = Client()
    knock(client)
    codes, old = enrol(client, telephone), telephone.secret

    assert client.post(reverse("second-factor"), {"code": "000000", "act": "leave"}).status_code == 400
    assert client.post(reverse("second-factor"), {"code": codes[0], "act": "leave"}).status_code == 302
    assert client.get(reverse("visits"))["Location"] == reverse("second-factor")
    fresh = enrol(client, telephone)

    assert telephone.secret != old
    assert not set(fresh) & set(codes)


def test_new_recovery_codes_end_the_old_ones(cast: Cast, chair: Account) -> None:
    codes = fitted(chair)
    fresh = second_factor.renew_codes(chair, codes[0], now=at(300))

    with pytest.raises(Refused):
        second_factor.require_code(chair, codes[1], now=at(300))
    second_factor.require_code(chair, fresh[0], now=at(300))


def test_an_administrator_takes_it_away_and_it_is_written_down(cast: Cast, chair: Account) -> None:
    fitted(chair)
    second_factor.reset(cast.actor("administrator"), chair, today=TODAY)

    assert not second_factor.has_one(chair)
    assert not RecoveryCode.objects.exists()
    assert AccountChange.objects.get(kind="factor-reset").by == cast.accounts["administrator"].pk
    with pytest.raises(Forbidden):
        second_factor.reset(cast.actor("officer"), chair, today=TODAY)
    with pytest.raises(Forbidden):
        second_factor.reset(cast.actor("administrator"), cast.accounts["administrator"], today=TODAY)


def test_the_square_says_what_the_letters_say(chair: Account) -> None:
    width, path = second_factor.square(SECRET, chair)

    assert width > 25
    assert re.fullmatch(r"(M\d+ \d+h1v1h-1z)+", path)
    # Finder pattern of QR codes, two modules from the edge: seven dark ones in a row.
    assert all(f"M{x} 2h1v1h-1z" in path for x in range(2, 9))
    assert "M9 2h1v1h-1z" not in path


def test_a_made_up_sitting_is_no_password(cast: Cast) -> None:
    client = Client()
    for said in (["01NOBODY", 99999999999], "x", 5, [1], None):
        session = client.session
        session[signin.PENDING] = said
        session.save()
        client.cookies["lianxin"] = session.session_key
        assert client.get(reverse("sign-in-code")).status_code == 302
    assert signin_code.MINUTES_FOR_A_CODE == 5
