// The Streams tab: for each job its event time, its checkpoints and its partial matches.
import { useState } from 'react';
import { usePreferences } from '../../app/preferences.ts';
import { useLabMessages } from '../messages/use-lab-messages.ts';
import type { Session } from '../session.ts';
import { jobOf } from '../topology/streams-model.ts';
import { useKeys } from '../use-keys.ts';
import { usePaced } from '../use-session.ts';
import { CheckpointList } from './checkpoints.tsx';
import { EventTime } from './event-time.tsx';
import { keysOf } from './lane-model.ts';
import { MatchList } from './matches.tsx';
import { planFor } from './plan.ts';
import './streams.css';

type Part = 'time' | 'checkpoints' | 'matches';

export function Streams({ session, onInspect }: { session: Session; onInspect?: (() => void) | undefined }) {
  const words = useLabMessages();
  const t = words.streams;
  const state = usePaced(session, 6);
  const { singleKeys } = usePreferences();
  const onKeys = useKeys(session, { enabled: singleKeys });
  const [part, setPart] = useState<Part>('time');
  const [chosen, setChosen] = useState<string | null>(null);
  const [subtask, setSubtask] = useState<number | null>(null);
  const [key, setKey] = useState('');
  const scenario = state.universe?.scenario ?? null;
  const specs = scenario?.streams?.jobs ?? [];
  const wanted = jobOf(state.selection) ?? chosen;
  const spec = specs.find((j) => j.name === wanted) ?? specs[0];
  const job = spec && state.views.streams.at(state.position).jobs.get(spec.name);
  if (!scenario || !spec) return <p className="quiet streams-none">{t.none}</p>;
  // A job without patterns has no list of their partial matches.
  const parts: readonly Part[] = part === 'matches' || state.views.matches.any(spec.name, state.position) ? ['time', 'checkpoints', 'matches'] : ['time', 'checkpoints'];
  const plan = planFor(spec, job ?? null);
  const stateful = plan.tasks.flatMap((task) => task.operators.filter((o) => o.stateful).map((o) => o.name));
  const keys = part === 'checkpoints' ? [] : keysOf(state, scenario, spec.name, stateful).filter((k) => k !== '');
  const shownKey = keys.includes(key) ? key : '';
  const widest = plan.tasks.reduce((most, task) => Math.max(most, task.parallelism), 1);
  const shownSubtask = subtask !== null && subtask < widest ? subtask : null;
  return (
    <div className="streams">
      <div className="streams-bar">
        {specs.length > 1 && (
          <label>
            <span className="unseen">{t.job}</span>
            <select
              value={spec.name}
              onChange={(e) => {
                setChosen(e.target.value);
                session.select({ kind: 'job', job: e.target.value });
              }}
            >
              {specs.map((j) => (
                <option key={j.name}>{j.name}</option>
              ))}
            </select>
          </label>
        )}
        <div className="segments" role="group" aria-label={t.views}>
          {parts.map((id) => (
            <button key={id} type="button" aria-pressed={part === id} onClick={() => setPart(id)}>
              {t[id]}
            </button>
          ))}
        </div>
        {part === 'time' && widest > 1 && (
          <label>
            <span className="unseen">{t.inspect.parallelism}</span>
            <select value={shownSubtask ?? ''} onChange={(e) => setSubtask(e.target.value === '' ? null : Number(e.target.value))}>
              <option value="">{t.allSubtasks}</option>
              {Array.from({ length: widest }, (_, i) => (
                <option key={i} value={i}>
                  {t.subtask(i)}
                </option>
              ))}
            </select>
          </label>
        )}
        {keys.length > 1 && (
          <label>
            <span className="unseen">{t.inspect.key}</span>
            <select value={shownKey} onChange={(e) => setKey(e.target.value)}>
              <option value="">{t.eventTime.allKeys}</option>
              {keys.map((k) => (
                <option key={k}>{k}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div className="streams-scroll" onKeyDown={onKeys}>
        {part === 'time' && (
          <EventTime session={session} state={state} scenario={scenario} spec={spec} plan={plan} words={words} subtask={shownSubtask} keyOf={shownKey || null} onInspect={onInspect} />
        )}
        {part === 'checkpoints' && <CheckpointList session={session} state={state} plan={plan} words={words} periodic={spec.checkpointing.intervalMs > 0} onInspect={onInspect} />}
        {part === 'matches' && <MatchList session={session} state={state} job={spec.name} keyOf={shownKey || null} words={words} onInspect={onInspect} />}
      </div>
    </div>
  );
}
