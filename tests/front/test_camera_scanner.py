import pytest
from playwright.sync_api import expect

from tests.front import clips
from tests.front.conftest import sample
from tests.harness.browser import axe

pytestmark = pytest.mark.browser

CODE = "DCLBTRXN"
PHONE = {"viewport": {"width": 390, "height": 844}}
KEEP_STREAM = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => (window.stream = await open(wish));
"""
TRACKS = "window.stream.getTracks().map((track) => track.readyState)"


@pytest.fixture
def desk(stand):
    return stand.show("/desk", sample("camera-scanner"), "camera-scanner", wasm=True)


@pytest.fixture
def nothing(tmp_path):
    return clips.write(tmp_path / "nothing.y4m", clips.qr("https://example.org/other"))


@pytest.mark.parametrize(
    "picture",
    [clips.qr("HTTPS://PRET.EXEMPLE.FR/E/" + CODE), clips.code128(CODE)],
    ids=["qr", "code128"],
)
def test_the_camera_reads_a_label_and_opens_the_thing(camera, desk, tmp_path, picture):
    page = camera(clips.write(tmp_path / "label.y4m", picture), **PHONE).new_page()
    page.goto(desk)
    page.click(".cam")
    page.wait_for_url("**/scan?q=DCLBTRXN")


def test_the_page_may_take_the_scan_itself_and_hears_a_code_once(camera, desk, tmp_path):
    page = camera(clips.write(tmp_path / "label.y4m", clips.qr(CODE)), **PHONE).new_page()
    page.goto(desk)
    page.evaluate("""() => { window.got = []; document.addEventListener('scanned', (event) => {
      event.preventDefault(); window.got.push(event.detail.code) }) }""")
    page.click(".cam")
    expect(page.get_by_role("status")).to_have_text("Visez l’étiquette.")
    page.wait_for_timeout(1200)
    assert page.evaluate("window.got") == [CODE]
    assert page.url == desk


def test_after_a_while_it_says_how_to_hold_the_phone_and_at_last_it_stops(camera, desk, nothing):
    page = camera(nothing, **PHONE).new_page()
    page.add_init_script(KEEP_STREAM)
    page.clock.install()
    page.goto(desk)
    page.click(".cam")
    said = page.get_by_role("status")
    expect(said).to_have_text("Visez l’étiquette.")
    page.clock.fast_forward(4_000)
    expect(said).to_have_text("Penchez un peu le téléphone.")
    page.clock.fast_forward(56_000)
    expect(said).to_have_text("La caméra s’est arrêtée.")
    assert page.evaluate(TRACKS) == ["ended"]
    page.click(".cam")
    expect(said).to_have_text("Visez l’étiquette.")


@pytest.mark.parametrize("how", ["close", "escape", "hidden"])
def test_closing_or_leaving_the_page_stops_the_camera(camera, desk, nothing, how):
    page = camera(nothing, **PHONE).new_page()
    page.add_init_script(KEEP_STREAM)
    page.goto(desk)
    page.click(".cam")
    expect(page.get_by_role("status")).to_have_text("Visez l’étiquette.")
    assert page.evaluate(TRACKS) == ["live"]
    if how == "close":
        page.click(".close")
    elif how == "escape":
        page.keyboard.press("Escape")
    else:
        page.evaluate("""() => { Object.defineProperty(document, 'hidden', {value: true});
          document.dispatchEvent(new Event('visibilitychange')) }""")
    expect(page.locator(".cam")).to_be_visible()
    assert page.evaluate(TRACKS) == ["ended"]
    if how != "hidden":
        expect(page.locator(".camera")).to_have_count(0)
        expect(page.locator(".cam")).to_be_focused()


def test_the_open_panel_has_no_axe_fault_and_fits_a_small_phone(camera, desk, nothing):
    page = camera(nothing, viewport={"width": 320, "height": 640}).new_page()
    page.goto(desk)
    page.click(".cam")
    expect(page.get_by_role("status")).to_have_text("Visez l’étiquette.")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }",
            "La caméra est refusée.",
        ),
        (
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }",
            "Pas de caméra ici.",
        ),
        ("Object.defineProperty(globalThis, 'isSecureContext', { value: false })", "Il faut une adresse en https."),
    ],
    ids=["refused", "none", "insecure"],
)
def test_without_a_camera_a_sentence_says_what_to_do_and_the_field_stays(new_page, desk, trouble, sentence):
    page = new_page(**PHONE)
    page.add_init_script(trouble)
    page.goto(desk)
    page.click(".cam")
    expect(page.get_by_role("status")).to_have_text(sentence)
    page.fill("#q", CODE)
    page.click("text=Ouvrir")
    page.wait_for_url("**/find?q=DCLBTRXN")


def test_without_script_the_button_leads_to_the_field(new_page, desk):
    page = new_page(java_script_enabled=False, **PHONE)
    page.goto(desk)
    page.click(".cam")
    page.keyboard.type(CODE)
    expect(page.locator("#q")).to_have_value(CODE)
