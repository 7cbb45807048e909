/* The demo's page. A phone is one custom element, <raati-phone>: it shows one person's chat as the
   sandbox tells it (server-sent events) and sends what the person does (POST). It keeps nothing of
   its own: every connection begins with a snapshot, and a message is drawn again when it changes.
   Around the phones there is only the bar that chooses a person.

   What people and the bot write reaches the page as text nodes, never as markup. */

const WORDS = {
  fi: {
    demo: 'Kokeiluympäristö',
    about: 'Viestit kulkevat vain tällä koneella. Telegramiin ei lähde mitään.',
    person: 'Henkilö:',
    add: 'Lisää henkilö',
    name: 'Nimi',
    language: 'Puhelimen kieli',
    phone: 'Puhelin:',
    bot: 'Botti',
    you: 'Sinä',
    presence: 'botti',
    connecting: 'Yhdistetään…',
    chat: 'Keskustelu',
    what: 'Mitä tämä botti tekee?',
    start: 'Aloita',
    write: 'Kirjoita viesti',
    send: 'Lähetä',
    save: 'Tallenna muutos',
    commands: 'Komennot',
    noCommands: 'Komentoja ei ole vielä.',
    attach: 'Lähetä muuta kuin tekstiä',
    more: 'Lisää toimintoja',
    block: 'Estä botti',
    unblock: 'Poista esto',
    blocked: 'Olet estänyt botin. Se ei voi kirjoittaa sinulle.',
    edit: 'Muokkaa viestiä:',
    editing: 'Muokataan viestiä',
    cancel: 'Peru muokkaus',
    edited: 'muokattu',
    newest: 'Siirry uusimpaan viestiin',
    close: 'Sulje',
    failed: 'Tämä ei mennyt perille. Kokeile hetken päästä uudelleen.',
    voice: 'Ääniviesti',
    photo: 'Kuva',
    sticker: 'Tarra',
    forward: 'Välitetty viesti',
    document: 'Tiedosto',
    album: 'Kuvasarja',
    other: 'Muu viesti',
  },
  sv: {
    demo: 'Testmiljö',
    about: 'Meddelandena stannar på den här datorn. Inget skickas till Telegram.',
    person: 'Person:',
    add: 'Lägg till en person',
    name: 'Namn',
    language: 'Telefonens språk',
    phone: 'Telefon:',
    bot: 'Boten',
    you: 'Du',
    presence: 'bot',
    connecting: 'Ansluter…',
    chat: 'Samtal',
    what: 'Vad gör den här boten?',
    start: 'Starta',
    write: 'Skriv ett meddelande',
    send: 'Skicka',
    save: 'Spara ändringen',
    commands: 'Kommandon',
    noCommands: 'Det finns inga kommandon ännu.',
    attach: 'Skicka något annat än text',
    more: 'Fler funktioner',
    block: 'Blockera boten',
    unblock: 'Häv blockeringen',
    blocked: 'Du har blockerat boten. Den kan inte skriva till dig.',
    edit: 'Redigera meddelandet:',
    editing: 'Du redigerar ett meddelande',
    cancel: 'Avbryt redigeringen',
    edited: 'redigerat',
    newest: 'Gå till det nyaste meddelandet',
    close: 'Stäng',
    failed: 'Det här kom inte fram. Försök igen om en stund.',
    voice: 'Röstmeddelande',
    photo: 'Bild',
    sticker: 'Klistermärke',
    forward: 'Vidarebefordrat meddelande',
    document: 'Fil',
    album: 'Bildserie',
    other: 'Annat meddelande',
  },
  en: {
    demo: 'Demo',
    about: 'Messages stay on this computer. Nothing is sent to Telegram.',
    person: 'Person:',
    add: 'Add a person',
    name: 'Name',
    language: 'Language of the phone',
    phone: 'Phone:',
    bot: 'Bot',
    you: 'You',
    presence: 'bot',
    connecting: 'Connecting…',
    chat: 'Chat',
    what: 'What does this bot do?',
    start: 'Start',
    write: 'Write a message',
    send: 'Send',
    save: 'Save the change',
    commands: 'Commands',
    noCommands: 'There are no commands yet.',
    attach: 'Send something other than text',
    more: 'More actions',
    block: 'Block the bot',
    unblock: 'Unblock',
    blocked: 'You have blocked the bot. It cannot write to you.',
    edit: 'Edit the message:',
    editing: 'Editing a message',
    cancel: 'Cancel editing',
    edited: 'edited',
    newest: 'Go to the newest message',
    close: 'Close',
    failed: 'This did not get through. Try again in a moment.',
    voice: 'Voice message',
    photo: 'Photo',
    sticker: 'Sticker',
    forward: 'Forwarded message',
    document: 'File',
    album: 'Album',
    other: 'Another kind of message',
  },
};

