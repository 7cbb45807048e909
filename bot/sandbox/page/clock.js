/* The demo's clock: what time it is there, and moving it on. Between what the sandbox tells, it runs
   beside this machine's own.

   Day and time are chosen from lists, not in a browser's own field for them: that speaks the browser's
   language, and these the page's, with the weekday beside each day. */

import { make, put, unfolds } from './building.js';
import { dayAfter, dayAndTime, dayOf, daysOf, fieldValue, monthName, wallTime } from './days.js';
import { post } from './stream.js';
import { page } from './words.js';

const MONTHS = 24; // how far ahead it goes
const HOUR = 3_600_000; // milliseconds

const clock = document.querySelector('.clock');
const told = clock.querySelector('.told');
const form = clock.querySelector('form');
const { day, month, hour, minute } = form.elements;
const two = (number) => String(number).padStart(2, '0');
let ahead = 0; // milliseconds, of this machine's clock
let today = '';
let dayCame = () => {};

export const now = () => new Date(Date.now() + ahead);

/* `changed` is called whenever another day has begun. */
export function runClock(changed) {
  dayCame = changed;
  unfolds(clock);
  clock.querySelector('button').addEventListener('click', () => {
    put(told, '');
    choose(nextHour());
  });
  for (const step of clock.querySelectorAll('.steps button')) {
    const { hours, days, at } = step.dataset;
    step.addEventListener('click', () =>
      move(at ? { to: next(at) } : hours ? { hours: Number(hours) } : { days: Number(days) }),
    );
  }
  fill(hour, range(24).map((n) => [two(n), String(n)]));
  fill(minute, range(60).map((n) => [two(n), two(n)]));
  month.addEventListener('change', listDays);
  form.addEventListener('change', sayWhen);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    move({ to: chosen() });
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
  if (today === dayOf(now())) return;
  today = dayOf(now());
  dayCame();
}

/* The page speaks another language from now on. */
export function sayClock() {
  showClock();
  if (month.value) choose(chosen());
}

/* -- Choosing a day and a time, as 2027-03-19T17:00 -- */

const range = (count) => [...Array(count).keys()];
const chosen = () => `${month.value}-${day.value}T${hour.value}:${minute.value}`;

function fill(list, options) {
  const kept = list.value;
  list.replaceChildren(...options.map(([value, says]) => make('option', { value }, says)));
  list.value = options.some(([value]) => value === kept) ? kept : (options.at(-1)?.[0] ?? '');
}

/* The lists as they are now, with this chosen. */
function choose(when) {
  const [year, first] = dayOf(now()).split('-').map(Number);
  const months = range(MONTHS + 1).map((n) => [year + Math.floor((first - 1 + n) / 12), ((first - 1 + n) % 12) + 1]);
  fill(month, months.map(([y, m]) => [`${y}-${two(m)}`, monthName(y, m, page.language)]));
  month.value = when.slice(0, 7);
  listDays();
  day.value = when.slice(8, 10);
  hour.value = when.slice(11, 13);
  minute.value = when.slice(14, 16);
  sayWhen();
}

/* The days of the chosen month; of this month those that are left. */
function listDays() {
  const days = daysOf(month.value, page.language);
  fill(day, days.filter(([date]) => `${month.value}-${date}` >= dayOf(now())));
}

function sayWhen() {
  put(form.querySelector('.primary'), page.words.moveTo(wallTime(chosen(), page.language, 'short')));
}

/* The next full hour: whoever wants another hour is spared the minutes. */
const nextHour = () => fieldValue(new Date((Math.floor(now() / HOUR) + 1) * HOUR));

/* When the wall clock next shows this time. */
function next(at) {
  const here = fieldValue(now());
  const day = here.slice(0, 10);
  return `${here.slice(11) < at ? day : dayAfter(day)}T${at}`;
}

async function move(body) {
  try {
    const { now: iso } = await post('clock', body);
    setClock(iso);
    choose(nextHour());
    put(told, page.words.clockMoved(dayAndTime(now(), page.language, 'long')));
  } catch ({ status }) {
    put(told, status === 400 ? page.words.clockRefused : page.words.failed);
  }
}
