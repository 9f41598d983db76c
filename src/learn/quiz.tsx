// Questions that need reasoning. Once an answer is chosen every option is explained, the chosen one first of all; another may be tried.
import { Children, createContext, isValidElement, useContext, useEffect, type ReactNode } from 'react';
import { Icon } from '../app/icons.tsx';
import { changeProgress } from '../store/progress.ts';
import { useLessonMessages } from './messages.ts';
import { useRoom } from './room.tsx';
import { Step } from './steps.tsx';

export function Check({ children }: { children: ReactNode }) {
  const m = useLessonMessages();
  const { progress, finish } = useRoom();
  const questions = Children.toArray(children).filter((child) => isValidElement(child) && child.type === Question).length;
  const answered = Object.keys(progress.quiz).length;
  useEffect(() => {
    if (questions > 0 && answered >= questions) finish('check');
  }, [questions, answered, finish]);
  return (
    <Step id="check">
      <p className="note">{m.quiz.answerNote}</p>
      {children}
    </Step>
  );
}

const QuestionContext = createContext<{ id: string; chosen: string | null; choose(option: string): void } | null>(null);

export function Question({ id, children }: { id: string; children: ReactNode }) {
  const { lesson, progress } = useRoom();
  const choose = (option: string) => changeProgress(lesson, (p) => ({ quiz: { ...p.quiz, [id]: option } }));
  // The text before the choices is the question: it names the group.
  const parts = Children.toArray(children);
  const first = parts.findIndex((part) => isValidElement(part) && part.type === Choice);
  return (
    <QuestionContext.Provider value={{ id, chosen: progress.quiz[id] ?? null, choose }}>
      <fieldset className="question">
        <legend>{parts.slice(0, first)}</legend>
        {parts.slice(first)}
      </fieldset>
    </QuestionContext.Provider>
  );
}

export function Choice({ id, right, children }: { id: string; right?: boolean; children: ReactNode }) {
  const m = useLessonMessages().quiz;
  const question = useContext(QuestionContext)!;
  const chosen = question.chosen === id;
  const parts = Children.toArray(children);
  const why = parts.filter((part) => isValidElement(part) && part.type === Why);
  const text = parts.filter((part) => !(isValidElement(part) && part.type === Why));
  const name = `question-${question.id}`;
  return (
    <div className={`choice ${chosen ? 'chosen' : ''} ${right ? 'right' : 'wrong'} ${question.chosen === null ? '' : 'answered'}`}>
      <label>
        <input type="radio" name={name} value={id} checked={chosen} onChange={() => question.choose(id)} />
        <span className="choice-text">{text}</span>
      </label>
      {question.chosen !== null && (
        <div className="why" role={chosen ? 'status' : undefined}>
          <span className="why-mark">
            <Icon name={right ? 'check' : 'cross'} />
            {right ? m.right : chosen ? m.wrong : m.other}
          </span>
          {why}
        </div>
      )}
    </div>
  );
}

export function Why({ children }: { children: ReactNode }) {
  return <span className="why-text">{children}</span>;
}
