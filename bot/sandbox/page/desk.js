/* The desk with the phones on it, and the people whose phones they are. On a wide window phones lie
   side by side; on a narrow one the chosen person's phone is shown, which only the style sheet knows.
   A phone put away goes on living: its person brings it back. */

import { make, put, unfolds } from './building.js';
import { Phone } from './phone.js';
import { post } from './stream.js';
import { TONGUES, page } from './words.js';

const desk = document.querySelector('.desk');
const faces = document.querySelector('.faces');
const newcomer = document.querySelector('.newcomer');
const told = newcomer.querySelector('.told');
const closeAdd = unfolds(document.querySelector('.add'));

const phones = new Map(); // id → {phone, face}
let chosen = Number(location.hash.slice(1)) || null;
let awaited = null; // the id of a phone this page asked for: it is shown when it comes

/* The phones there are now. One whose owner is another than before is a new one. */
export function beginDesk(all) {
  for (const [id, { phone }] of phones) {
    const still = all.find((one) => one.id === id);
    if (still?.name !== phone.person.name || still.language_code !== phone.person.language_code) remove(id);
  }
  for (const one of all) phones.has(one.id) ? phones.get(one.id).phone.begin(one) : add(one);
  if (!phones.has(chosen)) chosen = all[0]?.id ?? null;
  showDesk();
}

export function add(one) {
  const { id, name, language_code } = one;
  const phone = make('raati-phone', { person: { id, name, language_code } });
  const face = make(
    'button',
    { type: 'button', className: 'face' },
    make('span', { className: 'round', ariaHidden: 'true' }, [...name.trim()][0] ?? ''),
    make('span', { className: 'who', dir: 'auto' }, name),
  );
  face.addEventListener('click', () => choose(id));
  phones.set(id, { phone, face });
  chosen ??= id;
  faces.append(make('li', {}, face));
  desk.append(phone);
  phone.begin(one);
  if (id === awaited) welcome(id);
  else showDesk();
}

/* What happened in a chat. */
export function happened(event, data) {
  const { phone, face } = phones.get(data.phone) ?? {};
  if (!phone) return;
  phone.take(event, data);
  if (event !== 'message' || data.message.from !== 'bot' || phone.checkVisibility()) return;
  face.classList.add('fresh');
  showDesk();
}

export function dayCame() {
  for (const { phone } of phones.values()) phone.markDays();
}

/* Brings a person's phone into sight, back onto the desk if it was put away. */
function choose(id) {
  chosen = id;
  history.replaceState(null, '', `#${id}`);
  const { phone, face } = phones.get(id);
  phone.hidden = false;
  face.classList.remove('fresh');
  showDesk();
  phone.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  phone.querySelector('.phone').animate([{ outline: '3px solid var(--accent)' }, {}], 900);
}

/* Shows a phone this page asked for, ready to be started. */
function welcome(id) {
  awaited = null;
  choose(id);
  phones.get(id).phone.querySelector('.start button').focus();
}

function remove(id) {
  const { phone, face } = phones.get(id);
  phone.remove();
  face.parentElement.remove();
  phones.delete(id);
}

export function showDesk() {
  for (const [id, { phone, face }] of phones) {
    phone.classList.toggle('chosen', id === chosen);
    face.classList.toggle('put', phone.hidden);
    face.setAttribute('aria-current', String(id === chosen));
    const { put: away, fresh } = page.words;
    const notes = [phone.hidden && away, face.classList.contains('fresh') && fresh].filter(Boolean);
    face.setAttribute('aria-label', [phone.person.name, ...notes].join(', '));
  }
  const shown = [...phones.values()].filter(({ phone }) => !phone.hidden);
  document.querySelector('.bare').hidden = phones.size === 0 || shown.length > 0;
}

desk.addEventListener('away', ({ target }) => {
  target.hidden = true;
  if (chosen === target.person.id) {
    const next = [...phones.values()].find(({ phone }) => !phone.hidden);
    chosen = next?.phone.person.id ?? chosen;
  }
  showDesk();
  phones.get(target.person.id).face.focus();
});

/* A new person gets a phone; it comes to every open page. */
export async function join({ name, language_code }) {
  const { id } = await post('phones', { name, language_code });
  return id;
}

newcomer.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { name, language } = newcomer.elements;
  put(told, '');
  try {
    const id = await join({ name: name.value.trim(), language_code: language.value });
    awaited = id;
    newcomer.reset();
    closeAdd();
    if (phones.has(id)) welcome(id);
  } catch {
    put(told, page.words.failed);
  }
});
newcomer.elements.language.append(
  ...Object.entries(TONGUES).map(([code, tongue]) => make('option', { value: code, lang: code }, tongue)),
);
