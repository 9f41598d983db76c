// The Streams tab and the inspector as a reader without the picture meets them.
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runToEnd } from '../../../simulations/run.ts';
import { scenarioById } from '../../../simulations/scenarios/catalogue.ts';
import { setPreferences } from '../../app/preferences.ts';
import { Inspector } from '../inspector/inspector.tsx';
import { createSession, type Session } from '../session.ts';
import { Streams } from './streams.tsx';

const scenario = { ...scenarioById('binge-watching')!, horizonMs: 24_000 };

function open(timeUs: number, faults: readonly string[] = []): Session {
  const session = createSession((universe, sink) => {
    sink.done(runToEnd(universe, (chunk) => sink.chunk(chunk)).hash);
    return { cancel: () => undefined };
  });
  session.load({ scenario, faults, seed: 1, files: {} }, { timeUs });
  return session;
}

const quiet = () => act(() => new Promise((done) => setTimeout(done, 5)));

beforeEach(() => setPreferences({ language: 'en', singleKeys: true }));
afterEach(cleanup);

describe('the Streams tab', () => {
  it('says event time in words: the watermark and what has come', () => {
    render(<Streams session={open(12_000_000)} onInspect={() => undefined} />);
    const lanes = screen.getByRole('listbox', { name: /Event time of each operator/ });
    expect(within(lanes).getAllByRole('option')[0]!.textContent).toMatch(/^binge, watermark \d\d:\d\d:\d\d/);
  });

  it('offers no list of partial matches before a pattern has begun', () => {
    render(<Streams session={open(1_000_000)} onInspect={() => undefined} />);
    expect(screen.queryByRole('button', { name: 'Partial matches' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Checkpoints' })).toBeTruthy();
  });

  it('answers why a partial match became none, in the list and in the inspector', async () => {
    const session = open(20_000_000);
    let inspected = 0;
    render(<Streams session={session} onInspect={() => inspected++} />);
    render(<Inspector session={session} />);
    fireEvent.click(screen.getByRole('button', { name: 'Partial matches' }));
    fireEvent.change(screen.getByRole('combobox', { name: 'Show' }), { target: { value: 'pruned' } });
    const list = screen.getByRole('listbox', { name: /Partial matches/ });
    const rows = within(list).getAllByRole('option');
    expect(rows.every((row) => /another event came in between|a match that was found skips it|its time was up|did not meet the condition/.test(row.textContent!))).toBe(true);
    fireEvent.keyDown(list, { key: 'End' });
    fireEvent.keyDown(list, { key: 'Enter' });
    await quiet();
    expect(inspected).toBe(1);
    const { selection, views, position } = session.state();
    if (selection?.kind !== 'match') throw new Error('no match is selected');
    const match = views.matches.find(selection, position)!;
    expect(match.end).toBe('pruned');
    expect(screen.getByRole('heading', { level: 2 }).textContent).toBe(`Partial match ${match.match}`);
    expect(screen.getByText('Why not?')).toBeTruthy();
  });

  it('tells restored partial matches from those that the crash undid, and chooses one of two with the same number', () => {
    const session = open(23_000_000, ['kill taskmanager-1 at 22s for 12s']);
    render(<Streams session={session} onInspect={() => undefined} />);
    fireEvent.click(screen.getByRole('button', { name: 'Partial matches' }));
    const rows = () => within(screen.getByRole('listbox', { name: /Partial matches/ })).getAllByRole('option');
    const show = (value: string) => fireEvent.change(screen.getByRole('combobox', { name: 'Show' }), { target: { value } });
    show('open');
    expect(rows().filter((row) => /restored from checkpoint 4/.test(row.textContent!)).length).toBeGreaterThan(0);
    show('undone');
    const undone = rows();
    expect(undone.every((row) => row.textContent!.endsWith('undone by a restart'))).toBe(true);
    const again = undone.map((row) => /^partial match \d+ of viewer-\d+:/.exec(row.getAttribute('aria-label')!)![0]);
    show('all');
    const twice = again.find((name) => rows().filter((row) => row.getAttribute('aria-label')!.startsWith(name)).length > 1)!;
    fireEvent.click(rows().find((row) => row.getAttribute('aria-label')!.startsWith(twice) && row.getAttribute('aria-label')!.includes('undone'))!);
    expect(rows().filter((row) => row.getAttribute('aria-selected') === 'true')).toHaveLength(1);
  });

  it('shows the ring of the focus again to whoever comes back by keyboard', async () => {
    render(<Streams session={open(12_000_000)} />);
    const lanes = screen.getByRole('listbox', { name: /Event time of each operator/ });
    fireEvent.click(lanes.querySelector('.event-time')!);
    expect(document.activeElement).toBe(lanes);
    expect(lanes.className).toContain('by-pointer');
    act(() => lanes.blur());
    expect(lanes.className).not.toContain('by-pointer');
  });

  it('plays and steps by the single keys of the stage', async () => {
    const session = open(12_000_000);
    render(<Streams session={session} />);
    const lanes = screen.getByRole('listbox', { name: /Event time of each operator/ });
    const { position } = session.state();
    fireEvent.keyDown(lanes, { key: '.' });
    expect(session.state().position).toBe(position + 1);
    fireEvent.keyDown(lanes, { key: ' ' });
    expect(session.state().playing).toBe(true);
    session.pause();
    fireEvent.click(screen.getByRole('button', { name: 'Checkpoints' }));
    fireEvent.keyDown(screen.getByRole('listbox', { name: /Checkpoints/ }), { key: ',' });
    await quiet();
    expect(session.state().position).toBe(position);
  });
});
