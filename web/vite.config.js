import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/**
 * The content security policy allows no data: addresses, so the packages' own are taken out.
 * GraphiQL's style sheet carries Latin web fonts (350 kB, no Chinese): src/style.css names system
 * fonts instead. CodeMirror shows an empty picture under the pointer while text is dragged.
 */
const withoutDataAddresses = {
  name: 'without-data-addresses',
  enforce: 'pre',
  transform(code, id) {
    if (/[\\/]graphiql[\\/]dist[\\/]style\.css$/.test(id)) {
      return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ''), map: null };
    }
    if (/[\\/]codemirror[\\/]lib[\\/]codemirror\.js/.test(id)) {
      return { code: code.replace(/"data:image\/gif;base64,[^"]*"/, '""'), map: null };
    }
  },
};

export default defineConfig({
  base: '/playground/',
  plugins: [withoutDataAddresses],
  esbuild: { jsx: 'automatic' },
  resolve: {
    alias: { 'react-style-singleton': path('./src/style-singleton.js') },
  },
  build: {
    outDir: 'dist/playground',
    target: 'es2022',
    // No data: addresses: the content security policy does not allow them.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      // All parts are needed at the start: one file instead of forty small ones.
      output: { inlineDynamicImports: true },
      onwarn(warning, warn) {
        // "use client" marks mean nothing here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  server: {
    // The three page operations stand outside this folder, in tests/operations.
    fs: { allow: [path('.'), path('../tests/operations')] },
    proxy: { '/graphql': 'http://127.0.0.1:8000' },
  },
});
