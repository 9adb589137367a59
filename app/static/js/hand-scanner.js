// <hand-scanner go="/scan">: once in the frame of a page. A scan anywhere is taken; a person's typing never is.
import { parse } from './codes.js';
import { announce } from './scanned.js';
import { wedge } from './wedge.js';

const PLAIN = /^[\w .:/+-]+$/; // what makers put into a serial number: a reading with other signs is of the wrong keyboard
const BUTTONS = ['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit'];

/** Whether letters typed here become text. */
function isText(field) {
  if (field.isContentEditable || field.localName === 'textarea') return true;
  return field.localName === 'input' && !BUTTONS.includes(field.type);
}

/** A field that wants scans itself (data-scan): it gets the number, and the next such field the focus. */
function fill(field, text) {
  const lines = field.localName === 'textarea'; // it takes one line more, and keeps the focus
  field.value = lines ? `${field.value.trimEnd()}\n${text}\n`.trimStart() : text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  if (lines) return;
  const rest = [...field.form.querySelectorAll('[data-scan], button[type=submit]')];
  rest[rest.indexOf(field) + 1]?.focus();
}

class HandScanner extends HTMLElement {
  #stop = null;

  connectedCallback() {
    this.#stop = wedge((burst, field) => this.#take(burst, field));
  }

  disconnectedCallback() {
    this.#stop?.();
  }

  #take({ texts, quick }, field) {
    const code = texts.map(parse).find(Boolean) ?? null;
    const ours = code !== null && (quick || !isText(field));
    const foreign = code === null && quick && (!isText(field) || field.closest('.scan') !== null);
    if (quick && field.dataset?.scan !== undefined) {
      queueMicrotask(() => fill(field, code ?? texts.find((text) => PLAIN.test(text)) ?? texts[0]));
      return true;
    }
    if (!ours && !foreign) return false;
    // After the wedge has given the field its former value back.
    queueMicrotask(() => announce(code, this.getAttribute('go') ?? '/scan', texts));
    return true;
  }
}

customElements.define('hand-scanner', HandScanner);
