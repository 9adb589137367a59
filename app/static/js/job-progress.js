// How far a piece of long work is: asked for every second and a half, and the page is drawn anew when it ends.
const PAUSE = 1500;

class JobProgress extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.look(), PAUSE);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async look() {
    const answer = await fetch(this.dataset.job, { headers: { Accept: 'application/json' } }).catch(() => null);
    if (!answer?.ok) return; // no network just now: the next time will tell
    const told = await answer.json();
    if (!['waiting', 'running'].includes(told.state)) return location.reload();
    if (told.all) this.show(told);
  }

  show({ done, all }) {
    Object.assign(this.querySelector('progress'), { max: all, value: done });
    this.querySelector('[data-done]').textContent = done;
    this.querySelector('[data-all]').textContent = all;
  }
}

customElements.define('job-progress', JobProgress);
