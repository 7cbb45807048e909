/* A phone is one custom element, <raati-phone>: it shows one person's chat as the sandbox tells it
   and sends what the person does. It speaks its owner's language. */

import { icon, make, put, unfolds } from './building.js';
import { now } from './clock.js';
import { KINDS, Shown } from './messages.js';
import { post } from './stream.js';
import { address, startPayload, typed } from './texts.js';
import { TONGUES, WORDS, say, spoken } from './words.js';

const TYPING = 5000; // milliseconds Telegram shows a chat action
const NEAR = 80; // pixels from the end at which the newest message counts as in sight
const MARGIN = 12; // pixels above a message that begins at the top
const PICTURES = 'image/png,image/jpeg,image/webp'; // what can be sent as a photo
const LARGEST_FILE = 20_000_000; // bytes of a file that a bot can be sent and fetch

/* Whether an edited card now says something else, and not only what was chosen on it: a card begins
   with where one is, as "6/10". */
const anotherCard = (before, now) => before.split('\n', 1)[0] !== now.split('\n', 1)[0];

export class Phone extends HTMLElement {
  /* {id, name, language_code}; set before the element enters the page. */
  person;
  bot = { username: '', name: '', description: '' };

  #shown = new Map(); // message id → Shown
  #blocked = false;
  #offered = null; // what the start button starts the bot with; null: nothing was opened
  #editing = null; // the id of the message the composer is changing
  #enclosed = null; // {what, name, body}: a file that goes along with what is written
  #following = true; // whether the newest message is in sight, and should stay so
  #placed = 0; // how far this program scrolled the chat; any other place the person chose
  #scrolled = false; // whether the person chose a place since the newest message came
  #tapped = false; // whether the person's last act was a tap: then its answer is brought into sight
  #typing;
  #resized = new ResizeObserver(() => this.#follow());

  connectedCallback() {
    this.language = spoken(this.person.language_code);
    this.words = WORDS[this.language];
    this.lang = this.language;
    this.dataset.id = this.person.id;
    this.replaceChildren(document.getElementById('phone').content.cloneNode(true));
    say(this, this.words);
    this.#find('.phone').setAttribute('aria-label', `${this.words.phone} ${this.person.name}`);
    this.#find('.who').textContent = this.person.name;
    const tongue = this.#find('.tongue');
    tongue.textContent = TONGUES[this.person.language_code] ?? this.person.language_code ?? '';
    tongue.lang = this.person.language_code ?? '';
    const away = this.#find('.away');
    away.title = `${this.words.away} ${this.person.name}`;
    away.setAttribute('aria-label', away.title);
    this.log = this.#find('.log');
    this.field = this.#find('textarea');
    this.#attend();
    this.#resized.observe(this.log);
  }

  disconnectedCallback() {
    clearTimeout(this.#typing);
    this.#resized.disconnect();
    this.#shown.clear();
  }

  #find(selector) {
    return this.querySelector(selector);
  }

  /* -- What comes from the sandbox -- */

  begin({ bot, commands, messages, blocked, note }) {
    this.#introduce(bot);
    this.#listCommands(commands);
    const there = new Set(messages.map((message) => message.id));
    this.#change(() => {
      for (const id of [...this.#shown.keys()]) if (!there.has(id)) this.#remove(id);
      for (const message of messages) this.#show(message);
    });
    this.#setBlocked(blocked);
    this.#layNote(note);
    // The past is not read aloud, only what comes from now on.
    requestAnimationFrame(() => this.log.setAttribute('aria-live', 'polite'));
  }

