// <next-form> around a form whose fields are scanned one after the other (data-scan): once the last one was scanned, the
// form goes by itself. What the camera or the scanner reads beside the fields goes into the field it fits.
class NextForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener('input', this.#onInput);
    document.addEventListener('scanned', this.#onScanned);
  }

  disconnectedCallback() {
    document.removeEventListener('scanned', this.#onScanned);
  }

  get #fields() {
    return [...this.querySelectorAll('[data-scan]')];
  }

  /** A scanner's writing is told by us and thus not trusted; a person's typing is, and never sends the form. */
  #onInput = (event) => {
    if (event.isTrusted || event.target !== this.#fields.at(-1)) return;
    if (this.#fields.every((field) => field.value)) event.target.form.requestSubmit();
  };

  #onScanned = (event) => {
    const { code, texts } = event.detail;
    const fields = this.#fields;
    const field = (code && fields.find(({ name }) => name === 'code')) || fields[0];
    event.preventDefault();
    field.value = code ?? texts[0];
    const empty = fields.find(({ value }) => !value);
    if (empty) empty.focus();
    else field.form.requestSubmit();
  };
}

customElements.define('next-form', NextForm);
