// A run that came in by a link: first what it holds, in words; it is computed only when asked for.
import { useCallback, useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { parseFault } from '../../simulations/faults/grammar.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { ENGINE_VERSION } from '../../simulations/version.ts';
import { PlainPage } from '../app/plain-page.tsx';
import { useLanguage } from '../app/preferences.ts';
import { Rich } from '../app/rich.tsx';
import { Whole } from '../app/whole.tsx';
import { readLink, type LinkedRun as Linked } from '../store/link.ts';
import type { LinkError } from '../store/link-limits.ts';
import { tellLinkError } from '../store/messages.ts';
import { processesOf } from './breaks.ts';
import { tellFaultLine } from './fault-words.ts';
import { sameSchedule } from './kept-universe.ts';
import { LabRoom } from './lab-room.tsx';
import { universeOf } from './linked-universe.ts';
import './linked-run.css';
import { useEngineText, useFaultTeller } from './messages/use-lab-messages.ts';
import { CONNECT_WORDS } from './messages/connect.ts';
import { LINK_WORDS } from './messages/link.ts';
import type { Session } from './session.ts';
import { useSession } from './use-session.ts';

type Read =
  | { readonly kind: 'reading' }
  | { readonly kind: 'wrong'; readonly error: LinkError }
  | { readonly kind: 'unknown'; readonly id: string }
  | { readonly kind: 'holds'; readonly linked: Linked; readonly universe: Universe };

export function LinkedRun({ fragment }: { readonly fragment: string }) {
  const engine = useEngineText();
  const [read, setRead] = useState<Read>({ kind: 'reading' });
  const [running, setRunning] = useState(false);
  const [other, setOther] = useState<Universe | null>(null);
  const shown = useRef<Universe | null>(null);
  const keepShown = useCallback((universe: Universe) => {
    shown.current = universe;
  }, []);

  useEffect(() => {
    let gone = false;
    void readLink(fragment).then((link) => {
      if (gone) return;
      if (!link.ok) return setRead({ kind: 'wrong', error: link.error });
      const universe = universeOf(link.value);
      if (!universe) return setRead({ kind: 'unknown', id: link.value.run.kind === 'scenario' ? link.value.run.id : '' });
      const names = processesOf(universe.scenario);
      for (const line of universe.faults) {
        const fault = parseFault(line, names);
        if (!fault.ok) return setRead({ kind: 'wrong', error: { kind: 'badFault', line, why: engine.faultErrors[fault.error.code](fault.error) } });
      }
      setRead({ kind: 'holds', linked: link.value, universe });
    });
    return () => {
      gone = true;
    };
  }, [fragment, engine]);

  // The button that was pressed is gone: the keys go on to the stage.
  useEffect(() => {
    if (running) document.getElementById('stage-view')?.querySelector<HTMLElement>('[role=listbox]')?.focus({ preventScroll: true });
  }, [running]);

  if (read.kind === 'holds' && running) {
    const universe = other ?? read.universe;
    return (
      <LabRoom
        universe={universe}
        timeUs={read.linked.timeUs}
        original={read.universe.faults}
        onUniverse={keepShown}
        onNewSeed={() => setOther({ ...(shown.current ?? universe), seed: (universe.seed + 1) % 2 ** 32 })}
        note={(session) => other === null && <Same session={session} linked={read.linked} faults={universe.faults} />}
      />
    );
  }
  return <Contents read={read} fragment={fragment} run={() => setRunning(true)} />;
}

function Contents({ read, fragment, run }: { readonly read: Read; readonly fragment: string; readonly run: () => void }) {
  const language = useLanguage();
  const words = LINK_WORDS[language];
  const teller = useFaultTeller(read.kind === 'holds' ? read.universe.scenario : null);
  if (read.kind === 'reading') return <PlainPage title={words.reading} />;
  if (read.kind !== 'holds') {
    return (
      <PlainPage
        title={words.unreadable}
        lead={
          <span role="alert">
            <Rich text={read.kind === 'wrong' ? tellLinkError(read.error, language) : words.unknownScenario(read.id)} />
          </span>
        }
      >
        <p className="plain-actions">
          <Link className="button secondary" to="/lab">
            {words.toLab}
          </Link>
        </p>
      </PlainPage>
    );
  }
  const { linked, universe } = read;
  const { scenario } = universe;
  const files = Object.entries(universe.files);
  return (
    <PlainPage eyebrow={words.eye} title={scenario.title[language]} lead={<Whole text={scenario.summary[language]} />} className="linked">
      <dl>
        <dt>{words.seed}</dt>
        <dd className="mono">{universe.seed}</dd>
        <dt>{words.length}</dt>
        <dd>{words.seconds(scenario.horizonMs / 1000)}</dd>
        <dt>{words.faults}</dt>
        <dd>
          {universe.faults.length === 0 ? (
            words.none
          ) : (
            <ul>
              {universe.faults.map((line, i) => (
                <li key={i}>
                  <Whole text={tellFaultLine(line, teller)} /> <code>{line}</code>
                </li>
              ))}
            </ul>
          )}
        </dd>
        <dt>{words.engine}</dt>
        <dd>{linked.engine === ENGINE_VERSION ? words.sameEngine(linked.engine) : words.otherEngine(linked.engine, ENGINE_VERSION)}</dd>
        {linked.hash && (
          <>
            <dt>{words.hash}</dt>
            <dd className="mono">{linked.hash.slice(0, 12).match(/.{4}/g)!.join('·')}</dd>
          </>
        )}
      </dl>
      {files.length > 0 && (
        <section>
          <h2>{words.code(files.length)}</h2>
          <p className="linked-warning">{words.codeWarning}</p>
          {files.map(([name, text]) => (
            <details key={name}>
              <summary className="mono">{name}</summary>
              <pre className="mono" tabIndex={0}>
                {text}
              </pre>
            </details>
          ))}
        </section>
      )}
      <div className="linked-actions">
        <button type="button" className="button primary" onClick={run}>
          {words.run}
        </button>
        <Link className="button secondary" to={`/connect${fragment}`}>
          {CONNECT_WORDS[language].link}
        </Link>
      </div>
    </PlainPage>
  );
}

/** Whether the run came out as the link says; shown once it is computed. */
function Same({ session, linked, faults }: { readonly session: Session; readonly linked: Linked; readonly faults: readonly string[] }) {
  const words = LINK_WORDS[useLanguage()];
  const hash = useSession(session, (s) => s.hash);
  const untouched = useSession(session, (s) => s.universe !== null && sameSchedule(s.universe.faults, faults));
  if (!linked.hash || !hash || !untouched) return null;
  const same = hash === linked.hash;
  return (
    <p className={same ? 'linked-same' : 'linked-differs'} role="status">
      {same ? words.same : linked.engine === ENGINE_VERSION ? words.differs : words.differsByEngine(linked.engine, ENGINE_VERSION)}
    </p>
  );
}