/* The languages a phone can be set to. The bot speaks the first three and begins in Finnish
   with the rest, and so does this page. */
const TONGUES = {
  fi: 'suomi',
  sv: 'svenska',
  en: 'English',
  uk: 'українська',
  ar: 'العربية',
};

/* Invented people the chooser offers before anyone has added their own. */
const INVENTED = [
  { name: 'Aino', language_code: 'fi' },
  { name: 'Elin', language_code: 'sv' },
  { name: 'Emma', language_code: 'en' },
];

const KINDS = ['voice', 'photo', 'sticker', 'forward', 'document'];

const spoken = (code) => {
  const language = (code ?? '').slice(0, 2).toLowerCase();
  return language in WORDS ? language : 'fi';
};

/* Clock times and days in Finnish time, as each language writes them in Finland. */
const LOCALES = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' };
const ZONE = 'Europe/Helsinki';

function timeOfDay(iso, language) {
  const parts = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: ZONE });
  const time = parts.format(new Date(iso));
  return language === 'en' ? time : time.replace(':', '.');
}

function dayOf(iso, language) {
  const parts = { weekday: 'long', day: 'numeric', month: 'long', timeZone: ZONE };
  return new Intl.DateTimeFormat(LOCALES[language], parts).format(new Date(iso));
}

/* ---- Building the page ---- */

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/* Fills every place in `root` that names its text (data-say) or its spoken name (data-name). */
function say(root, words) {
  for (const place of root.querySelectorAll('[data-say]')) place.textContent = words[place.dataset.say];
  for (const place of root.querySelectorAll('[data-name]')) {
    place.setAttribute('aria-label', words[place.dataset.name]);
    if (place.matches('button')) place.title = words[place.dataset.name];
    if (place.matches('textarea')) place.placeholder = words[place.dataset.name];
  }
}

/* A button that shows a panel beside it. Escape or leaving closes it. Returns what closes it. */
function unfolds(around) {
  const button = around.querySelector('button');
  const panel = around.querySelector('.panel');
  const open = (yes) => {
    panel.hidden = !yes;
    button.setAttribute('aria-expanded', String(yes));
  };
  button.addEventListener('click', () => {
    open(panel.hidden);
    if (!panel.hidden) panel.querySelector('button, input')?.focus();
  });
  around.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || panel.hidden) return;
    open(false);
    button.focus();
  });
  around.addEventListener('focusout', (event) => {
    if (!around.contains(event.relatedTarget)) open(false);
  });
  return () => {
    if (panel.contains(document.activeElement)) button.focus();
    open(false);
  };
}

/* ---- Talking to the sandbox ---- */

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

/* ---- Text with entities ----
   Offsets and lengths are UTF-16 units, which is how JavaScript counts too. Entities nest; one that
   only half overlaps another is cut at its end. */

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

