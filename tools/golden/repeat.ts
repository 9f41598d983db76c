// Every golden universe many times over, in Node or in a browser: all hashes must be the golden one.
import type { LaunchOptions } from 'puppeteer-core';
import { runToEnd } from '../../simulations/run.ts';
import { openBrowserEngine } from './browser.ts';
import { readGolden } from './compare.ts';
import { guestGolden, runGuestGolden } from './guest.ts';
import { nativeGolden, type GoldenUniverse } from './universes.ts';

/** @returns whether every run had its golden hash. Prints a line per universe. */
export async function repeatInNode(times: number): Promise<boolean> {
  const native = await repeat('Node', times, nativeGolden(), async ({ universe }) => runToEnd(universe).hash!);
  const guest = await repeat('Node', times, guestGolden(), async (golden) => (await runGuestGolden(golden)).hash);
  return native && guest;
}

export async function repeatInBrowser(launch: LaunchOptions, times: number): Promise<boolean> {
  const engine = await openBrowserEngine(launch);
  try {
    return await repeat(engine.version, times, [...nativeGolden(), ...guestGolden()], ({ universe }) => engine.hash(universe));
  } finally {
    await engine.close();
  }
}

async function repeat(where: string, times: number, universes: readonly GoldenUniverse[], run: (golden: GoldenUniverse) => Promise<string>): Promise<boolean> {
  let all = true;
  for (const golden of universes) {
    const want = readGolden(golden.name)?.hash;
    const others = new Map<string, number>();
    for (let i = 0; i < times; i++) {
      const hash = await run(golden);
      if (hash !== want) others.set(hash, (others.get(hash) ?? 0) + 1);
    }
    const wrong = [...others.values()].reduce((sum, n) => sum + n, 0);
    all &&= wrong === 0;
    console.log(`${where}: ${times - wrong}/${times} ${golden.name} ${want}${wrong > 0 ? `; others ${JSON.stringify(Object.fromEntries(others))}` : ''}`);
  }
  return all;
}
