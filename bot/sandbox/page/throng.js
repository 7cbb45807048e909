/* The throng: thousands of phones that nobody looks at one by one. Shown is what stands on them now,
   each message with how many show it. Nothing of this is read aloud by itself: it changes all the time
   while the bot writes to them. */

import { folds, make, put, widthInLetters } from './building.js';
import { page } from './words.js';

const WIDE = 60; // the window's width in letters from which the list is open at first

const throng = document.querySelector('.throng');
const open = folds(throng.querySelector('.fold'), throng.querySelector('.sights'));
const list = throng.querySelector('.shapes');
const others = throng.querySelector('.others');
let shown = { phones: 0, blocked: 0, bare: 0, rows: [], others: 0 };

export function prepareThrong() {
  open(widthInLetters() >= WIDE);
}

/* What its phones show now. */
export function takeThrong(now) {
  shown = now;
  showThrong();
}

export function showThrong() {
  const { words } = page;
  throng.hidden = shown.phones === 0;
  for (const name of ['phones', 'blocked', 'bare']) throng.dataset[name] = shown[name];
  const parts = [words.onPhones(shown.phones)];
  if (shown.bare) parts.push(words.bareOf(shown.bare));
  if (shown.blocked) parts.push(words.blockedOf(shown.blocked));
  put(throng.querySelector('.gist'), parts.join(', '));
  while (list.children.length > shown.rows.length) list.lastChild.remove();
  shown.rows.forEach((row, i) => show(row, list.children[i] ?? list.appendChild(empty())));
  list.hidden = shown.rows.length === 0;
  throng.querySelector('.none').hidden = !list.hidden;
  others.hidden = shown.others === 0;
  others.dataset.others = shown.others;
  put(others, words.othersToo(shown.others));
}

function empty() {
  const many = make('strong', { className: 'many' });
  const said = make('p', { className: 'said', dir: 'auto' });
  return make('li', {}, many, said, make('p', { className: 'leads', dir: 'ltr' }));
}

function show({ text, links, file, phones, newest, edited }, item) {
  const { words } = page;
  Object.assign(item.dataset, { phones, newest, edited });
  const marks = edited ? ` · ${words.editedOn(edited)}` : '';
  put(item.querySelector('.many'), words.onPhones(phones) + marks);
  const enclosed = file === 'photo' ? words.photo : file;
  put(item.querySelector('.said'), [enclosed, text].filter(Boolean).join(': '));
  const unseen = links.filter((link) => !text.includes(link)); // behind words, on buttons, further down
  put(item.querySelector('.leads'), unseen.join(', '));
}
