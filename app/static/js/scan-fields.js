// <scan-fields> around fields of a form: a label or a card that is scanned goes into its field, and the page is shown
// anew with what it is. Without this module a scanner types into the field itself.
import { addition } from './basket.js';

const FIELDS = { device: '#thing', household: '#who', q: '#thing' };

class ScanFields extends HTMLElement {
  connectedCallback() {
    document.addEventListener('scanned', this.#onScanned);
  }

  disconnectedCallback() {
    document.removeEventListener('scanned', this.#onScanned);
  }

  #onScanned = (event) => {
    event.preventDefault();
    const [[name, value]] = addition(event.detail.code, event.detail.texts);
    const field = this.querySelector(FIELDS[name]);
    field.value = value;
    field.form.requestSubmit(field.closest('fieldset').querySelector('button[formaction]'));
  };
}

customElements.define('scan-fields', ScanFields);
