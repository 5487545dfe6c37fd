/* The book's page: formulas, search, light and dark, contents on a phone, keys. */
(function () {
  'use strict';

  // Figures: their numbers are data on the page, which runs nothing.
  for (const data of document.querySelectorAll('script[type="application/json"][data-of]'))
    window.RealNvpFigures.show(data.dataset.of, JSON.parse(data.textContent));

  // Formulas.
  for (const place of document.querySelectorAll('.math')) {
    const text = place.textContent.trim();
    const display = text.startsWith('\\[');
    const formula = text.replace(/^\\[[(]/, '').replace(/\\[\])]$/, '').trim();
    if (!window.katex?.render) { place.textContent = formula; continue; }
    try {
      window.katex.render(formula, place, { displayMode: display, throwOnError: true, strict: false, trust: false, maxSize: 100 });
    } catch (error) {
      place.classList.add('math-error');
      console.error(`A formula could not be drawn: ${formula}: ${error.message}`);
    }
  }

  // Light and dark: as the system has it, until the reader chooses.
  const root = document.documentElement;
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  document.getElementById('theme').addEventListener('click', () => {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    try { localStorage.setItem('theme', root.dataset.theme); } catch { /* a page opened from disk may have no storage */ }
  });

  // Contents on a narrow page.
  const menu = document.getElementById('menu');
  const sidebar = document.getElementById('sidebar');
  function open(shown) {
    document.body.classList.toggle('menu-open', shown);
    menu.setAttribute('aria-expanded', String(shown));
  }
  menu.addEventListener('click', () => open(!document.body.classList.contains('menu-open')));
  sidebar.addEventListener('click', event => { if (event.target.closest('a')) open(false); });

  // Search: every word must occur; a word in a heading weighs more.
  const input = document.querySelector('#search input');
  const found = document.getElementById('found');
  const toc = document.querySelector('.toc');
  function search() {
    const words = input.value.toLowerCase().split(/\s+/).filter(word => word.length > 1);
    found.hidden = words.length === 0;
    toc.hidden = words.length > 0;
    found.replaceChildren();
    if (words.length === 0) return;
    const hits = [];
    for (const passage of window.bookPassages || []) {
      const heading = `${passage.heading} ${passage.chapter}`.toLowerCase();
      const text = passage.text.toLowerCase();
      let score = 0;
      for (const word of words) {
        const times = text.split(word).length - 1;
        const here = (heading.includes(word) ? 10 : 0) + Math.min(times, 5);
        if (here === 0) { score = 0; break; }
        score += here;
      }
      if (score > 0) hits.push({ score, passage });
    }
    hits.sort((a, b) => b.score - a.score);
    for (const { passage } of hits.slice(0, 20)) {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = passage.page + (passage.anchor ? `#${passage.anchor}` : '');
      const name = document.createElement('b');
      name.textContent = passage.heading;
      const where = document.createElement('small');
      const at = Math.max(0, passage.text.toLowerCase().indexOf(words[0]) - 40);
      where.textContent = `${passage.chapter}: …${passage.text.slice(at, at + 110)}…`;
      link.append(name, where);
      item.append(link);
      found.append(item);
    }
    if (hits.length === 0) {
      const none = document.createElement('li');
      none.textContent = 'Nothing found.';
      found.append(none);
    }
  }
  input.addEventListener('input', search);
  document.getElementById('search').addEventListener('submit', event => {
    event.preventDefault();
    const first = found.querySelector('a');
    if (first) first.click();
  });

  // Keys: / searches, Escape leaves, [ and ] turn pages.
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches('input, textarea, select, [contenteditable]');
    if (event.key === 'Escape') { input.value = ''; search(); input.blur(); open(false); return; }
    if (typing) return;
    if (event.key === '/') { event.preventDefault(); open(true); input.focus(); return; }
    const turn = event.key === '[' ? 'prev' : event.key === ']' ? 'next' : null;
    const link = turn && document.querySelector(`a[rel=${turn}]`);
    if (link) link.click();
  });

  // The section that is being read, in the contents.
  const entries = new Map([...document.querySelectorAll('.toc ul a')].map(link => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver(seen => {
    for (const one of seen)
      if (one.isIntersecting) {
        entries.forEach(link => link.classList.remove('here'));
        entries.get(one.target.id)?.classList.add('here');
      }
  }, { rootMargin: '-60px 0px -70% 0px' });
  document.querySelectorAll('main h2[id]').forEach(heading => watcher.observe(heading));
})();
