// The prediction: options, the commitment, the run to the answer, and the explanation that speaks to what was chosen.
import { useLayoutEffect, useState, type ReactNode } from 'react';
import { Icon } from '../app/icons.tsx';
import { useLanguage } from '../app/preferences.ts';
import { useSession } from '../lab/use-session.ts';
import { spokenTime, useLessonMessages } from './messages.ts';
import { useRoom } from './room.tsx';
import { Step } from './steps.tsx';

export function Predict({ children }: { children: ReactNode }) {
  return (
    <Step id="predict">
      <div className="prediction">{children}</div>
    </Step>
  );
}

export function Options({ children }: { children: ReactNode }) {
  const m = useLessonMessages();
  return (
    <>
      <fieldset className="options">
        <legend className="unseen">{m.prediction.legend}</legend>
        {children}
      </fieldset>
      <Commitment />
    </>
  );
}

export function Option({ id, children }: { id: string; children: ReactNode }) {
  const m = useLessonMessages();
  const { flow, send } = useRoom();
  const chosen = flow?.option === id;
  const open = flow?.value === 'reading' || flow?.value === 'predicting';
  return (
    <label className={`option ${chosen ? 'chosen' : ''}`}>
      <input type="radio" name="prediction" value={id} checked={chosen} disabled={!open && !chosen} onChange={() => send({ type: 'CHOOSE', option: id })} />
      <span className="option-text">{children}</span>
      {chosen && !open && (
        <span className="option-state">
          <Icon name="lock" />
          {m.prediction.committed}
        </span>
      )}
    </label>
  );
}

function Commitment() {
  const m = useLessonMessages().prediction;
  const language = useLanguage();
  const { flow, send, kit } = useRoom();
  if (!kit || !flow) return <div className="commitment" />;
  const gate = spokenTime(kit.prediction.gateUs, language);
  const answer = spokenTime(kit.prediction.answerUs, language);
  switch (flow.value) {
    case 'reading':
    case 'predicting':
      return (
        <div className="commitment">
          <button type="button" className="button primary" aria-disabled={flow.value === 'reading'} onClick={() => send({ type: 'COMMIT' })}>
            <Icon name="lock" />
            {m.commit}
          </button>
          <p>{m.commitNote(gate)}</p>
        </div>
      );
    case 'gated':
      return (
        <div className="commitment">
          <button type="button" className="button primary" onClick={() => send({ type: 'RUN' })}>
            <Icon name="play" />
            {m.run(answer)}
          </button>
          <p role="status">
            {m.waiting(answer, gate)}{' '}
            <button type="button" className="link" onClick={() => send({ type: 'TAKE_BACK' })}>
              {m.canTakeBack}
            </button>
            .
          </p>
        </div>
      );
    case 'running':
      return (
        <div className="commitment">
          <PlayButton />
          <p role="status">
            {m.running(answer)}{' '}
            {!flow.passed && (
              <button type="button" className="link" onClick={() => send({ type: 'TAKE_BACK' })}>
                {m.takeBack}
              </button>
            )}
          </p>
        </div>
      );
    case 'explained':
    case 'graded':
      return <Answered />;
  }
}

function Answered() {
  const m = useLessonMessages().prediction;
  const { kit, play } = useRoom();
  if (!kit) return null;
  return (
    <div className="commitment">
      <button type="button" className="button secondary" onClick={() => play(kit.experiment, kit.prediction.gateUs - 1_500_000)}>
        <Icon name="replay" />
        {m.again}
      </button>
      <p role="status">{m.answered}</p>
    </div>
  );
}

function PlayButton() {
  const m = useLessonMessages().prediction;
  const { session } = useRoom();
  const playing = useSession(session, (state) => state.playing);
  return (
    <button type="button" className="button secondary" onClick={() => session.toggle()}>
      <Icon name={playing ? 'pause' : 'play'} />
      {playing ? m.pause : m.resume}
    </button>
  );
}

/** Nothing of the answer is on the page before the run has given it. */
export function Run({ children }: { children: ReactNode }) {
  const m = useLessonMessages().run;
  const language = useLanguage();
  const { flow, kit } = useRoom();
  const explained = flow?.value === 'explained' || flow?.value === 'graded';
  return <Step id="run">{explained ? <div className="explanations">{children}</div> : <p className="closed">{kit ? m.closed(spokenTime(kit.prediction.answerUs, language)) : null}</p>}</Step>;
}

export function Explain({ option, children }: { option: string; children: ReactNode }) {
  const m = useLessonMessages().run;
  const { flow, kit } = useRoom();
  const right = kit?.prediction.right === option;
  const yours = flow?.option === option;
  if (!yours && !right) {
    return (
      <details className="explanation other">
        <summary>
          <OptionText option={option} />
        </summary>
        {children}
      </details>
    );
  }
  return (
    <section className={`explanation ${yours ? 'yours' : ''} ${right ? 'right' : 'wrong'}`}>
      <h3>
        <Icon name={right ? 'check' : 'cross'} />
        <span>
          {yours ? m.yours : m.right}: <OptionText option={option} />
        </span>
      </h3>
      {children}
    </section>
  );
}

/** What the option said, as it stands in the prediction. */
function OptionText({ option }: { option: string }) {
  const [text, setText] = useState('');
  // After every drawing: the options stand in the page by then, in the language that is shown.
  useLayoutEffect(() => {
    const input = document.querySelector(`input[name=prediction][value="${CSS.escape(option)}"]`);
    setText(input?.parentElement?.querySelector('.option-text')?.textContent ?? '');
  });
  return <span>{text}</span>;
}
