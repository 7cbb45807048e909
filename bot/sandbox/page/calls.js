/* For developers, folded away: what the bot calls, and letting its next call fail. */

import { folds, make, put } from './building.js';
import { post } from './stream.js';
import { shortened } from './texts.js';
import { page } from './words.js';

const MOST = 200; // lines kept
const SHORT = 140; // letters of its parameters that stand in a line; unfolded, all of them
const METHODS = [
  'sendMessage', 'sendDocument', 'sendPhoto', 'editMessageText', 'editMessageCaption',
  'editMessageMedia', 'editMessageReplyMarkup', 'answerCallbackQuery', 'deleteMessage', 'getFile',
  'getUpdates',
];
const FAULTS = {
  flood: { fault: 'flood', seconds: 5 },
  trouble502: { fault: 'trouble', status: 502 },
  cutBefore: { fault: 'cut', before: true },
  cutAfter: { fault: 'cut', before: false },
  delay: { fault: 'delay', seconds: 5 },
};

const panel = document.querySelector('.calls');
const lines = panel.querySelector('.lines');
const form = panel.querySelector('form');
const told = form.querySelector('.told');
let came = 0;

export function prepareCalls() {
  const button = panel.querySelector('.fold');
  folds(button, panel.querySelector('.tools'));
  button.addEventListener('click', () => {
    lines.scrollTop = lines.scrollHeight;
    panel.scrollIntoView({ block: 'nearest' });
  });
  form.elements.method.append(...METHODS.map((name) => make('option', {}, name)));
  form.elements.fault.append(...Object.keys(FAULTS).map((name) => make('option', { value: name })));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const method = form.elements.method.value;
    try {
      await post('faults', { method, ...FAULTS[form.elements.fault.value] });
      put(told, page.words.faultSet(method));
    } catch {
      put(told, page.words.failed);
    }
  });
}

export function sayCalls() {
  for (const option of form.elements.fault.options) option.textContent = page.words[option.value];
  const none = lines.querySelector('.none');
  if (none) none.textContent = page.words.noCalls;
}

export function beginCalls(calls) {
  came = 0;
  lines.replaceChildren(make('li', { className: 'none' }, page.words.noCalls));
  calls.forEach(call);
}

export function call({ method, params, refusal }) {
  const following = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
  lines.querySelector('.none')?.remove();
  const meant = unpacked(params);
  const short = make('code', {}, shortened(JSON.stringify(meant), SHORT));
  const summary = make('summary', {}, make('strong', {}, method), ' ', short);
  if (refusal) summary.append(make('em', {}, refusal));
  const whole = make('pre', {}, JSON.stringify(meant, null, 2));
  lines.append(make('li', {}, make('details', {}, summary, whole)));
  while (lines.children.length > MOST) lines.firstChild.remove();
  put(panel.querySelector('.gist'), String(++came));
  if (following) lines.scrollTop = lines.scrollHeight;
}

/* Parameters as they were meant: some come as a text of JSON. */
function unpacked(params) {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (typeof value !== 'string' || !/^[[{]/.test(value)) return [name, value];
      try {
        return [name, JSON.parse(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}
