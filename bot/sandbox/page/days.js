/* Days and clock times in Finnish time, as each language writes them in Finland. */

const LOCALES = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' };
const ZONE = 'Europe/Helsinki';

const written = (date, language, parts) =>
  new Intl.DateTimeFormat(LOCALES[language], { timeZone: ZONE, ...parts }).format(date);

export function timeOfDay(date, language) {
  return said(written(date, 'en', { hour: '2-digit', minute: '2-digit' }), language);
}

const said = (time, language) => (language === 'en' ? time : time.replace(':', '.').replace(/^0/, ''));

/* 2026-12-06, which days are compared by. */
export function dayOf(date) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' }).format(date);
}

/* The day after one that is given as 2026-12-06. */
export function dayAfter(day) {
  return dayOf(new Date(Date.parse(`${day}T12:00Z`) + 86_400_000));
}

/* 2026-12-06T09:30, as the wall clock has it. */
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
  return wallTime(fieldValue(date), language, weekday);
}

/* The same of a time given as 2026-12-06T09:30. */
export function wallTime(when, language, weekday) {
  const [iso, time] = when.split('T');
  const name = written(new Date(`${iso}T12:00Z`), language, { weekday });
  const day = shortDay(iso, language, new Date(), weekday);
  const at = { fi: ' klo ', sv: ' kl. ', en: ', ' }[language];
  return `${name} ${day}${at}${said(time, language)}`;
}

/* The days of a month given as 2026-12, each as ['06', '6 su']. */
export function daysOf(month, language) {
  const [year, number] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return [...Array(count).keys()].map((n) => {
    const date = new Date(Date.UTC(year, number - 1, n + 1, 12));
    return [dayOf(date).slice(8), `${n + 1} ${written(date, language, { weekday: 'short' })}`];
  });
}

export function monthName(year, month, language) {
  return written(new Date(Date.UTC(year, month - 1, 1, 12)), language, { month: 'long', year: 'numeric' });
}
