import { defineConfig } from 'vite'

const collector = 'http://127.0.0.1:8420'

// The collector serves dist/ under a strict policy (script-src 'self'; style-src 'self'), so nothing may be inlined.
export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': collector, '/welcome.json': collector, '/live': { target: collector, ws: true } },
  },
})
