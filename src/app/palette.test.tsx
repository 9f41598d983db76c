import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useCallback } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useCommands, type Command } from './commands.ts';
import { Palette } from './palette.tsx';
import { setPreferences } from './preferences.ts';

const run = vi.fn<(id: string) => void>();

function Page() {
  const source = useCallback((): Command[] => ['Kill broker-1', 'Kill broker-2', 'Go to the course'].map((title) => ({ id: title, title, run: () => run(title) })), []);
  useCommands(source);
  return <Palette />;
}

beforeEach(() => {
  run.mockClear();
  setPreferences({ language: 'en' });
});
afterEach(cleanup);

describe('the command palette', () => {
  it('opens with Ctrl or Cmd and K, finds by words, and runs with Enter', async () => {
    render(<Page />);
    expect(screen.queryByRole('combobox')).toBeNull();
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    const field = screen.getByRole('combobox');
    fireEvent.change(field, { target: { value: 'broker kill' } });
    expect(screen.getAllByRole('option').map((o) => o.textContent)).toEqual(['Kill broker-1', 'Kill broker-2']);
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.keyDown(field, { key: 'Enter' });
    await act(() => new Promise((done) => setTimeout(done, 5)));
    expect(run).toHaveBeenCalledExactlyOnceWith('Kill broker-2');
  });

  it('puts what can be run before what is wrong with the line typed', () => {
    function Complaining() {
      useCommands(useCallback((): Command[] => [{ id: 'typed:error', title: 'This fault strikes a link.', complaint: true, run: () => run('error') }], []));
      return <Page />;
    }
    render(<Complaining />);
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'kill broker-1' } });
    expect(screen.getAllByRole('option').map((o) => o.textContent)).toEqual(['Kill broker-1', 'This fault strikes a link.']);
  });

  it('finds a command by its hint too', () => {
    function Hinted() {
      useCommands(useCallback((): Command[] => [{ id: 'break', title: 'broker-1 강제 종료', hint: 'kill broker-1', run: () => run('break') }], []));
      return <Palette />;
    }
    render(<Hinted />);
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'kill broker-1' } });
    expect(screen.getAllByRole('option')).toHaveLength(1);
  });

  it('says when nothing fits', () => {
    render(<Page />);
    fireEvent.keyDown(window, { key: 'K', metaKey: true });
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'xyzzy' } });
    expect(screen.getByText('No command has this in its name.')).toBeTruthy();
  });
});
