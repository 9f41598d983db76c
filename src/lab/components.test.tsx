// Narrative, transport bar, stage and inspector as a reader without the picture meets them.
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runToEnd } from '../../simulations/run.ts';
import { say } from '../../simulations/text/contract.ts';
import { en } from '../../simulations/text/en.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { setPreferences } from '../app/preferences.ts';
import { Inspector } from './inspector/inspector.tsx';
import { Narrative } from './narrative/narrative.tsx';
import { createSession, type Session } from './session.ts';
import { Stage } from './stage.tsx';
import { Transport } from './transport/transport.tsx';

const scenario = { ...scenarioById('leader-dies')!, horizonMs: 16_000 };

function open(timeUs: number): Session {
  const session = createSession((universe, sink) => {
    sink.done(runToEnd(universe, (chunk) => sink.chunk(chunk)).hash);
    return { cancel: () => undefined };
  });
  session.load({ scenario, faults: scenario.faults, seed: 1, files: {} }, { timeUs, selection: { kind: 'partition', topic: 'watch-events', partition: 0 } });
  return session;
}

/** Drawing is paced while the playhead runs; a test waits for the page to be quiet. */
const quiet = () => act(() => new Promise((done) => setTimeout(done, 5)));

beforeEach(() => setPreferences({ language: 'en', singleKeys: true }));
afterEach(cleanup);

const theFault = () => screen.queryByText((_, element) => element?.className === 'fault' && /Fault: kill broker-2/.test(element.textContent));

describe('the narrative', () => {
  it('ends at the playhead', async () => {
    const session = open(12_300_000);
    render(<Narrative session={session} />);
    expect(theFault()).toBeNull();
    act(() => session.seek(12_400_000));
    await quiet();
    expect(theFault()).toBeTruthy();
    act(() => session.seek(12_000_000));
    await quiet();
    expect(theFault()).toBeNull();
  });

  it('finds nothing that is yet to come', async () => {
    const session = open(12_300_000);
    render(<Narrative session={session} />);
    fireEvent.click(screen.getByRole('button', { name: 'Find in the log' }));
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'was killed' } });
    expect(await screen.findByText('No sentence so far holds this.', {}, { timeout: 5000 })).toBeTruthy();
    act(() => session.seek(12_500_000));
    expect(await screen.findByText(/was killed/, {}, { timeout: 5000 })).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
  });

  it('is walked by arrow keys, and a row leads to its moment', async () => {
    const session = open(12_500_000);
    render(<Narrative session={session} />);
    const rows = screen.getByRole('group', { name: /What has happened so far/ });
    rows.focus();
    fireEvent.keyDown(rows, { key: 'ArrowUp' });
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowUp' });
    const row = document.activeElement as HTMLElement;
    const all = within(rows).getAllByRole('button');
    expect(row).toBe(all.at(-2));
    fireEvent.click(row);
    await quiet();
    expect(session.state().selection?.kind).toBe('event');
    expect(document.activeElement).toBe(within(rows).getAllByRole('button').at(-1));
  });

  it('says each step aloud', async () => {
    const session = open(12_300_000);
    const { container } = render(<Narrative session={session} />);
    act(() => session.step(1));
    await quiet();
    const { trace, position } = session.state();
    expect(container.querySelector('[aria-live=polite]')!.textContent).toBe(say(en, trace.event(position - 1)));
  });
});

describe('the transport bar', () => {
  it('tells where it stands and steps by its buttons', async () => {
    const session = open(2_000_000);
    render(<Transport session={session} />);
    const before = session.state().position;
    fireEvent.click(screen.getByRole('button', { name: 'Next event' }));
    expect(session.state().position).toBe(before + 1);
    fireEvent.click(screen.getByRole('button', { name: 'Next key event' }));
    await quiet();
    expect(session.state().timeUs).toBeGreaterThan(2_000_000);
    expect(screen.getByText('seed')).toBeTruthy();
  });

  it('obeys single keys inside, unless they are off', () => {
    const session = open(2_000_000);
    render(<Transport session={session} />);
    const bar = screen.getByRole('region', { name: 'Transport bar' });
    const before = session.state().position;
    fireEvent.keyDown(bar, { key: '.' });
    expect(session.state().position).toBe(before + 1);
    fireEvent.keyDown(bar, { key: 'ArrowRight' });
    expect(session.state().timeUs).toBeGreaterThan(2_900_000);
    act(() => setPreferences({ singleKeys: false }));
    const now = session.state().position;
    fireEvent.keyDown(bar, { key: '.' });
    expect(session.state().position).toBe(now);
  });

  it('leaves keys with Ctrl, Alt or Cmd alone', () => {
    const session = open(2_000_000);
    render(<Transport session={session} />);
    const before = session.state().position;
    for (const held of ['ctrlKey', 'altKey', 'metaKey']) fireEvent.keyDown(screen.getByRole('region', { name: 'Transport bar' }), { key: '.', [held]: true });
    expect(session.state().position).toBe(before);
  });
});

describe('the stage', () => {
  it('is a list of everything on it, in words', () => {
    const session = open(12_000_000);
    render(<Stage session={session} />);
    const options = within(screen.getByRole('listbox'))
      .getAllByRole('option')
      .map((o) => o.textContent);
    expect(options).toContain('broker-2, broker, running, 2 leaders');
    expect(options.some((o) => o!.startsWith('watch-events-0, leader broker-3, 3 of 3 replicas in sync, LEO '))).toBe(true);
  });

  it('moves the selection by arrow keys and opens the break menu with k', async () => {
    const session = open(12_000_000);
    render(<Stage session={session} />);
    const list = screen.getByRole('listbox');
    fireEvent.keyDown(list, { key: 'ArrowRight' });
    expect(session.state().selection).toEqual({ kind: 'partition', topic: 'watch-events', partition: 1 });
    await quiet();
    fireEvent.keyDown(list, { key: 'k' });
    const menu = screen.getByRole('menu', { name: 'Break watch-events-1' });
    fireEvent.click(within(menu).getByRole('menuitem', { name: 'Kill broker-1' }));
    expect(session.state().universe!.faults).toHaveLength(2);
    expect(session.state().universe!.faults[1]).toMatch(/^kill broker-1 at /);
    fireEvent.keyDown(list, { key: 'b' });
    expect(session.state().universe!.faults).toHaveLength(1);
  });
});

describe('the inspector', () => {
  it('says what happened to the selected thing, why, and how it was', async () => {
    const session = open(12_000_000);
    render(<Inspector session={session} />);
    act(() => {
      session.select({ kind: 'process', name: 'broker-2' });
      session.seek(12_500_000);
    });
    await quiet();
    expect(screen.getByRole('heading', { name: 'broker-2' })).toBeTruthy();
    expect(screen.getAllByText(/was killed/).length).toBeGreaterThan(0);
    const row = screen.getByRole('row', { name: /State/ });
    expect(row.textContent).toContain('running');
    expect(row.textContent).toContain('killed');
    expect(screen.getByRole('button', { name: /Restart/ })).toBeTruthy();
  });
});
