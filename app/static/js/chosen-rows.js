// <chosen-rows> around a list with boxes to tick: one box ticks them all, and a line says how many are chosen.
class ChosenRows extends HTMLElement {
  connectedCallback() {
    const head = this.querySelector('thead td');
    if (!head) return;
    this.all = document.createElement('input');
    this.all.type = 'checkbox';
    const label = document.createElement('label');
    label.append(this.all, head.firstElementChild);
    head.className = 'tick';
    head.append(label);
    this.addEventListener('change', this.#changed);
    this.#changed({ target: null });
  }

  #changed = ({ target }) => {
    const boxes = [...this.querySelectorAll('[name=codes]')];
    if (target === this.all) boxes.forEach((box) => { box.checked = this.all.checked; });
    const count = boxes.filter((box) => box.checked).length;
    this.all.checked = count === boxes.length;
    this.all.indeterminate = count > 0 && count < boxes.length;
    const { one, many } = this.dataset;
    this.querySelector('[role=status]').textContent = count ? (count === 1 ? one : many.replace('#', count)) : '';
  };
}

customElements.define('chosen-rows', ChosenRows);
