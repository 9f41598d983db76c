// Places in stacks of either engine are found and told in the learner's files.
import { describe, expect, it } from 'vitest';
import { readSourceMap, sourcePlace } from './sourceMap.ts';
import { firstPlace, mappedStack, mappedText, type MappedFile } from './stack.ts';

// Emitted line 1 has no source; line 2 is source line 4 from column 3 on; line 3 maps two places of source line 6.
const map = readSourceMap(JSON.stringify({ mappings: ';AAGE;IAEK,QAAQ' }));
const files = new Map<string, MappedFile>([['app.ts', { map, shifts: new Map(), firstLineColumns: 20 }]]);

describe('source maps', () => {
  it('lead from emitted places to source places', () => {
    expect([sourcePlace(map, 1, 5), sourcePlace(map, 2, 1), sourcePlace(map, 2, 90), sourcePlace(map, 3, 9), sourcePlace(map, 3, 14)]).toEqual([
      null,
      { line: 4, column: 3 },
      { line: 4, column: 3 },
      { line: 6, column: 8 },
      { line: 6, column: 16 },
    ]);
    expect(readSourceMap('not json')).toEqual([]);
  });
});

describe('stacks', () => {
  const v8 = 'TypeError: no\n    at run (learner:///app.ts:2:1)\n    at async Promise.all (index 0)\n    at step ([worker eval]:225:10)';
  const firefox = 'run@learner:///app.ts:2:1\nstep@blob:null/1234:225:10\n';
  it('are read in the forms of V8 and Firefox', () => {
    expect(firstPlace(v8, files)).toEqual({ file: 'app.ts', line: 4, column: 3 });
    expect(firstPlace(firefox, files)).toEqual({ file: 'app.ts', line: 4, column: 3 });
    expect(firstPlace('Error: nothing of ours', files)).toBeNull();
    expect(firstPlace(undefined, files)).toBeNull();
  });
  it('are told without the frames of the simulation', () => {
    expect(mappedStack(v8, files)).toBe('TypeError: no\n    at run (app.ts:4:3)\n    at async Promise.all (index 0)');
    expect(mappedStack(firefox, files)).toBe('    at run (app.ts:4:3)\n');
    expect(mappedText(`failed: ${v8}`, files)).toContain('at run (app.ts:4:3)');
    expect(mappedText('look at this: 3:4', files)).toBe('look at this: 3:4');
  });
});
