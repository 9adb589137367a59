// <station-lock minutes="5" action="/station/lock"> around a form: a shared desk nobody touches for that long is locked.
// The time of the last touch is shared by the tabs of the browser, so that a tab in the background locks nobody out.
const TOUCHES = ['keydown', 'pointerdown', 'wheel'];
const LOOK = 5_000; // ms; timers sleep with the computer, so the clock is read, not counted
const KEY = 'touched-at';

class StationLock extends HTMLElement {
  #touched = Date.now();
  #timer = 0;
  #locked = false;

  connectedCallback() {
    this.#touch();
    TOUCHES.forEach((name) => document.addEventListener(name, this.#touch, { capture: true, passive: true }));
    document.addEventListener('visibilitychange', this.#look);
    this.#timer = setInterval(this.#look, LOOK);
  }

  disconnectedCallback() {
    TOUCHES.forEach((name) => document.removeEventListener(name, this.#touch, { capture: true }));
    document.removeEventListener('visibilitychange', this.#look);
    clearInterval(this.#timer);
  }

  #touch = () => {
    this.#look(); // a touch after the time is over comes too late
    this.#touched = Date.now();
    try {
      localStorage.setItem(KEY, this.#touched);
    } catch {
      // storage refused: this tab counts alone
    }
  };

  #look = () => {
    if (this.#locked || Date.now() - this.#lastTouch() < Number(this.getAttribute('minutes')) * 60_000) return;
    this.#locked = true;
    const form = this.querySelector('form');
    form.action = this.getAttribute('action') ?? form.action;
    form.submit();
  };

  #lastTouch() {
    try {
      return Math.max(this.#touched, Number(localStorage.getItem(KEY)));
    } catch {
      return this.#touched;
    }
  }
}

customElements.define('station-lock', StationLock);
