// <sheet-preview> around the form of labels and its picture: another sheet or place is drawn as soon as it is chosen.
// Without script the button .look loads the page anew.
const PAUSE = 300;

class SheetPreview extends HTMLElement {
  #timer = 0;
  #asked = 0;

  connectedCallback() {
    this.querySelector('.look').hidden = true;
    this.addEventListener('change', this.#changed);
    this.addEventListener('input', this.#changed);
  }

  #changed = (event) => {
    clearTimeout(this.#timer);
    const fresh = event.target.name === 'medium'; // another sheet goes on at its own place
    this.#timer = setTimeout(() => this.#draw(fresh), PAUSE);
  };

  async #draw(fresh) {
    const form = this.querySelector('form');
    const words = new URLSearchParams(new FormData(form));
    if (fresh) words.delete('start_at');
    const asked = ++this.#asked;
    const answer = await fetch('/labels', { method: 'POST', body: words, headers: { Accept: 'text/html' } });
    if (!answer.ok || asked !== this.#asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (fresh) form.start_at.value = page.getElementById('start_at').value;
    this.querySelector('.looked').replaceChildren(...page.querySelector('.looked').childNodes);
  }
}

customElements.define('sheet-preview', SheetPreview);
