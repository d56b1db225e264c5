import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The editor's desk. The playground has a configuration of its own: the two share nothing but this folder. */
export default defineConfig({
  root: path('./desk'),
  base: '/desk/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    // Beside the playground.
    outDir: path('./dist/desk'),
    emptyOutDir: true,
    target: 'es2022',
    // No data: addresses: the content security policy does not allow them.
    assetsInlineLimit: 0,
    rollupOptions: { output: { inlineDynamicImports: true } },
  },
  server: { proxy: { '/graphql': 'http://127.0.0.1:8000' } },
});
