// <basket-form data-add="/lend" data-already="..."> around the form of a lend or return page: each scan there adds a
// device or sets the household by loading the page anew. Without script, the code field does the same.
import { addition, nextPairs } from './basket.js';
import { beepAgain } from './beep.js';

const HELD = 'input[type=hidden][name=device], input[type=hidden][name=household]';

class BasketForm extends HTMLElement {
  #pairs = [];

  connectedCallback() {
    this.#read();
    document.addEventListener('scanned', this.#onScanned);
    addEventListener('pageshow', this.#read);
  }

  disconnectedCallback() {
    document.removeEventListener('scanned', this.#onScanned);
    removeEventListener('pageshow', this.#read);
  }

  #read = () => {
    const inputs = [...this.querySelectorAll(HELD)].filter((input) => input.value);
    this.#pairs = inputs.map((input) => [input.name, input.value]);
  };

  #onScanned = (event) => {
    event.preventDefault();
    const { code, texts } = event.detail;
    const pairs = nextPairs(this.#pairs, addition(code, texts));
    if (!pairs) return this.#already();
    this.#pairs = pairs; // a second scan before the next page stands must not lose the first
    location.assign(`${this.dataset.add}?${new URLSearchParams(pairs)}`);
  };

  #already() {
    beepAgain();
    const status = this.querySelector('[role=status]');
    status.textContent = ''; // so that the same sentence is said again
    requestAnimationFrame(() => (status.textContent = this.dataset.already));
  }
}

customElements.define('basket-form', BasketForm);