function written(text, entities, wrap) {
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

/* The address a link may lead to, or null: a message can carry any address, also a harmful one. */
function address(raw) {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(raw) ? raw : `https://${raw}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  return ['https:', 'http:', 'mailto:', 'tel:', 'tg:'].includes(url.protocol) ? url : null;
}

/* The payload if the address opens this bot's own chat, '' if it carries none, else null. */
function startPayload(url, username) {
  const shared = ['t.me', 'telegram.me'].includes(url.hostname);
  const named = shared ? url.pathname.slice(1) : url.searchParams.get('domain');
  if (!shared && url.protocol !== 'tg:') return null;
  if ((named ?? '').toLowerCase() !== username.toLowerCase()) return null;
  return url.searchParams.get('start') ?? '';
}

/* ---- A phone ---- */

class Phone extends HTMLElement {
  /* {id, name, language_code}; set before the element enters the page. */
  person;

  #bot = { username: '', name: '', description: '' };
  #shown = new Map(); // message id → {message, article}
  #blocked = false;
  #editing = null; // the id of the message the composer is changing
  #stream;
  #retry;
  #following = true; // whether the newest message is in sight, and should stay so
  #tapped = false; // whether the person's last act was a tap: then its answer is brought into sight
  #resized = new ResizeObserver(() => this.#follow());

  connectedCallback() {
    this.language = spoken(this.person.language_code);
    this.words = WORDS[this.language];
    this.lang = this.language;
    this.replaceChildren(document.getElementById('phone').content.cloneNode(true));
    say(this, this.words);
    this.#find('.phone').setAttribute('aria-label', `${this.words.phone} ${this.person.name}`);
    this.log = this.#find('.log');
    this.field = this.#find('textarea');
    this.#attend();
    this.#connect();
    this.#resized.observe(this.log);
  }

  disconnectedCallback() {
    clearTimeout(this.#retry);
    this.#stream.close();
    this.#resized.disconnect();
    this.#shown.clear();
  }

  #find(selector) {
    return this.querySelector(selector);
  }

  /* -- What comes from the sandbox -- */

  #connect() {
    this.#presence(this.words.connecting);
    this.#stream = new EventSource(`phones/${this.person.id}/events`);
    const on = (name, take) =>
      this.#stream.addEventListener(name, (event) => take(JSON.parse(event.data)));
    on('snapshot', (snapshot) => this.#begin(snapshot));
    on('message', ({ message }) => {
      const answer = !this.#shown.has(message.id) && (message.from === 'person' || this.#tapped);
      if (answer) this.#following = true;
      this.#change(() => this.#show(message));
    });
    on('deleted', ({ ids }) => this.#change(() => ids.forEach((id) => this.#remove(id))));
    on('toast', ({ text, alert }) => this.#toast(text, alert));
    on('commands', ({ commands }) => this.#listCommands(commands));
    on('blocked', ({ blocked }) => this.#setBlocked(blocked));
    this.#stream.addEventListener('error', () => {
      this.#presence(this.words.connecting);
      if (this.#stream.readyState !== EventSource.CLOSED) return; // the browser tries again itself
      this.#retry = setTimeout(() => {
        this.#connect();
        this.dispatchEvent(new Event('lost', { bubbles: true }));
      }, 2000);
    });
  }

  #begin({ bot, commands, messages, blocked }) {
    this.#bot = bot;
    this.#find('h2').textContent = bot.name;
    this.#find('.description').textContent = bot.description ?? '';
    this.#find('.empty h3').hidden = !bot.description;
    this.#presence(this.words.presence);
    this.#listCommands(commands);
    const now = new Set(messages.map((message) => message.id));
    this.#change(() => {
      for (const id of [...this.#shown.keys()]) if (!now.has(id)) this.#remove(id);
      for (const message of messages) this.#show(message);
    });
    this.#setBlocked(blocked);
    // The past is not read aloud, only what comes from now on.
    requestAnimationFrame(() => this.log.setAttribute('aria-live', 'polite'));
  }

  #presence(text) {
    const line = this.#find('.presence');
    if (line.textContent !== text) line.textContent = text;
  }

  /* -- The chat -- */

  /* Every change of the chat goes through here, so that the newest message stays in sight. */
  #change(make) {
    make();
    this.#markDays();
    this.#dress();
    this.#follow();
  }

  #follow() {
    const empty = this.#shown.size === 0;
    if (this.#following) this.log.scrollTop = empty ? 0 : this.log.scrollHeight;
    this.#find('.newest').hidden = this.#following;
  }

  #show(message) {
    const before = this.#shown.get(message.id);
    const article = before?.article ?? this.#newArticle(message);
    this.#shown.set(message.id, { message, article });
    const sender = message.from === 'bot' ? this.words.bot : this.words.you;
    const time = timeOfDay(message.date, this.language);
    const gist = [this.#kindName(message), message.file?.name, message.text].filter(Boolean).join(': ');
    article.setAttribute('aria-label', `${sender}, ${time}: ${shortened(gist, 120)}`);
    const same = (...names) =>
      before && names.every((n) => JSON.stringify(before.message[n]) === JSON.stringify(message[n]));
    if (!same('kind', 'text', 'entities', 'file', 'edited')) this.#drawBubble(article, message, time);
    if (!same('rows')) this.#drawKeys(article, message);
  }

  #newArticle(message) {
    const article = make(
      'article',
      { className: message.from, tabIndex: -1 },
      make('p', { className: 'day', hidden: true }),
      make('div', { className: 'line' }, make('div', { className: 'bubble' })),
      make('div', { className: 'keys' }),
    );
    article.dataset.id = message.id;
    article.querySelector('.day').textContent = dayOf(message.date, this.language);
    const later = [...this.log.querySelectorAll('article')].find((other) => other.dataset.id > message.id);
    this.log.insertBefore(article, later ?? null);
    return article;
  }

  #drawBubble(article, message, time) {
    const bubble = article.querySelector('.bubble');
    const hadFocus = bubble.contains(document.activeElement);
    const parts = [];
    if (message.kind !== 'text') {
      const { file } = message;
      const name = KINDS.includes(message.kind) ? message.kind : 'document';
      const label = file
        ? make('a', { href: file.url, download: file.name }, file.name)
        : make('span', {}, this.#kindName(message));
      parts.push(make('p', { className: 'sent' }, icon(name), label));
    }
    if (message.text) {
      const text = make('div', { className: 'text', dir: 'auto' });
      text.append(
        ...written(message.text, message.entities ?? [], (entity, covered) => this.#wrap(entity, covered)),
      );
      parts.push(text);
    }
    const stamp = make('time', { dateTime: message.date }, time);
    const mark = message.edited ? `${this.words.edited} ` : '';
    parts.push(make('p', { className: 'stamp' }, mark, stamp));
    bubble.replaceChildren(...parts);
    article.querySelector('.edit')?.remove();
    if (message.from === 'person' && message.kind === 'text') {
      const edit = make('button', { type: 'button', className: 'icon edit' }, icon('edit'));
      edit.setAttribute('aria-label', `${this.words.edit} ${shortened(message.text, 40)}`);
      edit.addEventListener('click', () => this.#edit(message.id));
      bubble.before(edit);
    }
    if (hadFocus) article.focus({ preventScroll: true });
  }

  #wrap(entity, covered) {
    if (entity.type === 'bot_command') {
      const command = make('button', { type: 'button', className: 'command' });
      command.addEventListener('click', () => this.#send('type', { text: covered }));
      return command;
    }
    const target = { url: covered, text_link: entity.url, email: `mailto:${covered}` }[entity.type];
    if (entity.type === 'phone_number') return this.#link(`tel:${covered.replace(/[^+\d]/g, '')}`);
    if (target) return this.#link(target);
    return make(STYLES[entity.type] ?? 'span', { className: entity.type });
  }

  #link(raw) {
    const url = address(raw);
    if (!url) return make('span');
    const payload = startPayload(url, this.#bot.username);
    const link = make('a', { href: url.href, rel: 'noopener noreferrer', target: '_blank' });
    if (payload === null) return link;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      this.#send('start', { payload });
    });
    return link;
  }

  /* Draws the buttons anew. Whoever stood on one goes on from the button that says the same, or
     from the one in its place, or, when the message has none left, from the message. */
  #drawKeys(article, message) {
    const keys = article.querySelector('.keys');
    const stood = keys.contains(document.activeElement) ? document.activeElement : null;
    const rows = (message.rows ?? []).map((row, r) =>
      make('div', { className: 'row' }, ...row.map((button, c) => this.#key(message, button, r, c))),
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

  #key(message, { label, url, data }, row, column) {
    let key;
    if (url) {
      key = this.#link(url);
      key.append(label, icon('link'));
    } else {
      key = make('button', { type: 'button' }, label);
      key.addEventListener('click', () => this.#send('tap', { message_id: message.id, row, column, data }));
    }
    key.classList.add('key');
    key.dir = 'auto';
    key.dataset.place = `${row}/${column}`;
    return key;
  }

  #remove(id) {
    const gone = this.#shown.get(id);
    if (!gone) return;
    if (this.#editing === id) this.#stopEditing();
    const hadFocus = gone.article.contains(document.activeElement);
    gone.article.remove();
    this.#shown.delete(id);
    if (hadFocus) this.log.focus({ preventScroll: true });
  }

  #kindName({ kind }) {
    return kind === 'text' ? '' : (this.words[kind] ?? this.words.other);
  }

  #markDays() {
    let before = '';
    for (const day of this.log.querySelectorAll('.day')) {
      day.hidden = day.textContent === before;
      before = day.textContent;
    }
  }

  /* Chooses what stands at the foot: the start button of an empty chat, the composer, or neither. */
  #dress() {
    const empty = this.#shown.size === 0;
    const start = this.#find('.start');
    const moveFocus = !empty && start.contains(document.activeElement);
    this.#find('.empty').hidden = !empty;
    start.hidden = !empty || this.#blocked;
    this.#find('.composer').hidden = empty || this.#blocked;
    this.#find('.blocked').hidden = !this.#blocked;
    if (moveFocus) this.log.focus({ preventScroll: true });
  }

  #setBlocked(blocked) {
    this.#blocked = blocked;
    this.#find('.block').textContent = blocked ? this.words.unblock : this.words.block;
    this.#dress();
    this.#follow();
  }

  #toast(text, stays = false) {
    const toast = make('div', { className: 'toast' }, make('p', { dir: 'auto' }, text));
    if (!stays) {
      this.#find('.passing').append(toast);
      setTimeout(() => toast.remove(), 4000 + 60 * text.length);
      return;
    }
    const close = make('button', { type: 'button' }, this.words.close);
    close.addEventListener('click', () => {
      toast.remove();
      this.log.focus({ preventScroll: true });
    });
    toast.append(close);
    this.#find('.staying').append(toast);
  }

  #listCommands(commands) {
    const items = commands.map(({ command, description }) => {
      const item = make(
        'button',
        { type: 'button', className: 'item' },
        make('span', {}, description),
        make('code', {}, `/${command}`),
      );
      item.addEventListener('click', () => {
        this.closeCommands();
        this.#send('type', { text: `/${command}` });
      });
      return make('li', {}, item);
    });
    const none = make('li', { className: 'none' }, this.words.noCommands);
    this.#find('.commands ul').replaceChildren(...(items.length ? items : [none]));
  }

  /* -- What the person does -- */

  #attend() {
    this.closeCommands = unfolds(this.#find('.commands'));
    const closeAttach = unfolds(this.#find('.attach'));
    const closeMore = unfolds(this.#find('.more'));

    for (const kind of KINDS) {
      const item = make('button', { type: 'button', className: 'item' }, icon(kind), this.words[kind]);
      item.addEventListener('click', () => {
        closeAttach();
        this.#send('send', { kind });
      });
      this.#find('.attach ul').append(make('li', {}, item));
    }

    const block = async (blocked) => {
      closeMore();
      if (await this.#send('block', { blocked })) this.#setBlocked(blocked);
    };
    this.#find('.block').addEventListener('click', () => block(!this.#blocked));
    this.#find('.blocked button').addEventListener('click', async () => {
      await block(false);
      (this.#find('.composer').hidden ? this.log : this.field).focus();
    });
    this.#find('.start button').addEventListener('click', () => this.#send('type', { text: '/start' }));

    this.#find('.composer').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.field.addEventListener('input', () => this.#fit());
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#editing !== null) this.#stopEditing();
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#find('.cancel').addEventListener('click', () => this.#stopEditing());

    this.log.addEventListener('scroll', () => {
      this.#following = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
      this.#find('.newest').hidden = this.#following;
    });
    this.#find('.newest').addEventListener('click', () => {
      this.#following = true;
      this.log.focus({ preventScroll: true });
      this.#follow();
    });
  }

  /* Tells the sandbox what the person did. False, and a word about it, if it did not get through. */
  async #send(what, body) {
    this.#tapped = what === 'tap';
    try {
      await post(`phones/${this.person.id}/${what}`, body);
      return true;
    } catch {
      this.#toast(this.words.failed);
      return false;
    }
  }

  async #submit() {
    const text = this.field.value.trim();
    if (!text) return;
    const editing = this.#editing;
    if (editing !== null) this.#stopEditing();
    this.#write('');
    const sent =
      editing === null
        ? await this.#send('type', { text })
        : await this.#send('edit', { message_id: editing, text });
    if (!sent && !this.field.value) this.#write(text);
  }

  #edit(id) {
    const { message } = this.#shown.get(id);
    this.#editing = id;
    this.#find('.original').textContent = message.text;
    this.#compose('save');
    this.#write(message.text);
    this.field.focus();
  }

  #stopEditing() {
    this.#editing = null;
    this.#compose('send');
    this.#write('');
    this.field.focus();
  }

  #compose(action) {
    const send = this.#find('.send');
    send.setAttribute('aria-label', this.words[action]);
    send.title = this.words[action];
    send.replaceChildren(icon(action));
    this.#find('.editing').hidden = action === 'send';
  }

  #write(text) {
    this.field.value = text;
    this.#fit();
  }

  #fit() {
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight}px`;
  }
}

