/* One message on a phone. It is drawn again when it changes, only where it changed, so that whoever
   stands on a button stays there. */

import { icon, make } from './building.js';
import { dayOf, longDay, timeOfDay } from './days.js';
import { shortened, written } from './texts.js';

export const KINDS = ['voice', 'photo', 'sticker', 'forward', 'document'];

const STYLES = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
};

export class Shown {
  /* `phone` has the language and words, makes what leads elsewhere, `link(address)`, and is told what
     the person does: `does(what, body)`, `edit(id)`, `grew()`. */
  #phone;

  constructor(message, phone) {
    this.#phone = phone;
    this.article = make(
      'article',
      { className: message.from, tabIndex: -1 },
      make('p', { className: 'day', hidden: true }),
      make('div', { className: 'line' }, make('div', { className: 'bubble' })),
      make('div', { className: 'keys' }),
    );
    this.article.dataset.id = message.id;
    this.day = dayOf(new Date(message.date));
    this.take(message);
  }

  take(message) {
    const before = this.message;
    this.message = message;
    const same = (...names) =>
      before && names.every((n) => JSON.stringify(before[n]) === JSON.stringify(message[n]));
    const time = timeOfDay(new Date(message.date), this.#phone.language);
    this.#name(time);
    if (!same('kind', 'text', 'entities', 'file', 'photo', 'edited')) this.#drawBubble(time);
    if (!same('rows')) this.#drawKeys();
  }

  /* Writes the day above the message if it begins one; `now` tells which day is today. */
  date(begins, now) {
    const day = this.article.querySelector('.day');
    day.hidden = !begins;
    if (!begins) return;
    const { language, words } = this.#phone;
    const date = new Date(this.message.date);
    const near = { [dayOf(now)]: words.today, [dayOf(new Date(now - 86_400_000))]: words.yesterday };
    const named = near[this.day] ? `${near[this.day]}, ` : '';
    day.textContent = named + longDay(date, language, now);
  }

  #name(time) {
    const { words } = this.#phone;
    const { kind, file, text, from, silent } = this.message;
    const what = kind === 'text' ? '' : (words[kind] ?? words.other);
    const gist = [what, file?.name, text].filter(Boolean).join(': ');
    const sender = from === 'bot' ? words.bot : words.you;
    const when = silent ? `${time}, ${words.silent}` : time;
    this.article.setAttribute('aria-label', `${sender}, ${when}: ${shortened(gist, 120)}`);
  }

  #drawBubble(time) {
    const { message, article } = this;
    const { words } = this.#phone;
    const bubble = article.querySelector('.bubble');
    const hadFocus = article.querySelector('.line').contains(document.activeElement);
    const parts = [];
    if (message.kind !== 'text') parts.push(...this.#enclosed());
    if (message.text) {
      const text = make('div', { className: 'text', dir: 'auto' });
      const wrap = (entity, covered) => this.#wrap(entity, covered);
      text.append(...written(message.text, message.entities ?? [], wrap));
      parts.push(text);
    }
    const marks = [message.edited && words.edited, message.silent && words.silent].filter(Boolean);
    const stamp = make('time', { dateTime: message.date }, time);
    parts.push(make('p', { className: 'stamp' }, ...marks.map((mark) => `${mark} · `), stamp));
    bubble.replaceChildren(...parts);
    article.querySelector('.edit')?.remove();
    if (message.from === 'person' && message.kind === 'text') {
      const edit = make('button', { type: 'button', className: 'icon edit' }, icon('edit'));
      edit.setAttribute('aria-label', `${words.edit} ${shortened(message.text, 40)}`);
      edit.addEventListener('click', () => this.#phone.edit(message.id));
      bubble.before(edit);
    }
    if (hadFocus) article.focus({ preventScroll: true });
  }

  /* What is sent with a message or instead of a text: a picture, a document, or only its kind. */
  #enclosed() {
    const { kind, file, photo } = this.message;
    const { words } = this.#phone;
    if (photo) return [this.#picture(photo.url, words.photo)];
    const name = KINDS.includes(kind) ? kind : 'document';
    if (!file) return [make('p', { className: 'sent' }, icon(name), make('span', {}, words[kind] ?? words.other))];
    const opens = file.as !== 'file';
    const link = make('a', { href: file.url }, file.name);
    if (opens) {
      Object.assign(link, { target: '_blank', rel: 'noopener' });
      link.append(make('span', { className: 'unseen' }, ` (${words.newTab})`));
    } else link.download = file.name;
    const line = make('p', { className: 'sent' }, icon(name), link);
    return file.as === 'picture' ? [this.#picture(file.url, ''), line] : [line];
  }

  #picture(src, alt) {
    const picture = make('img', { src, alt });
    picture.addEventListener('load', () => this.#phone.grew());
    return picture;
  }

  #wrap(entity, covered) {
    if (entity.type === 'bot_command') {
      const command = make('button', { type: 'button', className: 'command' });
      command.addEventListener('click', () => this.#phone.does('type', { text: covered }));
      return command;
    }
    if (entity.type === 'phone_number') return make('a', { href: `tel:${covered.replace(/[^+\d]/g, '')}` });
    if (entity.type === 'email') return make('a', { href: `mailto:${covered}` });
    const target = { url: covered, text_link: entity.url }[entity.type];
    if (target) return this.#phone.link(target);
    return make(STYLES[entity.type] ?? 'span', { className: entity.type });
  }

  /* Draws the buttons anew. Whoever stood on one goes on from the button that says the same, or
     from the one in its place, or, when the message has none left, from the message. */
  #drawKeys() {
    const { message, article } = this;
    const keys = article.querySelector('.keys');
    const stood = keys.contains(document.activeElement) ? document.activeElement : null;
    const rows = (message.rows ?? []).map((row, r) =>
      make('div', { className: 'row' }, ...row.map((button, c) => this.#key(button, r, c))),
    );
    const standing = stood && { label: stood.textContent, place: stood.dataset.place };
    keys.replaceChildren(...rows);
    keys.hidden = rows.length === 0;
    article.classList.toggle('keyed', rows.length > 0);
    if (!standing) return;
    const all = [...keys.querySelectorAll('.key')];
    const next =
      all.find((key) => key.textContent === standing.label) ??
      all.find((key) => key.dataset.place === standing.place) ??
      all.at(-1) ??
      article;
    next.focus({ preventScroll: true });
  }

  #key({ label, url, data }, row, column) {
    let key;
    if (url) {
      key = this.#phone.link(url);
      key.append(label, icon('link'));
    } else {
      const message_id = this.message.id;
      key = make('button', { type: 'button' }, label);
      key.addEventListener('click', () => this.#phone.does('tap', { message_id, row, column, data }));
    }
    key.classList.add('key');
    key.dir = 'auto';
    key.dataset.place = `${row}/${column}`;
    return key;
  }
}
