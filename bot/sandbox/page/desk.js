/* The desk with the phones on it, and the people whose phones they are, those of one role together. On
   a wide window phones lie side by side; on a narrow one the chosen person's phone is shown, which only
   the style sheet knows. A phone put away goes on living: its person brings it back. What came to a
   phone while it was out of sight is counted at its person's name. */

import { make, put, unfolds } from './building.js';
import { Phone } from './phone.js';
import { post } from './stream.js';
import { TONGUES, page } from './words.js';

const desk = document.querySelector('.desk');
const roles = document.querySelector('.roles');
const newcomer = document.querySelector('.newcomer');
const told = newcomer.querySelector('.told');
const closeAdd = unfolds(document.querySelector('.add'));

const phones = new Map(); // id → {phone, face, unseen}: the ids of messages that came out of sight
const groups = new Map(); // role → {called, faces, around}
let chosen = Number(location.hash.slice(1)) || null;
let awaited = null; // the id of a phone this page asked for: it is shown when it comes
const sight = new IntersectionObserver(looked, { threshold: 0.3 });

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
  const { id, name, role, language_code } = one;
  const phone = make('raati-phone', { person: { id, name, role, language_code } });
  const face = make(
    'button',
    { type: 'button', className: 'face' },
    make('span', { className: 'round', ariaHidden: 'true' }, [...name.trim()][0] ?? ''),
    make('span', { className: 'name' }, make('span', { className: 'who', dir: 'auto' }, name), make('span', { className: 'as' })),
    make('span', { className: 'unread', ariaHidden: 'true', hidden: true }),
  );
  face.addEventListener('click', () => choose(id));
  phones.set(id, { phone, face, unseen: new Set() });
  chosen ??= id;
  group(role).faces.append(make('li', {}, face));
  desk.append(phone);
  phone.begin(one);
  sight.observe(phone);
  if (id === awaited) welcome(id);
  else showDesk();
}

/* The people of a role stand together, in the order in which the first of each came. */
function group(role) {
  if (!groups.has(role)) {
    const called = make('h2', { id: `role-${groups.size}` });
    const faces = make('ul', { className: 'faces' });
    faces.setAttribute('aria-labelledby', called.id);
    const around = make('div', { className: 'group' }, called, faces);
    groups.set(role, { called, faces, around });
    roles.append(around);
  }
  return groups.get(role);
}

/* What happened in a chat. */
export function happened(event, data) {
  const { phone, unseen } = phones.get(data.phone) ?? {};
  if (!phone) return;
  phone.take(event, data);
  if (event === 'deleted') data.ids.forEach((id) => unseen.delete(id));
  else if (event === 'message' && data.message.from === 'bot' && !phone.inSight) unseen.add(data.message.id);
  else return;
  showDesk();
}

/* A phone came into sight, or went out of it. */
function looked(entries) {
  for (const { target, isIntersecting } of entries) {
    target.inSight = isIntersecting;
    const { face, unseen } = phones.get(target.person.id) ?? {};
    face?.classList.toggle('seen', isIntersecting);
    if (isIntersecting) unseen?.clear();
  }
  showDesk();
}

export function dayCame() {
  for (const { phone } of phones.values()) phone.markDays();
}

/* Brings a person's phone into sight, back onto the desk if it was put away. */
function choose(id) {
  chosen = id;
  history.replaceState(null, '', `#${id}`);
  const { phone, unseen } = phones.get(id);
  phone.hidden = false;
  unseen.clear();
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
  sight.unobserve(phone);
  phone.remove();
  face.parentElement.remove();
  phones.delete(id);
}

export function showDesk() {
  for (const { around, faces } of groups.values()) around.hidden = !faces.firstChild;
  const several = [...groups.values()].filter(({ around }) => !around.hidden).length > 1;
  for (const [role, { called }] of groups) {
    put(called, page.words[`${role}s`] ?? role);
    called.classList.toggle('unseen', !several);
  }
  for (const [id, { phone, face, unseen }] of phones) {
    phone.classList.toggle('chosen', id === chosen);
    face.classList.toggle('put', phone.hidden);
    face.setAttribute('aria-current', String(id === chosen));
    const { put: away, fresh } = page.words;
    const { role } = phone.person;
    put(face.querySelector('.as'), several ? (page.words[role] ?? role) : '');
    const unread = face.querySelector('.unread');
    unread.hidden = unseen.size === 0;
    put(unread, String(unseen.size));
    const notes = [phone.hidden && away, unseen.size && fresh(unseen.size)].filter(Boolean);
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
