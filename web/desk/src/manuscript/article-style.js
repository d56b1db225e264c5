/** How the preview looks: plain, as any portal's article page. */
export const articleStyle = `
  :host { display: block; }
  article { max-width: 42rem; margin: 0 auto; font-size: 1.0625rem; line-height: 1.8; overflow-wrap: anywhere; }
  h1 { font-size: 1.75rem; line-height: 1.35; margin: 0.25em 0; }
  h2, h3, h4 { line-height: 1.4; margin: 1.4em 0 0.5em; }
  p { margin: 0 0 1em; }
  img, video { max-width: 100%; height: auto; }
  figure { margin: 1.25em 0; }
  figcaption, .facts, .crumbs, .disclaimer, .tags { color: var(--muted); font-size: 0.875rem; }
  .subtitle { font-size: 1.125rem; color: var(--muted); margin: 0 0 0.5em; }
  .summary, .correction { border-inline-start: 3px solid var(--accent); padding: 0.5em 1em; background: var(--sunken); }
  blockquote { margin: 1em 0; padding-inline-start: 1em; border-inline-start: 3px solid var(--line); color: var(--muted); }
  pre { overflow: auto; background: var(--sunken); padding: 0.75em 1em; }
  table { border-collapse: collapse; display: block; overflow: auto; }
  td, th { border: 1px solid var(--line); padding: 0.25em 0.6em; }
  a { color: var(--accent); }
  aside h2 { font-size: 1.125rem; }
  aside { border-top: 1px solid var(--line); margin-top: 2em; }
`;
