import { DOC_EXPLORER_PLUGIN, DocExplorerContextProvider } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryContextProvider } from '@graphiql/plugin-history';
import { ImagePreview, useEditorContext, usePluginStore } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface, GraphiQLProvider } from 'graphiql';
import 'graphiql/style.css';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { examplesPlugin } from './examples.jsx';
import { fetcher } from './fetcher.js';
import './style.css';

const WELCOME = `# Tidings playground
# Write a query here, or take one from "Examples" on the left.
# 在此编写查询，或从左侧“示例”中选取。

query Welcome {
  site {
    name
    slogan
  }
}
`;

const plugins = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN, examplesPlugin];

// GraphiQL forgets this setting at each start unless it is told.
const keepsHeaders = localStorage.getItem('graphiql:shouldPersistHeaders') === 'true';

// A panel that was dragged shut stays shut; GraphiQL would take it for open.
const isShut = localStorage.getItem('graphiql:docExplorerFlex') === 'hide-first';

// GraphiQL's preview of pictures in the answer would fetch them from any host, and it fails once the
// pointer has rested on other text (React error 409).
ImagePreview.shouldRender = () => false;

function Interface() {
  const { headerEditor, shouldPersistHeaders, setShouldPersistHeaders } = useEditorContext({ nonNull: true });
  const isReady = usePluginStore((state) => state.plugins.length > 0);

  // At its start GraphiQL drops kept headers because their editor is not there yet: keep them again.
  useEffect(() => {
    if (headerEditor && shouldPersistHeaders) setShouldPersistHeaders(true);
  }, [headerEditor]);

  // Drawn before the plugins are known, it would leave the examples folded away.
  if (!isReady) return null;
  return (
    <GraphiQLInterface defaultEditorToolsVisibility="variables" showPersistHeadersSettings>
      <GraphiQL.Logo>Tidings</GraphiQL.Logo>
    </GraphiQLInterface>
  );
}

createRoot(document.getElementById('playground')).render(
  <GraphiQLProvider
    fetcher={fetcher}
    defaultQuery={WELCOME}
    inputValueDeprecation
    schemaDescription
    shouldPersistHeaders={keepsHeaders}
    plugins={plugins}
    referencePlugin={DOC_EXPLORER_PLUGIN}
    visiblePlugin={isShut ? undefined : examplesPlugin}
  >
    <HistoryContextProvider>
      <DocExplorerContextProvider>
        <Interface />
      </DocExplorerContextProvider>
    </HistoryContextProvider>
  </GraphiQLProvider>,
);
