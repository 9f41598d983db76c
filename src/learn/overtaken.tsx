// One sentence that counts along with the playhead: how many events were handled after a later one of the same viewer.
import { useMemo } from 'react';
import { formatCount, formatSeconds } from '../app/format.ts';
import { usePaced } from '../lab/use-session.ts';
import { useLessonMessages } from './messages.ts';
import { Rich } from '../app/rich.tsx';
import { useRoom } from './room.tsx';

export function Overtaken() {
  const m = useLessonMessages().overtaken;
  const { session, kit } = useRoom();
  const state = usePaced(session, 4);
  const seen = useMemo(() => kit?.overtaken(state.trace, state.position), [kit, state.trace, state.position]);
  if (!seen) return null;
  return (
    <p className={`counted ${seen.late ? 'broken' : ''}`}>
      {seen.first ? (
        <Rich text={m.some(formatCount(seen.late), formatCount(seen.handled), formatSeconds(seen.first.atUs), seen.first.user, seen.first.before, seen.first.late)} />
      ) : (
        m.none(formatCount(seen.handled))
      )}
    </p>
  );
}
