// <read-aloud for="id"> around a button: the browser's own voice reads that part of the page, with no network. Where it
// has none for the language of the text, the button stays hidden.
class ReadAloud extends HTMLElement {
  #button = this.querySelector('button');
  #words = this.querySelector('button span')?.textContent ?? '';

  connectedCallback() {
    if (!('speechSynthesis' in window)) return;
    this.#button.addEventListener('click', this.#pressed);
    speechSynthesis.addEventListener('voiceschanged', this.#offer);
    this.#offer();
  }

  disconnectedCallback() {
    if (!('speechSynthesis' in window)) return;
    speechSynthesis.removeEventListener('voiceschanged', this.#offer);
    speechSynthesis.cancel();
  }

  get #text() {
    return document.getElementById(this.getAttribute('for'));
  }

  get #voice() {
    const language = (this.#text?.closest('[lang]')?.lang ?? '').slice(0, 2);
    return speechSynthesis.getVoices().find((one) => one.localService && one.lang.slice(0, 2) === language);
  }

  #offer = () => {
    this.#button.hidden = !this.#voice;
  };

  #pressed = () => {
    if (speechSynthesis.speaking) return speechSynthesis.cancel();
    const parts = [...this.#text.querySelectorAll('h1, h2, h3, p, li')];
    parts.forEach((part, n) => this.#say(part.textContent, n === parts.length - 1));
    this.#label(this.#button.dataset.stop);
  };

  #say(text, last) {
    const said = new SpeechSynthesisUtterance(text);
    said.voice = this.#voice;
    said.lang = said.voice.lang;
    said.rate = 0.9; // for listening, not for skimming
    said.addEventListener('error', () => this.#label(this.#words));
    if (last) said.addEventListener('end', () => this.#label(this.#words));
    speechSynthesis.speak(said);
  }

  #label(words) {
    this.#button.querySelector('span').textContent = words;
  }
}

customElements.define('read-aloud', ReadAloud);
