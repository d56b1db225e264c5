import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The page of what is read. It shares the desk's session, and nothing that is drawn. */
export default defineConfig({
  root: path('./stats'),
  base: '/stats/',
  build: {
    // Beside the playground and the desk.
    outDir: path('./dist/stats'),
    emptyOutDir: true,
    target: 'es2022',
    // No data: addresses: the content security policy does not allow them.
    assetsInlineLimit: 0,
    // There is one script: nothing to load ahead.
    modulePreload: false,
    rollupOptions: {
      output: { inlineDynamicImports: true },
      // The desk's state.js also has a hook of its framework, which nobody calls here.
      treeshake: { moduleSideEffects: (id) => !/[\\/]node_modules[\\/]preact[\\/]/.test(id) },
    },
  },
  server: { proxy: { '/graphql': 'http://127.0.0.1:8000' } },
});
