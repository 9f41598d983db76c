import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Rich } from './rich.tsx';
import { Whole } from './whole.tsx';

afterEach(cleanup);

/** What stands in pieces that do not break. */
const kept = (text: string) => Array.from(render(<Whole text={text} />).container.querySelectorAll('.whole'), (e) => e.textContent);

describe('a name with hyphens', () => {
  it('stays whole in running text, and the text stays as it is', () => {
    expect(kept('broker-2가 watch-events-0의 리더가 되었습니다.')).toEqual(['broker-2', 'watch-events-0']);
    const { container } = render(<Whole text="recs-a heard of __consumer_offsets-12, at last." />);
    expect(container.textContent).toBe('recs-a heard of __consumer_offsets-12, at last.');
  });

  it('is no arrow, no sign and no dash', () => {
    expect(kept('app -> broker, -1, 3 - 2, one–two, ends-')).toEqual([]);
  });

  it('may break where it is too long for a phone', () => {
    expect(kept(`a ${'long-'.repeat(9)}name`)).toEqual([]);
  });

  it('stays whole in code', () => {
    const { container } = render(<Rich text="Read `watch-app` here." />);
    expect(container.querySelector('code .whole')?.textContent).toBe('watch-app');
    expect(container.textContent).toBe('Read watch-app here.');
  });
});
