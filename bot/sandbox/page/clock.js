/* The demo's clock: what time it is there, and moving it on. Between what the sandbox tells, it runs
   beside this machine's own. */

import { put, unfolds } from './building.js';
import { dayAndTime, dayOf, fieldValue } from './days.js';
import { post } from './stream.js';
import { page } from './words.js';

const clock = document.querySelector('.clock');
const told = clock.querySelector('.told');
const form = clock.querySelector('form');
const field = form.elements.to;
let ahead = 0; // milliseconds, of this machine's clock
let day = '';
let dayCame = () => {};

export const now = () => new Date(Date.now() + ahead);

/* `changed` is called whenever another day has begun. */
export function runClock(changed) {
  dayCame = changed;
  unfolds(clock);
  const button = clock.querySelector('button');
  button.addEventListener('click', () => {
    put(told, '');
    field.value = fieldValue(new Date(now().getTime() + 60_000));
  });
  for (const step of clock.querySelectorAll('.steps button')) {
    const body = Object.fromEntries(
      ['hours', 'days'].filter((u) => step.dataset[u]).map((u) => [u, Number(step.dataset[u])]),
    );
    step.addEventListener('click', () => move(body));
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    move({ to: field.value });
  });
  setInterval(showClock, 1000);
}

/* The sandbox says what time it is there and whether the page may move it. */
export function setClock(iso, movable) {
  ahead = new Date(iso) - Date.now();
  if (movable !== undefined) clock.classList.toggle('fixed', !movable);
  clock.querySelector('button').disabled = clock.classList.contains('fixed');
  showClock();
}

export function showClock() {
  const time = clock.querySelector('time');
  put(time, dayAndTime(now(), page.language, 'short'));
  time.dateTime = now().toISOString();
  const today = dayOf(now());
  if (today === day) return;
  day = today;
  dayCame();
}

async function move(body) {
  try {
    const { now: iso } = await post('clock', body);
    setClock(iso);
    field.value = fieldValue(new Date(now().getTime() + 60_000));
    put(told, page.words.clockMoved(dayAndTime(now(), page.language, 'long')));
  } catch ({ status }) {
    put(told, status === 400 ? page.words.clockRefused : page.words.failed);
  }
}
