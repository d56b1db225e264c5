// Tidings embeds. Pages pin its hash: once released, no byte may change. The next is v2.js.
(({ src }) => customElements.get('tidings-embed') || customElements.define('tidings-embed', class extends HTMLElement {
  constructor() {
    super();
    const frame = this.frame = document.createElement('iframe');
    // Links open tabs, a script tells its height; no origin: no cookies.
    frame.sandbox = 'allow-scripts allow-popups allow-popups-to-escape-sandbox';
    frame.referrerPolicy = 'strict-origin';
    frame.loading = 'lazy';
    frame.width = '100%';
    frame.frameBorder = 0;
    // No slot: what is inside is for pages without script.
    this.attachShadow({ mode: 'open' }).append(frame);
    new MutationObserver(() => this.show()).observe(this, { attributes: true });
  }

  connectedCallback() {
    addEventListener('message', this);
    addEventListener('load', this); // Styles may come late.
    this.show();
  }

  disconnectedCallback() {
    removeEventListener('message', this);
    removeEventListener('load', this);
  }

  handleEvent({ source, data }) {
    if (!source) this.show();
    else if (source === this.frame.contentWindow && data.height > 0 && data.height < 1e4) this.frame.height = data.height;
  }

  show() {
    const { frame } = this;
    const get = (name) =>
      this.getAttribute(name) || getComputedStyle(this).getPropertyValue('--tidings-' + name).trim().replace('px', '');
    const url = new URL(get('kind') || 'list', src);
    for (const name of 'of first window article contract heading theme lang accent background text muted border radius font-size'.split(' '))
      get(name) && url.searchParams.set(name, get(name));
    if (frame.src == url) return;
    const size = get('font-size') || 16;
    frame.height = get('kind') === 'card' ? 104 + 6 * size : 92 + (get('first') || 10) * (12 + 4 * size);
    frame.style.borderRadius = get('radius') + 'px';
    frame.title = get('heading') || (get('lang') === 'en' ? 'News' : '新闻');
    frame.src = url;
  }
}))(document.currentScript);
