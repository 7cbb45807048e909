/* Everything the page says of itself, in three languages, and in which language it says it.
   The page has a language of its own; each phone speaks its owner's. What the bot says is not here. */

/* A number as it is written in a language. */
const counted = (n, language) => n.toLocaleString(language);

const FI = {
  skip: 'Siirry puhelimiin',
  demo: 'Kokeilu',
  about: 'Kaikki tapahtuu tällä koneella. Telegramiin ei lähde mitään.',
  pageLanguage: 'Sivun kieli',
  trouble: 'Yhteys katkesi. Sivu yrittää hetken päästä itse uudelleen.',
  failed: 'Tämä ei mennyt perille. Kokeile hetken päästä uudelleen.',

  clock: 'Kello:',
  moveClock: 'Siirrä kelloa eteenpäin',
  aboutClock:
    'Näin näet, mitä tapahtuu, kun viimeinen vastauspäivä menee ohi tai kokoontuminen lähestyy. Puhelimet ja botti siirtyvät mukana. Takaisin kello ei kulje.',
  hour: '+ 1 tunti',
  day: '+ 1 päivä',
  week: '+ 1 viikko',
  morning: 'Aamuun klo 8',
  dayAndTime: 'Tai valitse päivä ja kellonaika',
  dayOfMonth: 'Päivä',
  month: 'Kuukausi',
  hourOfDay: 'Tunti',
  minute: 'Minuutti',
  moveTo: (time) => `Siirrä: ${time}`,
  clockMoved: (time) => `Nyt on ${time}.`,
  clockRefused: 'Valitse aika, joka on vielä edessä, enintään kahden vuoden päässä.',

  county: 'Alueella nyt',
  gist: (open, received) => `${open} avoinna, ${received} ${received === 1 ? 'vastaus' : 'vastausta'}`,
  scheduled: 'avautuu myöhemmin',
  openUntil: (day) => `avoinna ${day} asti`,
  lastDay: 'viimeinen päivä tänään',
  open: 'avoinna toistaiseksi',
  closing: 'päättyi, aloitetut voi vielä lähettää',
  closedOn: (day) => `päättyi ${day}`,
  closed: 'päättynyt',
  archived: 'arkistoitu',
  survey: (n) => (n === 1 ? 'vastaus' : 'vastausta'),
  application: (n) => (n === 1 ? 'hakemus' : 'hakemusta'),
  crowd30: '30 asukasta vastaa',
  crowd300: '300 asukasta vastaa',
  answering: 'Asukkaat vastaavat',
  answered: (done, of) => `${done} / ${of} on käynyt`,
  crowdCame: 'Asukkaat vastaavat nyt.',
  crowdDone: (of) => `${of} asukasta on käynyt. Kaikki eivät vastaa loppuun asti.`,
  crowdBusy: 'Edelliset asukkaat vastaavat vielä. Odota hetki.',

  throng: 'Väkijoukko',
  aboutThrong: 'Näitä puhelimia ei katsota yksitellen. Kun botti kirjoittaa niihin, tässä näkyy, mitä niissä lukee ja kuinka monessa.',
  throngList: 'Mitä väkijoukon puhelimissa näkyy',
  onPhones: (n) => `${counted(n, 'fi')} ${n === 1 ? 'puhelin' : 'puhelinta'}`,
  bareOf: (n) => `${counted(n, 'fi')} ilman viestiä`,
  blockedOf: (n) => `${counted(n, 'fi')} on estänyt botin`,
  editedOn: (n) => `muokattu ${counted(n, 'fi')} puhelimessa`,
  othersToo: (n) => (n === 1 ? 'Ja yksi muu viesti.' : `Ja ${counted(n, 'fi')} muuta viestiä.`),

  phones: 'Puhelimet',
  add: 'Lisää',
  addPerson: 'Lisää henkilö',
  addPhone: 'Lisää puhelin',
  name: 'Nimi',
  language: 'Puhelimen kieli',
  put: 'syrjässä',
  fresh: (n) => (n === 1 ? 'uusi viesti' : `${n} uutta viestiä`),
  coordinator: 'koordinaattori',
  member: 'jäsen',
  resident: 'asukas',
  coordinators: 'Koordinaattorit',
  members: 'Raadin jäsenet',
  residents: 'Asukkaat',
  bare: 'Puhelimet on laitettu syrjään. Valitse henkilö, niin puhelin tulee takaisin.',

  calls: 'Kehittäjälle: botin kutsut',
  aboutCalls: 'Mitä botti pyytää Telegramilta. Uusin on alimpana.',
  callsList: 'Botin kutsut',
  noCalls: 'Kutsuja ei ole vielä.',
  nextCall: 'Seuraava kutsu',
  meets: 'kohtaa',
  letFail: 'Aseta',
  faultSet: (method) => `Seuraava ${method} kohtaa tämän.`,
  flood: '429, odota 5 s',
  trouble502: '502, häiriö',
  cutBefore: 'Yhteys katkeaa ennen',
  cutAfter: 'Yhteys katkeaa jälkeen',
  delay: 'Viive 5 s',

  phone: 'Puhelin:',
  away: 'Laita syrjään:',
  bot: 'Botti',
  you: 'Sinä',
  presence: 'botti',
  typing: 'kirjoittaa…',
  chat: 'Keskustelu',
  today: 'Tänään',
  yesterday: 'Eilen',
  what: 'Mitä tämä botti tekee?',
  start: 'Aloita',
  notNow: 'Ei nyt',
  write: 'Kirjoita viesti',
  hint: 'Viesti',
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
  silent: 'ilman ääntä',
  newest: 'Siirry uusimpaan viestiin',
  close: 'Sulje',
  shut: 'Sulje lappu',
  newTab: 'avautuu uuteen välilehteen',
  voice: 'Ääniviesti',
  photo: 'Kuva',
  sticker: 'Tarra',
  forward: 'Välitetty viesti',
  document: 'Tiedosto',
  paper: 'Pieni PDF-tiedosto',
  own: 'Oma tiedosto',
  ownPhoto: 'Oma kuva',
  goesAlong: 'Liitteenä',
  remove: 'Poista liite',
  tooLarge: 'Tiedosto on liian suuri. Enintään 20 megatavua.',
  other: 'Muu viesti',
};

