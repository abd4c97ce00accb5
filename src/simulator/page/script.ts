/**
 * The page's script as the browser gets it. Without it forms and links work; it adds the live stream, and answers in place. What a person has opened or
 * typed stays: only what differs is changed, `open` of details never, and nothing inside `data-keep`.
 */
export const SCRIPT = String.raw`
const byId = (id) => document.getElementById(id);

function sync(from, to) {
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !(name === 'open' && from.localName === 'details')) from.removeAttribute(name);
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  if (!from.hasAttribute('data-keep')) syncChildren(from, to);
}

function syncChildren(from, to) {
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    // An element with an id stays itself wherever it goes, for what was opened or typed in it goes with it.
    const same = wanted.id ? byId(wanted.id) : null;
    if (same && from.closest('body') && same !== place) {
      move(same, from, place);
      place = same;
    }
    const fits = place && place.nodeType === wanted.nodeType && place.nodeName === wanted.nodeName && (place.id ?? '') === (wanted.id ?? '');
    if (!fits) {
      const made = from.insertBefore(document.importNode(wanted, false), place);
      syncChildren(made, wanted);
      continue;
    }
    if (place.nodeType === Node.ELEMENT_NODE) sync(place, wanted);
    else if (place.nodeValue !== wanted.nodeValue) place.nodeValue = wanted.nodeValue;
    place = place.nextSibling;
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function move(element, to, place) {
  const inUse = element.contains(document.activeElement) || element.matches(':has(details[open])');
  // The newer way keeps the focus.
  if (to.moveBefore) to.moveBefore(element, place);
  else to.insertBefore(element, place);
  if (inUse) for (let around = to.closest('details'); around; around = around.parentElement.closest('details')) around.open = true;
}

function parsed(text) {
  const template = document.createElement('template');
  template.innerHTML = text;
  return template.content.firstElementChild;
}

function take({ parts, cards }) {
  const focused = document.activeElement;
  for (const [id, text] of Object.entries(parts)) {
    const wanted = parsed(text);
    const there = byId(id);
    if (there) sync(there, wanted);
    else syncChildren(byId('lives').appendChild(document.importNode(wanted, false)), wanted);
  }
  const list = byId('lives');
  for (const card of [...list.children]) if (!cards.includes(card.id) && !card.contains(document.activeElement)) card.remove();
  cards.forEach((id, index) => {
    const card = byId(id);
    if (card && list.children[index] !== card) list.insertBefore(card, list.children[index] ?? null);
  });
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  tick();
}

function spelled(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return seconds + ' s';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes + ' min ' + (seconds % 60) + ' s';
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? hours + ' h ' + (minutes % 60) + ' min' : Math.floor(hours / 24) + ' days';
}

function tick() {
  const now = Date.now();
  for (const each of document.querySelectorAll('[data-until]')) {
    const text = (each.closest('.left, .soonest') ? '' : 'in ') + spelled(Number(each.dataset.until) - now);
    if (each.textContent !== text) each.textContent = text;
  }
  for (const bar of document.querySelectorAll('progress[data-to]')) {
    bar.max = Number(bar.dataset.to) - Number(bar.dataset.from);
    bar.value = Math.min(bar.max, Math.max(0, now - Number(bar.dataset.from)));
  }
}

function live(state, text) {
  const shown = byId('live');
  shown.dataset.state = state;
  shown.textContent = text;
}

function follow() {
  const stream = new EventSource('/page/stream');
  stream.addEventListener('parts', ({ data }) => {
    take(JSON.parse(data));
    live('live', 'live');
  });
  stream.addEventListener('error', ({ data }) => {
    live('lost', data ?? 'the market has stopped, or cannot be reached; looking again');
    // Refused, or answered by something else: the browser gives up by itself then.
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(follow, 1000);
  });
}

async function send(form, button) {
  const output = form.querySelector('output');
  const body = new URLSearchParams(new FormData(form, button));
  form.setAttribute('aria-busy', 'true');
  output.className = 'result';
  output.textContent = 'sending …';
  try {
    const response = await fetch(button?.getAttribute('formaction') ?? form.getAttribute('action'), { method: 'POST', headers: { accept: 'application/json' }, body });
    const answer = await response.json();
    output.classList.add(answer.ok ? 'good' : 'bad');
    output.textContent = answer.text ?? answer.error.message;
  } catch {
    output.classList.add('bad');
    output.textContent = 'the market does not answer: is it still running?';
  } finally {
    form.removeAttribute('aria-busy');
  }
}

async function load(details) {
  const place = details.querySelector('.whole');
  if (place.dataset.loaded) return;
  place.dataset.loaded = 'yes';
  const response = await fetch(details.dataset.src).catch(() => null);
  if (response?.ok) place.innerHTML = await response.text();
  else delete place.dataset.loaded;
}

if (byId('live')) {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('form.action')) return;
    event.preventDefault();
    if (!form.hasAttribute('aria-busy')) void send(form, event.submitter);
  });
  // A toggle does not bubble, but it can be caught on its way down.
  document.addEventListener('toggle', (event) => event.target.open && event.target.dataset.src && void load(event.target), true);
  setInterval(tick, 1000);
  tick();
  follow();
}
`;
