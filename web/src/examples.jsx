import { Spinner, useEditorContext } from '@graphiql/react';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { examples } from './examples.js';
import { fetcher } from './fetcher.js';

/** What the examples with variables need to know about this portal. */
async function findIds() {
  const { data } = await fetcher({ query: '{ articles(first: 1) { nodes { id } } channels { id slug } }' });
  return { articles: data?.articles?.nodes ?? [], channels: data?.channels ?? [] };
}

function Examples() {
  const { addTab, queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const [opening, setOpening] = useState(null);

  async function open(example) {
    setOpening(example.name);
    try {
      const variables = example.variables?.(await findIds());
      // The new tab must be there before it is filled.
      flushSync(addTab);
      queryEditor?.setValue(example.query);
      variableEditor?.setValue(variables ? JSON.stringify(variables, null, 2) : '');
      queryEditor?.focus();
      document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    } finally {
      setOpening(null);
    }
  }

  return (
    <section className="examples" aria-label="Examples">
      <h2>
        Examples <span lang="zh-CN">示例</span>
      </h2>
      <p>
        A click opens a query in a new tab. <span lang="zh-CN">点击即在新标签页中打开查询。</span>
      </p>
      <ul>
        {examples.map((example) => (
          <li key={example.name}>
            <button
              type="button"
              data-example={example.name}
              disabled={opening !== null}
              onClick={() => open(example)}
            >
              <strong>
                {example.title} <span lang="zh-CN">{example.chinese}</span>
              </strong>
              <span>{example.text}</span>
              {opening === example.name && <Spinner />}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M5 3h14v18l-7-4-7 4z" strokeLinejoin="round" />
      <path d="M9 8h6M9 12h6" strokeLinecap="round" />
    </svg>
  );
}

export const examplesPlugin = { title: 'Examples / 示例', icon: Icon, content: Examples };
