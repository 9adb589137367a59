// <kind-fields> around the form of a new thing: the fields of its kind are asked for as soon as its model is chosen.
// Without script they are filled in on its card afterwards, or the page is opened with ?model=.
class KindFields extends HTMLElement {
  #asked = 0;

  connectedCallback() {
    this.addEventListener('change', this.#changed);
  }

  #changed = async (event) => {
    if (event.target.name !== 'model') return;
    const asked = ++this.#asked;
    const model = encodeURIComponent(event.target.value);
    const answer = await fetch(`/devices/new?model=${model}`, { headers: { Accept: 'text/html' } }).catch(() => null);
    if (!answer?.ok || asked !== this.#asked) return; // no network: the rest of the card is kept as it is
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    this.querySelector('.of-kind').replaceChildren(...page.querySelector('.of-kind').childNodes);
  };
}

customElements.define('kind-fields', KindFields);
