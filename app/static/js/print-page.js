// <print-page> around a button that prints the page; hidden where no script could do so.
class PrintPage extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector('button');
    button.hidden = false;
    button.addEventListener('click', () => print());
  }
}

customElements.define('print-page', PrintPage);