const SV = {
  skip: 'Gå till telefonerna',
  demo: 'Demo',
  about: 'Allt händer på den här datorn. Inget skickas till Telegram.',
  pageLanguage: 'Sidans språk',
  trouble: 'Förbindelsen bröts. Sidan försöker själv igen om en stund.',
  failed: 'Det här kom inte fram. Försök igen om en stund.',

  clock: 'Klocka:',
  moveClock: 'Flytta klockan framåt',
  aboutClock:
    'Så ser du vad som händer när den sista svarsdagen har gått eller ett möte närmar sig. Telefonerna och boten följer med. Bakåt går klockan inte.',
  hour: '+ 1 timme',
  day: '+ 1 dag',
  week: '+ 1 vecka',
  morning: 'Nästa morgon kl. 8',
  dayAndTime: 'Eller välj dag och klockslag',
  dayOfMonth: 'Dag',
  month: 'Månad',
  hourOfDay: 'Timme',
  minute: 'Minut',
  moveTo: (time) => `Flytta till ${time}`,
  clockMoved: (time) => `Nu är det ${time}.`,
  clockRefused: 'Välj en tid som ännu inte har varit, högst två år framåt.',

  county: 'I området nu',
  gist: (open, received) => `${open} ${open === 1 ? 'öppen' : 'öppna'}, ${received} svar`,
  scheduled: 'öppnas senare',
  openUntil: (day) => `öppen till ${day}`,
  lastDay: 'sista dagen i dag',
  open: 'öppen tills vidare',
  closing: 'avslutad, påbörjade kan ännu skickas',
  closedOn: (day) => `avslutades ${day}`,
  closed: 'avslutad',
  archived: 'arkiverad',
  survey: () => 'svar',
  application: (n) => (n === 1 ? 'ansökan' : 'ansökningar'),
  crowd30: '30 invånare svarar',
  crowd300: '300 invånare svarar',
  answering: 'Invånarna svarar',
  answered: (done, of) => `${done} / ${of} har varit här`,
  crowdCame: 'Invånarna svarar nu.',
  crowdDone: (of) => `${of} invånare har varit här. Alla svarar inte ända till slut.`,
  crowdBusy: 'De förra invånarna svarar ännu. Vänta en stund.',

  throng: 'Folkmassan',
  aboutThrong: 'De här telefonerna tittar ingen på en och en. När boten skriver till dem syns det här vad som står på dem och på hur många.',
  throngList: 'Vad som syns på folkmassans telefoner',
  onPhones: (n) => `${counted(n, 'sv')} ${n === 1 ? 'telefon' : 'telefoner'}`,
  bareOf: (n) => `${counted(n, 'sv')} utan meddelande`,
  blockedOf: (n) => `${counted(n, 'sv')} har blockerat boten`,
  editedOn: (n) => `redigerat på ${counted(n, 'sv')}`,
  othersToo: (n) => (n === 1 ? 'Och ett annat meddelande.' : `Och ${counted(n, 'sv')} andra meddelanden.`),

  phones: 'Telefoner',
  add: 'Lägg till',
  addPerson: 'Lägg till en person',
  addPhone: 'Lägg till telefonen',
  name: 'Namn',
  language: 'Telefonens språk',
  put: 'undanlagd',
  fresh: (n) => (n === 1 ? 'nytt meddelande' : `${n} nya meddelanden`),
  coordinator: 'koordinator',
  member: 'medlem',
  resident: 'invånare',
  coordinators: 'Koordinatorer',
  members: 'Kundrådet',
  residents: 'Invånare',
  bare: 'Telefonerna är undanlagda. Välj en person, så kommer telefonen tillbaka.',

  calls: 'För utvecklare: botens anrop',
  aboutCalls: 'Vad boten ber Telegram om. Det nyaste är längst ner.',
  callsList: 'Botens anrop',
  noCalls: 'Det finns inga anrop ännu.',
  nextCall: 'Nästa anrop',
  meets: 'möter',
  letFail: 'Ställ in',
  faultSet: (method) => `Nästa ${method} möter det här.`,
  flood: '429, vänta 5 s',
  trouble502: '502, störning',
  cutBefore: 'Förbindelsen bryts före',
  cutAfter: 'Förbindelsen bryts efter',
  delay: 'Dröjer 5 s',

  phone: 'Telefon:',
  away: 'Lägg undan:',
  bot: 'Boten',
  you: 'Du',
  presence: 'bot',
  typing: 'skriver…',
  chat: 'Samtal',
  today: 'I dag',
  yesterday: 'I går',
  what: 'Vad gör den här boten?',
  start: 'Starta',
  notNow: 'Inte nu',
  write: 'Skriv ett meddelande',
  hint: 'Meddelande',
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
  silent: 'utan ljud',
  newest: 'Gå till det nyaste meddelandet',
  close: 'Stäng',
  shut: 'Stäng lappen',
  newTab: 'öppnas i en ny flik',
  voice: 'Röstmeddelande',
  photo: 'Bild',
  sticker: 'Klistermärke',
  forward: 'Vidarebefordrat meddelande',
  document: 'Fil',
  paper: 'En liten PDF-fil',
  own: 'En egen fil',
  ownPhoto: 'En egen bild',
  goesAlong: 'Bifogas',
  remove: 'Ta bort bilagan',
  tooLarge: 'Filen är för stor. Högst 20 megabyte.',
  other: 'Annat meddelande',
};

