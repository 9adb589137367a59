// <basket-form data-add="/lend" data-already="..."> around the form of a lend or return page: each scan there adds a
// device or sets the household by loading the page anew. Without script, the code field does the same.
// With data-only="household" it takes those scans alone: on the card of a thing, whoever it is lent to.
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
    const held = [...this.querySelectorAll(HELD)].filter((input) => input.value).map(({ name, value }) => [name, value]);
    this.#pairs = [...new Map(held.map((pair) => [pair.join(' '), pair])).values()]; // several forms repeat them
  };

  #onScanned = (event) => {
    const { code, texts } = event.detail;
    const added = addition(code, texts);
    if (this.dataset.only && added[0][0] !== this.dataset.only) return;
    event.preventDefault();
    const pairs = nextPairs(this.#pairs, added);
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