  take(event, data) {
    const takes = {
      message: ({ message }) => {
        if (message.from === 'bot') this.#isTyping(false);
        const before = this.#shown.get(message.id)?.message;
        const news = !before || (this.#isNewest(message.id) && anotherCard(before.text, message.text));
        if (news) this.#scrolled = false;
        if (news && (message.from === 'person' || this.#tapped)) this.#following = true;
        // Only what is chosen on the card has changed: what the person looks at stays where it is.
        if (!news && before.text !== message.text) this.#following = false;
        this.#change(() => this.#show(message));
      },
      deleted: ({ ids }) => this.#change(() => ids.forEach((id) => this.#remove(id))),
      toast: ({ text, alert }) => this.#toast(text, alert),
      commands: ({ commands }) => this.#listCommands(commands),
      profile: ({ bot }) => this.#introduce(bot),
      blocked: ({ blocked }) => this.#setBlocked(blocked),
      note: ({ note }) => this.#layNote(note),
      action: () => this.#isTyping(true),
    };
    takes[event](data);
  }

  #isNewest(id) {
    return Number(this.log.querySelector('article:last-of-type')?.dataset.id) === id;
  }

  #introduce(bot) {
    this.bot = bot;
    put(this.#find('h2'), bot.name);
    put(this.#find('.description'), bot.description ?? '');
    this.#find('.empty h3').hidden = !bot.description;
    this.#isTyping(false);
  }

  #isTyping(yes) {
    clearTimeout(this.#typing);
    put(this.#find('.presence'), yes ? this.words.typing : this.words.presence);
    this.classList.toggle('typing', yes);
    if (yes) this.#typing = setTimeout(() => this.#isTyping(false), TYPING);
  }

  /* -- The chat -- */

  /* Every change of the chat goes through here, so that the newest message stays in sight. */
  #change(make) {
    make();
    this.markDays();
    this.#dress();
    this.#follow();
  }

  /* Shows the end of the chat; of a newest message taller than the phone its beginning, which is the
     question, but never so that the keyboard's place is out of sight. */
  #follow() {
    const { log } = this;
    if (this.#following) {
      const newest = log.querySelector('article:last-of-type');
      const above = newest ? newest.getBoundingClientRect().top - log.getBoundingClientRect().top : 0;
      log.scrollTop = this.#scrolled ? log.scrollHeight : log.scrollTop + above - MARGIN;
      newest?.querySelector(':focus-visible')?.scrollIntoView({ block: 'nearest' });
      this.#placed = log.scrollTop;
    }
    this.#pointDown();
  }

  /* The way down is shown while nothing of the newest message is in sight: over its own buttons it
     would only lie in their way. */
  #pointDown() {
    const newest = this.log.querySelector('article:last-of-type');
    const below = newest && newest.getBoundingClientRect().top > this.log.getBoundingClientRect().bottom - NEAR;
    this.#find('.newest').hidden = !below;
  }

  #toEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight;
  }

  /* A picture came and made its message taller. */
  grew() {
    this.#follow();
  }

