// <stock-take action="/stock-takes/3/scans" data-key data-csrf data-seen ...>: around the form of a stock-take. A scan
// there is kept first and sent then; where there is no signal it waits. Without script the form does the same, one by one.
import { beepAgain } from './beep.js';
import { grouped, parse } from './codes.js';
import { ScanQueue } from './scan-queue.js';

const TRY_AGAIN = 15_000;
const LOOKS = { seen: 'free', unexpected: 'wait', kept: 'out', again: 'out', refused: 'alarm' };

class StockTake extends HTMLElement {
  #queue = null;
  #names = {};
  #seen = new Set();
  #timer = 0;

  connectedCallback() {
    this.#names = JSON.parse(this.querySelector('script[type="application/json"]')?.textContent ?? '{}');
    this.#queue = new ScanQueue(this.dataset.key, (scan) => this.#send(scan));
    document.addEventListener('scanned', this.#onScanned);
    this.addEventListener('submit', this.#onSubmit);
    addEventListener('online', this.#flush);
    this.#timer = setInterval(this.#flush, TRY_AGAIN);
    this.#flush();
  }

  disconnectedCallback() {
    document.removeEventListener('scanned', this.#onScanned);
    removeEventListener('online', this.#flush);
    clearInterval(this.#timer);
  }

  #onScanned = (event) => {
    event.preventDefault();
    this.#take(event.detail.code ?? event.detail.texts[0]);
  };

  #onSubmit = (event) => {
    const field = event.target.elements.code;
    if (!field?.value.trim()) return;
    event.preventDefault();
    this.#take(field.value.trim());
    field.value = '';
    field.focus();
  };

  #take(text) {
    const code = parse(text) ?? text;
    if (this.#seen.has(code)) {
      beepAgain();
      return this.#show('again', code);
    }
    this.#seen.add(code);
    const kept = this.#queue.add(code);
    this.#show('kept', code);
    if (!kept) this.#say(this.dataset.full);
    this.#flush();
  }

  #flush = async () => {
    const end = await this.#queue.flush((scan, status, body) => this.#told(scan, status, body));
    if (end === 'busy') return;
    const { waiting } = this.#queue;
    if (end === 'door') this.#say(this.dataset.door);
    else this.#say(waiting ? `${this.dataset.waiting} ${waiting}` : '');
  };

  async #send(scan) {
    const answer = await fetch(this.getAttribute('action'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': this.dataset.csrf },
      body: JSON.stringify(scan),
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  }

  #told(scan, status, body) {
    if (status !== 200 || !body) {
      this.#seen.delete(scan.code);
      return this.#show('refused', scan.code, body?.message);
    }
    const { seen } = body.stock_take;
    this.#part('seen').textContent = seen;
    this.#part('bar').setAttribute('width', seen);
    this.#show(body.finding === 'seen' ? 'seen' : 'unexpected', body.code, body.name);
  }

  #show(look, code, name = this.#names[code]) {
    const card = this.#part('card');
    card.className = `seen ${LOOKS[look]}`;
    card.hidden = false;
    this.#part('look').textContent = this.dataset[look];
    this.#part('name').textContent = name ?? '';
    this.#part('code').textContent = parse(code) ? grouped(code) : code;
  }

  #say(words) {
    this.#part('waiting').textContent = words;
    this.#part('waiting').hidden = !words;
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }
}

customElements.define('stock-take', StockTake);
