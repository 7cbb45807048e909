/* The sandbox tells what happens in one stream for the whole page, and is told what people do.
   Every connection begins with a snapshot, so the page keeps nothing of its own and mends itself. */

const EVENTS = [
  'snapshot', 'phone', 'message', 'deleted', 'toast', 'commands', 'profile', 'blocked', 'note',
  'action', 'clock', 'notice', 'throng', 'call',
];

/* `take(event, data)` is given all that happens; `trouble(yes)` is told when the stream breaks and
   when it is back. */
export function listen(take, trouble) {
  const stream = new EventSource('events');
  for (const name of EVENTS) {
    stream.addEventListener(name, (event) => {
      if (name === 'snapshot') trouble(false);
      take(name, JSON.parse(event.data));
    });
  }
  stream.addEventListener('error', () => {
    trouble(true);
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again itself
    setTimeout(() => listen(take, trouble), 2000);
  });
}

/* Tells the sandbox; gives its answer, or raises an Error with its `status` (none: not reached). */
export async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw Object.assign(new Error(path), { status: response.status });
  return response.json();
}
