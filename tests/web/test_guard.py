"""Headers, cookies, statics, hosts and forgery: what stands around every answer (security.md 6.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.web import guard
from tests.asking import BASE, Asker, anyone, person, program, rows
from tests.make import PASSWORD, World
from tests.web.things import Place, filled, routes

STATIC = Path(guard.__file__).parents[1] / "static"


def test_every_answer_of_every_route_carries_the_headers(app: Flask, world: World, places: dict[str, Place]):
    mia, count = person(app, world, "mia"), 0
    for method, rule in routes(app):
        path = filled(rule, places["own"])
        answer = mia.get(path) if method == "GET" else mia.post(path, form={"no such field": 1})
        headers, count = answer.headers, count + 1
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert headers["Content-Security-Policy"] in {guard.PLAIN_CSP, guard.CAMERA_CSP}, path
        assert "Server" not in headers
    assert count > 60


def test_faults_carry_the_headers_too(app: Flask, world: World):
    for path in ("/nowhere", "/devices", "/s/x/nothing.css"):
        headers = anyone(app).get(path).headers
        assert headers["Content-Security-Policy"] == guard.PLAIN_CSP or path == "/devices"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_lets_in_nothing_from_elsewhere_nor_inline():
    for policy in (guard.PLAIN_CSP, guard.CAMERA_CSP):
        parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert parts["default-src"] == "'none'"
        assert parts["style-src"] == parts["form-action"] == parts["connect-src"] == "'self'"
        assert parts["base-uri"] == parts["frame-ancestors"] == parts["object-src"] == "'none'"
        assert parts["script-src"] == ("'self'" if policy == guard.PLAIN_CSP else "'self' 'wasm-unsafe-eval'")
        for never in ("unsafe-inline", "'unsafe-eval'", "http:", "https:", "*"):
            assert never not in policy


def test_wasm_is_let_in_only_where_the_camera_is(app: Flask, world: World):
    mia = person(app, world, "mia")
    camera = {
        path: mia.get(path).headers["Content-Security-Policy"] == guard.CAMERA_CSP
        for path in ("/", "/lend", "/returns", "/me", "/households", "/help", "/staff")
    }
    assert camera == {
        "/": True,
        "/lend": True,
        "/returns": True,
        "/me": False,
        "/households": False,
        "/help": False,
        "/staff": False,
    }


def test_pages_have_no_inline_script_nor_style(app: Flask, world: World, places: dict[str, Place]):
    mia = person(app, world, "mia")
    for method, rule in routes(app):
        if method == "GET":
            answer = mia.get(filled(rule, places["own"]))
            if answer.mimetype == "text/html":
                for tag in re.findall(r"<script[^>]*>", answer.text):
                    assert "src=" in tag or "application/json" in tag, (rule.rule, tag)
                assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", answer.text), rule.rule


# http and https


def test_on_plain_http_nothing_promises_https(make_app: Callable[..., Flask], settings: Any, world: World):
    plain = make_app(settings, public_url="http://127.0.0.1:5070")
    answer = plain.test_client().post(
        "/sign-in", data={"email": "ada@example.org", "password": PASSWORD}, base_url="http://127.0.0.1:5070"
    )
    assert answer.status_code == 303
    assert "Strict-Transport-Security" not in answer.headers
    cookies = _cookies(answer)
    assert "sid" in cookies
    assert "secure" not in cookies["sid"]
    assert {"httponly", "samesite=lax", "path=/"} <= cookies["sid"]


def test_every_cookie_is_host_secure_httponly_and_same_site(app: Flask, world: World):
    one = anyone(app)
    found = _cookies(one.post("/sign-in", form={"email": "mia@example.org", "password": PASSWORD}))
    mia = person(app, world, "mia")
    found |= _cookies(mia.post("/stations", form={"name": "Accueil"}))
    found |= _cookies(mia.post("/households", form={"name": "X-Test"}))
    assert {name.removeprefix("__Host-") for name in found} == {"sid", "desk", "said"}
    for name, marks in found.items():
        assert name.startswith("__Host-"), "tied to this host, for the whole of it"
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= marks, name
        assert not [mark for mark in marks if mark.startswith("domain")], name


def test_signing_out_takes_the_cookie_away(app: Flask, world: World):
    marks = _cookies(person(app, world, "ada").post("/sign-out"))["__Host-sid"]
    assert {"max-age=0", "secure", "path=/"} <= marks


def test_the_cookie_of_done_sentences_holds_no_right(app: Flask, world: World):
    """It is signed and readable; it never names who is signed in."""
    ada = person(app, world, "ada")
    ada.post("/households", form={"name": "X-Test"})
    ada.client.delete_cookie("__Host-sid", domain="pret.example.org")
    assert ada.get("/devices").status_code == 303


def _cookies(answer: Any) -> dict[str, set[str]]:
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        name, *marks = (part.strip() for part in line.split(";"))
        found[name.partition("=")[0]] = {mark.lower() for mark in marks}
    return found


# Statics


def test_statics_of_this_version_are_kept_for_ever(app: Flask):
    page = anyone(app).get("/help").text
    hashed = set(re.findall(r"/s/[0-9a-f]{12}/[\w./-]+", page))
    assert {path.rpartition("/")[2] for path in hashed} >= {"all.css", "main.js", "logo.svg"}
    for path in hashed:
        answer = anyone(app).get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable"), (
            path
        )
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_statics_of_another_version_are_asked_for_again(app: Flask):
    answer = anyone(app).get("/s/000000000000/js/main.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_statics_have_their_right_kind(app: Flask):
    kinds = {
        "css/all.css": "text/css",
        "js/main.js": "text/javascript",
        "logo.svg": "image/svg+xml",
        "vendor/zxing_reader.wasm": "application/wasm",
    }
    for name, kind in kinds.items():
        assert anyone(app).get(f"/s/x/{name}").mimetype == kind
    font = next(STATIC.rglob("*.woff2")).relative_to(STATIC).as_posix()
    assert anyone(app).get(f"/s/x/{font}").mimetype == "font/woff2"


@pytest.mark.parametrize(
    "name",
    [
        "../web/guard.py",
        "..%2fweb/guard.py",
        "%2e%2e/web/guard.py",
        "/etc/passwd",
        "css/../../settings.py",
        "nothing.css",
        "css",
        "%00",
    ],
)
def test_nothing_but_statics_is_served_as_static(app: Flask, name: str):
    answer = anyone(app).get(f"/s/x/{name}")
    assert answer.status_code in {404, 308}
    assert b"import" not in answer.data


def test_every_part_of_the_style_is_in_it_once(app: Flask):
    files = {path.stem for path in (STATIC / "css").glob("*.css")}
    assert set(guard.STYLE) == files
    assert len(guard.STYLE) == len(set(guard.STYLE))
    joined = anyone(app).get("/s/x/css/all.css").text
    places = [joined.index((STATIC / "css" / f"{part}.css").read_text(encoding="utf-8")) for part in guard.STYLE]
    assert places == sorted(places)


def test_a_changed_static_makes_another_folder(tmp_path: Path):
    (tmp_path / "a.js").write_text("1")
    one = guard._mark_of(tmp_path)
    (tmp_path / "a.js").write_text("2")
    two = guard._mark_of(tmp_path)
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({one, two, guard._mark_of(tmp_path)}) == 3


# Hosts and other sites


@pytest.mark.parametrize(
    "host", ["evil.example", "pret.example.org.evil.example", "evil.example:443", "xpret.example.org"]
)
def test_another_host_is_400_and_named_nowhere(app: Flask, world: World, host: str):
    for method, path in (("GET", "/devices"), ("GET", "/help"), ("POST", "/forgot"), ("GET", "/healthz")):
        answer = app.test_client().open(
            path,
            method=method,
            base_url=f"https://{host}",
            data={"email": "ada@example.org"} if method == "POST" else None,
        )
        assert answer.status_code == 400, (path, host)
        assert host not in answer.text
        assert host not in answer.headers.get("Location", "")
    assert rows(app)["letter"] == 0


def test_forwarded_headers_count_for_nothing_without_a_trusted_proxy(app: Flask, world: World):
    ada = person(app, world, "ada")
    answer = ada.get(
        "/devices/nowhere",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/evil"},
    )
    assert "evil" not in answer.text
    for n in range(11):  # a made-up origin each time does not escape the count
        last = anyone(app, extra={"X-Forwarded-For": f"10.0.0.{n}"}).post("/e/DCLBTRXN", form={"words": "Trouvé"})
    assert last.status_code == 429


FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null"},
    {"Origin": "https://pret.example.org.evil.example"},
    {"Origin": "http://["},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=range(len(FOREIGN)))
def test_a_write_from_another_site_is_refused_even_with_the_token(app: Flask, world: World, headers: dict[str, str]):
    before = rows(app)
    ada = person(app, world, "ada")
    answer = ada.post("/households", form={"name": "X-Test"}, headers=headers)
    assert answer.status_code == 403
    answer = anyone(app, as_json=True).post(
        "/sign-in", json={"email": "ada@example.org", "password": PASSWORD}, headers=headers
    )
    assert (answer.status_code, answer.json["error"]) == (403, "other_site")
    assert {k: v for k, v in rows(app).items() if v != before[k]} == {"sign_in": before["sign_in"] + 1}, (
        "that of Ada herself"
    )


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": BASE}, {"Sec-Fetch-Site": "same-origin", "Origin": BASE}, {"Sec-Fetch-Site": "none"}]
)
def test_a_write_from_our_own_pages_is_let_in(app: Flask, world: World, headers: dict[str, str]):
    assert person(app, world, "ada").post("/households", form={"name": "X-Test"}, headers=headers).status_code == 303


def test_a_read_from_another_site_is_let_in(app: Flask, world: World):
    """A link in a letter leads here."""
    ada = person(app, world, "ada")
    assert (
        ada.get("/devices", headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}).status_code
        == 200
    )


def test_no_route_writes_without_the_token_of_the_session(app: Flask, world: World, places: dict[str, Place]):
    mia: Asker = person(app, world, "mia")
    strangers_token = person(app, world, "ada").csrf
    before = rows(app)
    for method, rule in routes(app):
        if method == "POST":
            for csrf in ("", "nonsense", strangers_token):
                mia.csrf = csrf
                answer = mia.post(filled(rule, places["own"]), form={})
                assert answer.status_code == 403, (rule.rule, csrf[:8])
    assert rows(app) == before


def test_a_put_or_delete_reaches_nothing(app: Flask, world: World, places: dict[str, Place]):
    mia = program(app, world, "mia")
    for _method, rule in routes(app):
        for verb in ("PUT", "PATCH", "DELETE", "TRACE"):
            assert mia.ask(verb, filled(rule, places["own"])).status_code == 405, (verb, rule.rule)


def test_the_method_cannot_be_smuggled_in(app: Flask, world: World):
    ada = person(app, world, "ada")
    answer = ada.get("/households?_method=POST&name=X-Test", headers={"X-HTTP-Method-Override": "POST"})
    assert answer.status_code == 422
    assert rows(app)["household"] == 0
