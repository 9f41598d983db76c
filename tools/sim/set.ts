// --set <dotted.path>=<value>: changes one field of a scenario document by its path, which must exist in the schema.
import { SCENARIO } from '../../simulations/contract/scenario.ts';
import { nearest, paths, type Spec } from '../../simulations/contract/schema.ts';
import { BadUsage } from './usage.ts';

/** @returns a copy of the document with the change. @throws BadUsage when the path is unknown or the value cannot be read. */
export function withSetting(document: unknown, assignment: string): unknown {
  const eq = assignment.indexOf('=');
  if (eq <= 0) throw new BadUsage(`--set ${JSON.stringify(assignment)} has no "=". Write --set cluster.config.minInsyncReplicas=1.`);
  const path = assignment.slice(0, eq);
  const text = assignment.slice(eq + 1);
  const steps = path.split(/[.[\]]+/).filter((s) => s !== '');
  const pattern = path.replace(/\[\d+\]/g, '[]').replace(/\.\d+(?=\.|$)/g, '[]');
  const known = paths(SCENARIO as Spec<unknown>);
  const spec = known.find((k) => k.path === pattern)?.spec;
  if (!spec)
    throw new BadUsage(
      `There is no setting ${JSON.stringify(path)}. Nearest: ${nearest(
        pattern,
        known.map((k) => k.path),
      ).join(', ')}.`,
    );
  const value = readValue(spec, text, path);
  const copy = structuredClone(document) as Record<string, unknown>;
  let at: Record<string, unknown> = copy;
  for (const step of steps.slice(0, -1)) {
    const next = at[step];
    if (typeof next !== 'object' || next === null) throw new BadUsage(`${JSON.stringify(path)} is not in this scenario: it has no ${JSON.stringify(step)} there.`);
    at = next as Record<string, unknown>;
  }
  at[steps.at(-1)!] = value;
  return copy;
}

function readValue(spec: Spec<unknown>, text: string, path: string): unknown {
  if (spec.kind === 'integer') {
    if (!/^-?\d+$/.test(text)) throw new BadUsage(`${path} is a whole number from ${spec.min} to ${spec.max}, not ${JSON.stringify(text)}.`);
    return Number(text);
  }
  if (spec.kind === 'flag') {
    if (text !== 'true' && text !== 'false') throw new BadUsage(`${path} is true or false, not ${JSON.stringify(text)}.`);
    return text === 'true';
  }
  if (spec.kind === 'choice') return typeof spec.choices![0] === 'number' ? Number(text) : text;
  if (spec.kind === 'text') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new BadUsage(`${path} takes JSON, and ${JSON.stringify(text)} is none.`);
  }
}
