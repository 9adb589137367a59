// <sign-pad> around a frame to draw in: finger, pen or mouse become a path of straight strokes in a box of 600 by 300,
// kept in hidden fields of the form. Without this module the frame stays hidden and the box to tick is there.
const WIDE = 600;
const HIGH = 300;

class SignPad extends HTMLElement {
  #path = '';
  #drawing = null;

  connectedCallback() {
    const pad = this.querySelector('.pad');
    pad.hidden = false;
    pad.addEventListener('pointerdown', this.#begin);
    pad.addEventListener('pointermove', this.#go);
    for (const end of ['pointerup', 'pointercancel']) pad.addEventListener(end, this.#end);
    this.querySelector('button').addEventListener('click', this.#clear);
    this.closest('form').addEventListener('submit', this.#sent);
  }

  #begin = (event) => {
    if (this.#drawing !== null || event.button > 0) return;
    event.preventDefault();
    this.#drawing = event.pointerId;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#add('M', event);
  };

  #go = (event) => {
    if (event.pointerId === this.#drawing) this.#add('L', event);
  };

  #end = (event) => {
    if (event.pointerId === this.#drawing) this.#drawing = null;
  };

  #add(sign, { clientX, clientY, currentTarget }) {
    const box = currentTarget.getBoundingClientRect();
    const x = Math.round(((clientX - box.left) / box.width) * WIDE);
    const y = Math.round(((clientY - box.top) / box.height) * HIGH);
    this.#show(`${this.#path}${sign}${Math.min(Math.max(x, 0), WIDE)} ${Math.min(Math.max(y, 0), HIGH)}`);
  }

  #clear = () => this.#show('');

  #show(path) {
    this.#path = path;
    this.querySelector('path').setAttribute('d', path);
    this.querySelector('[name=mark]').value = path;
    this.querySelector('[name=way]').value = path ? 'drawn' : 'typed';
    this.querySelector('button').hidden = !path;
  }

  #sent = () => {
    const clock = this.querySelector('[name=device_at]');
    clock.value = new Date().toISOString();
    clock.disabled = false;
  };
}

customElements.define('sign-pad', SignPad);
