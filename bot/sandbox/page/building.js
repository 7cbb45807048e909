/* Building what the page shows. Text reaches the page as text nodes, never as markup. */

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/* Writes a text where it is new; a live region is not to say the same again. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/* A button that shows a panel beside it. Escape or leaving closes it. Returns what closes it. */
export function unfolds(around) {
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

/* A heading's button that folds what is under it. Returns what opens (true) or folds it (false). */
export function folds(button, panel) {
  const open = (yes) => {
    panel.hidden = !yes;
    button.setAttribute('aria-expanded', String(yes));
  };
  button.addEventListener('click', () => open(panel.hidden));
  return open;
}

/* The window's width in the reader's own letters. */
export function widthInLetters() {
  return document.body.clientWidth / parseFloat(getComputedStyle(document.documentElement).fontSize);
}