function shortened(text, length) {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= length ? line : `${letters.slice(0, length).join('')}…`;
}

customElements.define('raati-phone', Phone);

/* ---- The bar: whose phone ---- */

const bar = document.querySelector('.bar');
const desk = document.querySelector('.desk');
const chooser = document.querySelector('.chooser');
const newcomer = document.querySelector('.newcomer');
const closeChooser = unfolds(chooser);
let people = [];
let chosen;

const tongueOf = (person) => TONGUES[person.language_code] ?? person.language_code ?? '';

function choose(person) {
  chosen = person;
  history.replaceState(null, '', `#${person.id}`);
  const language = spoken(person.language_code);
  document.documentElement.lang = language;
  say(bar, WORDS[language]);
  document.title = `Raati – ${WORDS[language].demo}`;
  chooser.querySelector('.who').textContent = person.name;
  const tongue = chooser.querySelector('.tongue');
  tongue.textContent = tongueOf(person);
  tongue.lang = person.language_code ?? '';
  listPeople();
  const phone = document.createElement('raati-phone');
  phone.person = person;
  desk.replaceChildren(phone);
}

function listPeople() {
  const known = new Set(people.map((person) => `${person.name}/${person.language_code}`));
  const offered = INVENTED.filter((person) => !known.has(`${person.name}/${person.language_code}`));
  const items = [...people, ...offered].map((person) => {
    const item = make(
      'button',
      { type: 'button', className: 'item' },
      make('span', { className: 'who', dir: 'auto' }, person.name),
      make('span', { className: 'tongue', lang: person.language_code ?? '' }, tongueOf(person)),
    );
    if (person === chosen) item.setAttribute('aria-current', 'true');
    item.addEventListener('click', () => {
      closeChooser();
      if (person === chosen) return;
      if (person.id === undefined) join(person);
      else choose(person);
    });
    return make('li', {}, item);
  });
  chooser.querySelector('.people').replaceChildren(...items);
}

/* A new person gets a phone, and it is shown. */
async function join({ name, language_code }) {
  const person = await (await post('phones', { name, language_code })).json();
  people = await (await fetch('phones')).json();
  choose(people.find(({ id }) => id === person.id));
}

async function open() {
  people = await (await fetch('phones')).json();
  const wanted = people.find(({ id }) => String(id) === location.hash.slice(1)) ?? people[0];
  if (wanted) choose(wanted);
  else await join(INVENTED[0]);
}

newcomer.addEventListener('submit', (event) => {
  event.preventDefault();
  const { name, language } = newcomer.elements;
  closeChooser();
  join({ name: name.value.trim(), language_code: language.value });
  newcomer.reset();
});
newcomer.elements.language.append(
  ...Object.entries(TONGUES).map(([code, tongue]) => make('option', { value: code, lang: code }, tongue)),
);

/* The sandbox keeps phones in memory only: after it was started anew they are others. */
document.addEventListener('lost', async () => {
  const response = await fetch('phones').catch(() => null);
  if (!response?.ok) return;
  people = await response.json();
  if (!people.some(({ id }) => id === chosen.id)) await open();
});

await open();
