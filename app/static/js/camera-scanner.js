// <camera-scanner go="/scan" data-...>: its .cam link or button opens the panel of its <template>. Every sentence comes
// from the server: data-start, data-aim, data-hint, data-paused, data-refused, data-none, data-insecure.
import { beep, wake } from './beep.js';
import { Camera, obstacle, reason } from './camera.js';
import { parse } from './codes.js';
import { detector } from './detector.js';
import { announce } from './scanned.js';

const HINT_AFTER = 4_000;
const PAUSE_AFTER = 60_000;
const SAME_CODE = 2_000;
// A basket is loaded anew for each thing scanned: there the camera goes on where the page before left it.
const GOES_ON = 'camera goes on';
const GOES_ON_FOR = 10_000;

class CameraScanner extends HTMLElement {
  #camera = null;
  #panel = null;
  #timers = [];
  #seen = { code: '', at: -Infinity };
  #hidden = () => document.hidden && this.#pause();
  #leave = () => this.#close();

  connectedCallback() {
    this.#button?.addEventListener('click', this.#onButton);
    document.addEventListener('visibilitychange', this.#hidden);
    addEventListener('pagehide', this.#leave);
    this.#goOn();
  }

  disconnectedCallback() {
    this.#close();
    this.#button?.removeEventListener('click', this.#onButton);
    document.removeEventListener('visibilitychange', this.#hidden);
    removeEventListener('pagehide', this.#leave);
  }

  #goOn() {
    const { code, at } = JSON.parse(sessionStorage.getItem(GOES_ON) ?? '{}');
    if (!this.closest('basket-form') || !this.#button.checkVisibility()) return; // the one in a closed part is not meant
    sessionStorage.removeItem(GOES_ON);
    if (at > Date.now() - GOES_ON_FOR) this.#open(code);
  }

  get #button() {
    return this.querySelector('.cam');
  }

  #onButton = (event) => {
    event.preventDefault();
    this.#open();
  };

  async #open(code) {
    this.#close();
    if (code) this.#seen = { code, at: Date.now() };
    wake();
    this.#show();
    const trouble = obstacle();
    if (trouble) return this.#say(trouble);
    try {
      await this.#run();
    } catch (error) {
      console.warn(error);
      this.#stop();
      this.#say(reason(error));
    }
  }

  async #run() {
    const camera = new Camera(this.#part('video'));
    this.#camera = camera;
    this.#say('start');
    this.#part('video').hidden = false;
    const [reader] = await Promise.all([detector(), camera.open()]);
    if (this.#camera !== camera) return camera.close(); // closed while it was opening
    this.#part('.torch').hidden = !camera.hasTorch;
    this.#say('aim');
    this.#timers = [setTimeout(() => this.#say('hint'), HINT_AFTER), setTimeout(() => this.#pause(), PAUSE_AFTER)];
    await camera.watch(reader, (text) => this.#see(text));
  }

  #see(text) {
    const code = parse(text);
    if (!code) return;
    const still = code === this.#seen.code && Date.now() - this.#seen.at < SAME_CODE; // it was not taken away meanwhile
    this.#seen = { code, at: Date.now() };
    if (still) return;
    beep();
    if (this.closest('basket-form')) sessionStorage.setItem(GOES_ON, JSON.stringify(this.#seen));
    if (!announce(code, this.getAttribute('go') ?? '/scan', [text])) this.#stop();
  }

  #show() {
    this.#panel = this.querySelector('template').content.firstElementChild.cloneNode(true);
    this.#part('video').hidden = true;
    this.#part('.torch').hidden = true;
    this.#part('.torch').addEventListener('click', () => this.#light());
    this.#part('.close').addEventListener('click', () => this.#dismiss());
    this.#panel.addEventListener('keydown', (event) => event.key === 'Escape' && this.#dismiss());
    this.#button.hidden = true;
    this.append(this.#panel);
    this.#part('.close').focus();
  }

  async #light() {
    const lit = await this.#camera.turnTorch();
    this.#part('.torch').setAttribute('aria-pressed', lit);
  }

  #pause() {
    if (!this.#camera) return;
    this.#stop();
    this.#button.hidden = false;
    this.#say('paused');
  }

  #stop() {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    this.#camera?.close();
    this.#camera = null;
    if (this.#panel) this.#part('video').hidden = this.#part('.torch').hidden = true;
  }

  #close() {
    this.#stop();
    this.#panel?.remove();
    this.#panel = null;
    if (this.#button) this.#button.hidden = false;
  }

  #dismiss() {
    this.#close();
    this.#button.focus();
  }

  #say(name) {
    if (this.#panel) this.#part('[role=status]').textContent = this.dataset[name] ?? '';
  }

  #part(selector) {
    return this.#panel.querySelector(selector);
  }
}

customElements.define('camera-scanner', CameraScanner);
