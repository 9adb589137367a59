// <number-steps> around a field for a small number: two buttons of a finger's size, one less and one more.
// They are hidden until this runs; the field alone does the same.
class NumberSteps extends HTMLElement {
  connectedCallback() {
    for (const button of this.querySelectorAll('button')) button.hidden = false;
    this.addEventListener('click', this.#stepped);
  }

  #stepped = ({ target }) => {
    const button = target.closest('button');
    if (!button) return;
    const input = this.querySelector('input');
    if (button.value === 'less') input.stepDown();
    else input.stepUp();
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
}

customElements.define('number-steps', NumberSteps);
