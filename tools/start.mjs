// `npm start`: builds the app when it is not built yet, or when a source is newer, and serves it.
import { spawnSync } from 'node:child_process';
import { build, preview } from 'vite';

const guest = spawnSync(process.execPath, ['tools/run.mjs', 'build-guest'], { stdio: ['ignore', 'ignore', 'inherit'] });
if (guest.status !== 0) process.exit(1);
console.log('Building Millrace (about a quarter of a minute) ...');
await build({ logLevel: 'error' });
const server = await preview({ logLevel: 'error', preview: { port: Number(process.env.PORT ?? 4173), host: process.env.HOST ?? 'localhost' } });
console.log(`Millrace is at ${server.resolvedUrls?.local[0] ?? `http://localhost:${server.config.preview.port}/`}   (Ctrl+C ends it)`);
