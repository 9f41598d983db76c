import { describe, expect, it, vi } from 'vitest';
import { createDocuments, type Backend, type DocumentKind } from './documents.ts';

interface Note {
  readonly text: string;
  readonly stars: number;
}
const NOTE: DocumentKind<Note> = {
  version: 3,
  empty: { text: '', stars: 0 },
  check: (data) => {
    const note = data as Partial<Note> | null;
    return typeof note?.text === 'string' && typeof note.stars === 'number' ? (note as Note) : null;
  },
  migrations: { 1: (data) => ({ text: data }), 2: (data) => ({ ...(data as Note), stars: 1 }) },
};

class Memory implements Backend {
  readonly entries = new Map<string, string>();
  room = Infinity;
  getItem(key: string) {
    return this.entries.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    if (value.length > this.room) throw new DOMException('exceeded', 'QuotaExceededError');
    this.entries.set(key, value);
  }
  removeItem(key: string) {
    this.entries.delete(key);
  }
}

function stored(text: string): Memory {
  const memory = new Memory();
  memory.entries.set('millrace.note', text);
  return memory;
}

describe('documents', () => {
  it('come back after a reload', () => {
    const memory = new Memory();
    createDocuments(memory).write('note', NOTE, { text: 'hello', stars: 2 });
    expect(createDocuments(memory).read('note', NOTE)).toEqual({ text: 'hello', stars: 2 });
  });

  it('are brought from any older version to the present one', () => {
    expect(createDocuments(stored('{"version":1,"data":"old"}')).read('note', NOTE)).toEqual({ text: 'old', stars: 1 });
    expect(createDocuments(stored('{"version":2,"data":{"text":"old"}}')).read('note', NOTE)).toEqual({ text: 'old', stars: 1 });
  });

  it.each([
    ['not JSON', '{"version":3,"da'],
    ['no version', '{"data":{}}'],
    ['another shape', '{"version":3,"data":{"text":7}}'],
    ['no way from there', '{"version":0,"data":{}}'],
    ['null', 'null'],
  ])('that cannot be read (%s) are set aside with their whole text, and the page goes on', (_, text) => {
    const memory = stored(text);
    const documents = createDocuments(memory);
    expect(documents.read('note', NOTE)).toBe(NOTE.empty);
    expect(documents.problems()).toEqual([{ kind: 'corrupt', name: 'note', text }]);
    documents.write('note', NOTE, { text: 'new', stars: 0 });
    expect(memory.entries.get('millrace.setAside.note')).toBe(text);
    documents.dismiss(documents.problems()[0]!);
    expect(documents.problems()).toEqual([]);
    expect(memory.entries.has('millrace.setAside.note')).toBe(false);
  });

  it('of a newer version are left as they are', () => {
    const text = '{"version":4,"data":{"shape":"unknown"}}';
    const memory = stored(text);
    const documents = createDocuments(memory);
    expect(documents.read('note', NOTE)).toBe(NOTE.empty);
    documents.write('note', NOTE, { text: 'mine', stars: 0 });
    expect(documents.read('note', NOTE).text).toBe('mine');
    expect(memory.entries.get('millrace.note')).toBe(text);
    expect(documents.problems()).toEqual([{ kind: 'newer', name: 'note', version: 4 }]);
  });

  it('stay on the page when storage is full, and say so once', () => {
    const memory = new Memory();
    memory.room = 10;
    const documents = createDocuments(memory);
    documents.write('note', NOTE, { text: 'a', stars: 1 });
    documents.write('note', NOTE, { text: 'b', stars: 1 });
    expect(documents.read('note', NOTE).text).toBe('b');
    expect(documents.problems()).toEqual([{ kind: 'full', name: 'note' }]);
  });

  it('work without any storage', () => {
    const documents = createDocuments(null);
    documents.write('note', NOTE, { text: 'a', stars: 1 });
    expect(documents.read('note', NOTE).text).toBe('a');
    expect(documents.problems()).toEqual([{ kind: 'unavailable', name: 'note' }]);
  });

  it('tell their readers, also when another page wrote', () => {
    const memory = new Memory();
    const documents = createDocuments(memory);
    const heard = vi.fn();
    documents.read('note', NOTE);
    const stop = documents.subscribe(heard);
    createDocuments(memory).write('note', NOTE, { text: 'from elsewhere', stars: 1 });
    documents.changedElsewhere('millrace.note');
    expect(heard).toHaveBeenCalledTimes(1);
    expect(documents.read('note', NOTE).text).toBe('from elsewhere');
    stop();
  });
});
