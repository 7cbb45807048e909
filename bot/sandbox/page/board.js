/* What is open in the county, and a crowd of residents who answer. Only the crowd's coming and going
   is read aloud, not every step of its count. */

import { folds, make, put, widthInLetters } from './building.js';
import { now } from './clock.js';
import { dayOf, shortDay } from './days.js';
import { post } from './stream.js';
import { page } from './words.js';

const WIDE = 60; // the window's width in letters from which the board is open at first

const county = document.querySelector('.county');
const open = folds(county.querySelector('.fold'), county.querySelector('.board'));
const crowd = county.querySelector('.crowd');
const told = crowd.querySelector('.told');
const buttons = [...crowd.querySelectorAll('[data-residents]')];
let board = [];
let answering = { done: 0, of: 0 };

export function prepareBoard() {
  open(widthInLetters() >= WIDE);
  for (const button of buttons) button.addEventListener('click', () => call(Number(button.dataset.residents)));
}

/* `notices` of a snapshot; `callable`: whether a crowd can be called. */
export function beginBoard(notices, callable) {
  crowd.hidden = !callable;
  board = notices.board ?? [];
  answering = notices.crowd ?? { done: 0, of: 0 };
  showBoard();
}

export function notice(name, data) {
  if (name === 'board') board = data;
  if (name === 'crowd') {
    const ended = data.done === data.of && answering.done < answering.of;
    if (ended) put(told, data.of ? page.words.crowdDone(data.of) : '');
    answering = data;
  }
  showBoard();
}

export function showBoard() {
  const { words, language } = page;
  county.hidden = board.length === 0 && crowd.hidden;
  const running = board.filter(({ state }) => state === 'open' || state === 'closing');
  const received = board.reduce((sum, one) => sum + (one.kind === 'survey' ? one.received : 0), 0);
  const opened = board.filter(({ state }) => state === 'open').length;
  put(county.querySelector('.gist'), words.gist(opened, received));
  const others = board.filter((one) => !running.includes(one));
  const list = county.querySelector('.surveys');
  const items = [...running, ...others].map((one, i) => line(one, list.children[i] ?? make('li'), language));
  if (items.length !== list.children.length) list.replaceChildren(...items);
  showCrowd();
}

/* Draws a survey into its place. A number that grew is lit for a moment. */
function line({ title, kind, state, closes, received }, item, language) {
  const { words } = page;
  item.className = state;
  if (!item.firstChild) {
    const [counted, stated] = ['counted', 'state'].map((className) => make('span', { className }));
    item.append(
      make('strong', { className: 'number' }),
      make('span', { className: 'title' }),
      make('span', { className: 'life' }, counted, ' · ', stated),
    );
  }
  const [number, counted, titled, stated] = ['number', 'counted', 'title', 'state'].map((name) =>
    item.querySelector(`.${name}`),
  );
  if (number.textContent && Number(number.textContent) < received) {
    number.getAnimations().forEach((lit) => lit.cancel());
    number.animate([{ color: 'var(--lit)' }, {}], { duration: 900 });
  }
  put(number, String(received));
  put(counted, words[kind](received));
  put(titled, title[language]);
  put(stated, life(state, closes));
  return item;
}

function life(state, closes) {
  const { words, language } = page;
  const day = closes && shortDay(closes, language, now());
  if (state === 'open' && closes === dayOf(now())) return words.lastDay;
  if (state === 'open') return day ? words.openUntil(day) : words.open;
  if (state === 'closed') return day ? words.closedOn(day) : words.closed;
  return words[state];
}

function showCrowd() {
  const busy = answering.done < answering.of;
  const count = crowd.querySelector('.count');
  count.hidden = !busy;
  const progress = count.querySelector('progress');
  progress.max = answering.of || 1;
  progress.value = answering.done;
  put(count.querySelector('span'), page.words.answered(answering.done, answering.of));
  // While the count is drawn, that they have come is only read aloud.
  told.classList.toggle('unseen', busy && told.textContent === page.words.crowdCame);
  for (const button of buttons) button.setAttribute('aria-disabled', String(busy));
}

async function call(residents) {
  const { words } = page;
  try {
    await post('crowd', { residents });
    put(told, words.crowdCame);
  } catch ({ status }) {
    put(told, status === 409 ? words.crowdBusy : words.failed);
  }
  showCrowd();
}
