// Build of the app, and the two projects of the tests: `engine` in Node, `app` in a page that is not one.
import mdx from '@mdx-js/rollup';
import react from '@vitejs/plugin-react';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkMdxFrontmatter from 'remark-mdx-frontmatter';
import { VitePWA } from 'vite-plugin-pwa';
import { configDefaults, defineConfig } from 'vitest/config';
import { guest } from './tools/build-guest.ts';
import { emittedLessons } from './tools/emitted-lessons.ts';
import { conformanceResult } from './tools/conformance/lastResult.ts';
import { fonts } from './tools/fonts.ts';
import { notices } from './tools/notices.ts';

const thirdParties = notices();
/** Files of the editor are named, so that they stay out of what is fetched ahead: 2.7 MB that only an exercise needs. */
const isEditor = (ids: readonly string[]) => ids.some((id) => id.includes('/monaco-editor/'));

export default defineConfig({
  plugins: [
    { enforce: 'pre', ...mdx({ remarkPlugins: [remarkGfm, remarkFrontmatter, remarkMdxFrontmatter] }) },
    react({ include: /\.(?:mdx|tsx?)$/ }),
    fonts(),
    guest(),
    emittedLessons(),
    conformanceResult(),
    thirdParties.page(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: null,
      manifest: {
        name: 'Millrace',
        short_name: 'Millrace',
        description: 'A laboratory for event-driven architecture that runs in a browser tab',
        theme_color: '#eceeec',
        background_color: '#fcfcfa',
        display: 'standalone',
        icons: [
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{html,js,css,woff2,svg,txt}'],
        globIgnores: ['**/monaco-*'],
        maximumFileSizeToCacheInBytes: 2 * 1024 * 1024,
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/\.txt$/],
        cleanupOutdatedCaches: true,
        runtimeCaching: [{ urlPattern: /\/assets\/monaco-/, handler: 'CacheFirst', options: { cacheName: 'editor', expiration: { maxEntries: 60 } } }],
      },
    }),
  ],
  worker: {
    format: 'es',
    plugins: () => [thirdParties.worker()],
    rolldownOptions: { output: { entryFileNames: (chunk) => (isEditor(chunk.moduleIds) ? 'assets/monaco-[name]-[hash].js' : 'assets/[name]-[hash].js') } },
  },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      output: {
        chunkFileNames: (chunk) => (isEditor(chunk.moduleIds) ? 'assets/monaco-[name]-[hash].js' : 'assets/[name]-[hash].js'),
        assetFileNames: (asset) =>
          isEditor(asset.originalFileNames) || asset.names.some((name) => /editor|tsMode|codicon/.test(name)) ? 'assets/monaco-[name]-[hash][extname]' : 'assets/[name]-[hash][extname]',
      },
    },
  },
  test: {
    // Vitest leaves a core free by itself: of two, that is half the time.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'engine', environment: 'node', include: ['{simulations,lessons,tools,conformance}/**/*.test.ts'], exclude: configDefaults.exclude } },
      { extends: true, test: { name: 'app', environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], exclude: configDefaults.exclude } },
    ],
  },
});
