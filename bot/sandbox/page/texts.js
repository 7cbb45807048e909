/* A message's text with its entities, and where its links may lead.
   Offsets and lengths are UTF-16 units, which is how JavaScript counts too. Entities nest; one that
   only half overlaps another is cut at its end. */

/* `text` as nodes; `wrap(entity, covered)` makes the element of an entity. */
export function written(text, entities, wrap) {
  const outerFirst = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return stretch(text, outerFirst, 0, text.length, wrap);
}

function stretch(text, entities, from, to, wrap) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i++];
    const start = Math.max(entity.offset, at);
    const stop = Math.min(entity.offset + entity.length, to);
    const inside = [];
    while (i < entities.length && entities[i].offset < stop) inside.push(entities[i++]);
    if (start >= stop) continue;
    nodes.push(text.slice(at, start));
    const element = wrap(entity, text.slice(start, stop));
    element.append(...stretch(text, inside, start, stop, wrap));
    nodes.push(element);
    at = stop;
  }
  nodes.push(text.slice(at, to));
  return nodes.filter((node) => node !== '');
}

const SIGNS = {
  bold: () => ['**', '**'],
  italic: () => ['__', '__'],
  text_link: ({ url }) => ['[', `](${url})`],
};

/* A text as a person types its formatting; other entities it finds again by itself. */
export function typed(text, entities) {
  const marked = entities.filter(({ type }) => type in SIGNS);
  const nodes = written(text, marked, (entity, covered) => ({
    append: (...inside) => (entity.inside = inside),
    toString: () => {
      const [opens, closes] = SIGNS[entity.type](entity);
      return opens + (entity.inside ?? [covered]).join('') + closes;
    },
  }));
  return nodes.join('');
}

/* The address a link may lead to, or null: a message can carry any address, also a harmful one. */
export function address(raw) {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(raw) ? raw : `https://${raw}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  return ['https:', 'http:', 'tg:'].includes(url.protocol) ? url : null;
}

/* The payload if the address opens this bot's own chat, '' if it carries none, else null. */
export function startPayload(url, username) {
  const shared = ['t.me', 'telegram.me'].includes(url.hostname);
  const named = shared ? url.pathname.slice(1) : url.searchParams.get('domain');
  if (!shared && url.protocol !== 'tg:') return null;
  if ((named ?? '').toLowerCase() !== username.toLowerCase()) return null;
  return url.searchParams.get('start') ?? '';
}

export function shortened(text, length) {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= length ? line : `${letters.slice(0, length).join('')}…`;
}