const EN = {
  skip: 'Go to the phones',
  demo: 'Demo',
  about: 'Everything happens on this computer. Nothing is sent to Telegram.',
  pageLanguage: 'Language of the page',
  trouble: 'The connection broke. The page will try again by itself.',
  failed: 'This did not get through. Try again in a moment.',

  clock: 'Clock:',
  moveClock: 'Move the clock forward',
  aboutClock:
    'This shows what happens when the last day for answers has passed or a meeting comes near. The phones and the bot move along. The clock does not go back.',
  hour: '+ 1 hour',
  day: '+ 1 day',
  week: '+ 1 week',
  morning: 'Next morning, 8:00',
  dayAndTime: 'Or choose a day and a time',
  dayOfMonth: 'Day',
  month: 'Month',
  hourOfDay: 'Hour',
  minute: 'Minute',
  moveTo: (time) => `Move to ${time}`,
  clockMoved: (time) => `It is now ${time}.`,
  clockRefused: 'Choose a time that is still to come, two years ahead at most.',

  county: 'In the county now',
  gist: (open, received) => `${open} open, ${received} ${received === 1 ? 'response' : 'responses'}`,
  scheduled: 'opens later',
  openUntil: (day) => `open until ${day}`,
  lastDay: 'last day today',
  open: 'open for now',
  closing: 'ended, those begun can still be sent',
  closedOn: (day) => `ended ${day}`,
  closed: 'ended',
  archived: 'archived',
  survey: (n) => (n === 1 ? 'response' : 'responses'),
  application: (n) => (n === 1 ? 'application' : 'applications'),
  crowd30: '30 residents answer',
  crowd300: '300 residents answer',
  answering: 'Residents are answering',
  answered: (done, of) => `${done} / ${of} have come by`,
  crowdCame: 'Residents are answering now.',
  crowdDone: (of) => `${of} residents have come by. Not everyone answers to the end.`,
  crowdBusy: 'Residents are still answering. Wait a moment.',

  throng: 'The crowd',
  aboutThrong: 'Nobody looks at these phones one by one. When the bot writes to them, here is what stands on them, and on how many.',
  throngList: 'What the crowd’s phones show',
  onPhones: (n) => `${counted(n, 'en-GB')} ${n === 1 ? 'phone' : 'phones'}`,
  bareOf: (n) => `${counted(n, 'en-GB')} without a message`,
  blockedOf: (n) => `${counted(n, 'en-GB')} ${n === 1 ? 'has' : 'have'} blocked the bot`,
  editedOn: (n) => `edited on ${counted(n, 'en-GB')}`,
  othersToo: (n) => (n === 1 ? 'And one other message.' : `And ${counted(n, 'en-GB')} other messages.`),

  phones: 'Phones',
  add: 'Add',
  addPerson: 'Add a person',
  addPhone: 'Add the phone',
  name: 'Name',
  language: 'Language of the phone',
  put: 'put away',
  fresh: (n) => (n === 1 ? 'new message' : `${n} new messages`),
  coordinator: 'coordinator',
  member: 'member',
  resident: 'resident',
  coordinators: 'Coordinators',
  members: 'Panel members',
  residents: 'Residents',
  bare: 'The phones have been put away. Choose a person to bring a phone back.',

  calls: 'For developers: the bot’s calls',
  aboutCalls: 'What the bot asks of Telegram. The newest is at the bottom.',
  callsList: 'The bot’s calls',
  noCalls: 'There are no calls yet.',
  nextCall: 'The next call',
  meets: 'meets',
  letFail: 'Set',
  faultSet: (method) => `The next ${method} meets this.`,
  flood: '429, wait 5 s',
  trouble502: '502, trouble',
  cutBefore: 'Connection cut before',
  cutAfter: 'Connection cut after',
  delay: 'Delay of 5 s',

  phone: 'Phone:',
  away: 'Put away:',
  bot: 'Bot',
  you: 'You',
  presence: 'bot',
  typing: 'typing…',
  chat: 'Chat',
  today: 'Today',
  yesterday: 'Yesterday',
  what: 'What does this bot do?',
  start: 'Start',
  notNow: 'Not now',
  write: 'Write a message',
  hint: 'Message',
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
  silent: 'silent',
  newest: 'Go to the newest message',
  close: 'Close',
  shut: 'Close the note',
  newTab: 'opens in a new tab',
  voice: 'Voice message',
  photo: 'Photo',
  sticker: 'Sticker',
  forward: 'Forwarded message',
  document: 'File',
  paper: 'A small PDF file',
  own: 'A file of your own',
  ownPhoto: 'A picture of your own',
  goesAlong: 'Attached',
  remove: 'Remove the attachment',
  tooLarge: 'The file is too large. 20 megabytes at most.',
  other: 'Another kind of message',
};

