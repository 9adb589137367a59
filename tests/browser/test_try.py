from tests.browser.conftest import things, PHONE
def test_try(site, desk):
    (tab,) = things(site)
    page = desk()
    page.goto(f"{site.url}/devices/{tab.code}")
    page.screenshot(path="/tmp/try/thing.png", full_page=True)
    print(page.locator("main").inner_text())
