// <scanner-trial>: around the form of the page that tries a hand scanner. A scan goes to that form and opens nothing;
// the server tells what it makes of it.
class ScannerTrial extends HTMLElement {
  #take = (event) => {
    const form = this.querySelector('form');
    const [text, alt = ''] = event.detail.texts;
    event.preventDefault();
    form.elements.q.value = text;
    form.elements.alt.value = alt === text ? '' : alt;
    form.requestSubmit();
  };

  connectedCallback() {
    document.addEventListener('scanned', this.#take);
  }

  disconnectedCallback() {
    document.removeEventListener('scanned', this.#take);
  }
}

customElements.define('scanner-trial', ScannerTrial);
