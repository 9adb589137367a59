// The camera as a stream of frames: opened, read, lit and closed. No words, no page beyond its <video>.

const WISH = { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } };
const REST = 80; // ms between two looks, so that an old phone stays cool

/** Why there can be no camera here: 'insecure', 'none' or null. */
export function obstacle() {
  if (!globalThis.isSecureContext) return 'insecure';
  return navigator.mediaDevices?.getUserMedia ? null : 'none';
}

/** The name of the sentence that fits a failure to open. */
export const reason = (error) => (error.name === 'NotAllowedError' ? 'refused' : 'none');

export class Camera {
  #stream = null;
  #lit = false;

  constructor(video) {
    this.video = video;
  }

  async open() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: WISH });
    this.#stream = stream;
    this.video.srcObject = stream;
    await this.video.play();
  }

  close() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.video.srcObject = null;
  }

  get isOpen() {
    return this.#stream !== null;
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  /** Turns the light on or off; answers whether it is on. */
  async turnTorch() {
    await this.#track.applyConstraints({ advanced: [{ torch: !this.#lit }] });
    this.#lit = !this.#lit;
    return this.#lit;
  }

  /** Hands every text it sees to `see` until closed; one look at a time. */
  async watch(detector, see) {
    while (this.isOpen) {
      const found = await detector.detect(this.video);
      found.filter(() => this.isOpen).forEach((code) => see(code.rawValue));
      await new Promise((done) => setTimeout(done, REST));
    }
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }
}
