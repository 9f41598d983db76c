// The engine in a real browser: guest.js in a classic worker of an empty page, as the sandbox frame starts it, driven from Node.
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core';
import type { Universe } from '../../simulations/contract/scenario.ts';
import type { GuestReport } from '../../simulations/guest/protocol.ts';
import { buildGuest } from '../build-guest.ts';
import { emit } from '../emit.ts';

export interface BrowserEngine {
  /** Name and version, as the browser says them. */
  readonly version: string;
  /** Runs a universe in a new worker. @returns its hash; when the run failed, what the worker said of it. */
  hash(universe: Universe): Promise<string>;
  close(): Promise<void>;
}

/** @param launch which browser and where; Chromium needs its flags, Firefox `browser: 'firefox'`. */
export async function openBrowserEngine(launch: LaunchOptions): Promise<BrowserEngine> {
  const browser: Browser = await puppeteer.launch({ headless: true, ...launch });
  const page = await browser.newPage();
  await page.goto('data:text/html,<title>engine</title>');
  const { code, types } = await buildGuest();
  await page.evaluate((text) => void ((window as unknown as { url: string }).url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))), code);
  return {
    version: await browser.version(),
    close: () => browser.close(),
    async hash(universe) {
      const { js, maps } = emit(universe.files, types);
      return page.evaluate(
        async (run) => {
          const worker = new Worker((window as unknown as { url: string }).url);
          const { port1, port2 } = new MessageChannel();
          worker.postMessage(null, [port2]);
          const last = await new Promise<GuestReport>((resolve) => {
            port1.onmessage = ({ data }: MessageEvent<GuestReport>) => {
              if (data.kind === 'ready') port1.postMessage(run);
              else if (data.kind === 'end' || data.kind === 'failed') resolve(data);
            };
          });
          worker.terminate();
          return last.kind === 'end' && last.result.hash !== null ? last.result.hash : JSON.stringify(last);
        },
        { kind: 'run' as const, universe, js, maps, record: false },
      );
    },
  };
}
