// Where the exercise stands in the prose: how far the learner got, and the way to the code.
import { useEffect } from 'react';
import { Icon } from '../app/icons.tsx';
import { useLessonMessages } from './messages.ts';
import { useRoom } from './room.tsx';

export function Exercise() {
  const m = useLessonMessages().exercise;
  const { progress, showTab, finish } = useRoom();
  const { best } = progress;
  const solved = best !== null && best.quiet === best.of && best.faulted === best.of;
  useEffect(() => {
    if (solved) finish('do');
  }, [solved, finish]);
  return (
    <div className="exercise-line">
      <button type="button" className="button primary" onClick={() => showTab('code', true)}>
        <Icon name="code" />
        {m.open}
      </button>
      {solved ? (
        <p className="teal">
          <Icon name="check" />
          {m.solved}
        </p>
      ) : (
        best && <p>{m.best(String(best.quiet), String(best.faulted), String(best.of))}</p>
      )}
    </div>
  );
}