  #show(message) {
    const before = this.#shown.get(message.id);
    if (before) return before.take(message);
    const shown = new Shown(message, this);
    this.#shown.set(message.id, shown);
    const later = [...this.log.querySelectorAll('article')].findLast(({ dataset }) => dataset.id < message.id);
    if (later) later.after(shown.article);
    else this.#find('.empty').after(shown.article);
  }

  #remove(id) {
    const gone = this.#shown.get(id)?.article;
    if (!gone) return;
    if (this.#editing === id) this.#stopEditing();
    const hadFocus = gone.contains(document.activeElement);
    gone.remove();
    this.#shown.delete(id);
    if (hadFocus) this.log.focus({ preventScroll: true });
  }

  /* Each day is written above its first message, as seen from today. */
  markDays() {
    let before = '';
    for (const { dataset } of this.log.querySelectorAll('article')) {
      const shown = this.#shown.get(Number(dataset.id));
      shown.date(shown.day !== before, now());
      before = shown.day;
    }
  }

  /* Chooses what stands at the foot: the start button of an empty chat, the composer, or neither. */
  #dress() {
    const empty = this.#shown.size === 0;
    const foot = this.#find('.foot');
    const stood = foot.contains(document.activeElement) ? document.activeElement : null;
    const opened = this.#offered !== null;
    const start = opened || (empty && !this.#blocked);
    this.#find('.empty').hidden = !empty;
    this.#find('.start').hidden = !start;
    this.#find('.not-now').hidden = !opened;
    this.#find('.composer').hidden = start || this.#blocked;
    this.#find('.blocked').hidden = start || !this.#blocked;
    if (stood && !stood.checkVisibility()) this.log.focus({ preventScroll: true });
  }

  #setBlocked(blocked) {
    this.#blocked = blocked;
    this.#find('.block').textContent = blocked ? this.words.unblock : this.words.block;
    this.#dress();
    this.#follow();
  }

  /* -- What leads elsewhere -- */

  /* What opens an address: the bot's own opens in this phone, another on the web in a new tab. What is
     neither is not opened. */
  link(raw) {
    const url = address(raw);
    const payload = url && startPayload(url, this.bot.username);
    if (payload === null) return url?.protocol.startsWith('http') ? this.#outside(url) : make('span');
    const link = make('a', { href: url.href });
    link.addEventListener('click', (event) => {
      event.preventDefault();
      this.#offer(payload);
    });
    return link;
  }

  #outside({ href }) {
    return make('a', { href, rel: 'noopener noreferrer', target: '_blank' });
  }

  /* As Telegram does: a link that opens the bot offers to start it; null takes the offer back. */
  #offer(payload) {
    this.#offered = payload;
    this.#dress();
    this.#follow();
    if (payload !== null) this.#find('.start .primary').focus();
  }

  #layNote(note) {
    const lies = this.#find('.note');
    const stood = lies.contains(document.activeElement);
    lies.hidden = !note;
    if (note) {
      put(lies.querySelector('.said'), note.text);
      const link = this.link(note.link);
      link.append(note.link);
      link.addEventListener('click', () => {
        if (link.target === '_blank') this.does('note', {});
      });
      lies.querySelector('.leads').replaceChildren(link);
    } else if (stood) this.log.focus({ preventScroll: true });
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
        this.does('type', { text: `/${command}` });
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

    const offerToSend = (kind, says, send) => {
      const item = make('button', { type: 'button', className: 'item' }, icon(kind), says);
      item.addEventListener('click', () => {
        closeAttach();
        send();
      });
      this.#find('.attach ul').append(make('li', {}, item));
    };
    for (const kind of KINDS) {
      const says = kind === 'document' ? this.words.paper : this.words[kind];
      offerToSend(kind, says, () => this.does('send', { kind }));
    }
    const own = this.#find('.own');
    const choose = (what, accept) => () => {
      own.dataset.what = what;
      own.accept = accept;
      own.click();
    };
    offerToSend('photo', this.words.ownPhoto, choose('photo', PICTURES));
    offerToSend('clip', this.words.own, choose('document', ''));
    own.addEventListener('change', () => {
      this.#take(own.files[0], own.dataset.what);
      own.value = '';
    });
    this.#find('.enclosed .cancel').addEventListener('click', () => this.#enclose(null));

    const block = async (blocked) => {
      closeMore();
      if (await this.does('block', { blocked })) this.#setBlocked(blocked);
    };
    this.#find('.block').addEventListener('click', () => block(!this.#blocked));
    this.#find('.blocked button').addEventListener('click', async () => {
      await block(false);
      (this.#find('.composer').hidden ? this.log : this.field).focus();
    });
    this.#find('.start .primary').addEventListener('click', () => this.does('start', { payload: this.#offered }));
    this.#find('.not-now').addEventListener('click', () => this.#offer(null));
    this.#find('.start').addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#offer(null);
    });
    this.#find('.shut').addEventListener('click', () => this.does('note', {}));
    this.#find('.away').addEventListener('click', () =>
      this.dispatchEvent(new Event('away', { bubbles: true })),
    );

    this.#find('.composer').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.field.addEventListener('input', () => this.#fit());
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#editing !== null) this.#stopEditing();
      if (event.key === 'Escape' && this.#enclosed !== null) this.#enclose(null);
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#find('.earlier .cancel').addEventListener('click', () => this.#stopEditing());

    this.log.addEventListener('scroll', () => {
      if (Math.abs(this.log.scrollTop - this.#placed) < 1) return;
      this.#scrolled = true;
      this.#following = this.#toEnd() < NEAR;
      this.#pointDown();
    });
    this.#find('.newest').addEventListener('click', () => {
      this.#following = true;
      this.#scrolled = true;
      this.log.focus({ preventScroll: true });
      this.#follow();
    });
  }

  /* Tells the sandbox what the person did. False, and a word about it, if it did not get through. */
  async does(what, body) {
    this.#tapped = what === 'tap';
    if (this.#offered !== null && what !== 'note') this.#offer(null);
    try {
      await post(`phones/${this.person.id}/${what}`, body);
      return true;
    } catch {
      this.#toast(this.words.failed);
      return false;
    }
  }

  async #submit() {
    const written = this.field.value.trim();
    const enclosed = this.#enclosed;
    if (!written && !enclosed) return;
    const editing = this.#editing;
    if (editing !== null) this.#stopEditing();
    if (enclosed) this.#enclose(null);
    this.#write('');
    const [what, body] = enclosed
      ? [enclosed.what, enclosed.body]
      : editing === null
        ? ['type', {}]
        : ['edit', { message_id: editing }];
    const sent = await this.does(what, { ...body, written });
    if (sent || this.field.value) return;
    if (enclosed) this.#enclose(enclosed);
    this.#write(written);
  }

  /* Reads a file that was chosen, to go along with what is written next. */
  #take(file, what) {
    if (file.size > LARGEST_FILE) return this.#toast(this.words.tooLarge);
    const read = new FileReader();
    read.addEventListener('load', () => {
      const content = read.result.slice(read.result.indexOf(',') + 1); // after "data:…;base64,"
      if (this.#editing !== null) this.#stopEditing();
      this.#enclose({ what, name: file.name, body: { name: file.name, mime: file.type, content } });
    });
    read.readAsDataURL(file);
  }

  /* What goes along is said of the field too, to whoever hears it only. */
  #enclose(enclosed) {
    const lies = this.#find('.enclosed');
    this.#enclosed = enclosed;
    lies.hidden = !enclosed;
    lies.querySelector('.original').textContent = enclosed?.name ?? '';
    lies.id = `enclosed-${this.person.id}`;
    if (enclosed) this.field.setAttribute('aria-describedby', lies.id);
    else this.field.removeAttribute('aria-describedby');
    this.field.focus();
  }

  edit(id) {
    const { message } = this.#shown.get(id);
    if (this.#enclosed !== null) this.#enclose(null);
    this.#editing = id;
    this.#find('.earlier .original').textContent = message.text;
    this.#compose('save');
    this.#write(typed(message.text, message.entities));
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
    this.#find('.earlier').hidden = action === 'send';
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

customElements.define('raati-phone', Phone);
