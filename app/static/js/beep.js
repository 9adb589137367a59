// A short beep and a shiver for "read". Both may be missing, or unwanted: localStorage quiet=1.

function isQuiet() {
  try {
    return localStorage.getItem('quiet') === '1';
  } catch {
    return false; // storage refused: the sound stays on
  }
}

let context = null;

function sound(pitch, seconds) {
  const Audio = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!Audio) return;
  context ??= new Audio();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.15, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + seconds);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + seconds);
}

/** Sound needs a tap: called when the camera is opened, so that the first beep is heard. */
export function wake() {
  if (isQuiet()) return;
  try {
    sound(1, 0.01);
    context?.resume?.();
  } catch {
    context = null;
  }
}

export function beep({ pitch = 1320, seconds = 0.12 } = {}) {
  if (isQuiet()) return;
  navigator.vibrate?.(80);
  try {
    sound(pitch, seconds);
  } catch {
    context = null;
  }
}

/** Lower and longer: read, but nothing new. */
export const beepAgain = () => beep({ pitch: 440, seconds: 0.25 });
