/* The demo's page, put together: what the sandbox tells goes to the clock, the board, the throng, the
   phones on the desk and the developers' list of calls. */

import { beginBoard, notice, prepareBoard, showBoard } from './board.js';
import { put } from './building.js';
import { beginCalls, call, prepareCalls, sayCalls } from './calls.js';
import { runClock, sayClock, setClock } from './clock.js';
import { add, beginDesk, dayCame, happened, join, showDesk } from './desk.js';
import { listen } from './stream.js';
import { prepareThrong, showThrong, takeThrong } from './throng.js';
import { choosePageLanguage, page } from './words.js';

/* Invented people for a sandbox that has none yet. */
const INVENTED = [
  { name: 'Aino', language_code: 'fi' },
  { name: 'Elin', language_code: 'sv' },
  { name: 'Emma', language_code: 'en' },
];

function begin({ now, movable, crowd, throng, phones, notices, calls }) {
  setClock(now, movable);
  beginBoard(notices, crowd);
  takeThrong(throng);
  beginDesk(phones);
  beginCalls(calls);
  if (!phones.length) invite();
}

/* Of several pages that find the sandbox empty, one opens phones for the invented people. */
function invite() {
  navigator.locks.request('invite', async () => {
    const there = await (await fetch('phones')).json();
    if (!there.length) for (const one of INVENTED) await join(one);
  });
}

const takes = {
  snapshot: begin,
  phone: add,
  clock: ({ now }) => setClock(now),
  notice: ({ name, data }) => notice(name, data),
  throng: takeThrong,
  call,
};

prepareBoard();
prepareThrong();
prepareCalls();
runClock(() => {
  dayCame();
  showBoard();
});
choosePageLanguage(() => {
  sayClock();
  showBoard();
  showThrong();
  showDesk();
  sayCalls();
});
listen(
  (event, data) => (takes[event] ? takes[event](data) : happened(event, data)),
  (yes) => put(document.querySelector('.trouble'), yes ? page.words.trouble : ''),
);
