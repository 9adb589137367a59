"""What the desk weighs: firm for bytes and requests, generous and printed for time (the cores are shared)."""

from __future__ import annotations

import gzip
from collections import Counter

from playwright.sync_api import Response

from tests.browser.conftest import BENCH, sign_in

KIB = 1024
MOST = {"html": 12 * KIB, "css": 15 * KIB, "js": 25 * KIB}
MOST_REQUESTS = 16
MOST_LCP = 2500
KINDS = {"text/html": "html", "text/css": "css", "text/javascript": "js"}
LCP = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
  .observe({ type: 'largest-contentful-paint', buffered: true }))"""


def test_the_desk_is_light(house, new_context):
    site = house("fr")
    page = sign_in(new_context(**BENCH), site).new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(site.url)
    page.wait_for_load_state("networkidle")
    weights: Counter[str] = Counter()
    for answer in answers:
        kind = KINDS.get(answer.headers.get("content-type", "").partition(";")[0], "other")
        weights[kind] += len(gzip.compress(answer.body())) if kind != "other" else 0
    lcp = page.evaluate(LCP)
    told = ", ".join(f"{kind} {weights[kind] / KIB:.1f} KiB gz" for kind in MOST)
    print(f"\nthe desk: {told}, {len(answers)} requests, LCP {lcp:.0f} ms on loopback")
    assert {kind for kind, most in MOST.items() if weights[kind] > most} == set()
    assert len(answers) <= MOST_REQUESTS, sorted(answer.url for answer in answers)
    assert not [answer.url for answer in answers if "vendor" in answer.url and "woff2" not in answer.url]
    assert lcp < MOST_LCP