export const WORDS = { fi: FI, sv: SV, en: EN };

/* The languages a phone can be set to. The bot speaks the first three and begins in Finnish
   with the rest, and so does this page. */
export const TONGUES = {
  fi: 'suomi',
  sv: 'svenska',
  en: 'English',
  uk: 'українська',
  ar: 'العربية',
};

export function spoken(code) {
  const language = (code ?? '').slice(0, 2).toLowerCase();
  return language in WORDS ? language : 'fi';
}

/* The page's own language and words, which the person chooses in the bar. */
export const page = { language: 'fi', words: WORDS.fi };

const KEPT = 'raati-language';

/* Speaks the language chosen last, at first Finnish. `changed` is called at each change. */
export function choosePageLanguage(changed) {
  const buttons = [...document.querySelectorAll('.tongues button')];
  const choose = (language) => {
    Object.assign(page, { language, words: WORDS[language] });
    document.documentElement.lang = language;
    document.title = `Raati – ${page.words.demo}`;
    say(document, page.words);
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.lang === language));
    changed();
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      choose(button.lang);
      try {
        localStorage.setItem(KEPT, button.lang);
      } catch {} // a browser that keeps nothing begins in Finnish each time
    });
  }
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {}
  choose(spoken(kept));
}

/* Fills every place in `root` that names its text (data-say) or its spoken name (data-name), but not
   inside a phone: that has a language of its own. */
export function say(root, words) {
  const own = (place) => root !== document || !place.closest('raati-phone');
  for (const place of root.querySelectorAll('[data-say]')) {
    if (own(place)) place.textContent = words[place.dataset.say];
  }
  for (const place of root.querySelectorAll('[data-name]')) {
    if (!own(place)) continue;
    place.setAttribute('aria-label', words[place.dataset.name]);
    if (place.matches('button')) place.title = words[place.dataset.name];
    if (place.matches('textarea')) place.placeholder = words.hint;
  }
}
