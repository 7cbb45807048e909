/* Days and clock times in Finnish time, as each language writes them in Finland. */

const LOCALES = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' };
const ZONE = 'Europe/Helsinki';

const written = (date, language, parts) =>
  new Intl.DateTimeFormat(LOCALES[language], { timeZone: ZONE, ...parts }).format(date);

export function timeOfDay(date, language) {
  const time = written(date, 'en', { hour: '2-digit', minute: '2-digit' });
  return language === 'en' ? time : time.replace(':', '.').replace(/^0/, '');
}

/* 2026-12-06, which days are compared by. */
export function dayOf(date) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' }).format(date);
}

/* 2026-12-06T09:30, as a field for day and time takes it. */
export function fieldValue(date) {
  return `${dayOf(date)}T${written(date, 'en', { hour: '2-digit', minute: '2-digit' })}`;
}

/* The weekday and day; the year too, unless it is `now`'s. */
export function longDay(date, language, now) {
  const year = dayOf(date).slice(0, 4) === dayOf(now).slice(0, 4) ? {} : { year: 'numeric' };
  return written(date, language, { weekday: 'long', day: 'numeric', month: 'long', ...year });
}

/* A day given as 2026-12-06: 6.12. in Finnish, 6.12 in Swedish, 6 December in English, whose months
   are 'long' or 'short'; the year too, unless it is `now`'s. */
export function shortDay(iso, language, now, months = 'long') {
  const [year, month, day] = iso.split('-').map(Number);
  const other = year !== Number(dayOf(now).slice(0, 4));
  if (language === 'en') {
    return written(new Date(`${iso}T12:00Z`), 'en', {
      day: 'numeric',
      month: months,
      ...(other ? { year: 'numeric' } : {}),
    });
  }
  const end = language === 'fi' ? '.' : '';
  return other ? `${day}.${month}.${year}` : `${day}.${month}${end}`;
}

/* Weekday, day and time, as on a clock, with the weekday 'short' or 'long'; the year only if it is
   not this machine's. */
export function dayAndTime(date, language, weekday) {
  const name = written(date, language, { weekday });
  const day = shortDay(dayOf(date), language, new Date(), weekday);
  const at = { fi: ' klo ', sv: ' kl. ', en: ', ' }[language];
  return `${name} ${day}${at}${timeOfDay(date, language)}`;
}
